"""A meeting in the words of schema.org, for search engines."""

from django.utils import timezone

from ..models import MeetingInstitution


def describe(meeting, address: str) -> dict:
    """Return what is stated of a meeting; its own page is the address."""
    title = meeting.title_i18n
    names = {meeting.title, meeting.title_zh_hans} - {title, "", None}
    status = "EventCancelled" if meeting.is_cancelled else "EventScheduled"
    return {
        "@type": "Event",
        "name": title,
        "alternateName": sorted(names),
        "description": meeting.theme_i18n or meeting.description_i18n,
        "startDate": meeting.starts_on or meeting.start_as_known,
        "endDate": meeting.ends_on or meeting.end_as_known,
        "eventStatus": f"https://schema.org/{status}",
        "location": place(meeting),
        "organizer": organisers(meeting),
        "url": address,
        "subEvent": [workshop_event(workshop, meeting) for workshop in meeting.rows("workshops")],
    }


def place(meeting) -> dict:
    city, venue = meeting.city_i18n, meeting.venue_i18n
    if not city and not venue:
        return {}
    address = {"@type": "PostalAddress", "addressLocality": city} if city else None
    stated = {"@type": "Place", "name": venue or city, "address": address}
    return {key: value for key, value in stated.items() if value}


def organisers(meeting) -> list[dict]:
    roles = MeetingInstitution.Role
    # Of an activity the host is only the place.
    parts = (roles.ORGANISER, roles.HOST if meeting.is_own else roles.PARTNER)
    links = meeting.rows("meeting_institutions")
    names = [str(link.institution) for link in links if link.role in parts]
    names += filter(None, [meeting.organiser_as_stated_i18n, meeting.host_as_stated_i18n])
    return [{"@type": "Organization", "name": name} for name in names]


def workshop_event(workshop, meeting) -> dict:
    moments = {"startDate": workshop.starts_at, "endDate": workshop.ends_at}
    moments = {key: timezone.localtime(at, meeting.zone) for key, at in moments.items() if at}
    return {"@type": "Event", "name": workshop.title_i18n} | moments
