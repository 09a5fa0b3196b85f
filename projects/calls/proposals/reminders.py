"""Once a week those with an unfinished draft in an open call are told what it lacks."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from members.models import Affiliation
from sscnet.core.i18n.dates import BEIJING
from sscnet.outbox import due, post
from sscnet.outbox.wordings import register

from ..checks.precheck import check
from ..handling.mails import tell_about_proposal
from ..models import Call, Proposal, ProposalState
from ..privacy import from_who_handles_none

UNFINISHED = "proposal-unfinished"
WORDS = ("proposal", "institution", "call", "due", "days", "lacks")
register(UNFINISHED, *WORDS, hidden_from=from_who_handles_none, is_weekly=True)


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
