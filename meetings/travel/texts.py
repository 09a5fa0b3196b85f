"""What letters of invitation and certificates say, in the active language."""

from django.utils.translation import get_language, gettext

from sscnet.codelists.nationalities import (
    CHINA,
    OF_CHINA,
    crosses_border,
    nationality_in_words,
)
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.names import latin_name

from ..models import Attendance, IssuedDocument
from ..programme.times import on_papers
from . import passports
from .people import Holder


def values_of(document: IssuedDocument) -> dict:
    """Return what the paper says besides what all papers of the house do."""
    meeting, holder = document.meeting, document.person
    values = on_papers(meeting) | {
        "subject": document.get_kind_display(),
        # The register shows nothing of a passport.
        "to": name_of(holder),
        "name": name_in_paper(document),
        "institution": institution_of(holder),
        "position": getattr(holder, "role", ""),
        "signer": meeting.signature_i18n,
    }
    return values | (passport_values(holder) if document.is_letter else {})


def passport_values(delegate) -> dict:
    nationality, data = nationality_of(delegate), passports.data_of(delegate)
    crosses = crosses_border(nationality, delegate.delegation.meeting.country_id)
    values = {"needs_visa": "visa" if crosses else ""}
    if data:
        values["passport_name"], values["passport_number"] = data.name, data.number
        values["nationality"] = nationality_in_words(nationality)
    return values


def nationality_of(delegate) -> str:
    data = passports.data_of(delegate)
    stated = data.nationality if data else delegate.nationality
    return stated or delegate.delegation.institution.country_id or ""


def language_for(document: IssuedDocument) -> str:
    """Return the language of a paper: Chinese within China; abroad English, then Chinese."""
    is_chinese = document.delegate and nationality_of(document.delegate) in {CHINA, *OF_CHINA}
    return Language.CHINESE if is_chinese else Language.ENGLISH


def institution_of(holder: Holder) -> str:
    if isinstance(holder, Attendance):
        return holder.institution_as_stated
    return str(holder.delegation.institution)


def name_in_paper(document: IssuedDocument) -> str:
    """Return the name as this language writes it; a letter has it as in the passport."""
    holder = document.person
    data = passports.data_of(holder) if document.is_letter else None
    return in_both_scripts(holder.chinese_name, data.name) if data else name_of(holder)


def name_of(holder: Holder) -> str:
    if isinstance(holder, Attendance):
        return holder.name
    return in_both_scripts(holder.chinese_name, latin_name(holder))


def in_both_scripts(chinese: str, latin: str) -> str:
    """Return the Latin name; in Chinese the Chinese one, with the Latin one after it."""
    if not (chinese and latin):
        return chinese or latin
    if get_language() != "zh-hans" or chinese == latin:
        return latin
    return gettext("%(chinese)s (%(latin)s)") % {"chinese": chinese, "latin": latin}


def initials_of(holder: Holder) -> str:
    """Return the initials, which the check page shows; of a Chinese name only the first sign."""
    latin = holder.name if isinstance(holder, Attendance) else latin_name(holder)
    words = (latin or holder.name).replace("-", " ").split()
    if len(words) == 1 and not words[0].isascii():
        return words[0][:1]
    return " ".join(f"{word[0].upper()}." for word in words[:4])
