"""Rows for tests: each factory builds the least that is valid, published where records can be."""

from datetime import timedelta

import factory
import pgtrigger
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import models as auth
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory

from meetings import models as meetings
from members import models as members
from members.models.acting import hash_token
from projects import models as projects
from projects.calls import models as calls
from secretariat import models as secretariat
from sscnet.codelists import models as codelists
from sscnet.core import models as core
from sscnet.core.database.triggers import LogsChange
from sscnet.search import models as search

# What the authenticator app of everybody in tests holds.
TOTP_SECRET = "JBSWY3DPEHPK3PXP"


def without_history():
    """Skip all triggers but those of the log of changes, which says what is no longer as kept."""
    silent = [
        trigger.get_uri(model)
        for model, trigger in pgtrigger.registered()
        if not isinstance(trigger, LogsChange)
    ]
    return pgtrigger.ignore(*silent)


def letters(n, length):
    """Write n with capital letters, as codes of countries are: 0 gives AA, 1 AB ..."""
    text = ""
    for _ in range(length):
        n, rest = divmod(n, 26)
        text = chr(65 + rest) + text
    return text


# ------------------------------------------------------------------ code lists


class Country(DjangoModelFactory):
    class Meta:
        model = codelists.Country
        django_get_or_create = ("iso2",)

    iso2 = factory.Sequence(lambda n: letters(n % 676, 2))
    iso3 = factory.LazyAttribute(lambda country: f"{country.iso2}0")
    m49 = factory.Sequence(lambda n: letters(n, 3))
    name = factory.LazyAttribute(lambda country: f"Country {country.iso2}")
    g77 = True


class DACSector(DjangoModelFactory):
    class Meta:
        model = codelists.DACSector
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"{n % 1000:03}")
    level = codelists.DACSector.Level.CATEGORY
    name = factory.LazyAttribute(lambda sector: f"Category {sector.code}")


class Sector(DjangoModelFactory):
    class Meta:
        model = codelists.Sector
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"sector-{n}")
    name = factory.LazyAttribute(lambda sector: sector.slug.replace("-", " ").capitalize())
    dac_category = factory.SubFactory(DACSector)


class SDG(DjangoModelFactory):
    class Meta:
        model = codelists.SDG
        django_get_or_create = ("number",)

    number = factory.Sequence(lambda n: n % 17 + 1)
    name = factory.LazyAttribute(lambda sdg: f"Goal {sdg.number}")
    full_name = factory.LazyAttribute(lambda sdg: f"Full name of goal {sdg.number}")
    color = "#19486A"


class PGTFArea(DjangoModelFactory):
    class Meta:
        model = codelists.PGTFArea
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"area-{n}")
    name = factory.LazyAttribute(lambda area: area.slug.replace("-", " ").capitalize())


class Topic(DjangoModelFactory):
    class Meta:
        model = codelists.Topic
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"topic-{n}")
    name = factory.LazyAttribute(lambda topic: topic.slug.replace("-", " ").capitalize())
    sign = codelists.Topic.Sign.BAMBOO
    text = "What institutions know of it, and what was done with partners abroad. Ask them."


class Synonym(DjangoModelFactory):
    class Meta:
        model = search.Synonym

    slug = factory.Sequence(lambda n: f"synonyms-{n}")
    words = factory.Sequence(lambda n: f"word{n}, 词{n}")


# ------------------------------------------------------------------ sources


class Source(DjangoModelFactory):
    """`Source(record=project)`: the record it belongs to must be given."""

    class Meta:
        model = core.Source

    name = factory.Sequence(lambda n: f"Source {n}")
    address = factory.Sequence(lambda n: f"https://example.org/source/{n}")


# ------------------------------------------------------------------ people and institutions


class User(DjangoModelFactory):
    """`User(permissions=["projects.view_project"])` gives permissions by name.

    Who works at the Secretariat has a second factor, unless `second_factor=False`.
    """

    class Meta:
        model = members.User
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
            permission = auth.Permission.objects.get(
                content_type__app_label=app_label, codename=codename
            )
            user.user_permissions.add(permission)


class Officer(User):
    """Works at the Secretariat: `make.Officer(group=groups.HELPER)`."""

    is_staff = True

    @factory.post_generation
    def group(user, create, name, **kwargs):
        if name:
            user.groups.add(auth.Group.objects.get(name=name))


class Administrator(User):
    is_staff = is_superuser = True


class Institution(DjangoModelFactory):
    """Without a membership an institution is a partner; see Member."""

    class Meta:
        model = members.Institution

    name = factory.Sequence(lambda n: f"Institution {n}")
    state = core.State.PUBLISHED


class Membership(DjangoModelFactory):
    class Meta:
        model = members.Membership

    institution = factory.SubFactory(Institution)


class Member(Institution):
    """A member of today; `Member(membership__since=date(1995, 1, 1))`."""

    class Meta:
        skip_postgeneration_save = True

    membership = factory.RelatedFactory(Membership, "institution")


class Supporter(Institution):
    kind = members.Institution.Kind.SUPPORTER


