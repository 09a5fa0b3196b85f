"""Starting a proposal, taking a paper out and discarding a draft: by any focal point or deputy."""

from django.db import transaction
from django.db.models import F

from members.models import Institution, User
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.latin_names import pinyin_of
from sscnet.core.records.copying import copy_to
from sscnet.core.uploads.storage import throw_away
from sscnet.drafts.page import stamp

from ..form import FORM, PERIOD
from ..models import Call, Endorsement, FormSection, Proposal, ProposalState
from ..steps import lock
from .rows import keep_lead


def first_of(call: Call, institution: Institution) -> Proposal | None:
    """Return the institution's proposal to the call, if it has one that was not withdrawn."""
    rows = institution.call_proposals.filter(call=call).exclude(state=ProposalState.WITHDRAWN)
    # One that was sent counts before drafts.
    return rows.order_by(F("sent_at").asc(nulls_last=True), "pk").select_related("owner").first()


@transaction.atomic
def start(call: Call, institution: Institution, by: User, like: Proposal | None = None) -> Proposal:
    """Make a proposal with what is known already: lead country and contact person.

    With `like`, an earlier proposal of the institution, its texts, countries, partners, outputs and
    budget are copied; its months and papers belong to its year. Two who start at once get one
    proposal; `first_of` has found it then.
    """
    Institution.objects.select_for_update(of=("self",), no_key=True).get(pk=institution.pk)
    if there := first_of(call, institution):
        return there
    languages = call.languages or [Language.ENGLISH]
    proposal = Proposal.objects.create(
        call=call,
        institution=institution,
        language=Language.ENGLISH if Language.ENGLISH in languages else languages[0],
        owner=by,
        saved_by=by,
        contact_name=by.name,
        contact_latin_name=by.latin_name or pinyin_of(by.name),
        contact_email=by.email,
    )
    if like:
        copy(like, proposal)
    keep_lead(proposal)
    return proposal


def copy(earlier: Proposal, proposal: Proposal) -> None:
    for one in FORM:
        if one.section != FormSection.CONTACT and one.name not in PERIOD:
            setattr(proposal, one.name, getattr(earlier, one.name))
    proposal.i18n = earlier.i18n
    proposal.save()
    # Before `copy_to` makes a new row of it, a row has the key that budget lines name.
    outputs = {row.pk: copy_to(proposal, row, "proposal") for row in earlier.outputs.all()}
    for row in [*earlier.proposal_countries.all(), *earlier.partners.all()]:
        copy_to(proposal, row, "proposal")
    for row in earlier.budget_lines.all():
        row.output, row.revised_usd = outputs.get(row.output_id), None
        copy_to(proposal, row, "proposal")


@transaction.atomic
def take_out_paper(proposal: Proposal, paper: Endorsement, by: User) -> bool:
    """Take a paper out; say whether the proposal was still open."""
    if not lock(proposal).is_open:
        return False
    throw_away(paper.file.name)
    paper.delete()
    stamp(proposal, by)
    return True


@transaction.atomic
def discard(proposal: Proposal) -> bool:
    """Throw a draft away with its papers; say whether it still was one."""
    proposal = lock(proposal)
    if proposal.state != ProposalState.DRAFT:
        return False
    throw_away(*proposal.endorsements.values_list("file", flat=True))
    proposal.delete()
    return True


def neighbours(section: str) -> tuple[FormSection | None, FormSection | None]:
    """Return the pages of the form before and after one; None before the first, after the last."""
    order = [None, *FormSection, None]
    place = order.index(section)
    return order[place - 1], order[place + 1]
