"""The form on its way through Word: given out, taken back, compared, and stored where accepted.

What is accepted goes the way of every page (`pages`): its forms say what is wrong, and a page that
somebody saved in the meantime is not stored.
"""

from dataclasses import asdict, dataclass, field, replace

from django.core import signing
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sscnet.core.i18n.labels import each_language, field_label
from sscnet.core.i18n.languages import Language
from sscnet.drafts.page import as_sent
from sscnet.papers.filling import filled

from ..form import FORM, FormSection, names_of
from ..models import Output, Proposal
from ..outline import FUND_FORM, WHOLE_PROJECT
from .form_templates import template_of, values_of
from .pages import ROWS, SectionPage, as_stored
from .word_reading import IN_CHINESE, FormReading, Unplaced

# The contact, too; the Fund's form has no place for it.
WRITTEN = replace(FUND_FORM, parts=[*FUND_FORM.parts, *FUND_FORM.beside], beside=[])
BLANK_ROWS = 3
# Budget lines name outputs, which are stored before.
SECTIONS = ["cover", "situation", "strategy", "results", "contact", "budget"]
NAMES_OF_OUTPUT = [
    name for text in ("name", "activities", "inputs") for name in each_language(text)
]
SEAL = "form filled in with Word"
# A form is compared and accepted in one sitting.
SECONDS = 24 * 3600


def form_to_fill(proposal: Proposal) -> bytes:
    """Return the form as a Word file to write in: what is known, and places for the rest."""
    values = values_of(WRITTEN, proposal, with_chinese=True, nothing="")
    for line in WRITTEN.lines:
        # What is no text is written once; what is added up, by nobody.
        values |= {} if line.is_text else {f"{line.name}_zh": ""}
        values |= {line.name: _("(added up by the portal)")} if line.is_sum else {}
    # Who writes sees the name as it is stored, not the one of the form in English.
    values["contact_name"] = proposal.contact_name
    years = "\n".join(_("Year %(n)d: %(amount)s") % {"n": n, "amount": ""} for n in (1, 2))
    total = values["outputs"].pop()
    blank = [dict.fromkeys(total, "") | {"asked_usd": years}] * BLANK_ROWS
    values["outputs"] = [row | {"asked_usd_zh": ""} for row in values["outputs"]] + blank
    return filled(template_of(WRITTEN, Language.CHINESE), WRITTEN.kind, values)


# ------------------------------------------------------------------ compared


@dataclass(frozen=True)
class ReadValue:
    """A value that was read, where it differs from what is stored.

    `sent` is what a browser would send of it in the page of the section: of the page itself, or of
    a row; `row` is the key of a stored one, and None for a new one, which `group` holds together.
    """

    key: str
    section: FormSection
    label: str
    now: str
    read: str
    sent: dict[str, str]
    group: str = ""
    row: int | None = None
    whose: str = ""


@dataclass
class FormComparison:
    """What a filled form says beside what is stored, and what it does not say."""

    values: list[ReadValue] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    # What cannot be stored for certain, though it was read.
    unplaced: list[Unplaced] = field(default_factory=list)
    same: int = 0

    def add(self, value: ReadValue) -> None:
        if plain(value.now) == plain(value.read):
            self.same += 1
        else:
            self.values.append(value)


def plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def compare(proposal: Proposal, reading: FormReading) -> FormComparison:
    """Return where a filled form differs from the proposal as it is stored."""
    found = FormComparison(unplaced=list(reading.unplaced))
    for one in FORM:
        for name in names_of([one]):
            if read := reading.fields.get(name):
                label, now = label_of(Proposal, name), shown(name, getattr(proposal, name))
                sent = {name: read}
                found.add(ReadValue(name, one.section, label, now, shown(name, read), sent))
        if one.is_needed and not set(names_of([one])) & set(reading.fields):
            label = Proposal._meta.get_field(one.name).verbose_name
            found.missing.append(capfirst(str(label)))
    pairs = matched(list(proposal.outputs.all()), reading.outputs)
    for n, (output, row) in enumerate(pairs):
        whose = row.get("name") or row.get(f"name{IN_CHINESE}", "")
        for name in filter(row.get, NAMES_OF_OUTPUT):
            now = getattr(output, name) or "" if output else ""
            where = (f"output-{n}", output and output.pk, whose)
            label, sent = label_of(Output, name), {name: row[name]}
            key = f"output-{n}-{name}"
            found.add(ReadValue(key, FormSection.RESULTS, label, now, row[name], sent, *where))
        compare_amounts(found, proposal, f"{n}", output, row, whose)
    compare_amounts(found, proposal, "all", None, reading.whole, str(WHOLE_PROJECT))
    read = {output for output, _row in pairs}
    found.missing += [str(one) for one in proposal.outputs.all() if one not in read]
    return found