class InstitutionName(DjangoModelFactory):
    class Meta:
        model = members.InstitutionName

    institution = factory.SubFactory(Institution)
    name = factory.Sequence(lambda n: f"Other name {n}")


class InstitutionSector(DjangoModelFactory):
    class Meta:
        model = members.InstitutionSector

    institution = factory.SubFactory(Institution)
    sector = factory.SubFactory(Sector)


class Service(DjangoModelFactory):
    class Meta:
        model = members.Service

    institution = factory.SubFactory(Institution)
    kind = members.Service.Kind.TRAINING
    title = factory.Sequence(lambda n: f"Service {n}")


class Affiliation(DjangoModelFactory):
    class Meta:
        model = members.Affiliation

    user = factory.SubFactory(User)
    institution = factory.SubFactory(Institution)
    role = members.Affiliation.Role.FOCAL_POINT
    since = "2024-01-01"

    @factory.lazy_attribute
    def given_by(self):
        """Give the second officer that an affiliation of an officer needs."""
        return User(is_staff=True, second_factor=False) if self.user.is_staff else None

    @factory.lazy_attribute
    def confirmed_by(self):
        """Give the second person whom what an officer gives needs."""
        return User() if self.given_by and self.given_by.is_staff else None


class Invitation(DjangoModelFactory):
    """An open invitation whose link ends in `token`."""

    class Meta:
        model = members.Invitation

    class Params:
        token = factory.Sequence(lambda n: f"token-{n}")

    institution = factory.SubFactory(Institution)
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    role = members.Affiliation.Role.DEPUTY
    invited_by = factory.SubFactory(User)
    token_hash = factory.LazyAttribute(lambda invitation: hash_token(invitation.token))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


# ------------------------------------------------------------------ projects


class Project(DjangoModelFactory):
    """`Project(countries=[...], sectors=[...], sdgs=[...], numbers=["INT/18/K08"])`.

    The first country leads, the first goal is the primary one. The database gives the code.
    """

    class Meta:
        model = projects.Project
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Project {n}")
    programme = projects.Project.Programme.PGTF
    state = core.State.PUBLISHED

    @factory.post_generation
    def countries(project, create, countries, **kwargs):
        for n, country in enumerate(countries or []):
            role = (
                projects.ProjectCountry.Role.PARTICIPATING
                if n
                else projects.ProjectCountry.Role.LEAD
            )
            ProjectCountry(project=project, country=country, role=role)

    @factory.post_generation
    def sectors(project, create, sectors, **kwargs):
        for sector in sectors or []:
            ProjectSector(project=project, sector=sector)

    @factory.post_generation
    def sdgs(project, create, sdgs, **kwargs):
        for place, sdg in enumerate(sdgs or []):
            ProjectSDG(project=project, sdg=sdg, place=place)

    @factory.post_generation
    def submitter(project, create, institution, **kwargs):
        if institution:
            ProjectInstitution(
                project=project,
                institution=institution,
                role=projects.ProjectInstitution.Role.SUBMITTER,
            )

    @factory.post_generation
    def numbers(project, create, numbers, **kwargs):
        for number in numbers or []:
            FundNumber(project=project, number=number)


class FundNumber(DjangoModelFactory):
    class Meta:
        model = projects.FundNumber

    project = factory.SubFactory(Project)
    number = factory.Sequence(lambda n: f"INT/{n // 100 % 100:02}/K{n % 100:02}")


class ProjectCountry(DjangoModelFactory):
    class Meta:
        model = projects.ProjectCountry

    project = factory.SubFactory(Project)
    country = factory.SubFactory(Country)


class ProjectInstitution(DjangoModelFactory):
    class Meta:
        model = projects.ProjectInstitution

    project = factory.SubFactory(Project)
    institution = factory.SubFactory(Institution)


class ProjectSector(DjangoModelFactory):
    class Meta:
        model = projects.ProjectSector

    project = factory.SubFactory(Project)
    sector = factory.SubFactory(Sector)


class ProjectSDG(DjangoModelFactory):
    class Meta:
        model = projects.ProjectSDG

    project = factory.SubFactory(Project)
    sdg = factory.SubFactory(SDG)
    place = projects.ProjectSDG.Place.PRIMARY


# ------------------------------------------------------------------ pages and figures


class Page(DjangoModelFactory):
    class Meta:
        model = secretariat.Page

    title = factory.Sequence(lambda n: f"Page {n}")
    state = core.State.PUBLISHED


class DatedFigure(DjangoModelFactory):
    class Meta:
        model = secretariat.DatedFigure

    figure = secretariat.DatedFigure.Figure.MEMBERS
    label = "Member institutions"
    value = 51
    as_of = "2024-04"


# ------------------------------------------------------------------ meetings


class Meeting(DjangoModelFactory):
    """Takes registrations: 100 places, no quota, everything at once."""

    class Meta:
        model = meetings.Meeting

    title = factory.Sequence(lambda n: f"Meeting {n}")
    capacity = 100
    state = core.State.PUBLISHED
    ends_on = None

    @factory.lazy_attribute
    def retain_until(meeting):
        return None if meeting.ends_on else timezone.localdate() + timedelta(days=365)


