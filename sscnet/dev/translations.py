"""The portal's languages: collected and compiled with Babel.

A language is a folder below `locale`; how to add one says docs/developers.md.
"""

import tempfile
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from sscnet.dev import CHECKOUT

NOT_OURS = [".venv", ".local", ".git", ".ci", "tests", "media", "staticfiles", "node_modules"]
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
JINJA = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}


def collect():
    """Write the strings of code and templates into the catalogues (`make messages`)."""
    fresh = collected(CHECKOUT)
    for language in languages(CHECKOUT):
        path = catalogue_path(CHECKOUT, language)
        catalogue = read_catalogue(path)
        # Strings that are no longer used are dropped.
        catalogue.update(fresh, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        # The header stays as it is, and the order is that of the texts: on every machine alike.
        header = path.read_bytes().partition(b"\n\n")[0]
        with path.open("wb") as file:
            file.write(header + b"\n\n")
            write_po(file, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)


def collected(folder):
    """Return a catalogue of what code and templates ask for now."""
    fresh = Catalog()
    found = extract_from_dir(
        str(folder),
        METHODS,
        {"**/templates/jinja2/**.html": JINJA},
        KEYWORDS,
        directory_filter=lambda name: Path(name).name not in NOT_OURS,
    )
    for _file, _line, message, _comments, context in found:
        fresh.add(message, context=context)
    for message in read_catalogue(folder / "locale" / "packages.pot"):
        fresh[message.id] = message
    return fresh


def in_django_templates(fileobj, keywords, comment_tags, options):
    """Extract from a template of Django's, which Django itself turns into something like Python."""
    lines = templatize(fileobj.read().decode()).splitlines()
    # Their indentation is a template's, which Python would not accept.
    source = "\n".join(line.strip() for line in lines)
    return extract_python(BytesIO(source.encode()), keywords, comment_tags, options)


METHODS = [
    ("**/templates/jinja2/**.html", "jinja2"),
    ("**/templates/django/**.html", in_django_templates),
    ("**.py", "python"),
]


def languages(folder):
    """Return the languages that have a folder, as gettext writes them."""
    return sorted(path.name for path in (folder / "locale").iterdir() if path.is_dir())


def compile_all(folder=CHECKOUT):
    """Compile each catalogue that is newer than what was compiled from it."""
    for source in (folder / "locale").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            _compile(source, target)


def _compile(source, target):
    """Write beside and rename, for a server may read the file at this moment."""
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".tmp", delete=False) as unfinished:
        write_mo(unfinished, read_catalogue(source))
    Path(unfinished.name).chmod(0o644)
    Path(unfinished.name).replace(target)


def catalogue_path(folder, language):
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(path):
    """Return the catalogue of a file; an empty one where nothing was collected yet."""
    if not path.exists():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file)
