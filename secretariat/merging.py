"""What of questions and alerts becomes of an institution that is merged into another."""

from members.merging import Merged, MergeRule, on_merge, replace_in_query
from members.models import Institution

from .alerts.models import Alert


def move_alerts(winner: Institution, loser: Institution, merged: Merged) -> None:
    replace_in_query(Alert, "institution", loser.slug, winner.slug)


on_merge(
    MergeRule.MOVES,
    *("secretariat.Enquiry.institution", "secretariat.Enquiry.passed_to"),
    "secretariat.EnquiryStep.institution",
)
on_merge(move_alerts, "secretariat.Alert.query")
