"""The steps of a vote that need a second person (`members.accounts.four_eyes`)."""

from django.utils.translation import gettext_lazy as _

from members.accounts.four_eyes import SecondPerson

# One opens the vote, another admits; that covers the invitation that follows.
ADMISSION = SecondPerson(
    "admission",
    _("admission of the candidate of a vote"),
    ("secretariat.change_request", "members.change_institution"),
    lambda request: request.opened_by_id,
)
# One enters what came on paper, another compares it with the slip.
PAPER_VOTE = SecondPerson(
    "paper_vote",
    _("vote on paper"),
    ("secretariat.change_request",),
    lambda paper: paper.entered_by_id,
)
