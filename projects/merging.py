"""What of projects and proposals becomes of an institution that is merged into another."""

from members.merging import MergeRule, on_merge

on_merge(MergeRule.ONCE, "projects.ProjectInstitution.institution")
# Of two proposals sent to one call one stays behind; of what was sent, partners are as written.
on_merge(MergeRule.MOVES, "calls.Proposal.institution", "calls.ProposalPartner.institution")