class OpenMeeting(Meeting):
    """Has been open for a day, closes in twenty, and is held in sixty."""

    registration_opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    registration_closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=20))
    starts_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=60))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=62))


class Workshop(DjangoModelFactory):
    class Meta:
        model = meetings.Workshop

    meeting = factory.SubFactory(Meeting)
    title = factory.Sequence(lambda n: f"Workshop {n}")
    capacity = 30


class Delegation(DjangoModelFactory):
    """A draft, of which `places.submit` asks for the places.

    `Delegation(people=4, people__workshops=[workshop])` has four who wish to go there.
    """

    class Meta:
        model = meetings.Delegation
        skip_postgeneration_save = True

    meeting = factory.SubFactory(Meeting)
    institution = factory.SubFactory(Institution)

    @factory.post_generation
    def people(delegation, create, number, workshops=(), **kwargs):
        for n in range(number or 0):
            Delegate(delegation=delegation, position=n, workshops=workshops)


class Delegate(DjangoModelFactory):
    class Meta:
        model = meetings.Delegate
        skip_postgeneration_save = True

    delegation = factory.SubFactory(Delegation)
    family_name = factory.Sequence(lambda n: f"Family{n}")
    given_names = "Given"
    diet = access_needs = ""

    @factory.lazy_attribute
    def consented_to(delegate):
        return [name for name in meetings.SENSITIVE if getattr(delegate, name)]

    @factory.post_generation
    def workshops(delegate, create, workshops, **kwargs):
        for workshop in workshops or []:
            WorkshopPlace(delegate=delegate, workshop=workshop)


class PaperTemplate(DjangoModelFactory):
    class Meta:
        model = "papers.PaperTemplate"


class WorkshopPlace(DjangoModelFactory):
    class Meta:
        model = meetings.WorkshopPlace

    delegate = factory.SubFactory(Delegate)
    workshop = factory.SubFactory(Workshop)


# ------------------------------------------------------------------ questions


class Enquiry(DjangoModelFactory):
    class Meta:
        model = secretariat.Enquiry

    sent_key = factory.Sequence(lambda n: f"key-{n}")
    question = "How does it work?"
    name = "Lin Example"
    email = "lin@example.org"


class Need(DjangoModelFactory):
    class Meta:
        model = secretariat.Need

    title = factory.Sequence(lambda n: f"Need {n}")
    asked_by = "Ministry of Energy"
    contact = "Lin Example, lin@example.org"


class Introduction(DjangoModelFactory):
    class Meta:
        model = secretariat.Introduction

    need = factory.SubFactory(Need)
    institution = factory.SubFactory(Institution)
    reason = "same topic: biogas"


# ------------------------------------------------------------------ calls and proposals


class Call(DjangoModelFactory):
    """An open call with the Fund's rules of 2019, all binding: 35,000, as much again, three."""

    class Meta:
        model = calls.Call

    title = factory.Sequence(lambda n: f"Call {n}")
    year = 2027
    state = core.State.PUBLISHED
    closes_at = factory.LazyFunction(
        lambda: timezone.now().replace(microsecond=0) + timedelta(days=30)
    )
    ceiling_usd = 35_000
    least_other_inputs_percent = 100
    least_countries = 3
    languages = ["en", "fr", "es", "ar"]
    binding_rules = [
        *("countries", "ceiling", "other_inputs", "inputs_shown", "endorsements", "start"),
    ]


class RequiredPaper(DjangoModelFactory):
    """The endorsement that each other participating country gives."""

    class Meta:
        model = calls.RequiredPaper

    call = factory.SubFactory(Call)
    name = "Endorsement letter"
    each_country = True


class Criterion(DjangoModelFactory):
    class Meta:
        model = calls.Criterion

    call = factory.SubFactory(Call)
    name = factory.Sequence(lambda n: f"Criterion {n}")


class Proposal(DjangoModelFactory):
    """`Proposal(countries=[...], asked=30_000, other=30_000)`; the first country leads.

    `state="received"` sends it once its rows are there, as the portal does.
    """

    class Meta:
        model = calls.Proposal
        skip_postgeneration_save = True

    call = factory.SubFactory(Call)
    institution = factory.SubFactory(Member)
    title = factory.Sequence(lambda n: f"Proposal {n}")

    @classmethod
    def _create(cls, model_class, *args, state="draft", **kwargs):
        proposal = super()._create(model_class, *args, **kwargs)
        proposal.state_to_take = state
        return proposal

    @factory.post_generation
    def countries(proposal, create, countries, **kwargs):
        for n, country in enumerate(countries or []):
            role = (
                calls.ProposalCountry.Role.PARTICIPATING if n else calls.ProposalCountry.Role.LEAD
            )
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
        if proposal.state_to_take == calls.ProposalState.DRAFT:
            return
        proposal.reference = f"P-{proposal.call.year}-{proposal.pk:04}"
        proposal.sent_at = timezone.now()
        proposal.state = proposal.state_to_take
        proposal.save()


class Reading(DjangoModelFactory):
    class Meta:
        model = calls.Reading

    proposal = factory.SubFactory(Proposal, state="received")
    reader = factory.SubFactory(User)
