"""What letters of invitation and certificates say, in each language."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, override

from sscnet.codelists.models import Country
from sscnet.core.i18n.names import latin_name
from sscnet.core.i18n.texts import language_tag, per_language

from ..models import Attendance, IssuedDocument
from ..programme.times import days_of
from . import passports
from .pdf import DocumentPage, PaperDocument
from .people import Holder

SCRIPTS = {"zh-hans": ("zh", "cn")}


def paper_of(document: IssuedDocument) -> PaperDocument:
    """Return what the paper says, a page in each language."""
    content = letter if document.is_letter else certificate
    pages = list(per_language(lambda: content(document)).values())
    with override(settings.LANGUAGES[0][0]):
        return PaperDocument(
            title=f"{pages[0].heading}: {name_in_paper(document)}",
            author=pages[0].sender,
            address=address_of(document),
            pages=pages,
        )


def address_of(document: IssuedDocument) -> str:
    """Return where anybody can check the paper."""
    return settings.PORTAL_ADDRESS + reverse("meetings:check_code", args=[document.code])


# ------------------------------------------------------------------ the two kinds


def letter(document: IssuedDocument) -> DocumentPage:
    words = words_of(document)
    return page(
        document,
        heading=gettext("Letter of invitation"),
        before=[
            gettext(
                "The Secretariat of the China South-South Cooperation Network invites %(name)s to"
                " take part in “%(meeting)s” in %(city)s, %(days)s."
            )
            % words
        ],
        details=[*passport_details(document), *meeting_details(document)],
        after=[
            gettext(
                "%(institution)s has registered this person for the meeting, and the place is"
                " confirmed. We should be grateful for any help with the visa and the journey."
            )
            % words
        ],
    )


def certificate(document: IssuedDocument) -> DocumentPage:
    words = words_of(document)
    if words["institution"]:
        text = gettext("We certify that %(name)s, of %(institution)s, took part in this meeting:")
    else:
        text = gettext("We certify that %(name)s took part in this meeting:")
    return page(
        document,
        heading=gettext("Certificate of attendance"),
        before=[text % words],
        details=meeting_details(document),
        after=[],
    )


def page(document: IssuedDocument, **texts) -> DocumentPage:
    """Return a page with what both kinds have in common."""
    language = get_language()
    lang, region = SCRIPTS.get(language, (language_tag(language), None))
    words = {
        "reference": document.reference,
        "code": document.code,
        "address": address_of(document),
    }
    return DocumentPage(
        lang=lang,
        region=region,
        sender=gettext("China South-South Cooperation Network"),
        dated=date_format(timezone.localdate(document.issued_at), "DATE_FORMAT"),
        signature=document.meeting.signature_i18n.splitlines(),
        check=[
            gettext("Reference: %(reference)s") % words,
            gettext("Check code: %(code)s") % words,
            gettext("To check whether this document is genuine and still valid, go to %(address)s")
            % words,
        ],
        **texts,
    )


# ------------------------------------------------------------------ words


def words_of(document: IssuedDocument) -> dict[str, str]:
    meeting = document.meeting
    return {
        "name": name_in_paper(document),
        "institution": institution_of(document.person),
        "meeting": str(meeting),
        "city": str(meeting.city_i18n),
        "days": days_of(meeting),
    }


def passport_details(document: IssuedDocument) -> list[tuple[str, str]]:
    data = passports.data_of(document.delegate)
    if data is None:
        return []
    country = Country.objects.filter(iso2=data.nationality).first()
    return [
        (gettext("Name as in the passport"), data.name),
        (gettext("Passport number"), data.number),
        (gettext("Nationality"), str(country or data.nationality)),
    ]


def meeting_details(document: IssuedDocument) -> list[tuple[str, str]]:
    meeting = document.meeting
    details = [
        (gettext("Meeting"), str(meeting)),
        (gettext("Days"), days_of(meeting)),
        (gettext("City"), meeting.city_i18n),
        (gettext("Venue"), meeting.venue_i18n),
    ]
    return [(label, str(value)) for label, value in details if value]


def institution_of(holder: Holder) -> str:
    if isinstance(holder, Attendance):
        return holder.institution_as_stated
    return str(holder.delegation.institution)


def name_in_paper(document: IssuedDocument) -> str:
    """Return the name as this language writes it; a letter has it as in the passport."""
    holder = document.person
    if isinstance(holder, Attendance):
        return holder.name
    data = passports.data_of(holder) if document.is_letter else None
    return in_both_scripts(holder.chinese_name, data.name if data else latin_name(holder))


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
