"""What of questions, alerts and publications becomes of an institution merged into another."""

from contextlib import suppress

from django.db import IntegrityError, transaction
from django.http import QueryDict

from members.merging import Merged, MergeRule, on_merge
from members.models import Institution

from ..alerts.models import Alert


def move_alerts(winner: Institution, loser: Institution, merged: Merged) -> None:
    for alert in Alert.objects.filter(query__contains="institution"):
        params = QueryDict(alert.query.removeprefix("?"), mutable=True)
        slugs = params.getlist("institution")
        if loser.slug in slugs:
            kept = [winner.slug if slug == loser.slug else slug for slug in slugs]
            params.setlist("institution", dict.fromkeys(kept))
            # Refused where somebody has both already.
            with suppress(IntegrityError), transaction.atomic():
                Alert.objects.filter(pk=alert.pk).update(query=f"?{params.urlencode()}")


on_merge(
    MergeRule.MOVES,
    *("secretariat.Enquiry.institution", "secretariat.Enquiry.passed_to"),
    "secretariat.EnquiryStep.institution",
)
on_merge(MergeRule.ONCE, "secretariat.PublicationInstitution.institution")
on_merge(move_alerts, "secretariat.Alert.query")
