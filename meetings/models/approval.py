"""The approval that a meeting with people of several countries needs before anybody is invited.

The rule has one home: `COUNTRIES` says from where people come, `GIVEN` whether they may be invited.
Triggers refuse for every way of writing what pages refuse with a message.
"""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sscnet.core.database.sql import fetch
from sscnet.core.personal_data.sealed import SealedFileField

TODAY = f"(now() AT TIME ZONE '{settings.TIME_ZONE}')::date"
# The country of the place counts as one.
COUNTRIES = """
    SELECT country_id FROM meetings_meetingcountry WHERE meeting_id = {meeting}
    UNION SELECT country_id FROM meetings_meeting WHERE id = {meeting} AND country_id IS NOT NULL
    UNION SELECT institution.country_id FROM meetings_delegation delegation
    JOIN members_institution institution ON institution.id = delegation.institution_id
    WHERE delegation.meeting_id = {meeting} AND delegation.state <> 'withdrawn'
    AND institution.country_id IS NOT NULL
    UNION SELECT nationality FROM meetings_delegate delegate
    JOIN meetings_delegation delegation ON delegation.id = delegate.delegation_id
    WHERE delegation.meeting_id = {meeting} AND delegate.place IN ('confirmed', 'offered')
    AND delegate.nationality <> ''
"""
# Whether people may be invited today, however many countries they come from.
GIVEN = f"""
    EXISTS (
        SELECT FROM meetings_meetingapproval WHERE meeting_id = {{meeting}} AND (
            override_reason <> '' OR state = 'not_needed'
            OR (state = 'approved' AND COALESCE(valid_until >= {TODAY}, TRUE))
        )
    )
"""
NOT_APPROVED = _(
    "People of several countries come, so it needs an approval before anybody is invited: record "
    "it on the page “Approval” of the meeting’s desk."
)


def reason_not_to_invite(meeting, more=()) -> str:
    """Return why nobody may be invited yet, with `more` countries; empty where people may."""
    question = f"SELECT {GIVEN}, ARRAY({COUNTRIES})".format(meeting="%(meeting)s")
    ((is_given, known),) = fetch(question, {"meeting": meeting.pk})
    countries = {*known, meeting.country_id, *more} - {None}
    is_refused = len(countries) >= settings.APPROVAL_COUNTRIES and not is_given
    return str(NOT_APPROVED) if is_refused else ""


def refuse_without_approval(meeting: str, refused: str, operation, condition=None):
    """Make the trigger that refuses to invite where `reason_not_to_invite` gives a reason.

    A change of the number of countries in the settings takes effect with the next `migrate`.
    """
    return pgtrigger.Trigger(
        name="refuse_without_approval",
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        func=f"""
            IF {refused} AND {settings.APPROVAL_COUNTRIES} <= (
                SELECT count(*) FROM ({COUNTRIES.format(meeting=meeting)}) AS countries
            ) AND NOT {GIVEN.format(meeting=meeting)} THEN
                RAISE EXCEPTION 'Meeting % has no approval yet.', {meeting}
                USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_approval';
            END IF;
            RETURN NULL;
        """,  # noqa: S608
    )


def is_open(row: str) -> str:
    """Return the condition that everybody sees the registration of a meeting."""
    return f"""
        {row}.state = 'published' AND {row}.capacity IS NOT NULL AND {row}.cancelled_at IS NULL
        AND COALESCE({row}.ends_on >= {TODAY}, TRUE)
    """


OPENS = ["state", "capacity", "registration_opens_at", "registration_closes_at", "country"]


@pghistory.track()
class MeetingApproval(models.Model):
    """Where the approval of a meeting with people of several countries stands."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("is being prepared")
        HANDED_IN = "handed_in", _("handed in")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        NOT_NEEDED = "not_needed", _("not needed")

    meeting = models.OneToOneField(
        "Meeting", models.CASCADE, related_name="permit", verbose_name=_("meeting")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    reason = models.CharField(_("why it is not needed, or was refused"), max_length=500, blank=True)
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    number = models.CharField(_("number of the approval"), max_length=100, blank=True)
    decided_on = models.DateField(_("day of the approval"), null=True, blank=True)
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("Empty: without an end.")
    )
    budget = models.TextField(
        _("budget"),
        blank=True,
        help_text=_("For the dossier: an item and its amount a line, such as “Rooms: 12,000”."),
    )
    scan = SealedFileField(_("scan"), blank=True)
    override_reason = models.CharField(
        _("why people are invited without it"),
        max_length=500,
        blank=True,
        help_text=_("Only an administrator can decide that. It stands in the history."),
    )

    class Meta:
        verbose_name = _("approval of an international meeting")
        verbose_name_plural = _("approvals of international meetings")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="not_needed") | ~Q(reason=""),
                name="approval_not_needed_why",
                violation_error_message=_("Say why it is not needed."),
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (~Q(number="") & ~Q(authority="") & Q(decided_on__isnull=False)),
                name="approval_by_whom",
                violation_error_message=_("Give the authority, the number and the day."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("decided_on")),
                name="approval_valid_after_decision",
                violation_error_message=_("It would end before the day of the approval."),
            ),
        ]

    def __str__(self):
        return f"{self.meeting}: {self.get_state_display()}"

    @classmethod
    def of(cls, meeting):
        """Return the meeting's, or a new one."""
        return cls.objects.filter(meeting=meeting).first() or cls(meeting=meeting)
