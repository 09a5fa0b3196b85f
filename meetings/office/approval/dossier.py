"""The request for approval with its dossier, as Word, from what is known of a meeting."""

from collections import Counter

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext

from meetings.models import Delegation, Meeting, MeetingApproval
from meetings.programme.times import on_papers
from sscnet.codelists.models import Country
from sscnet.papers.fields import PaperKind
from sscnet.papers.filling import fill_now
from sscnet.papers.models import PaperSettings

from ..lists.columns import everybody, people_of_paper


def dossier(meeting: Meeting) -> bytes:
    """Return the request as a Word file, in the language of the page."""
    return fill_now(PaperKind.REQUEST, lambda: values_of(meeting))


def values_of(meeting: Meeting) -> dict:
    approval = MeetingApproval.of(meeting)
    house = PaperSettings.load()
    people = everybody(meeting).active().filter(to_be_named=False, erased_at=None)
    people = list(people.filter(delegation__state=Delegation.State.SUBMITTED))
    counted = Counter(one.delegation.institution.country_id for one in people)
    named = {*meeting.meeting_countries.values_list("country", flat=True), *counted} - {None}
    home = (meeting.country_id or "CN", None)
    subject = gettext("Request for approval of the international meeting “%(meeting)s”")
    return on_papers(meeting) | {
        "subject": subject % {"meeting": meeting},
        "issuer": house.issuer_i18n,
        "contact": house.contact_i18n or meeting.registration_contact,
        "date": date_format(timezone.localdate(), "DATE_FORMAT"),
        "to": approval.authority,
        "authority": approval.authority,
        "purpose": meeting.description_i18n or meeting.theme_i18n or "",
        "total": meeting.capacity or len(people),
        "foreign": sum(n for country, n in counted.items() if country not in home),
        "countries": [
            {"name": country, "count": counted[country.pk] or ""}
            for country in Country.objects.filter(pk__in=named)
        ],
        "budget": [budget_row(line) for line in approval.budget.splitlines() if line.strip()],
        "programme": [programme_row(item) for item in meeting.agenda_items.all()],
        "people": people_of_paper(people),
    }


def budget_row(line: str) -> dict:
    """Return what stands before and after the last colon of a line: what for, and how much."""
    item, _colon, amount = line.replace("：", ":").rpartition(":")
    return {"item": (item or amount).strip(), "amount": amount.strip() if item else ""}


def programme_row(item) -> dict:
    return {
        "day": date_format(item.day, "DATE_FORMAT"),
        "time": time_format(item.begins, "H:i") if item.begins else "",
        "title": item.title_i18n,
        "speakers": item.speakers_i18n or "",
    }
