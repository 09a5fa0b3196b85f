"""What our texts of mails lack: one is missing, or does not fit what its code fills in."""

from collections.abc import Iterator

from django.conf import settings

from sscnet.outbox import wordings
from sscnet.outbox.wordings import MailText, Wording, placeholders


def problems_of_texts() -> Iterator[str]:
    kinds = {wording.key: wording for wording in wordings.WORDINGS.values()}
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
