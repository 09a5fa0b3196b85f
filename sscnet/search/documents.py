"""What is searched: each app registers what of its records is found, one class a kind of record.

    @register
    class MeetingDocuments(Documents):
        kind = "meeting"
        topics = (changes.MEETINGS,)
        linked = ("country",)

        def records(self):
            return Meeting.objects.published()

        def write(self, meeting, document):
            document.add_titles(*in_each_language(meeting, "title"))
            document.add_links("country", [meeting.country_id])

A name (of a country, an institution) is written with `add_names`. It finds what is linked to it,
not its own record alone, and stands in one document: a rename is one row, however many have it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.db import models

from sscnet.core.i18n.labels import each_language

from .text import pinyin
from .text.vectors import Vector

# Stands in every document that may be found, so that a question may consist of exclusions.
EVERYTHING = "=all"
# The kind of key that a record's own numbers are.
NUMBER = "n"
kinds: dict[str, "Documents"] = {}


class NumberPattern(NamedTuple):
    """How the numbers of a record are spelt in questions, and how one that matches is kept."""

    pattern: re.Pattern
    write: Callable[[re.Match], str]
    kind: str = NUMBER


class DocumentBuilder:
    """Builds what a record is found by."""

    def __init__(self, kind: str, key: str, updated_at):
        self.kind, self.key, self.updated_at = kind, key, updated_at
        self.words, self.titles, self.names = Vector(), Vector(), Vector()
        self.pinyin = ""
        self.is_public = True
        self.is_sample = False
        self.words.add_key(EVERYTHING)
        # A record is linked to itself: its own name finds it.
        self.words.add_key(f"{kind}={key}")

    def add_numbers(self, *numbers: str) -> None:
        """Add codes or numbers as they are kept; see `NumberPattern`."""
        for number in numbers:
            self.words.add_key(f"{NUMBER}={number}", "A")
            self.words.add(number, "A")

    def add_titles(self, *texts: str | None) -> None:
        for text in texts:
            self.words.add(text, "B")
            self.titles.add(text, "A")

    def add_links(self, kind: str, keys: Iterable, weight: str = "D") -> None:
        """Make the names of these records find this one."""
        for key in keys:
            self.words.add_key(f"{kind}={key}", weight)

    def add_texts(self, *texts: str | None) -> None:
        for text in texts:
            self.words.add(text, "D")

    def add_names(self, *texts: str | None, is_spelled: bool = False) -> None:
        """Make these words find all that is linked to the record, `is_spelled` also in pinyin."""
        for text in texts:
            self.names.add(text, "A")
            self.titles.add(text, "A")
        if is_spelled:
            self.pinyin = " ".join(pinyin.spelled(text or "") for text in texts).strip()

    def row(self) -> list:
        public = [self.words, self.titles] if self.is_public else [None, None]
        vectors = [*public, self.names if self.names.lexemes else None]
        texts = [None if vector is None else str(vector) for vector in vectors]
        return [self.kind, self.key, self.updated_at, *texts, self.pinyin, self.is_sample]


class Documents:
    """What the search holds of one kind of record.

    `topics` of the log of changes tell that a record may have changed; which did, its `updated_at`
    says. A kind without (`is_dated`) has few records: all are compared. `linked` are the kinds of
    name it is found by, besides its own; the names of `leading` count more than other texts.
    `numbers` are what a question may name exactly.
    """

    kind = ""
    # What a record's key is.
    key: type = int
    topics: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    leading = ""
    is_dated = True
    # Whether a record answers a question, and is not only a way to those that do.
    is_answer = True
    numbers: tuple[NumberPattern, ...] = ()

    def records(self) -> models.QuerySet:
        """Return the records that have a document."""
        raise NotImplementedError

    def write(self, record, document: DocumentBuilder) -> None:
        """Add to the document what the record is found by."""
        raise NotImplementedError

    def make(self, keys: Iterable[str]) -> Iterator[DocumentBuilder]:
        """Make the documents of these records; those that are gone have none."""
        for record in self.records().filter(pk__in=keys):
            updated_at = record.updated_at if self.is_dated else None
            document = DocumentBuilder(self.kind, str(record.pk), updated_at)
            document.is_sample = getattr(record, "is_sample", False)
            self.write(record, document)
            yield document

    @property
    def asked(self) -> list[str]:
        """Return the kinds that are read when this one is searched, names first."""
        return list(dict.fromkeys([*self.linked, self.kind]))


def register(documents: type[Documents]) -> type[Documents]:
    kinds[documents.kind] = documents()
    return documents


def in_each_language(record, *fields: str) -> Iterator[str | None]:
    for field in fields:
        for name in each_language(field):
            yield getattr(record, name)
