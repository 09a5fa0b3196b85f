"""What the words of a file stand for: codes, and names in either language."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from sscnet.core.i18n.texts import comma_separated, in_one_language, per_language

MOST_SUGGESTIONS = 50
MOST_CODES_NAMED = 12
LIST_SEPARATOR = re.compile(r"[;；\n、|]")


@lru_cache(maxsize=10_000)
def fold(text: str) -> str:
    """Make spellings equal that differ in case, width, accents, apostrophes or spaces only."""
    text = unicodedata.normalize("NFKD", text).replace("’", "'").casefold()
    text = "".join(mark for mark in text if not unicodedata.combining(mark))
    return re.sub(r"\s+", " ", text).strip()


class CodeList:
    """Codes, each with the names it goes by. A name that two codes share stands for neither."""

    def __init__(self, unknown):
        """`unknown` says, with `%(value)s`, that a word is not of this list, and what to write."""
        self.unknown = unknown
        self.values: dict[str, Hashable] = {}
        self.codes: dict[Hashable, str] = {}
        self.names: dict[str, set] = defaultdict(set)
        self.labels: dict[Hashable, str] = {}
        self.records: dict[Hashable, object] = {}
        self.called: dict[tuple[Hashable, str], str | None] = {}
        self.sought: set[str] = set()

    def add(self, value: Hashable, code: str, names: Iterable[str], record=None) -> None:
        names = [str(name) for name in names if name]
        self.values[fold(code)] = value
        self.codes[value] = code
        self.records[value] = record
        self.labels[value] = names[0] if names else code
        for name in names:
            self.names[fold(name)].add(value)

    @classmethod
    def of_records(cls, records, unknown, code="slug") -> "CodeList":
        codes = cls(unknown)
        for record in records:
            codes.add(record.pk, getattr(record, code), names_of(record), record)
        return codes

    @classmethod
    def of_choices(cls, choices) -> "CodeList":
        """Take the choices of a field, with their labels in every language of the portal."""
        codes = cls(_("“%(value)s” is not in the list. Write a code from the template."))
        for value, label in choices:
            codes.add(value, str(value), in_every_language(label), label)
        words = [codes.word(value) for value, _label in choices if value != ""]
        if len(words) <= MOST_CODES_NAMED:
            text = _("“%(value)s” is not in the list. Write one of: %(codes)s.")
            codes.unknown = text % {"codes": comma_separated(words), "value": "%(value)s"}
        return codes

    def name(self, value: Hashable, language: str) -> str | None:
        """Return what it is called in one language, None where it has no name in it."""
        if (value, language) not in self.called:
            record = self.records.get(value, "")
            if isinstance(record, models.Model):
                name = in_one_language(record, "name", language)
            else:
                with override(language):
                    name = str(record)
            self.called[value, language] = name or None
        return self.called[value, language]

    def word(self, value: Hashable) -> str | None:
        """Return its name for the reader, the code where a file could not be read by the name."""
        label = self.labels.get(value, "")
        is_clear = self.meanings(fold(label)) == {value} and not LIST_SEPARATOR.search(label)
        return label if is_clear else self.codes.get(value)

    def knows(self, text: str) -> bool:
        return bool(self.meanings(fold(text)))

    def meanings(self, word: str) -> set:
        return {self.values[word]} if word in self.values else self.names.get(word, set())

    def find(self, text: str) -> Hashable:
        """Return what the word stands for, or raise ValidationError with the cure."""
        word = fold(text)
        found = self.meanings(word)
        if len(found) == 1:
            return next(iter(found))
        if found:
            codes = ", ".join(sorted(self.codes[value] for value in found))
            raise ValidationError(
                _("“%(value)s” can mean several: %(codes)s. Write the code.")
                % {"value": text, "codes": codes}
            )
        raise ValidationError(f"{self.unknown % {'value': text}} {self.suggestion(word)}".strip())

    def suggestion(self, word: str) -> str:
        # To look for what is like a word is slow; a file of nothing but mistakes goes without.
        self.sought.add(word)
        if len(self.sought) > MOST_SUGGESTIONS:
            return ""
        near = difflib.get_close_matches(word, [*self.names, *self.values], n=1, cutoff=0.75)
        if not near:
            return ""
        value = min(self.meanings(near[0]), key=str)
        return _("Did you mean %(code)s (%(name)s)?") % {
            "code": self.codes[value],
            "name": self.labels[value],
        }


class CodeLists(dict):
    """Code lists by what makes them, each made when it is first asked for."""

    def __missing__(self, make: Callable[[], CodeList]) -> CodeList:
        self[make] = codes = make()
        return codes


def in_every_language(label) -> list[str]:
    names = per_language(label.__str__)
    return [names[code] for code in languages()]


def names_of(record, field: str = "name") -> list[str]:
    """Return a record's name in every language of the portal, the empty ones left out."""
    return list(filter(None, (in_one_language(record, field, code) for code in languages())))


def languages() -> list[str]:
    """List the portal's languages, the reader's first: a code's first name is what it is called."""
    return sorted(dict(settings.LANGUAGES), key=lambda code: code != get_language())
