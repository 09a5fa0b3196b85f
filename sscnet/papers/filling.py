"""Filling Word templates, which can do nothing else: what they ask for is checked as it is read."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from sscnet.core.i18n.texts import per_language
from sscnet.core.parsing.limited import run_limited
from sscnet.core.uploads.documents import DOCX, read_document

from .fields import TemplateField, declare, fields_of, names_of, sample
from .layout import CONTROL_CHARACTERS

MAX_BYTES = 5 * 1024**2
MAX_UNPACKED_BYTES = 20 * 1024**2
# Fields of Word that show something of the document itself; others fetch files or run programs.
WORD_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "HYPERLINK"}
WORD_FIELD = re.compile(
    r"<w:fldSimple [^>]*w:instr=\"\s*(\w+)|<w:fldChar [^>]*w:fldCharType=\"begin\".*?"
    r"<w:instrText[^>]*>\s*(\w*)",
    re.DOTALL,
)
# Tags of docxtpl that put a value where a paragraph or run stood.
MARKUP = re.compile(r"<[^>]*>")
RAW_TAG = re.compile(r"\{\{(?:tr|tc|p|r)\s|\{%(?:r|tc)\s|\{%\s*(?:cellbg|colspan|hm|vm)\b")
PICTURE_WIDTHS = {"logo": Mm(20), "qr": Mm(20)}


def fill(kind: str, values: dict, language: str) -> bytes:
    """Return the Word file of a kind of paper in this language, with these values."""
    from .models import PaperTemplate

    return filled(PaperTemplate.objects.content_of(kind, language), kind, values)


def fill_now(kind: str, make: Callable[[], dict]) -> bytes:
    """Return a Word file that is not kept, in the language of the page."""
    language = get_language()
    return fill(kind, in_both(make, language), language)


def in_both(make: Callable[[], dict], language: str) -> dict:
    """Return the values of `make` in this language, and those of each language by their suffix.

    Rows of a list have to come in the same order in each language.
    """
    # What is lazy is in this language now or never.
    return merged(per_language(lambda: as_texts(make())), language)


def as_texts(value):
    if isinstance(value, dict):
        return {name: as_texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_texts(one) for one in value]
    return value if isinstance(value, bytes) else str(value)


def merged(made: dict[str, dict], language: str) -> dict:
    values = dict(made[language])
    for name, value in made[language].items():
        if isinstance(value, list):
            rows = zip(*(one[name] for one in made.values()), strict=True)
            values[name] = [merged(dict(zip(made, row, strict=True)), language) for row in rows]
        elif isinstance(value, str):
            values |= {f"{name}_{code[:2]}": one[name] for code, one in made.items()}
    return values


# ------------------------------------------------------------------ templates of others


def check_template(content: bytes, kind: str) -> None:
    """Raise ValidationError unless this is a Word file that asks for fields of this kind only."""
    if len(content) > MAX_BYTES:
        raise too_large(MAX_BYTES)
    run_limited(try_template, content, str(kind), fields_of(kind))


def try_template(content: bytes, kind: str, fields: list[TemplateField]) -> None:
    """Fill a template with sample values, after a look at what else it would do."""
    # No app is there that could have declared them.
    declare(kind, lambda: fields)
    if read_document(content) != DOCX:
        raise ValidationError(_("A template is a Word file (.docx)."), code="not_word")
    archive = zipfile.ZipFile(BytesIO(content))
    if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise too_large(MAX_UNPACKED_BYTES)
    try:
        for name in archive.namelist():
            refuse_what_reaches_out(name, archive.read(name))
        filled(content, kind, sample(kind))
    except (ValueError, KeyError, AttributeError, LookupError, etree.LxmlError) as error:
        message = _("Word could not read what this template makes. Save it anew from Word.")
        raise ValidationError(message, code="broken") from error


def refuse_what_reaches_out(name: str, part: bytes) -> None:
    """Refuse links to files, embedded programs, and fields that fetch something."""
    if name.endswith(".rels"):
        for link in etree.fromstring(part, etree.XMLParser(resolve_entities=False)):
            kind = link.get("Type", "")
            if link.get("TargetMode") == "External" and kind != RELATIONSHIP_TYPE.HYPERLINK:
                raise reaches_out()
            if kind.rpartition("/")[2] in {"oleObject", "package", "aFChunk", "control"}:
                raise reaches_out()
    elif name.endswith(".xml"):
        text = part.decode(errors="replace")
        for simple, complex_field in WORD_FIELD.findall(text):
            if (simple or complex_field).upper() not in WORD_FIELDS:
                raise reaches_out()
        # A tag may be cut in pieces that differ in type or spelling.
        if found := RAW_TAG.search(MARKUP.sub("", text)):
            raise unknown([found[0]])


def reaches_out() -> ValidationError:
    message = _(
        "The template links to other files, holds an embedded object, or has a field of Word other"
        " than page numbers and links. Please remove it."
    )
    return ValidationError(message, code="reaches_out")


def too_large(limit: int) -> ValidationError:
    message = _("The template is larger than %(limit)s. Please make its pictures smaller.")
    params = {"limit": lazy(filesizeformat, str)(limit)}
    return ValidationError(message, code="too_large", params=params)


# ------------------------------------------------------------------ filling


def filled(content: bytes, kind: str, values: dict) -> bytes:
    """Return the template with these values. Raise ValidationError if it asks for anything else."""
    template = DocxTemplate(BytesIO(content))
    names, lists = names_of(kind)
    context = dict.fromkeys(names, "") | {name: [] for name in lists}
    for name, value in values.items():
        context[name] = ready(template, name, value)
    try:
        template.render(context, FieldsOnly(names, lists))
    except TemplateError as error:
        message = _("The template cannot be read: %(problem)s.")
        raise ValidationError(message, code="syntax", params={"problem": str(error)}) from error
    describe_pictures(template, str(values.get("address", "")))
    properties = template.docx.core_properties
    properties.title = clean(values.get("subject") or properties.title)[:250]
    properties.author = clean(values.get("issuer", ""))[:250]
    file = BytesIO()
    template.save(file)
    return file.getvalue()


def ready(template: DocxTemplate, name: str, value):
    if isinstance(value, list):
        return [{key: clean(one) for key, one in row.items()} for row in value]
    if isinstance(value, bytes):
        width = PICTURE_WIDTHS.get(name)
        return InlineImage(template, BytesIO(value), width=width) if value else ""
    return clean(value)


def clean(value) -> str:
    return CONTROL_CHARACTERS.sub("", str(value).replace("\r\n", "\n")).strip()


def describe_pictures(template: DocxTemplate, address: str) -> None:
    """Name pictures that were put in, for who cannot see them: the QR code is the last one."""
    pictures = template.docx.element.xpath("//wp:inline/wp:docPr[not(@descr)]")
    for picture in pictures:
        picture.set("descr", address if picture is pictures[-1] and address else "Logo")


class FieldsOnly(SandboxedEnvironment):
    """Takes templates that only fill in: fields, a loop over a list, a condition on a field."""

    def __init__(self, names: set[str], lists: dict[str, set[str]]):
        super().__init__(autoescape=True)
        self.filters, self.tests, self.globals = {}, {}, {}
        self.names, self.lists = names, lists

    def from_string(self, source, *arguments, **options):
        """Make a template of what docxtpl read, every part of a file, or refuse it."""
        if problems := list(dict.fromkeys(self.problems(self.parse(source).body, {}))):
            raise unknown(problems)
        return super().from_string(source, *arguments, **options)

    def problems(self, tree: list[nodes.Node], row: dict[str, set[str]]):
        """Give what these nodes do that none may; `row` has the fields of the row they stand in."""
        for node in tree:
            match node:
                case nodes.TemplateData():
                    pass
                case nodes.Output():
                    yield from self.problems(node.nodes, row)
                case nodes.If(test=nodes.Name(name=name), elif_=[]) if name in self.lists:
                    yield from self.problems([*node.body, *node.else_], row)
                case nodes.If(elif_=[]):
                    yield from self.problems([node.test, *node.body, *node.else_], row)
                case nodes.Name(ctx="load") if node.name in self.names and node.name not in row:
                    pass
                case nodes.Getattr(node=nodes.Name(name=name), attr=attr) if name in row:
                    if attr not in row[name]:
                        yield f"{name}.{attr}"
                case nodes.For(
                    target=nodes.Name(name=name),
                    iter=nodes.Name(name=of),
                    test=None,
                    recursive=False,
                    else_=[],
                ) if of in self.lists and not row:
                    yield from self.problems(node.body, {name: self.lists[of]})
                case _:
                    yield in_words(node)


def unknown(problems: list[str]) -> ValidationError:
    message = _(
        "A template can only fill in the fields below, go through a list of them with “for” and"
        " ask with “if” whether one is filled. It does not know: %(problems)s."
    )
    params = {"problems": ", ".join(problems[:10])}
    return ValidationError(message, code="unknown_field", params=params)


def in_words(node: nodes.Node) -> str:
    """Return what a template says there, as far as officers would know it again."""
    names = [one.name for one in node.find_all(nodes.Name)]
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{in_words(node.node)}.{node.attr}"
    what = type(node).__name__.lower()
    return f"{what} ({', '.join(names)})" if names else what
