"""What a template can ask for: `fields.csv` has the fields of each kind of paper, with a sentence.

A field without kinds is of all; `people.name` is a field of the rows of the list `people`. A
template is checked where Django is not set up (`run_limited`), so nothing here needs it.

An app that declares a form elsewhere registers the fields and our template of its kind with
`declare`, so that neither stands here a second time.
"""

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# A template may ask for a text in the language of the paper, or in this one.
SUFFIXES = ("", "_en", "_zh")


class PaperKind(TextChoices):
    NOTICE = "notice", _("notice of a meeting")
    LETTER = "letter", _("letter of invitation")
    COVER = "cover", _("covering letter")
    REQUEST = "request", _("request for approval")
    DELEGATES = "delegates", _("list of delegates")
    SLIP = "slip", _("return slip")
    CERTIFICATE = "certificate", _("certificate of attendance")
    PROPOSAL = "proposal", _("letter handing in a proposal")
    FUND_FORM = "fund_form", _("proposal: the form of the Fund")
    CHECK = "check", _("proposal: check of the Secretariat")
    AWARD = "award", _("letter of award")
    VOTE = "vote", _("result of a vote")


class TemplateField(NamedTuple):
    name: str
    kinds: str
    what: str
    en: str
    zh_hans: str


class DeclaredKind(NamedTuple):
    """What an app declares of a kind: its fields, and what makes our template in a language."""

    fields: Callable[[], list[TemplateField]]
    template: Callable[[str], bytes] | None = None


DECLARED: dict[str, DeclaredKind] = {}


def declare(kind: str, *made: Callable) -> None:
    DECLARED.setdefault(kind, DeclaredKind(*made))


@cache
def fields_of(kind: str) -> list[TemplateField]:
    with open(Path(__file__).with_name("fields.csv"), encoding="utf-8", newline="") as file:
        rows = [TemplateField(**row) for row in csv.DictReader(file)]
    rows += DECLARED[kind].fields() if kind in DECLARED else []
    return [row for row in rows if not row.kinds or kind in row.kinds.split()]


@cache
def names_of(kind: str) -> tuple[set[str], dict[str, set[str]]]:
    """Return the names of texts and pictures, and of each list those of its rows."""
    names: set[str] = set()
    lists: dict[str, set[str]] = {f.name: set() for f in fields_of(kind) if f.what == "list"}
    for field in fields_of(kind):
        of, _dot, name = field.name.rpartition(".")
        suffixes = SUFFIXES if not field.what else ("",) if field.what == "picture" else ()
        (lists[of] if of else names).update(name + suffix for suffix in suffixes)
    return names, lists


def sample(kind: str) -> dict:
    """Return values to try a template with: the name of each field, and two rows of each list."""
    names, lists = names_of(kind)
    pictures = {field.name for field in fields_of(kind) if field.what == "picture"}
    values: dict = {name: f"[{name}]" for name in names - pictures}
    return values | {of: [{one: f"[{one}]" for one in row}] * 2 for of, row in lists.items()}
