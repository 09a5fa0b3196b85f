"""The Secretariat's mails about calls and proposals, to those who act for the institution.

The receipt of a proposal is the institution's own doing: `projects.calls.proposals`.
"""

from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.functional import lazy, lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.models import Affiliation, Institution, User
from projects.catalogue.amounts import usd
from sscnet.core.i18n.dates import both_clocks
from sscnet.core.i18n.texts import guessed
from sscnet.outbox import post
from sscnet.outbox.wordings import Wording, register

from ..models import Call, LatePass, Proposal, ProposalState, ProposalStep, Reading
from ..privacy import from_who_handles_none, of_hidden_proposals

OPEN_PROPOSAL = _("Open the proposal")
OF_PROPOSAL = {
    "proposal": _("the title of the proposal"),
    "institution": _("the institution"),
    "call": _("the call"),
}
OF_STEP = OF_PROPOSAL | {
    "day": _("the day of the step"),
    "words": _("the officer’s message; may be empty"),
}


def register_about_proposal(wording: Wording) -> None:
    register(replace(wording, hidden_from=of_hidden_proposals))


def key_of(state: ProposalState) -> str:
    """Return the kind of mail about a step; when an institution does it itself, it gets another."""
    return f"proposal-now-{state.replace('_', '-')}"


def register_step(state: ProposalState, label, body, **more_words):
    register_about_proposal(
        Wording(
            key=key_of(state),
            label=label,
            subject=format_lazy("{}: {}", "{proposal}", state.label),
            body=format_lazy("{}\n\n{}", body, "{words}"),
            words=OF_STEP | more_words,
            link_label=OPEN_PROPOSAL,
        )
    )


register_step(
    ProposalState.RETURNED,
    _("proposal returned with remarks"),
    _(
        "The Secretariat has read the proposal “{proposal}” of {institution} and returns it with "
        "remarks. Please answer each of them and send the proposal again by "
        "{answer_by}.\n\n{remarks}"
    ),
    answer_by=_("the last day to answer"),
    remarks=_("the remarks, one per section"),
)
register_step(
    ProposalState.CLEARED,
    _("proposal cleared"),
    _("The Secretariat has cleared the proposal “{proposal}” of {institution} for the Fund."),
)
register_step(
    ProposalState.AT_FUND,
    _("proposal sent to the Fund"),
    _("The proposal “{proposal}” of {institution} was sent to the Fund on {day}."),
)
register_step(
    ProposalState.RECOMMENDED,
    _("proposal recommended"),
    _(
        "The Fund’s Committee of Experts recommends the proposal “{proposal}” of {institution}."
        " The ministers of the Group of 77 decide at their annual meeting."
    ),
)
register_step(
    ProposalState.NOT_RECOMMENDED,
    _("proposal not recommended"),
    _(
        "The Fund’s Committee of Experts does not recommend the proposal “{proposal}” of "
        "{institution}. Reason: {ground}."
    ),
    ground=_("the reason"),
)
register_step(
    ProposalState.APPROVED,
    _("proposal approved"),
    _(
        "The proposal “{proposal}” of {institution} was approved on {day} by {meeting}."
        " The Fund grants {amount}."
    ),
    meeting=_("the meeting that approved"),
    amount=_("what the Fund grants"),
)
register_step(
    ProposalState.UNDER_WAY,
    _("project under way"),
    _("The project “{proposal}” of {institution} has been under way since {day}."),
)
register_step(
    ProposalState.EXTENDED,
    _("project extended"),
    _("The project “{proposal}” of {institution} was extended on {day}."),
)
register_step(
    ProposalState.COMPLETED,
    _("project completed"),
    _("The project “{proposal}” of {institution} was completed on {day}."),
)
register_step(
    ProposalState.CLOSED,
    _("proposal closed"),
    _("The final report has been accepted and “{proposal}” of {institution} is closed. Thank you."),
)
register_step(
    ProposalState.WITHDRAWN,
    _("proposal withdrawn by the Secretariat"),
    _("As agreed, the proposal “{proposal}” of {institution} was withdrawn on {day}."),
)
register_about_proposal(
    Wording(
        key="proposal-step-undone",
        label=_("Correction: a step was undone"),
        subject=_("Correction: {proposal}"),
        body=_(
            "Please disregard our last message: the proposal “{proposal}” of {institution} is not "
            "“{after}”. Its status is again “{before}”."
        ),
        words=OF_PROPOSAL
        | {"before": _("the restored status"), "after": _("the status before the correction")},
        link_label=OPEN_PROPOSAL,
    )
)
register(
    Wording(
        hidden_from=from_who_handles_none,
        key="call-extended",
        label=_("call extended"),
        subject=_("More time: {call}"),
        body=_(
            "The call “{call}” has been extended: {institution} can send its proposal until "
            "{closes}, instead of {before}. Your draft is kept."
        ),
        words={
            "call": OF_PROPOSAL["call"],
            "institution": OF_PROPOSAL["institution"],
            "closes": _("the new closing time"),
            "before": _("the former closing time"),
        },
        link_label=_("Open your draft"),
    )
)
register(
    Wording(
        hidden_from=from_who_handles_none,
        key="late-pass-granted",
        label=_("late pass"),
        subject=_("More time for your institution: {call}"),
        body=_(
            "{institution} can still send a proposal for the call “{call}”, until {closes}. "
            "Reason: {reason}"
        ),
        words={
            "call": OF_PROPOSAL["call"],
            "institution": OF_PROPOSAL["institution"],
            "closes": _("until when"),
            "reason": _("the officer’s reason"),
        },
        link_label=_("Open the call"),
    )
)
register_about_proposal(
    Wording(
        key="reading-assigned",
        label=_("proposal to assess"),
        subject=_("A proposal to assess: {reference}"),
        body=_(
            "A proposal for the call “{call}” has been assigned to you: {reference}. First "
            "declare whether you have a conflict of interest; then you can read and score the "
            "proposal."
        ),
        words={"call": OF_PROPOSAL["call"], "reference": _("the reference of the proposal")},
        link_label=_("Open your reading"),
    )
)


