"""What of requests and votes becomes of an institution merged into another."""

from django.db.models import Q
from django.utils.translation import gettext

from members.merging import Merged, MergeRefused, MergeRule, on_merge
from members.models import Institution

from .models import Request

on_merge(MergeRule.MOVES, "secretariat.Response.institution")
# The envelope tells who sent it; the list of a closed vote is frozen.
on_merge(MergeRule.STAYS, "secretariat.Submission.institution")


def keep_votes(winner: Institution, loser: Institution, merged: Merged) -> None:
    """Move candidates of drafts; refuse to merge who votes, or is voted on, in an open vote.

    The candidate of a request that was opened stays: `votes.candidate_now` follows the merge.
    """
    votes = Request.objects.exclude(rule="").filter(state=Request.State.OPEN)
    concerned = Q(responses__institution=loser) | Q(candidate=loser)
    if vote := votes.filter(concerned).first():
        text = gettext("%(institution)s takes part in the open vote “%(vote)s”: merge it later.")
        raise MergeRefused(text % {"institution": loser, "vote": vote})
    Request.objects.filter(candidate=loser, opened_at=None).update(candidate=winner)


on_merge(keep_votes, "secretariat.Request.candidate")
