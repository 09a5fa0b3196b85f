"""Contact persons and endorsers of proposals are erased by the clock, in frozen versions too."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data import retention
from sscnet.core.personal_data.fields import emptied, erase

from ..models import Endorsement, Proposal, ProposalState, ProposalVersion

# Nothing follows any more; a draft counts from when it was last saved.
SETTLED = (
    *(ProposalState.DRAFT, ProposalState.WITHDRAWN),
    *(ProposalState.NOT_RECOMMENDED, ProposalState.CLOSED),
)


@retention.rule("proposals", _("contact persons and endorsers of proposals"))
def erase_people() -> int:
    found = list(naming_people().values_list("pk", flat=True))
    endorsements = Endorsement.objects.filter(proposal__in=found)
    for rows in (endorsements, Proposal.objects.filter(pk__in=found)):
        erase(rows)
    for version in ProposalVersion.objects.filter(proposal__in=found):
        version.content = without_people(version.content)
        version.save(update_fields=["content"])
    return len(found)


def naming_people() -> QuerySet[Proposal]:
    """Return the proposals that were settled so long ago and still name somebody."""
    before = timezone.now() - timedelta(days=settings.PROPOSAL_PEOPLE_DAYS)
    endorsed = Endorsement.objects.exclude(**emptied(Endorsement))
    named = ~Q(**emptied(Proposal)) | Q(pk__in=endorsed.values("proposal"))
    last = Greatest("saved_at", Max("steps__at"))
    return (
        Proposal.objects.filter(named, state__in=SETTLED)
        .annotate(last=last)
        .filter(last__lt=before)
    )


def without_people(content: dict) -> dict:
    """Return a frozen version without the fields that are declared of people."""
    rows = [row | emptied(Endorsement) for row in content.get("endorsements", ())]
    return content | emptied(Proposal) | {"endorsements": rows}
