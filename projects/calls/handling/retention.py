"""Contact persons and endorsers of proposals are erased by the clock, in frozen versions too."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data import retention
from sscnet.core.personal_data.fields import emptied

from ..models import Endorsement, Proposal, ProposalState, ProposalVersion
from ..models.triggers import CONTACTS

# Nothing follows any more; a draft counts from when it was last saved.
SETTLED = (
    *(ProposalState.DRAFT, ProposalState.WITHDRAWN),
    *(ProposalState.NOT_RECOMMENDED, ProposalState.CLOSED),
)


@retention.rule("proposals", _("contact persons and endorsers of proposals"))
def erase_people() -> int:
    found = list(naming_people().values_list("pk", flat=True))
    endorsements = Endorsement.objects.filter(proposal__in=found)
    for name in endorsements.exclude(file="").values_list("file", flat=True):
        transaction.on_commit(partial(default_storage.delete, name))
    Proposal.objects.filter(pk__in=found).update(**emptied(Proposal))
    endorsements.update(**emptied(Endorsement))
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
    """Return a frozen version without its contact person and those who signed papers."""
    return {
        language: texts
        | dict.fromkeys(CONTACTS, "")
        | {"papers": [row | {"signed_by": ""} for row in texts.get("papers", ())]}
        for language, texts in content.items()
    }
