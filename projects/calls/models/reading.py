"""Reviewers of proposals ("readers"), and their scores by the criteria of the call."""

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.core.models.fields import by_user

from .call import Criterion
from .proposal import Proposal
from .triggers import refuse_conflicts

MOST_POINTS = 10


class ReadingQuerySet(models.QuerySet):
    def of_reader(self, user):
        """Keep those given to the user and still theirs: no conflict, declared or known."""
        own = self.filter(reader=user, has_conflict=False)
        return own.exclude(proposal__in=Proposal.objects.concerning(user))

    def shown_to(self, user):
        """Keep the user's own, and for who handles proposals those of all these."""
        own = Q(pk__in=self.model.objects.of_reader(user))
        if user.has_perm("calls.decide_proposal"):
            own |= Q(proposal__in=Proposal.objects.handled_by(user))
        return self.filter(own)


class Reading(models.Model):
    """A proposal given to a reader, who declares a conflict of interest where there is one."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="readings")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="readings",
        verbose_name=_("reader"),
    )
    assigned_at = models.DateTimeField(_("assigned"), db_default=Now(), editable=False)
    assigned_by = by_user(_("assigned by"), editable=False)
    has_conflict = models.BooleanField(_("conflict of interest"), db_default=False, editable=False)
    note = models.TextField(_("note"), blank=True)
    # By section of the form.
    remarks = models.JSONField(_("remarks"), default=dict, db_default={}, editable=False)
    finished_at = models.DateTimeField(
        pgettext_lazy("moment", "finished"), null=True, editable=False
    )

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["proposal", "id"]
        triggers = [refuse_conflicts()]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "reader"],
                name="reading_once",
                violation_error_message=_("This person is already assessing the proposal."),
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(has_conflict=False),
                name="reading_finished_without_conflict",
            ),
        ]

    def __str__(self):
        return f"{self.proposal.reference}: {self.reader}"

    @property
    @admin.display(description=_("standing"))
    def progress(self):
        """Say how far the reader is."""
        if self.has_conflict:
            return _("conflict of interest")
        return _("finished") if self.finished_at else _("being read")


class Score(models.Model):
    """Points of a reader for a criterion, and why."""

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField(_("points"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["criterion__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "criterion"], name="score_once"),
            models.CheckConstraint(
                condition=Q(points__lte=MOST_POINTS),
                name="score_range",
                violation_error_message=_("Points go from 0 to 10."),
            ),
        ]

    def __str__(self):
        return str(self.points)
