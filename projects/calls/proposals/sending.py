"""Sending a proposal: once, in time, and only as far as its call's binding rules are kept.

The call's row is locked first, then the proposal's: proposals to a call are sent one after
another, and each takes the next reference. That an institution sends one only is kept by the
database (`proposal_sent_once`), which refuses the second. Drafts are reminded of once a week.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from members.models import Affiliation, Institution, User
from sscnet.core.i18n.dates import BEIJING
from sscnet.outbox import due, post
from sscnet.outbox.wordings import register

from ..checks.papers import lacks_form_of_fund
from ..checks.precheck import blocking, check
from ..handling.mails import tell_about_proposal, times_in_words
from ..models import Call, Proposal, ProposalState, ProposalVersion
from ..privacy import from_who_handles_none, of_hidden_proposals
from ..steps import lock, take_step, unanswered
from ..versions import keep_version

PREFIXES = {Call.Programme.PGTF: "PGTF", Call.Programme.DEMONSTRATION: "DEMO"}
# An institution withdraws by itself until the proposal is at the Fund.
WITHDRAWABLE = (ProposalState.RECEIVED, ProposalState.RETURNED, ProposalState.CLEARED)

WORDS = ("proposal", "call", "institution", "reference", "person")
OF_RECEIPT = ("moment", "version", "missing")
register("proposal-received", *WORDS, *OF_RECEIPT, hidden_from=of_hidden_proposals)
register("proposal-withdrawn", *WORDS, hidden_from=of_hidden_proposals)
UNFINISHED = "proposal-unfinished"
OF_DRAFT = ("proposal", "institution", "call", "due", "days", "lacks")
register(UNFINISHED, *OF_DRAFT, hidden_from=from_who_handles_none, is_weekly=True)


def send(proposal: Proposal, *, by: User, version: int | None = None) -> ProposalVersion:
    """Send the proposal, as it is stored, to the Secretariat and keep it as a version.

    `version` is the `lock_version` that was looked at before. Raise ValidationError, with a message
    a reason, where it cannot be sent; nothing is changed then.
    """
    try:
        with transaction.atomic():
            return send_locked(proposal, by, version)
    except IntegrityError as error:
        raise ValidationError(refusal_of(error, proposal)) from error


def send_locked(proposal: Proposal, by: User, version: int | None) -> ProposalVersion:
    calls = Call.objects.select_for_update(of=("self",), no_key=True)
    # Those of one programme and year share their references.
    list(calls.filter(programme=proposal.call.programme, year=proposal.call.year).order_by("pk"))
    lock(proposal)
    # After the locks, which may take long: the last second counts when it is over.
    now = timezone.now()
    stored = Proposal.objects.for_form().get(pk=proposal.pk)
    if version not in (None, stored.lock_version):
        text = _(
            "A colleague changed the proposal in the meantime. Look at it once more, then send it."
        )
        raise ValidationError(text)
    if reasons := reasons_against(stored, now):
        raise ValidationError(reasons)
    reference = stored.reference or next_reference(stored.call)
    take_step(
        stored,
        ProposalState.RECEIVED,
        by=by,
        reference=reference,
        sent_at=now,
        answer_by_on=None,
    )
    sent = keep_version(stored, by=by, at=now)
    tell_about_proposal(
        "proposal-received",
        stored,
        f"{stored.pk}:{sent.number}",
        reference=reference,
        person=by,
        moment=times_in_words(now),
        version=sent.number,
        missing=lazy(lacks_form_of_fund, str)(stored),
    )
    return sent


def reasons_against(proposal: Proposal, now: datetime | None = None) -> list[str]:
    """Return why the proposal cannot be sent now; none, when it can."""
    now = now or timezone.now()
    reasons = [*closed_reasons(proposal, now)]
    if unanswered(proposal):
        reasons.append(_("Answer every remark of the Secretariat first."))
    text = _("%(rule)s: %(words)s")
    return reasons + [text % {"rule": one.label, "words": one.words} for one in blocking(proposal)]


def closed_reasons(proposal: Proposal, now: datetime) -> list[str]:
    if proposal.state == ProposalState.RETURNED:
        last = proposal.answer_by_on
        is_over = last and timezone.localdate(now, BEIJING) > last
        return [_("The deadline for answers has passed. Ask the Secretariat.")] if is_over else []
    if proposal.state != ProposalState.DRAFT:
        return [_("The proposal has already been sent.")]
    if not proposal.call.is_open(now):
        return [_("The call is closed: nothing can be sent any more.")]
    if not proposal.call.may_propose(proposal.institution):
        return [_("Only members of the Network may propose to this call.")]
    return []


def next_reference(call: Call) -> str:
    """Return the next free reference of the programme and year; their calls are locked."""
    prefix = f"{PREFIXES.get(call.programme, 'SSC')}-{call.year}-"
    taken = Proposal.objects.filter(reference__startswith=prefix)
    numbers = [row.rpartition("-")[2] for row in taken.values_list("reference", flat=True)]
    last = max((int(number) for number in numbers if number.isdigit()), default=0)
    return f"{prefix}{last + 1:03}"


def refusal_of(error: IntegrityError, proposal: Proposal) -> str:
    """Return what a refusal of the database means."""
    if "proposal_sent_once" in str(error):
        return already_sent(proposal.call, proposal.institution)
    return _("The proposal breaks a rule of the call: check the rules again.")


def already_sent(call: Call, institution: Institution) -> str:
    other = institution.call_proposals.filter(call=call).sent().select_related("owner").first()
    text = _(
        "Your institution has already sent a proposal for this call: %(reference)s, started by "
        "%(person)s. Only one is allowed; to send this one instead, withdraw the other first."
    )
    return text % {
        "reference": other.reference if other else "–",
        "person": (other and other.owner) or "–",
    }


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User) -> None:
    """Take a sent proposal back: the institution may send another one to the call.

    Raise ValidationError once it is at the Fund.
    """
    stored = lock(proposal)
    if stored.state not in WITHDRAWABLE:
        raise ValidationError(_("It can no longer be withdrawn here. Ask the Secretariat."))
    take_step(stored, ProposalState.WITHDRAWN, by=by)
    tell_about_proposal(
        "proposal-withdrawn", stored, f"{stored.pk}", reference=stored.reference, person=by
    )


# ------------------------------------------------------------------ what is not sent yet


def lacks_of(proposal: Proposal) -> str:
    """Return the rules of the call that are not met, one a line, each with the way out."""
    text = _("%(rule)s: %(words)s")
    found = [one for one in check(proposal) if not one.is_met]
    return "\n".join(text % {"rule": one.label, "words": one.words} for one in found)


# In the language of each mail.
lacks_in_words = lazy(lacks_of, str)


@due.register
@transaction.atomic
def remind_of_drafts() -> None:
    """Write on the day before the mails of the week go, so that what they say is of that day."""
    week = post.next_week()
    if week - timezone.now() > timedelta(days=1):
        return
    acting = Affiliation.objects.receiving_mail().values("institution")
    drafts = Proposal.objects.for_form().filter(state=ProposalState.DRAFT, is_reminded=True)
    for draft in drafts.filter(call__in=Call.objects.open(week), institution__in=acting):
        closes_on = timezone.localdate(draft.call.closes_at, BEIJING)
        tell_about_proposal(
            UNFINISHED,
            draft,
            f"{draft.pk}:{week.date()}",
            due=closes_on,
            days=(closes_on - week.date()).days,
            lacks=lacks_in_words(draft),
        )
