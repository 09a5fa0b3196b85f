"""What ties a record to others, as columns of a file: lists of codes, of names, of sources."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sscnet.changes.state import claims
from sscnet.core.records.basis import NAME_OR_BASIS, OF_SOURCES, names_of

from .codes import LIST_SEPARATOR, CodeList, fold
from .columns import DateColumn, FieldColumn, line, tidy
from .sheets import as_text, plain


@dataclass(frozen=True)
class Links:
    """The rows of one kind that belong to a record; an entry is such a row as a dictionary.

    `fields`: of an entry, if it has more than its key. `codes` makes the code list of what they
    lead to, which the first field of their key names.
    """

    accessor: str
    owner: str
    key: tuple[str, ...]
    fields: tuple[str, ...] = ()
    codes: Callable[[], CodeList] | None = None

    def entry(self, row) -> dict:
        return {name: getattr(row, name) for name in self.fields or self.key}

    def key_of(self, entry: dict) -> tuple:
        values = (entry.get(name) for name in self.key)
        return tuple(tuple(one) if isinstance(one, list) else one for one in values)

    def model(self, instance):
        return instance._meta.get_field(self.accessor).related_model

    def make(self, instance, entry: dict):
        return self.model(instance)(**{self.owner: instance}, **entry)

    def clean(self, instance, entry: dict) -> None:
        """Let the model judge what the entry says; what it points to was found in a list."""
        row = self.model(instance)(**entry)
        fields = (*row._meta.fields, *row._meta.private_fields)
        row.clean_fields(exclude={field.name for field in fields} - entry.keys())


@dataclass
class Plan:
    """Link rows to write, of all records: what frees a place comes before what takes it."""

    created: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    deleted: list = field(default_factory=list)

    def write(self) -> None:
        for model, rows in by_model(self.deleted):
            model._base_manager.filter(pk__in=[row.pk for row in rows]).delete()
        for row in sorted(self.updated, key=claims):
            row.save()
        for model, rows in by_model(self.created):
            model._base_manager.bulk_create(rows, batch_size=500)

    def take(self, draft) -> None:
        """Plan that the record has the draft's entries instead of its rows."""
        for links, entries in draft.changed_links.items():
            old = {links.key_of(links.entry(row)): row for row in draft.rows.get(links, ())}
            for entry in entries:
                row = old.pop(links.key_of(entry), None)
                if row is None:
                    self.created.append(links.make(draft.instance, entry))
                elif any(getattr(row, name) != value for name, value in entry.items()):
                    for name, value in entry.items():
                        setattr(row, name, value)
                    self.updated.append(row)
            self.deleted += old.values()


def by_model(rows: list):
    groups = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    return groups.items()


class SeveralColumn(FieldColumn):
    """Several values, of a code list or words."""

    empty = ()
    is_several = True
    how = gettext_lazy("One or several, separated by “;”.")

    def read(self, cell, draft):
        values, problems = [], []
        for word in LIST_SEPARATOR.split(as_text(cell)):
            if not line(word):
                continue
            try:
                values += self.read_word(line(word), draft)
            except ValidationError as error:
                problems += error.messages
        if problems:
            raise ValidationError(problems)
        return tuple(dict.fromkeys(values))

    def read_word(self, word, draft) -> list:
        return several(word, draft.lists[self.codes]) if self.codes else [word]

    def get(self, draft):
        return tuple(super().get(draft))

    def set(self, draft, value):
        super().set(draft, list(value))

    def same(self, old, new):
        return sorted(map(str, old)) == sorted(map(str, new))

    def cell(self, value, draft):
        if self.codes:
            codes = draft.lists[self.codes].codes
            value = [codes.get(one, one) for one in value]
        return self.one_or_all([str(one) for one in value])

    def words(self, value, draft):
        if not self.codes:
            return self.cell(value, draft)
        return self.one_or_all([draft.lists[self.codes].word(one) for one in value])

    def one_or_all(self, texts: list[str]):
        return texts if self.is_several else next(iter(texts), None)


class LinkColumn(SeveralColumn):
    """The key of the entries that are `fixed` so, by role or kind: of several, or one at most."""

    def __init__(self, links, fixed=None, *, is_several=True, **kwargs):
        super().__init__(links.key[0], **kwargs)
        self.links, self.fixed, self.codes = links, fixed or {}, links.codes
        self.is_several = is_several
        if not is_several:
            self.how = gettext_lazy("Only one.")

    def read(self, cell, draft):
        value = super().read(cell, draft)
        if len(value) > 1 and not self.is_several:
            raise ValidationError(_("Write only one."))
        return value

    def is_mine(self, entry) -> bool:
        return all(entry.get(name) == value for name, value in self.fixed.items())

    def get(self, draft):
        entries = draft.entries(self.links)
        return tuple(entry[self.attribute] for entry in entries if self.is_mine(entry))

    def set(self, draft, value):
        entries = draft.entries(self.links)
        mine = {entry[self.attribute]: entry for entry in entries if self.is_mine(entry)}
        others = [entry for entry in entries if not self.is_mine(entry)]
        new = [mine.get(one) or {self.attribute: one, **self.fixed} for one in value]
        draft.replace(self.links, others + new)


