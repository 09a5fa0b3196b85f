"""What happens to a proposal: versions that were sent, steps, remarks, reports due, payments."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.core.database.stamps import CALLS
from sscnet.core.database.triggers import LogsChange, read_only
from sscnet.core.models.fields import by_user
from sscnet.core.personal_data.sealed import SealedFileField

from ..form import FormSection
from .call import MOST_USD, at_most
from .proposal import Proposal, ProposalState
from .triggers import erased_only, within_grant


class ProposalVersion(models.Model):
    """A proposal as it was sent: number, moment, and every field and row as plain values."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    sent_at = models.DateTimeField(_("sent"))
    sent_by = by_user(_("sent by"))
    content = models.JSONField()
    # Whom it names, with the papers that they signed; erased on a day.
    people = models.JSONField(default=dict, db_default={})

    class Meta:
        verbose_name = _("version of a proposal")
        verbose_name_plural = _("versions of proposals")
        ordering = ["number"]
        triggers = [read_only("number", "sent_at", "content"), erased_only("people")]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="proposal_version_once")
        ]

    def __str__(self):
        return f"{self.proposal.reference}, {self.number}"


class ProposalStep(models.Model):
    """A change of where a proposal stands: dated, by whom, with words; undoable for a day."""

    class Ground(models.TextChoices):
        """Why the Fund's committee turned a proposal down: its three main grounds, or words.

        The three: G77 Journal, July/August 1997.
        """

        NATIONAL = "national", _("essentially a national project")
        COOPERATION = "cooperation", _("the cooperation is not clear")
        MATCHING = "matching", _("the matching funds are not shown")
        OTHER = "other", _("another reason, in words")
        NONE = "", ""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="steps")
    before = models.CharField(_("before"), max_length=20, choices=ProposalState)
    after = models.CharField(_("after"), max_length=20, choices=ProposalState)
    on = models.DateField(_("day"), help_text=_("When it happened."))
    at = models.DateTimeField(_("entered"), db_default=Now())
    by = by_user(_("by"))
    words = models.TextField(_("message to the institution"), blank=True)
    ground = models.CharField(
        _("reason"), max_length=20, choices=Ground, blank=True, default=Ground.NONE
    )
    extended_to = models.CharField(
        _("new end"), max_length=7, blank=True, default="", help_text=_("A month: 2028-06.")
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = by_user(_("undone by"))

    class Meta:
        verbose_name = _("step of a proposal")
        verbose_name_plural = _("steps of proposals")
        ordering = ["at", "id"]
        triggers = [LogsChange(CALLS)]

    def __str__(self):
        return f"{self.get_before_display()} – {self.get_after_display()}"


class Remark(models.Model):
    """What the Secretariat asks to be mended in a section, and what the institution answers."""

    step = models.ForeignKey(ProposalStep, models.CASCADE, related_name="remarks")
    section = models.CharField(_("section"), max_length=20, choices=FormSection)
    text = models.TextField(_("remark"))
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = by_user(_("answered by"))

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "section"], name="remark_section_once")
        ]

    def __str__(self):
        return self.text


class ReportDueQuerySet(models.QuerySet):
    def missing(self):
        """Keep those that the institution still has to upload, for the first time or again."""
        return self.filter(Q(uploaded_at=None) | Q(returned_at__isnull=False), accepted_at=None)

    def waiting(self):
        """Keep those that wait for the Secretariat."""
        return self.filter(uploaded_at__isnull=False, returned_at=None, accepted_at=None)

    def with_spending(self):
        """Keep those that say what was spent and were not returned, the latest day first."""
        said = self.filter(spent_usd__isnull=False, returned_at=None)
        return said.order_by("-spent_on", "-pk")


class ReportDue(models.Model):
    """A report that an awarded proposal owes, until it is accepted."""

    class Kind(models.TextChoices):
        BUDGET = "budget", _("revised budget")
        PROGRESS = "progress", _("progress report")
        FINAL = "final", _("final report")
        EXTENSION = "extension", _("request for an extension")

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="reports_due")
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    due_on = models.DateField(_("due on"))
    file = SealedFileField(_("file"), blank=True)
    words = models.TextField(_("message from the institution"), blank=True)
    # Of the Fund's money, from the beginning of the project to this day.
    spent_usd = models.PositiveIntegerField(_("spent so far, US$"), null=True, blank=True)
    spent_on = models.DateField(_("spent until"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"), null=True)
    uploaded_by = by_user(_("uploaded by"))
    returned_at = models.DateTimeField(pgettext_lazy("moment", "returned"), null=True)
    answer = models.TextField(_("message from the Secretariat"), blank=True)
    accepted_at = models.DateTimeField(pgettext_lazy("moment", "accepted"), null=True)
    accepted_by = by_user(_("accepted by"))

    objects = ReportDueQuerySet.as_manager()

    class Meta:
        verbose_name = _("report due")
        verbose_name_plural = _("reports due")
        ordering = ["due_on", "id"]
        triggers = [LogsChange(CALLS)]
        constraints = [
            *at_most("report", "spent_usd"),
            models.CheckConstraint(
                condition=~(Q(spent_usd=None) ^ Q(spent_on=None)),
                name="report_spent_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(uploaded_at__isnull=False),
                name="report_accepted_was_uploaded",
                violation_error_message=_("There is no report to accept."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.due_on}"

    @property
    def is_waiting(self):
        """Return whether it waits for the Secretariat."""
        return bool(self.uploaded_at and not self.returned_at and not self.accepted_at)


class Payment(models.Model):
    """A payment of the Fund to the institution; it is not changed, a correction is another one."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="payments")
    paid_on = models.DateField(_("day"), default=timezone.localdate)
    amount_usd = models.IntegerField(
        _("amount, US$"), help_text=_("A refund or a correction has a minus sign: -500.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    entered_at = models.DateTimeField(_("entered"), db_default=Now(), editable=False)
    entered_by = by_user(_("entered by"), editable=False)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["paid_on", "id"]
        triggers = [within_grant(), read_only("paid_on", "amount_usd")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_usd__range=(-MOST_USD, MOST_USD)) & ~Q(amount_usd=0),
                name="payment_amount_range",
                violation_error_message=_("An amount is at most US$ 10,000,000, and not 0."),
            )
        ]

    def __str__(self):
        return f"{self.paid_on}: {self.amount_usd:,}"