usd_in_words = lazy(usd, str)
clocks_in_words = lazy(both_clocks, str)

# ------------------------------------------------------------------ whom to tell


def people_of(institution: Institution) -> list[User]:
    """List who may change things for an institution today, each once."""
    affiliations = Affiliation.objects.editing().filter(institution=institution)
    people = User.objects.filter(affiliations__in=affiliations, is_active=True)
    return list(people.distinct().order_by("email"))


def tell_institution(
    kind: str, institution: Institution, key: str, *, reference="", **mail
) -> None:
    """Write to the people of an institution, each once for this key."""
    for user in people_of(institution):
        post.write(
            kind,
            to=user.email,
            key=f"{kind}:{key}:{user.pk}",
            about=institution,
            reference=reference,
            **mail,
        )


def tell_about_proposal(kind: str, proposal: Proposal, key: str, *, link="", **words) -> None:
    words |= {
        "proposal": proposal,
        "institution": proposal.institution,
        "call": proposal.call,
    }
    tell_institution(
        kind,
        proposal.institution,
        key,
        reference=proposal.reference,
        link=link or proposal.get_absolute_url(),
        words=words,
    )


def tell_step(step: ProposalStep) -> None:
    """Write about a step that the Secretariat took."""
    words = words_of(step) | {"day": step.on, "words": guessed(step.words)}
    tell_about_proposal(key_of(step.after), step.proposal, f"{step.pk}", **words)


def words_of(step: ProposalStep) -> dict:
    """Return what only the mail about this kind of step says."""
    proposal = step.proposal
    match step.after:
        case ProposalState.RETURNED:
            return {"answer_by": proposal.answer_by_on, "remarks": lazystr(RemarkLines(step))}
        case ProposalState.NOT_RECOMMENDED:
            return {"ground": ProposalStep.Ground(step.ground).label}
        case ProposalState.APPROVED:
            amount = usd_in_words(proposal.granted_usd)
            return {"meeting": guessed(proposal.approval_meeting), "amount": amount}
    return {}


class RemarkLines:
    """The remarks of a step, one a paragraph, each after its section in the language of now."""

    def __init__(self, step: ProposalStep):
        self.remarks = list(step.remarks.all())

    def __str__(self):
        return "\n\n".join(f"{one.get_section_display()}: {one.text}" for one in self.remarks)


def tell_undone(step: ProposalStep) -> None:
    tell_about_proposal(
        "proposal-step-undone",
        step.proposal,
        f"{step.pk}",
        before=ProposalState(step.before).label,
        after=ProposalState(step.after).label,
    )


def tell_extended(call: Call, before: datetime) -> None:
    """Write to every institution with a draft that it has more time; once for each new moment."""
    drafts = Proposal.objects.filter(call=call, state=ProposalState.DRAFT)
    by_institution = {draft.institution_id: draft for draft in drafts.select_related("institution")}
    for draft in by_institution.values():
        tell_institution(
            "call-extended",
            draft.institution,
            f"{call.pk}:{call.closes_at.isoformat()}:{draft.institution_id}",
            link=draft.get_absolute_url(),
            words={
                "call": call,
                "institution": draft.institution,
                "closes": clocks_in_words(call.closes_at),
                "before": clocks_in_words(before),
            },
        )


def tell_late_pass(late_pass: LatePass) -> None:
    tell_institution(
        "late-pass-granted",
        late_pass.institution,
        f"{late_pass.pk}",
        link=late_pass.call.get_absolute_url(),
        words={
            "call": late_pass.call,
            "institution": late_pass.institution,
            "closes": clocks_in_words(late_pass.closes_at),
            "reason": guessed(late_pass.reason),
        },
    )


def tell_reader(reading: Reading) -> None:
    post.write(
        "reading-assigned",
        to=reading.reader.email,
        key=f"reading-assigned:{reading.pk}",
        about=reading,
        reference=reading.proposal.reference,
        link=reverse("admin:calls_reading_change", args=[reading.pk]),
        words={"call": reading.proposal.call, "reference": reading.proposal.reference},
    )
