"""What the Fund granted: the letter of award, and payments."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.models import User
from projects.catalogue.amounts import usd
from sscnet.core.i18n.dates import partial_date
from sscnet.core.i18n.languages import Language
from sscnet.papers.fields import PaperKind
from sscnet.papers.issuing import issue

from ..models import AWARDED, Payment, Proposal, ReportDue
from ..steps import lock
from . import mails
from .reports import last_month, today

# ------------------------------------------------------------------ the letter of award


@transaction.atomic
def issue_letter(proposal: Proposal, by: User) -> None:
    """Issue the letter of award with the conditions of this proposal, and write to the institution.

    Raise ValidationError where the proposal is not approved, or has a letter that is valid.
    """
    stored = lock(proposal)
    if stored.state not in AWARDED or stored.granted_usd is None:
        raise ValidationError(_("Only an approved proposal gets a letter of award."))
    if stored.has_letter:
        text = _("There is a letter of award: take it back in the register of papers first.")
        raise ValidationError(text)
    stored.conditions = proposal.conditions
    values = partial(values_of_letter, stored)
    stored.award_letter = issue(PaperKind.AWARD, Language.CHINESE, values, by)
    stored.save(update_fields=["conditions", "award_letter"])
    mails.tell_letter(stored)


def values_of_letter(proposal: Proposal) -> dict:
    budget = proposal.reports_due.missing().filter(kind=ReportDue.Kind.BUDGET).first()
    alike = ("institution", "call", "reference", "approval_meeting", "conditions", "fund_numbers")
    months = [month for month in (proposal.starts_in, last_month(proposal)) if month]
    return {
        "subject": _("Letter of award: %(proposal)s") % {"proposal": proposal},
        "to": proposal.institution,
        "project": proposal,
        **{name: getattr(proposal, name) for name in alike},
        "granted": usd(proposal.granted_usd),
        "approved_on": date_format(proposal.approved_on) if proposal.approved_on else "",
        "period": " – ".join(partial_date(month) for month in months),
        "budget_due": date_format(budget.due_on) if budget else "",
    }


# ------------------------------------------------------------------ payments


@transaction.atomic
def pay(payment: Payment, by: User) -> None:
    """Note a payment of the Fund, with a minus sign a refund or a correction.

    Raise ValidationError where more would be received than was granted, or less than nothing.
    """
    if payment.paid_on > today():
        raise ValidationError({"paid_on": _("This day is in the future.")})
    lock(payment.proposal)
    payment.entered_by = by
    try:
        with transaction.atomic():
            payment.save()
    except IntegrityError as error:
        text = _("More would be received than was granted, or less than nothing.")
        raise ValidationError({"amount_usd": text}) from error
