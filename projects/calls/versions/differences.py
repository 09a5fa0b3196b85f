"""A version of a proposal as lines of the form, and what differs between two versions."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sscnet.core.i18n.labels import field_label

from ..form import ROWS, FormSection, fields_of, names_of
from ..models import Endorsement, Proposal, ProposalVersion
from .freezing import columns_of

AMOUNTS = {
    "asked_usd": lambda: _("Requested from the Fund, US$"),
    "cash_usd": lambda: _("Other inputs in cash, US$"),
    "kind_usd": lambda: _("Other inputs in kind, US$"),
    "total_usd": lambda: _("Total, US$"),
}

# Of a row; whether its file is there is said in words.
NOT_SHOWN = {"id", "proposal", "position", "uploaded_by", "uploaded_at", "file"}


def names_in(section: FormSection) -> list[str]:
    """Return what a section of a version holds, in the order in which it is shown."""
    names = names_of(fields_of(section))
    rows = [ROWS[section]] if section in ROWS else []
    return [*names, *rows, *(AMOUNTS if section == FormSection.BUDGET else [])]


SECTIONS = {section: names_in(section) for section in FormSection}


@dataclass(frozen=True)
class ContentLine:
    """A field of a version, or a row of a part; `key` is the same in each version."""

    section: FormSection
    key: str
    label: str
    value: str

    @property
    def language(self) -> str:
        """Return the language of a text that the form takes in two; else ""."""
        if self.key.endswith("_zh_hans"):
            return "zh-Hans"
        return "en" if f"{self.key}_zh_hans" in SECTIONS[self.section] else ""


@dataclass(frozen=True)
class VersionDifference:
    section: FormSection
    label: str
    before: str
    after: str


def lines_of(version: ProposalVersion) -> list[ContentLine]:
    """Return what a version holds, in the order of the form; what is empty is left out."""
    lines = [
        line
        for section, names in SECTIONS.items()
        for name in names
        for line in lines_of_field(section, name, version.content.get(name))
    ]
    return [line for line in lines if line.value]


def lines_of_field(section, name: str, value) -> list[ContentLine]:
    label = label_of(name)
    if not isinstance(value, list):
        return [ContentLine(section, name, label, words_of(value))]
    rows = [(f"{name}-{row['id']}", row_in_words(name, row)) for row in value]
    return [ContentLine(section, key, label, words) for key, words in rows]


def label_of(name: str) -> str:
    if name in AMOUNTS:
        return AMOUNTS[name]()
    field = Proposal._meta.get_field(name)
    if field.one_to_many:
        return capfirst(str(field.related_model._meta.verbose_name))
    return capfirst(str(field_label(field)))


def words_of(value) -> str:
    """Return a plain value as text; of a code its name in the page's language."""
    if isinstance(value, dict):
        return value.get(get_language()) or value.get("en", "")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return f"{value:,}"
    return str(value or "")


def row_in_words(name: str, row: dict) -> str:
    """Return the filled fields of a row, each after its label, in the order of the model."""
    model = Proposal._meta.get_field(name).related_model
    parts = []
    for _field, column in columns_of(model, NOT_SHOWN):
        if words := words_of(row.get(column)):
            label = capfirst(str(field_label(model._meta.get_field(column))))
            parts.append(f"{label}: {words}")
    if model is Endorsement:
        parts.append(_("enclosed") if row.get("file") else _("missing"))
    return "\n".join(parts)


def differences(before: ProposalVersion, after: ProposalVersion) -> list[VersionDifference]:
    """Return what changed between two versions, in the order of the form."""
    old = {line.key: line for line in lines_of(before)}
    new = {line.key: line for line in lines_of(after)}
    order = list(SECTIONS)
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        line = new.get(key) or old[key]
        texts = [one[key].value if key in one else "" for one in (old, new)]
        if texts[0] != texts[1]:
            found.append(VersionDifference(line.section, line.label, *texts))
    return sorted(found, key=lambda one: order.index(one.section))
