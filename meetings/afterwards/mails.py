"""The mail after a meeting: to each institution that took part, what its page holds now; once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext

from members.mails import people_to_write_to
from members.models import Institution
from sscnet.outbox import post
from sscnet.outbox.models import Message
from sscnet.outbox.wordings import register

from ..models import Attendance, Delegation, IssuedDocument, Meeting, MeetingDocument
from ..programme.numbers import numbers_of

KIND = "meeting-afterwards"
register(KIND, "meeting", "institution", "contents")


def contents_of(meeting: Meeting) -> list[str]:
    """Return what came of a meeting and stands on its page, in words."""
    kinds = MeetingDocument.Kind
    documents = list(meeting.documents.values_list("kind", flat=True))
    papers = sum(kind in (kinds.PRESENTATION, kinds.OTHER) for kind in documents)
    photos = meeting.pictures.count()
    has_report = meeting.report_i18n or kinds.REPORT in documents
    points = meeting.action_points.for_public().exists()
    found = [
        (has_report, gettext("the report")),
        (kinds.MINUTES in documents, gettext("the minutes")),
        (papers, ngettext("%(n)d paper", "%(n)d papers", papers) % {"n": papers}),
        (photos, ngettext("%(n)d photo", "%(n)d photos", photos) % {"n": photos}),
        (points, gettext("the action points")),
        (numbers_of(meeting), gettext("how many were present")),
    ]
    return [words for is_there, words in found if is_there]


def contents_for(meeting: Meeting, institution: Institution) -> str:
    """Return the lines, and whether certificates are ready."""
    lines = contents_of(meeting)
    certificates = (
        IssuedDocument.objects.issued()
        .current()
        .filter(
            kind=IssuedDocument.Kind.CERTIFICATE,
            meeting=meeting,
            delegate__delegation__institution=institution,
        )
    )
    if certificates.exists():
        lines.append(gettext("certificates of attendance, on the page of your delegation"))
    return "\n".join(f"– {line}" for line in lines)


# In the language in which the mail is being made.
contents_in_words = lazy(contents_for, str)


# ------------------------------------------------------------------ who is told


@dataclass(frozen=True)
class InstitutionAddress:
    institution: Institution
    address: str
    meeting: Meeting

    @property
    def key(self) -> str:
        return f"{KIND}:{self.meeting.pk}:{self.institution.pk}:{self.address}"[:200]


def took_part(meeting: Meeting) -> QuerySet[Institution]:
    """Return those of whom somebody was noted as present, and those the record names.

    Where nobody was noted at the door, those with a place took part.
    """
    present = Attendance.objects.present().filter(meeting=meeting)
    came = present.values("delegate__delegation__institution")
    if not present.exists():
        came = Delegation.objects.with_places().filter(meeting=meeting).values("institution")
    named = meeting.meeting_institutions.values("institution")
    return Institution.objects.filter(Q(pk__in=came) | Q(pk__in=named)).order_by("pk")


def receivers(meeting: Meeting) -> tuple[list[InstitutionAddress], list[Institution]]:
    """Return who is to be told and was not yet, and the institutions of which nobody can be."""
    found, unreachable = [], []
    for institution in took_part(meeting):
        people = people_to_write_to(institution)
        found += [InstitutionAddress(institution, one.email, meeting) for one in people]
        unreachable += [] if people else [institution]
    keys = [one.key for one in found]
    notified = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    return [one for one in found if one.key not in notified], unreachable


@transaction.atomic
def write(receivers: Iterable[InstitutionAddress]) -> None:
    for one in receivers:
        post.write(
            KIND,
            to=one.address,
            key=one.key,
            about=one.institution,
            link=one.meeting.get_absolute_url(),
            words={
                "meeting": one.meeting,
                "institution": one.institution,
                "contents": contents_in_words(one.meeting, one.institution),
            },
        )