def what_is_tied(columns: list[LinkColumn], record):
    """Return what the rows of these columns lead to: records or words; of one value that or None.

    The columns are of the same links.
    """
    links, name = columns[0].links, columns[0].attribute.removesuffix("_id")
    rows = record.rows(links.accessor)
    found = [getattr(r, name) for r in rows if any(one.is_mine(vars(r)) for one in columns)]
    return found if columns[0].is_several else next(iter(found), None)


def several(word: str, codes: CodeList) -> list:
    """Return what a word stands for; it may be several codes with spaces or commas between them."""
    parts = [word]
    if not codes.knows(word):
        parts = [part for part in re.split(r"[\s,，]+", word) if part]
        if not any(fold(part) in codes.values for part in parts):
            parts = [part.strip() for part in re.split(r"[,，]", word) if part.strip()]
            # A name with a comma in it that is not known is named as it was written.
            parts = parts if any(codes.knows(part) for part in parts) else [word]
    return [codes.find(part) for part in parts]


SOURCES = Links(
    "sources",
    "record",
    ("name", "address", "fields", "how"),
    ("name", "address", "fields", "confidence", "read_on", "how", "name_zh_hans"),
)


HOW = partial(CodeList.of_choices, OF_SOURCES)


class LinesColumn(FieldColumn):
    """Rows that belong to a record, one a line, the texts of their `parts` divided by “|”."""

    empty = ()
    parts: tuple[str, ...] = ()
    # Of the parts, the one that is a date.
    day = ""
    refusal = None

    def divided(self, text: str) -> dict[str, str]:
        """Return the texts of a line by part, the date as it is stored."""
        texts = [" ".join(part.split()) for part in text.split("|")]
        if len(texts) > len(self.parts):
            raise ValidationError(self.refusal)
        found = dict.fromkeys(self.parts, "") | dict(zip(self.parts, texts, strict=False))
        if found[self.day]:
            found[self.day] = DateColumn().read(found[self.day], None).isoformat()
        return found

    def texts(self, entry: dict) -> tuple[str, ...]:
        """Return a row as a cell can hold it."""
        values = (entry.get(name) or "" for name in self.parts)
        texts = (", ".join(one) if isinstance(one, list) else str(one) for one in values)
        return tuple(" ".join(text.split()).replace("|", "/") for text in texts)

    def entry(self, texts: tuple[str, ...]) -> dict:
        """Return a row as it is stored, from the texts of a cell."""
        entry = dict(zip(self.parts, texts, strict=True))
        # An empty translation is left out of `i18n`.
        entry |= {name: entry[name] or None for name in entry if name.endswith("_zh_hans")}
        return entry | {self.day: date.fromisoformat(entry[self.day]) if entry[self.day] else None}

    def get(self, draft):
        return tuple(map(self.texts, draft.entries(self.links)))

    def cell(self, value, draft):
        return "\n".join(" | ".join(texts).rstrip(" |") for texts in value) or None


class SourcesColumn(LinesColumn):
    """Sources, one a line; the name suffices.

    name | address | fields it is for | confidence | day it was read | how it is known
    | name in Chinese
    """

    links, parts, day = SOURCES, SOURCES.fields, "read_on"
    how = gettext_lazy("One source per line: its name, then “|”, then its address.")
    refusal = gettext_lazy("A source has at most seven parts, divided by “|”.")

    def read(self, cell, draft):
        text = tidy(plain(as_text(cell).strip()))
        parts = text.split("\n") if "\n" in text else re.split(r"\s[;；]\s|\s*；\s*", text)
        known = {one[:2]: one for one in self.get(draft)}
        given = [self.source(part, draft) for part in parts if part.strip()]
        # Who gives name and address alone says nothing about the rest.
        given = (one if any(one[2:]) else known.get(one[:2], one) for one in given)
        return tuple(dict.fromkeys(given))

    def names(self) -> CodeList:
        return CodeList.of_choices(names_of(self.model).items())

    def source(self, text: str, draft) -> tuple[str, ...]:
        texts = self.divided(text)
        words = [word for word in LIST_SEPARATOR.split(texts["fields"]) if word.strip()]
        texts["fields"] = ", ".join(
            str(name) for word in words for name in several(word, draft.lists[self.names])
        )
        if texts["how"]:
            texts["how"] = draft.lists[HOW].find(texts["how"])
        if not (texts["name"] or texts["name_zh_hans"] or (texts["how"] and texts["fields"])):
            raise ValidationError(NAME_OR_BASIS)
        return tuple(texts.values())

    def texts(self, entry):
        return tuple(re.sub(r"\s([;；])\s", r"\1 ", text) for text in super().texts(entry))

    def entry(self, texts):
        entry = super().entry(texts)
        return entry | {"fields": entry["fields"].split(", ") if entry["fields"] else []}

    def set(self, draft, value):
        old = {self.texts(entry): entry for entry in draft.entries(SOURCES)}
        draft.replace(SOURCES, [old.get(one) or self.entry(one) for one in value])
