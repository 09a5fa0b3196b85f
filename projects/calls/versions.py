"""A proposal as it was sent: kept in the words of that day, in both languages, and compared."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import get_language

from sscnet.core.i18n.labels import each_language, field_label
from sscnet.core.i18n.texts import language_tag, per_language

from . import outline
from .form import FormSection, fields_of
from .models import Proposal, ProposalVersion


def written_outputs(proposal: Proposal) -> list[list[str]]:
    """Return the outputs alone: what the form's table adds up stands in the budget."""
    names = [column.name for column in OUTPUTS.columns]
    return [[outline.text_of(one, name) for name in names] for one in proposal.outputs.all()]


OUTPUTS = outline.FormTable("outputs", outline.outputs.columns[:3], written_outputs)
TABLES = {
    FormSection.RESULTS: [OUTPUTS],
    FormSection.COUNTRIES: [outline.countries],
    FormSection.PARTNERS: [outline.partners],
    FormSection.ENDORSEMENTS: [outline.papers],
    FormSection.BUDGET: [outline.budget, outline.revised],
}
# Sections that name people, who are erased on a day.
OF_PEOPLE = (FormSection.ENDORSEMENTS, FormSection.CONTACT)


@dataclass(frozen=True)
class ContentLine:
    """A field of a version, or a row of a table; `key` is the same in each version.

    `language` is that of a text that the form takes in two; else "".
    """

    section: FormSection
    key: str
    label: str
    value: str
    language: str = ""


def keep_version(proposal: Proposal, *, by, at: datetime) -> ProposalVersion:
    """Keep the proposal, as it is stored, as its next version."""
    stored = Proposal.objects.for_form().get(pk=proposal.pk)
    return ProposalVersion.objects.create(
        proposal=proposal,
        number=proposal.versions.count() + 1,
        sent_at=at,
        sent_by=by,
        content=texts_of(stored, [one for one in FormSection if one not in OF_PEOPLE]),
        people=texts_of(stored, OF_PEOPLE),
    )


def texts_of(proposal: Proposal, sections: Iterable[FormSection]) -> dict[str, dict]:
    """Return what stands in sections in each language: texts by field, of tables a list of rows."""
    lines = [outline.line_of(one) for section in sections for one in fields_of(section)]
    tables = [table for section in sections for table in TABLES.get(section, ())]
    return per_language(lambda: outline.texts_of(lines, tables, proposal))


def lines_of(version: ProposalVersion) -> list[ContentLine]:
    """Return what a version holds, in the order of the form; what is empty is left out."""
    content = {
        code: texts | version.people.get(code, {}) for code, texts in version.content.items()
    }
    found = [line for section in FormSection for line in lines_in(section, content)]
    return [line for line in found if line.value]


def lines_in(section: FormSection, content: dict[str, dict]) -> Iterator[ContentLine]:
    here = get_language()
    for one in fields_of(section):
        names = each_language(one.name) if one.is_text else [one.name]
        for name, language in zip(names, content if one.is_text else [here], strict=True):
            label = capfirst(str(field_label(Proposal._meta.get_field(name))))
            lang = language_tag(language) if one.is_text else ""
            yield ContentLine(section, name, label, content[language].get(one.name, ""), lang)
    for table in TABLES.get(section, []):
        first, *others = table.columns
        seen: Counter[str] = Counter()
        for row in content[here].get(table.name, []):
            words = [f"{one.words}: {row[one.name]}" for one in others if row[one.name]]
            key = f"{table.name}-{row[first.name]}-{seen[row[first.name]]}"
            seen[row[first.name]] += 1
            value = "\n".join([row[first.name], *words])
            yield ContentLine(section, key, str(first.words), value)


def differences(before: ProposalVersion, after: ProposalVersion) -> list[dict]:
    """Return what changed between two versions, in the order of the form, for a template."""
    old = {line.key: line for line in lines_of(before)}
    new = {line.key: line for line in lines_of(after)}
    order = list(FormSection)
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        line = new.get(key) or old[key]
        texts = [one[key].value if key in one else "" for one in (old, new)]
        if texts[0] != texts[1]:
            words = {"before": texts[0], "after": texts[1]}
            found.append({"section": line.section, "label": line.label, **words})
    return sorted(found, key=lambda one: order.index(one["section"]))
