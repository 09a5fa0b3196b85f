"""A mail in both languages, as plain text and as HTML."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import localize
from django.utils.text import Truncator
from django.utils.timezone import template_localtime
from django.utils.translation import gettext

from sscnet.core.i18n.addresses import in_language
from sscnet.core.i18n.texts import Text, in_one_language

from .models import Message, WordingOverride
from .wordings import (
    BETWEEN_SUBJECTS,
    PLACEHOLDER,
    Wording,
    fill,
    foreign_addresses,
    languages_from,
)

LONGEST_SUBJECT = 190
BETWEEN_LANGUAGES = "\n\n----------------------------------------\n\n"


@dataclass(frozen=True)
class MailPart:
    """The mail in one language."""

    language: str
    subject: str
    paragraphs: list[Text]
    closing: list[str]
    link: str
    link_label: str

    @property
    def text(self) -> str:
        link = gettext("%(label)s: %(address)s")
        words = {"label": self.link_label, "address": self.link}
        return "\n\n".join(
            [
                *(str(paragraph) for paragraph in self.paragraphs),
                *([link % words] if self.link else []),
                *self.closing,
            ]
        )


def render_parts(
    wording: Wording,
    words: dict,
    *,
    link: str = "",
    reference: str = "",
    reply_to: str = "",
    override: WordingOverride | None = None,
    first: str = "",
    name: Any = "",
) -> list[MailPart]:
    """Write the mail in each language, `first` before the others, to the person of this `name`.

    Lazy strings and records come out in that language.
    """
    parts = []
    for language in languages_from(first):
        with translation.override(language):
            values = {name: shown(words[name]) for name in wording.placeholders}
            subject = text_of("subject", wording, override, language)
            in_subject = values | dict.fromkeys(wording.secrets, "…")
            body = text_of("body", wording, override, language)
            parts.append(
                MailPart(
                    language=language,
                    subject=one_line(fill(subject, in_subject), LONGEST_SUBJECT),
                    paragraphs=[Text(greeting(name), ""), *paragraphs(body, words, values)],
                    closing=closing(reference, reply_to),
                    link=full_address(link, language),
                    link_label=wording.link_label or gettext("Open the page"),
                )
            )
    return parts


def text_of(name: str, wording: Wording, override: WordingOverride | None, language: str) -> str:
    """Return the officers' text in this language where there is one, else ours.

    One that leads elsewhere is not used in a mail with a secret, however it came to be stored.
    """
    theirs = override and in_one_language(override, name, language)
    if theirs and not (wording.holds_secret and foreign_addresses(theirs)):
        return theirs
    return getattr(wording, name)


def shown(value) -> str:
    """Return a value as a template writes it: dates and numbers localized."""
    return str(localize(template_localtime(value)))


def one_line(text: str, length: int) -> str:
    """Fold to one line, as headers must be."""
    return Truncator(" ".join(text.split())).chars(length)


def paragraphs(body: str, words: dict, values: dict[str, str]) -> list[Text]:
    """Fill in the words, paragraph by paragraph.

    A `Text` that stands alone keeps its language: a person's own words, in both halves of the mail.
    """
    found = []
    for block in blocks(body):
        alone = PLACEHOLDER.fullmatch(block)
        word = words[alone[1]] if alone else None
        language = word.language if isinstance(word, Text) else ""
        found += [Text(text, language) for text in blocks(fill(block, values))]
    return found


def blocks(text: str) -> list[str]:
    parts = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    return [part.strip() for part in parts if part.strip()]


def greeting(name) -> str:
    return gettext("Dear %(name)s,") % {"name": name} if name else gettext("Dear Sir or Madam,")


def closing(reference: str, reply_to: str) -> list[str]:
    lines = [gettext("Reference: %(reference)s") % {"reference": reference}] if reference else []
    if reply_to:
        lines.append(gettext("You can simply reply to this email: a person will read it."))
    return [*lines, gettext("Secretariat of the China South-South Cooperation Network")]


def full_address(link: str, language: str) -> str:
    """Return the full address, in this language where the link is a path of the portal's own."""
    if not link or link.startswith(("http://", "https://")):
        return link
    if not link.startswith("/"):
        raise ValueError(f"Neither a path nor an address: {link}")
    return settings.PORTAL_ADDRESS + in_language(link, language)


def whole_subject(parts: list[MailPart]) -> str:
    """Join the subjects of all languages; the same words are said once."""
    return BETWEEN_SUBJECTS.join(dict.fromkeys(part.subject for part in parts))


def whole_text(parts: list[MailPart]) -> str:
    texts = []
    for part in parts:
        with translation.override(part.language):
            texts.append(part.text)
    return BETWEEN_LANGUAGES.join(texts) + "\n"


def text_by_language(message: Message) -> list[tuple[str, str]]:
    """Return the language codes and texts of a mail's text, as `whole_text` joined them."""
    codes = languages_from(message.first_language)
    texts = message.text.split(BETWEEN_LANGUAGES)
    # A text may itself hold such a line.
    if len(texts) != len(codes):
        return [("", message.text)]
    return list(zip(codes, texts, strict=True))


def whole_html(parts: list[MailPart]) -> str:
    context = {"parts": parts, "subject": whole_subject(parts)}
    return render_to_string("outbox/message.html", context)
