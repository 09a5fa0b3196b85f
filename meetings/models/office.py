"""What officers keep of a meeting: attendance, who took lists of people, paper requests."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.core.database.stamps import REGISTRATIONS
from sscnet.core.database.triggers import LogsChange
from sscnet.core.models.fields import by_user

from .delegation import Delegate, Delegation
from .meeting import Meeting


class AttendanceQuerySet(models.QuerySet):
    def present(self):
        return self.filter(state=Attendance.State.PRESENT)

    def walk_ins(self):
        return self.filter(delegate=None)


class Attendance(models.Model):
    """A person who came, or did not: a delegate, or else a walk-in with a name.

    Each stands here once, however many at the door note it at the same moment.
    """

    class State(models.TextChoices):
        PRESENT = "present", _("present")
        ABSENT = "absent", _("absent")

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="attendances", verbose_name=_("meeting")
    )
    delegate = models.OneToOneField(
        Delegate,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attendance",
        verbose_name=_("delegate"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PRESENT)
    # Of a walk-in only.
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=200, blank=True)
    institution_as_stated = models.CharField(_("institution in words"), max_length=250, blank=True)
    # Empty beside what was noted before the portal asked for it.
    consented_at = models.DateTimeField(_("agreed on"), null=True, editable=False)
    noted_at = models.DateTimeField(_("recorded"), db_default=Now())
    noted_by = by_user(_("recorded by"))
    # With the code shown at the door, on the person's own page.
    by_self = models.BooleanField(_("checked in by oneself"), default=False, db_default=False)
    erased_at = models.DateTimeField(_("personal data erased"), null=True, editable=False)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["noted_at", "id"]
        triggers = [LogsChange(REGISTRATIONS)]
        default_permissions = ["view", "change"]
        constraints = [
            models.UniqueConstraint(
                "meeting",
                Upper("name"),
                Upper("institution_as_stated"),
                condition=Q(delegate=None, erased_at=None),
                name="attendance_walk_in_once",
                violation_error_message=_("This person is already recorded."),
            ),
            models.CheckConstraint(
                condition=Q(delegate__isnull=False, name="", institution_as_stated="")
                | (Q(delegate=None) & (~Q(name="") | Q(erased_at__isnull=False))),
                name="attendance_of_a_delegate_or_a_walk_in",
            ),
        ]

    def __str__(self):
        name = self.delegate or self.name or pgettext_lazy("person", "erased")
        return f"{name}: {self.get_state_display()}"


class PersonExport(models.Model):
    """Who took which list of persons out of the portal, and when. Rows are only added."""

    at = models.DateTimeField(_("when"), db_default=Now())
    by = by_user(_("who"))
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="person_exports", verbose_name=_("meeting")
    )
    format = models.CharField(_("format"), max_length=10)
    columns = ArrayField(models.CharField(max_length=30), verbose_name=_("columns"))
    people = models.PositiveIntegerField(_("people"))
    # Who was in it, for those who ask what became of their data.
    delegates = models.ManyToManyField(
        Delegate, related_name="exports", verbose_name=_("delegates")
    )

    class Meta:
        verbose_name = _("export of persons")
        verbose_name_plural = _("exports of persons")
        ordering = ["-at", "-id"]
        default_permissions = ["view"]

    def __str__(self):
        return self.format


# So long an officer works by a request that was noted; then a new one is asked for.
VALID_FOR = timedelta(hours=12)


class PaperRequest(models.Model):
    """Who asked, by which way and when; who noted it may then act for the institution."""

    class Way(models.TextChoices):
        FAX = "fax", _("fax")
        WECHAT = "wechat", _("WeChat")
        EMAIL = "email", _("email")
        LETTER = "letter", _("letter")
        PHONE = "phone", _("telephone")

    delegation = models.ForeignKey(
        Delegation,
        models.CASCADE,
        related_name="paper_requests",
        verbose_name=_("delegation"),
    )
    asked_by = models.CharField(
        _("requested by"),
        max_length=150,
        help_text=_("Name and office of the person at the institution."),
    )
    way = models.CharField(_("means of request"), max_length=10, choices=Way)
    asked_on = models.DateField(
        _("date of the request"), help_text=_("The day the request was sent.")
    )
    entered_by = by_user(_("entered by"), editable=False)
    entered_at = models.DateTimeField(_("entered"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("request by fax, WeChat or email")
        verbose_name_plural = _("requests by fax, WeChat or email")
        ordering = ["entered_at", "id"]
        default_permissions = []
        triggers = [LogsChange(REGISTRATIONS)]

    def __str__(self):
        return f"{self.get_way_display()}, {self.asked_on}"

    @property
    def is_valid(self):
        return self.entered_at > timezone.now() - VALID_FOR
