"""What each page of a proposal begins with: the institution, the person and the proposal."""

from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from members.affiliations import institution_to_edit, institution_to_read, may_edit
from members.models import User
from sscnet.changes.history import Act

from ..checks import precheck
from ..checks.papers import lacks_form_of_fund
from ..models import FormSection, Proposal
from ..steps import open_remarks


@dataclass
class ProposalEntry:
    """A proposal as one of its institution's people sees it."""

    proposal: Proposal
    user: User
    sections = tuple(FormSection)

    @cached_property
    def may_edit(self) -> bool:
        return may_edit(self.user, self.proposal.institution)

    @cached_property
    def rules(self) -> list[precheck.CheckedRule]:
        return precheck.check(self.proposal)

    @cached_property
    def lacks_form_of_fund(self) -> str:
        return lacks_form_of_fund(self.proposal)

    @cached_property
    def remarks(self) -> dict:
        return open_remarks(self.proposal)

    @cached_property
    def acts(self) -> dict[str, Act]:
        """Return by section who saved it last, and when."""
        saved = self.proposal.saved_sections
        people = User.objects.in_bulk({pk for pk, _moment in saved.values() if pk})
        return {
            section: Act(datetime.fromisoformat(moment), str(people.get(pk) or _("somebody")))
            for section, (pk, moment) in saved.items()
        }

    def address(self, page: str = "") -> str:
        arguments = [self.proposal.institution.slug, self.proposal.pk]
        name = f"calls:proposal_{page}" if page else "calls:proposal"
        return reverse(name, args=arguments)

    def section_address(self, section: str) -> str:
        arguments = [self.proposal.institution.slug, self.proposal.pk, str(section)]
        return reverse("calls:proposal_section", args=arguments)


def with_entry(find_institution):
    """Return a decorator: the view gets the entry of its address, where the person may have it."""

    def decorate(view):
        @login_required
        @wraps(view)
        def wrapped(request, slug, pk, *args, **kwargs):
            institution = find_institution(request.user, slug)
            proposals = Proposal.objects.for_form().filter(institution=institution)
            proposal = get_object_or_404(proposals, pk=pk)
            return view(request, ProposalEntry(proposal, request.user), *args, **kwargs)

        return wrapped

    return decorate


entry_to_read = with_entry(institution_to_read)
entry_to_edit = with_entry(institution_to_edit)
