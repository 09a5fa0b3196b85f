"""Rows for tests: each factory builds the least that is valid, published where records can be."""

from datetime import timedelta

import factory
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.utils import timezone
from factory.django import DjangoModelFactory

from meetings.models import SENSITIVE, Delegate, Delegation, Meeting, Workshop, WorkshopPlace
from members.models import (
    Affiliation,
    Institution,
    InstitutionName,
    InstitutionSector,
    Invitation,
    Membership,
    Service,
    User,
)
from members.models.acting import hash_token
from projects.calls.models import (
    Call,
    Criterion,
    Proposal,
    ProposalCountry,
    ProposalState,
    Reading,
    RequiredPaper,
)
from projects.models import (
    FundNumber,
    Project,
    ProjectCountry,
    ProjectInstitution,
    ProjectPurpose,
    ProjectSDG,
    ProjectSector,
)
from secretariat.models import DatedFigure, Enquiry, Page
from sscnet.codelists.models import SDG, Country, DACSector, PGTFArea, Sector
from sscnet.core.models import Source, State
from sscnet.search.models import Synonym

# What the authenticator app of everybody in tests holds.
TOTP_SECRET = "JBSWY3DPEHPK3PXP"


def letters(n, length):
    """Write n with capital letters, as codes of countries are: 0 gives AA, 1 AB ..."""
    text = ""
    for _ in range(length):
        n, rest = divmod(n, 26)
        text = chr(65 + rest) + text
    return text


# ------------------------------------------------------------------ code lists


class CountryFactory(DjangoModelFactory):
    class Meta:
        model = Country
        django_get_or_create = ("iso2",)

    iso2 = factory.Sequence(lambda n: letters(n % 676, 2))
    iso3 = factory.LazyAttribute(lambda country: f"{country.iso2}0")
    m49 = factory.Sequence(lambda n: letters(n, 3))
    name = factory.LazyAttribute(lambda country: f"Country {country.iso2}")
    g77 = True


class DACSectorFactory(DjangoModelFactory):
    class Meta:
        model = DACSector
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"{n % 1000:03}")
    level = DACSector.Level.CATEGORY
    name = factory.LazyAttribute(lambda sector: f"Category {sector.code}")


class SectorFactory(DjangoModelFactory):
    class Meta:
        model = Sector
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"sector-{n}")
    name = factory.LazyAttribute(lambda sector: sector.slug.replace("-", " ").capitalize())
    dac_category = factory.SubFactory(DACSectorFactory)


class SDGFactory(DjangoModelFactory):
    class Meta:
        model = SDG
        django_get_or_create = ("number",)

    number = factory.Sequence(lambda n: n % 17 + 1)
    name = factory.LazyAttribute(lambda sdg: f"Goal {sdg.number}")
    full_name = factory.LazyAttribute(lambda sdg: f"Full name of goal {sdg.number}")
    color = "#19486A"


class PGTFAreaFactory(DjangoModelFactory):
    class Meta:
        model = PGTFArea
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"area-{n}")
    name = factory.LazyAttribute(lambda area: area.slug.replace("-", " ").capitalize())


class SynonymFactory(DjangoModelFactory):
    class Meta:
        model = Synonym

    slug = factory.Sequence(lambda n: f"synonyms-{n}")
    words = factory.Sequence(lambda n: f"word{n}, 词{n}")


# ------------------------------------------------------------------ sources


class SourceFactory(DjangoModelFactory):
    """`SourceFactory(record=project)`: the record it belongs to must be given."""

    class Meta:
        model = Source

    name = factory.Sequence(lambda n: f"Source {n}")
    address = factory.Sequence(lambda n: f"https://example.org/source/{n}")


# ------------------------------------------------------------------ people and institutions


