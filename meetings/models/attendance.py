"""Who was there: what the door notes of each delegate, and of people who come unannounced."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.core.changes import REGISTRATIONS
from sscnet.core.fields import by_user
from sscnet.core.triggers import LogsChange

from .delegation import Delegate
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