def compare_amounts(
    found: FormComparison, proposal, key: str, output, row: dict, whose: str
) -> None:
    """Compare what is asked for an output, or for the whole project, year by year."""
    for year in sorted(filter(str.isdigit, row)):
        lines = [
            line
            for line in proposal.budget_lines.all()
            if line.output_id == (output and output.pk) and line.year == int(year)
        ]
        lines = lines if output or key == "all" else []
        now = sum(line.fund_usd for line in lines)
        label = _("Year %(n)d, US$") % {"n": int(year)}
        if len(lines) > 1 and now != int(row[year]):
            found.unplaced.append(Unplaced(f"{whose}: {label}", f"{int(row[year]):,}"))
            continue
        sent = {"fund_usd": row[year], "year": year, "output": str(output.pk) if output else ""}
        # An output that is not stored yet has no key.
        sent = sent if output or key == "all" else {}
        where = (f"year-{key}-{year}", lines[0].pk if lines else None, whose)
        amounts = (f"{now:,}" if lines or row[year] == "0" else "", f"{int(row[year]):,}")
        found.add(ReadValue(where[0], FormSection.BUDGET, label, *amounts, sent, *where))


def matched(stored: list[Output], rows: list[dict]) -> list[tuple[Output | None, dict]]:
    """Return each row with its output: that of its name, else the next of the others."""
    names = each_language("name")
    by_name = {plain(getattr(one, name) or ""): one for one in stored for name in names}
    by_name.pop("", None)
    named = [[by_name.get(plain(row.get(name, ""))) for name in names] for row in rows]
    found = [next(filter(None, pair), None) for pair in named]
    others = iter([one for one in stored if one not in found])
    return [(one or next(others, None), row) for one, row in zip(found, rows, strict=True)]


def label_of(model, name: str) -> str:
    return capfirst(str(field_label(model._meta.get_field(name))))


def shown(name: str, value: object) -> str:
    if name == "scope":
        return str(Proposal.Scope(value).label) if value else ""
    return "" if value is None else str(value)


# ------------------------------------------------------------------ accepted


def sealed(proposal: Proposal, reading: FormReading) -> str:
    """Return the reading to keep in a page, with the version of each section at this moment."""
    versions = {section: SectionPage(proposal, section).version() for section in SECTIONS}
    return signing.dumps([proposal.pk, asdict(reading), versions], salt=SEAL, compress=True)


def unsealed(proposal: Proposal, text: str) -> tuple[FormReading, dict[str, str]] | None:
    """Return the reading and the versions of a page; None of a page that is not ours, or old."""
    try:
        pk, read, versions = signing.loads(text, salt=SEAL, max_age=SECONDS)
    except signing.BadSignature:
        return None
    read["unplaced"] = [Unplaced(**one) for one in read["unplaced"]]
    return (FormReading(**read), versions) if pk == proposal.pk else None


def accept(proposal: Proposal, reading: FormReading, keys: set[str], versions, by) -> list[str]:
    """Store the values of these keys, section by section; return what was not stored, and why.

    Raise Closed where nobody may write in the proposal any more.
    """
    problems = []
    for section in SECTIONS:
        proposal = as_stored(proposal)
        wanted = [
            one
            for one in compare(proposal, reading).values
            if one.section == section and one.key in keys
        ]
        if without := [one for one in wanted if not one.sent]:
            text = _("%(output)s: accept the output, too; what is asked for it was not stored.")
            problems += sorted({text % {"output": one.whose} for one in without})
        if wanted := [one for one in wanted if one.sent]:
            problems += store(SectionPage(proposal, section), wanted, versions[section], by)
    return problems


def store(page: SectionPage, values: list[ReadValue], version: str, by) -> list[str]:
    """Save a page of the form with these values in it; return what is wrong with them."""
    data, labels = as_sent(*page.forms), {}
    rows = list(page.rows.stored) if page.rows else []
    for value in values:
        row = str(value.row or value.group)
        if value.group and row not in rows:
            rows.append(row)
        prefix = f"{ROWS}-{rows.index(row)}-" if value.group else ""
        for name, text in value.sent.items():
            data[prefix + name] = text
            labels[prefix + name] = f"{value.whose}: {value.label}" if value.whose else value.label
    if page.rows:
        data[f"{ROWS}-TOTAL_FORMS"] = str(len(rows))
    sent = SectionPage(page.draft, page.section, data, by=by).save(version)
    if sent.conflict:
        text = _("%(section)s: somebody saved it in the meantime. Compare once more.")
        return [text % {"section": page.section.label}]
    return [
        f"{labels[form.add_prefix(name)]}: {message}"
        for form in sent.single_forms
        for name, messages in form.errors.items()
        if form.add_prefix(name) in labels
        for message in messages
    ]