class UserFactory(DjangoModelFactory):
    """`UserFactory(permissions=["projects.view_project"])` gives permissions by name.

    Who works at the Secretariat has a second factor, unless `second_factor=False`.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    password = factory.Transformer(None, transform=make_password)

    @factory.post_generation
    def second_factor(user, create, wanted, **kwargs):
        if user.is_staff and wanted is not False:
            TOTP.activate(user, TOTP_SECRET)

    @factory.post_generation
    def permissions(user, create, names, **kwargs):
        for name in names or []:
            app_label, codename = name.split(".")
            permission = Permission.objects.get(
                content_type__app_label=app_label, codename=codename
            )
            user.user_permissions.add(permission)


class InstitutionFactory(DjangoModelFactory):
    """Without a membership an institution is a partner; see MemberFactory."""

    class Meta:
        model = Institution

    name = factory.Sequence(lambda n: f"Institution {n}")
    state = State.PUBLISHED


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    institution = factory.SubFactory(InstitutionFactory)


class MemberFactory(InstitutionFactory):
    """A member of today; `MemberFactory(membership__since=date(1995, 1, 1))`."""

    class Meta:
        skip_postgeneration_save = True

    membership = factory.RelatedFactory(MembershipFactory, "institution")


class SupporterFactory(InstitutionFactory):
    kind = Institution.Kind.SUPPORTER


class InstitutionNameFactory(DjangoModelFactory):
    class Meta:
        model = InstitutionName

    institution = factory.SubFactory(InstitutionFactory)
    name = factory.Sequence(lambda n: f"Other name {n}")


class InstitutionSectorFactory(DjangoModelFactory):
    class Meta:
        model = InstitutionSector

    institution = factory.SubFactory(InstitutionFactory)
    sector = factory.SubFactory(SectorFactory)


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    institution = factory.SubFactory(InstitutionFactory)
    kind = Service.Kind.TRAINING
    title = factory.Sequence(lambda n: f"Service {n}")


class AffiliationFactory(DjangoModelFactory):
    class Meta:
        model = Affiliation

    user = factory.SubFactory(UserFactory)
    institution = factory.SubFactory(InstitutionFactory)
    role = Affiliation.Role.FOCAL_POINT
    since = "2024-01-01"

    @factory.lazy_attribute
    def given_by(self):
        """Give the second officer that an affiliation of an officer needs."""
        return UserFactory(is_staff=True, second_factor=False) if self.user.is_staff else None


class InvitationFactory(DjangoModelFactory):
    """An open invitation whose link ends in `token`."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda n: f"token-{n}")

    institution = factory.SubFactory(InstitutionFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    role = Affiliation.Role.DEPUTY
    invited_by = factory.SubFactory(UserFactory)
    token_hash = factory.LazyAttribute(lambda invitation: hash_token(invitation.token))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


# ------------------------------------------------------------------ projects


class ProjectFactory(DjangoModelFactory):
    """`ProjectFactory(countries=[...], sectors=[...], sdgs=[...], numbers=["INT/18/K08"])`.

    The first country leads, the first goal is the primary one. The database gives the code.
    """

    class Meta:
        model = Project
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Project {n}")
    programme = Project.Programme.PGTF
    state = State.PUBLISHED

    @factory.post_generation
    def countries(project, create, countries, **kwargs):
        for n, country in enumerate(countries or []):
            role = ProjectCountry.Role.PARTICIPATING if n else ProjectCountry.Role.LEAD
            ProjectCountryFactory(project=project, country=country, role=role)

    @factory.post_generation
    def sectors(project, create, sectors, **kwargs):
        for sector in sectors or []:
            ProjectSectorFactory(project=project, sector=sector)

    @factory.post_generation
    def sdgs(project, create, sdgs, **kwargs):
        for place, sdg in enumerate(sdgs or []):
            ProjectSDGFactory(project=project, sdg=sdg, place=place)

    @factory.post_generation
    def submitter(project, create, institution, **kwargs):
        if institution:
            ProjectInstitutionFactory(
                project=project,
                institution=institution,
                role=ProjectInstitution.Role.SUBMITTER,
            )

    @factory.post_generation
    def numbers(project, create, numbers, **kwargs):
        for number in numbers or []:
            FundNumberFactory(project=project, number=number)


class FundNumberFactory(DjangoModelFactory):
    class Meta:
        model = FundNumber

    project = factory.SubFactory(ProjectFactory)
    number = factory.Sequence(lambda n: f"INT/{n // 100 % 100:02}/K{n % 100:02}")


class ProjectCountryFactory(DjangoModelFactory):
    class Meta:
        model = ProjectCountry

    project = factory.SubFactory(ProjectFactory)
    country = factory.SubFactory(CountryFactory)


class ProjectInstitutionFactory(DjangoModelFactory):
    class Meta:
        model = ProjectInstitution

    project = factory.SubFactory(ProjectFactory)
    institution = factory.SubFactory(InstitutionFactory)


class ProjectSectorFactory(DjangoModelFactory):
    class Meta:
        model = ProjectSector

    project = factory.SubFactory(ProjectFactory)
    sector = factory.SubFactory(SectorFactory)


class ProjectPurposeFactory(DjangoModelFactory):
    class Meta:
        model = ProjectPurpose

    project = factory.SubFactory(ProjectFactory)
    purpose = factory.SubFactory(DACSectorFactory, level=DACSector.Level.PURPOSE)


class ProjectSDGFactory(DjangoModelFactory):
    class Meta:
        model = ProjectSDG

    project = factory.SubFactory(ProjectFactory)
    sdg = factory.SubFactory(SDGFactory)
    place = ProjectSDG.Place.PRIMARY


# ------------------------------------------------------------------ pages and figures


class PageFactory(DjangoModelFactory):
    class Meta:
        model = Page

    title = factory.Sequence(lambda n: f"Page {n}")
    state = State.PUBLISHED


class DatedFigureFactory(DjangoModelFactory):
    class Meta:
        model = DatedFigure

    figure = DatedFigure.Figure.MEMBERS
    label = "Member institutions"
    value = 51
    as_of = "2024-04"


# ------------------------------------------------------------------ meetings


class MeetingFactory(DjangoModelFactory):
    """Takes registrations: 100 places, no quota, everything at once."""

    class Meta:
        model = Meeting

    title = factory.Sequence(lambda n: f"Meeting {n}")
    capacity = 100
    state = State.PUBLISHED
    ends_on = None

    @factory.lazy_attribute
    def retain_until(meeting):
        return None if meeting.ends_on else timezone.localdate() + timedelta(days=365)


class WorkshopFactory(DjangoModelFactory):
    class Meta:
        model = Workshop

    meeting = factory.SubFactory(MeetingFactory)
    title = factory.Sequence(lambda n: f"Workshop {n}")
    capacity = 30


class DelegationFactory(DjangoModelFactory):
    """A draft, of which `places.submit` asks for the places.

    `DelegationFactory(people=4, people__workshops=[workshop])` has four who wish to go there.
    """

    class Meta:
        model = Delegation
        skip_postgeneration_save = True

    meeting = factory.SubFactory(MeetingFactory)
    institution = factory.SubFactory(InstitutionFactory)

    @factory.post_generation
    def people(delegation, create, number, workshops=(), **kwargs):
        for n in range(number or 0):
            DelegateFactory(delegation=delegation, position=n, workshops=workshops)


class DelegateFactory(DjangoModelFactory):
    class Meta:
        model = Delegate
        skip_postgeneration_save = True

    delegation = factory.SubFactory(DelegationFactory)
    family_name = factory.Sequence(lambda n: f"Family{n}")
    given_names = "Given"
    diet = access_needs = ""

    @factory.lazy_attribute
    def consented_to(delegate):
        return [name for name in SENSITIVE if getattr(delegate, name)]

    @factory.post_generation
    def workshops(delegate, create, workshops, **kwargs):
        for workshop in workshops or []:
            WorkshopPlaceFactory(delegate=delegate, workshop=workshop)


class WorkshopPlaceFactory(DjangoModelFactory):
    class Meta:
        model = WorkshopPlace

    delegate = factory.SubFactory(DelegateFactory)
    workshop = factory.SubFactory(WorkshopFactory)


# ------------------------------------------------------------------ questions


class EnquiryFactory(DjangoModelFactory):
    class Meta:
        model = Enquiry

    sent_key = factory.Sequence(lambda n: f"key-{n}")
    question = "How does it work?"
    language = "en"
    name = "Lin Example"
    email = "lin@example.org"


# ------------------------------------------------------------------ calls and proposals


class CallFactory(DjangoModelFactory):
    """An open call with the Fund's rules of 2019, all binding: 35,000, as much again, three."""

    class Meta:
        model = Call

    title = factory.Sequence(lambda n: f"Call {n}")
    year = 2027
    state = State.PUBLISHED
    closes_at = factory.LazyFunction(
        lambda: timezone.now().replace(microsecond=0) + timedelta(days=30)
    )
    ceiling_usd = 35_000
    least_other_inputs_percent = 100
    least_countries = 3
    languages = ["en", "fr", "es", "ar"]
    binding_rules = ["countries", "ceiling", "other_inputs", "endorsements"]


class RequiredPaperFactory(DjangoModelFactory):
    """The endorsement that each other participating country gives."""

    class Meta:
        model = RequiredPaper

    call = factory.SubFactory(CallFactory)
    name = "Endorsement letter"
    each_country = True


class CriterionFactory(DjangoModelFactory):
    class Meta:
        model = Criterion

    call = factory.SubFactory(CallFactory)
    name = factory.Sequence(lambda n: f"Criterion {n}")


class ProposalFactory(DjangoModelFactory):
    """`ProposalFactory(countries=[...], asked=30_000, other=30_000)`; the first country leads.

    `state="received"` sends it once its rows are there, as the portal does.
    """

    class Meta:
        model = Proposal
        skip_postgeneration_save = True

    call = factory.SubFactory(CallFactory)
    institution = factory.SubFactory(MemberFactory)
    title = factory.Sequence(lambda n: f"Proposal {n}")

    @classmethod
    def _create(cls, model_class, *args, state="draft", **kwargs):
        proposal = super()._create(model_class, *args, **kwargs)
        proposal.state_to_take = state
        return proposal

    @factory.post_generation
    def countries(proposal, create, countries, **kwargs):
        for n, country in enumerate(countries or []):
            role = ProposalCountry.Role.PARTICIPATING if n else ProposalCountry.Role.LEAD
            proposal.proposal_countries.create(country=country, role=role)

    @factory.post_generation
    def asked(proposal, create, asked, **kwargs):
        if asked:
            proposal.budget_lines.create(purpose="Work", fund_usd=asked)

    @factory.post_generation
    def other(proposal, create, other, **kwargs):
        if other:
            proposal.budget_lines.create(purpose="Staff", kind_usd=other)

    @factory.post_generation
    def sent(proposal, create, sent, **kwargs):
        """Take the state asked for, last of all: the rows of what was sent cannot be written."""
        if proposal.state_to_take == ProposalState.DRAFT:
            return
        proposal.reference = f"P-{proposal.call.year}-{proposal.pk:04}"
        proposal.sent_at = timezone.now()
        proposal.state = proposal.state_to_take
        proposal.save()


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = Reading

    proposal = factory.SubFactory(ProposalFactory, state="received")
    reader = factory.SubFactory(UserFactory)
