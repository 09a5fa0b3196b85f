"""Which papers a proposal has to bring, by its call, its applicant and its countries."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.calls.models import (
    Call,
    CallDocument,
    Endorsement,
    Proposal,
    ProposalCountry,
    RequiredPaper,
)
from sscnet.codelists.models import Country
from sscnet.core.i18n.dates import BEIJING
from sscnet.core.i18n.texts import comma_separated

# The Fund: the institution, and name, position and signature of the person (calls of 2017, 2019).
SIGNED = ["institution_name", "person_name", "person_position", "signed_on"]
FIELDS = {
    RequiredPaper.Kind.ENDORSEMENT: SIGNED,
    RequiredPaper.Kind.INPUTS: [*SIGNED, "amount_usd"],
}


@dataclass(frozen=True)
class AskedPaper:
    """A paper to bring, of a country where each has one, and what was brought so far."""

    paper: RequiredPaper
    country: Country | None
    endorsement: Endorsement | None

    def __str__(self):
        return f"{self.paper}: {self.country}" if self.country else str(self.paper)

    @property
    def key(self) -> str:
        return f"{self.paper.pk}-{self.country.pk if self.country else 'all'}"

    @property
    def is_there(self) -> bool:
        return bool(self.endorsement and self.endorsement.file)

    @property
    def blanks(self) -> list[CallDocument]:
        """Return the Fund's own file to fill in, which stands among the documents of the call."""
        if self.paper.kind != RequiredPaper.Kind.FUND_FORM:
            return []
        documents = self.paper.call.documents.all()
        return [one for one in documents if one.kind == CallDocument.Kind.FORM]

    @property
    def wanted(self) -> list[str]:
        """Return the fields of the paper that have to be filled in beside the file."""
        return FIELDS.get(self.paper.kind, [])

    @property
    def lacks(self) -> list[str]:
        """Return what of a paper that is there was not said, in the reader's language."""
        empty = [name for name in self.wanted if getattr(self.endorsement, name) in ("", None)]
        lacks = [str(Endorsement._meta.get_field(name).verbose_name) for name in empty]
        signed_on, opens_at = self.endorsement.signed_on, self.endorsement.proposal.call.opens_at
        opened_on = opens_at and timezone.localdate(opens_at, BEIJING)
        # What was signed before is for another call.
        if self.wanted and signed_on and opened_on and signed_on < opened_on:
            text = _("signed after the call opened on %(day)s")
            lacks.append(text % {"day": date_format(opened_on)})
        return lacks


def asked_papers(proposal: Proposal) -> list[AskedPaper]:
    """Return the papers asked for, in the order of the call, then of the countries."""
    there = {(row.paper_id, row.country_id): row for row in proposal.endorsements.all()}
    asked = []
    for paper in proposal.call.required_papers.all():
        if paper.of_whom in (RequiredPaper.OfWhom.ALL, proposal.applicant):
            countries = others_taking_part(proposal) if paper.each_country else [None]
            asked += [
                AskedPaper(paper, country, there.get((paper.pk, country and country.pk)))
                for country in countries
            ]
    return asked


def lacks_form_of_fund(proposal: Proposal) -> str:
    """Return what to say while the Fund's own form is missing; nothing once it is there.

    Its further parts and the summary checklist are mandatory at the Fund (calls of 2017 and 2019),
    and the portal does not know them: the institution brings the Fund's file, filled in.
    """
    if proposal.call.programme != Call.Programme.PGTF:
        return ""
    forms = [
        one for one in asked_papers(proposal) if one.paper.kind == RequiredPaper.Kind.FUND_FORM
    ]
    if not forms:
        return _(
            "The call does not ask for the Fund’s own form with its checklist yet, so this is not "
            "all that the Fund requires."
        )
    missing = [str(one) for one in forms if not one.is_there]
    text = _("Missing, and required by the Fund: %(papers)s.")
    return text % {"papers": comma_separated(missing)} if missing else ""


def others_taking_part(proposal: Proposal) -> list[Country]:
    """Return the participating countries without the lead's own."""
    participating = ProposalCountry.Role.PARTICIPATING
    return [row.country for row in proposal.proposal_countries.all() if row.role == participating]


def papers_no_longer_asked(proposal: Proposal) -> list[Endorsement]:
    """Return what was brought and is not asked for now, as of a country that was taken out."""
    asked = {one.endorsement for one in asked_papers(proposal)}
    return [row for row in proposal.endorsements.all() if row not in asked]
