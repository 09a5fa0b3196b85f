"""Meetings on /my/: what is due and the delegations."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, Min, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Institution
from projects.models import Project, ProjectInstitution
from sscnet.outbox.models import Message

from ..models import ACTIVE, ChangeRequest, Delegate, Delegation, Meeting
from ..travel.ready import lacking, to_travel
from .activities import theirs

Due = dict
SOME = 3


def due(institution: Institution) -> list[Due]:
    """Return what the institution should do for meetings.

    Rows have `label`, `url` and `by`: the last day, in Beijing, or None.
    """
    return [
        *offers(institution),
        *names(institution),
        *journeys(institution),
        *registrations(institution),
        *action_points(institution),
    ]


def row(label, meeting: Meeting, institution: Institution, by, page="delegation", **words) -> Due:
    address = reverse(f"meetings:{page}", args=[meeting.slug, institution.slug])
    return {"label": label % {"meeting": meeting, **words}, "url": address, "by": by}


def registrations(institution: Institution) -> list[Due]:
    """The meetings that can be registered for, where nothing was sent yet."""
    sent = institution.delegations.exclude(state=Delegation.State.DRAFT)
    meetings = Meeting.objects.open_for_registration().exclude(pk__in=sent.values("meeting"))
    drafts = set(institution.delegations.values_list("meeting", flat=True))
    rows = []
    for meeting in meetings:
        text, page = _("Register a delegation for %(meeting)s"), "register_people"
        if meeting.pk in drafts:
            text, page = _("Send the registration for %(meeting)s, which is a draft"), "delegation"
        closes = meeting.registration_closes_at.astimezone(meeting.zone).date()
        rows.append(row(text, meeting, institution, closes, page))
    return rows


def names(institution: Institution) -> list[Due]:
    """The places that are still to be named, a row a meeting."""
    unnamed = Count("delegates", filter=Q(delegates__to_be_named=True, delegates__place__in=ACTIVE))
    found = delegations(institution).annotate(unnamed=unnamed).filter(unnamed__gt=0)
    rows = []
    for one in found:
        text = ngettext(
            "Name the person of %(n)d place at %(meeting)s",
            "Name the people of %(n)d places at %(meeting)s",
            one.unnamed,
        )
        rows.append(row(text, one.meeting, institution, one.meeting.name_by_on, n=one.unnamed))
    return rows


def journeys(institution: Institution) -> list[Due]:
    """What people lack to travel, and the sealed return slip: a row a meeting each."""
    without = institution.delegations.lacking_slip().select_related("meeting")
    slip = _("Upload the sealed return slip for %(meeting)s")
    found = [(one, slip, 0, one.meeting.slip_due_on) for one in without if not one.meeting.is_over]
    for one, n in lacking(to_travel().filter(institution=institution)):
        text = ngettext(
            "Complete what %(n)d person needs for %(meeting)s",
            "Complete what %(n)d people need for %(meeting)s",
            n,
        )
        found.append((one, text, n, one.meeting.freeze_on or one.meeting.starts_on))
    page = "register_ready"
    return [row(text, one.meeting, institution, by, page, n=n) for one, text, n, by in found]


def offers(institution: Institution) -> list[Due]:
    """The offers to be answered, a row a meeting."""
    is_open = Q(delegates__offers__answer="")
    found = delegations(institution).annotate(
        offered=Count("delegates__offers", filter=is_open),
        answer_by=Min("delegates__offers__answer_by", filter=is_open),
    )
    rows = []
    for one in found.filter(offered__gt=0):
        n, meeting = one.offered, one.meeting
        text = ngettext(
            "Answer %(n)d offer for %(meeting)s", "Answer %(n)d offers for %(meeting)s", n
        )
        by = one.answer_by.astimezone(meeting.zone).date()
        rows.append(row(text, meeting, institution, by, "register_offers", n=n))
    return rows


def action_points(institution: Institution) -> list[Due]:
    """The action points of meetings that are still open."""
    return [
        {
            "label": _("Do, and tell the Secretariat: %(action)s (%(meeting)s)")
            % {"action": row, "meeting": row.meeting},
            "url": row.meeting.get_absolute_url(),
            "by": row.due_on,
        }
        for row in institution.action_points.to_do().select_related("meeting")
    ]


def without_picture(institution: Institution) -> list[Project | Meeting]:
    """Return some public projects it leads and activities it organised that have no picture."""
    submitter = ProjectInstitution.Role.SUBMITTER
    led = institution.project_institutions.filter(role=submitter).of_published()
    projects = Project.objects.filter(pk__in=led.order_by().values("project"), pictures=None)
    held = theirs(institution).published().filter(pictures=None).order_by("-year", "-pk")
    return [*projects.newest()[:SOME], *held[:SOME]]


def delegations(institution: Institution):
    """Return the institution's delegations, those to the latest meeting first."""
    rows = institution.delegations.select_related("meeting")
    return rows.order_by("-meeting__starts_on", "-pk")


def requests(institution: Institution):
    """Return the changes asked for, the latest first."""
    rows = ChangeRequest.objects.filter(delegation__institution=institution)
    return rows.select_related("delegation__meeting", "delegate", "asked_by")


def mails_of_delegations(institution: Institution) -> QuerySet[Message]:
    """Return the mails about the delegations, to its people and to delegates of today."""
    own = institution.delegations.all()
    people = institution.affiliations.values("user__email")
    delegates = Delegate.objects.filter(delegation__in=own).exclude(email="").values("email")
    keys = own.order_by().values_list(Cast("pk", CharField()))
    return Message.objects.filter(
        Q(to__in=people) | Q(to__in=delegates),
        content_type=ContentType.objects.get_for_model(Delegation),
        object_id__in=keys,
    )
