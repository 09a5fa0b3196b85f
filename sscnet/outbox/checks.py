"""What is checked of mail and of erasing; the settings by `manage.py check --deploy`."""

import os
from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from . import wordings
from .wordings import MailText, Wording, placeholders


@register(Tags.templates)
def check_texts(app_configs, **kwargs):
    """Say which of our texts of mails is missing, or does not fit what its code fills in."""
    return [Error(problem, id="outbox.E001") for problem in problems_of_texts()]


def problems_of_texts() -> Iterator[str]:
    kinds = {wording.key: wording for wording in wordings.all_wordings()}
    for code, folder in wordings.folders().items():
        files = {path.stem for path in folder.glob("*.txt")} - {wordings.SHARED}
        yield from (
            f"{folder / key}.txt: no mail is registered as this." for key in files - {*kinds}
        )
        for key, wording in kinds.items():
            problems = problems_of(wording, code) if code in wording.texts else ["It is missing."]
            yield from (f"{folder / key}.txt: {problem}" for problem in problems)


def problems_of(wording: Wording, code: str) -> Iterator[str]:
    text, english = wording.texts[code], wording.texts.get(settings.LANGUAGE_CODE)
    explained = {f"{{{name}}}" for name in wording.placeholders}
    shared = wordings.shared_words(wordings.folders()[code])
    if lacking := {"Subject", "Kind", *explained} - text.fields.keys():
        yield f"It lacks {sorted(lacking)}."
    if unknown := text.fields.keys() - {"Subject", "Kind", "Link"} - explained - shared.keys():
        yield f"The code does not know {sorted(unknown)}."
    for part, used in used_in(text).items():
        if unknown := used - {*wording.placeholders}:
            yield f"The code does not fill in {sorted(unknown)}."
        if lost := used_in(english or text)[part] - used:
            yield f"Its {part} has not the {sorted(lost)} of the English one."
    if secrets := used_in(text)["subject"] & wording.secrets:
        yield f"The subject has the secret {sorted(secrets)}."


def used_in(text: MailText) -> dict[str, set[str]]:
    subject = text.fields.get("Subject", "")
    return {"subject": placeholders(subject), "body": placeholders(text.body)}


@register(Tags.security, deploy=True)
def check_erasure_log(app_configs, **kwargs):
    """Say where it could not be noted what is erased: after a restore it would be there again."""
    path = settings.ERASURE_LOG
    if os.access(path if path.exists() else path.parent, os.W_OK):
        return []
    return [Warning(f"ERASURE_LOG cannot be written: {path}.", id="outbox.W003")]


@register(Tags.security, deploy=True)
def check_mail_settings(app_configs, **kwargs):
    lacks = []
    address = urlsplit(settings.PORTAL_ADDRESS)
    host = address.hostname or ""
    if address.scheme not in ("http", "https") or host.startswith(".") or not host.strip("*"):
        message = "Links in mails lead nowhere: set PORTAL_ADDRESS."
        lacks.append(Warning(message, id="outbox.W001"))
    if not settings.SECRETARIAT_MAILBOX:
        message = "Replies to mails reach nobody: set SECRETARIAT_MAILBOX."
        lacks.append(Warning(message, id="outbox.W002"))
    account = settings.MAIL_USER
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if settings.MAINLAND and "@" in account and account.lower() != sender.lower():
        message = "Most mail servers in China refuse another sender: set MAIL_FROM to MAIL_USER."
        lacks.append(Warning(message, id="outbox.W004"))
    return lacks
