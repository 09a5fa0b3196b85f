"""Email templates: what does a mail say? Officers may replace our texts in the admin
(`WordingOverride`).

An app registers its kinds of mail in a module that its AppConfig imports in `ready`. The texts
stand in files, one a kind and language, `templates/mail/en/<kind>.txt` (docs/developers.md).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.translation import get_language, to_locale

FOLDER = settings.BASE_DIR / "templates" / "mail"
# Its file explains the placeholders that mean the same in many mails.
SHARED = "placeholders"
PLACEHOLDER = re.compile(r"\{(\w+)\}")

# Between the languages of a subject.
BETWEEN_SUBJECTS = " / "


@dataclass(frozen=True)
class MailText:
    """The text of a mail in one language.

    `fields` are the lines above its body: Subject, Kind (what officers read), Link (the words of
    the link) and what placeholders mean, as in "{institution}: the institution".
    """

    fields: dict[str, str]
    body: str

    @classmethod
    def parse(cls, text: str) -> "MailText":
        head, _blank, body = text.partition("\n\n")
        fields = [line.partition(": ") for line in head.splitlines()]
        return cls({name: words for name, _colon, words in fields}, body.removesuffix("\n"))


@dataclass(frozen=True)
class Wording:
    """One kind of mail: its texts by language, and the placeholders they may use.

    Its parts are in the language of the moment: English where a language has none.
    """

    key: str
    placeholders: tuple[str, ...]
    texts: dict[str, MailText]
    # The reader of such a mail could act for its receiver: the admin hides its text, which is
    # deleted once the mail is sent or given up. Only administrators change its wording, and no
    # wording leads elsewhere.
    holds_secret: bool = False
    # The placeholders that are such a secret: they stand in the text, never in the subject, which
    # officers see.
    secrets: frozenset[str] = frozenset()
    # Which mails of this kind a person does not see in the admin: a condition; None hides nothing.
    hidden_from: Callable[[Any], Q | None] | None = None
    # Whoever types an address makes such a mail go there: see `post.may_go`.
    is_for_anybody: bool = False
    # Says what is due, and is not urgent: what else is due goes with it, in one mail a week.
    is_weekly: bool = False

    @property
    def text(self) -> MailText:
        return self.texts.get(get_language()) or self.texts[settings.LANGUAGE_CODE]

    @property
    def label(self) -> str:
        return self.text.fields["Kind"]

    @property
    def subject(self) -> str:
        return self.text.fields["Subject"]

    @property
    def link_label(self) -> str:
        return self.text.fields.get("Link", "")

    @property
    def body(self) -> str:
        return self.text.body

    @property
    def words(self) -> dict[str, str]:
        """Return what each placeholder means, in the language in which it is shown."""
        return {name: lazy(self.explain, str)(f"{{{name}}}") for name in self.placeholders}

    def explain(self, placeholder: str) -> str:
        return self.text.fields[placeholder]


# By their keys, as apps register them.
WORDINGS: dict[str, Wording] = {}


def register(key: str, *placeholders: str, **options) -> Wording:
    """Register a kind of mail, whose texts may use these placeholders; options of `Wording`."""
    if key in WORDINGS:
        raise ValueError(f"Two wordings have the key {key}.")
    WORDINGS[key] = Wording(key, placeholders, read_texts(key), **options)
    return WORDINGS[key]


def folders() -> dict[str, Path]:
    """Return the languages that have texts, with their folders."""
    found = {code: FOLDER / to_locale(code) for code, _name in settings.LANGUAGES}
    return {code: folder for code, folder in found.items() if folder.is_dir()}


def read_texts(key: str) -> dict[str, MailText]:
    """Read the texts of a kind in each language that has its file."""
    texts = {}
    for code, folder in folders().items():
        if (path := folder / f"{key}.txt").exists():
            text = MailText.parse(path.read_text(encoding="utf-8"))
            texts[code] = MailText(shared_words(folder) | text.fields, text.body)
    return texts


@cache
def shared_words(folder: Path) -> dict[str, str]:
    return MailText.parse((folder / f"{SHARED}.txt").read_text(encoding="utf-8")).fields


def hidden_mails(user) -> Q:
    """Return the condition of the mails that the user does not see in the admin at all."""
    kinds = defaultdict(list)
    for wording in WORDINGS.values():
        if wording.hidden_from:
            kinds[wording.hidden_from].append(wording.key)
    hidden = Q(pk__in=[])
    for hidden_from, keys in kinds.items():
        condition = hidden_from(user)
        if condition is not None:
            hidden |= Q(kind__in=keys) & condition
    return hidden


def label_of(kind: str) -> str:
    """Return the label of a kind; of one no longer registered, its key."""
    return WORDINGS[kind].label if kind in WORDINGS else kind


# ------------------------------------------------------------------ addresses elsewhere

# A host with a name, or its number; what mail programs make a link of, and what is made to look
# like one.
NAMED_HOST = re.compile(r"[^\W_][\w-]*(?:\.[\w-]+)*\.(?:[^\W\d_]{2,}|xn--[\w-]+)(?![\w-])")
NUMBERED_HOST = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
AFTER_SLASHES = re.compile(r"(?:[/\\]\s*){2}([^\s/\\]*)")
SCHEME = re.compile(r"\b(?:https?|ftp|mailto)\s*:|\bhxxp", re.IGNORECASE)
DOTS_BETWEEN = re.compile(r"(?<=[a-z\d-])[\u3002\uff61](?=[a-z\d-])", re.IGNORECASE)
DOT_IN_BRACKETS = re.compile(r"\s*[\[({]\s*(?:\.|dot)\s*[\])}]\s*", re.IGNORECASE)


def foreign_addresses(text: str) -> list[str]:
    """Return what in a text leads, or looks as if it led, to a host that is not the portal's."""
    text = PLACEHOLDER.sub("x", text)
    text = unicodedata.normalize("NFKC", DOTS_BETWEEN.sub(".", text))
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = DOT_IN_BRACKETS.sub(".", text)
    own = urlsplit(settings.PORTAL_ADDRESS)
    address = rf"\bhttps?://{re.escape(own.netloc)}(?![\w.:@-])"
    text = re.sub(address, " ", text, flags=re.IGNORECASE)
    if mailbox := settings.SECRETARIAT_MAILBOX:
        text = re.sub(rf"(?<![\w.+-]){re.escape(mailbox)}(?![\w-]|\.\w)", " ", text)
    found = [*NAMED_HOST.findall(text), *NUMBERED_HOST.findall(text)]
    foreign = [host for host in found if host.lower() != own.hostname]
    return [*foreign, *AFTER_SLASHES.findall(text), *SCHEME.findall(text)]


# ------------------------------------------------------------------ placeholders


def may_word(user, key: str) -> bool:
    """Return whether a person may change the wording of a kind, besides the right to change any."""
    wording = WORDINGS.get(key)
    return user.is_superuser or not (wording and wording.holds_secret)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def fill(text: str, values: dict[str, str]) -> str:
    """Replace {placeholders} by values, and nothing else: officers write these texts.

    str.format would let a text reach into objects; here values are plain text.
    """
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


def languages_from(first: str) -> list[str]:
    """Return the codes of the languages, this one before the others."""
    return sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != first)


def subject_in(subject: str, language: str, first: str) -> str:
    """Return the part of a subject in this language; all of it where that cannot be told."""
    codes = languages_from(first)
    texts = subject.split(BETWEEN_SUBJECTS)
    return texts[codes.index(language)] if len(texts) == len(codes) else subject
