"""What of questions, needs and publications becomes of an institution merged into another."""

from members.merging import MergeRule, on_merge

on_merge(
    MergeRule.MOVES,
    *("secretariat.Enquiry.institution", "secretariat.Enquiry.passed_to"),
    *("secretariat.EnquiryStep.institution", "secretariat.Introduction.institution"),
)
on_merge(MergeRule.ONCE, "secretariat.PublicationInstitution.institution")
