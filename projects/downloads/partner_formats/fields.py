"""The fields of others, filled from what is published; what is not stated stays empty.

Their order and names are those of a solution in South-South Galaxy and of a project's page at G77.
The keys are part of the JSON, which docs/open-data.md promises to keep.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from projects.models import Project, ProjectCountry, ProjectInstitution
from sscnet.core.i18n.texts import guessed, translated

Role = ProjectInstitution.Role
BETWEEN = "; "


@dataclass(frozen=True)
class Field:
    """`value` gives text, or nothing when it is not stated; `base` is the portal's address."""

    key: str
    label: object
    value: Callable[[Project, str], object]


@dataclass(frozen=True)
class Filled:
    """`lang` is the attribute of a text that is not in the page's language.

    `names` are those of a list, each of which may be in another language.
    """

    key: str
    label: str
    value: str
    lang: str = ""
    names: tuple[str, ...] = ()

    @property
    def is_missing(self) -> bool:
        return not self.value


def fill(fields: Iterable[Field], project: Project, base: str) -> list[Filled]:
    return [filled(field, field.value(project, base)) for field in fields]


def filled(field: Field, value) -> Filled:
    if isinstance(value, list):
        return Filled(field.key, str(field.label), BETWEEN.join(value), names=tuple(value))
    lang = getattr(value, "lang", "")
    return Filled(field.key, str(field.label), "" if value is None else str(value), lang)


def text(name: str):
    """Take a text in the page's language, or in the other one, which is then said."""
    return lambda project, base: translated(project, name)


def institutions(*roles):
    def names(project, base):
        links = [link for link in project.project_institutions.all() if link.role in roles]
        return [str(link.institution) for link in links]

    return names


def numbers(project, base):
    return BETWEEN.join(number.number for number in project.fund_numbers.all())


def countries(project, base):
    return BETWEEN.join(str(link.country) for link in project.country_links)


def number_of_countries(project, base):
    links = project.country_links
    known = None if ProjectCountry.is_lead_alone(links) else len(links)
    return project.participants_as_stated or known or None


def seat(project, base):
    """Return where the submitting institution is."""
    institution = project.submitter
    if institution is None:
        return None
    country = str(institution.country) if institution.country else ""
    return ", ".join(filter(None, [institution.city_i18n, country]))


def contact(project, base):
    """Return the institution and its office's address; no person is named to the public."""
    institution = project.submitter
    if institution is None:
        return None
    return guessed(", ".join(filter(None, [str(institution), institution.role_mailbox])))


def period(project, base):
    """Return the days of work, actual before planned, or else the duration as stated."""
    start = project.actual_start_on or project.planned_start_on
    end = project.actual_end_on or project.planned_end_on
    if start and end:
        return gettext("%(start)s to %(end)s") % {"start": start, "end": end}
    return translated(project, "duration_as_stated") or start


def goals(*, primary: bool):
    def names(project, base):
        links = [link for link in project.project_sdgs.all() if link.is_primary == primary]
        return BETWEEN.join(str(link.sdg) for link in links)

    return names


def supporters(project, base):
    fund = gettext("Perez-Guerrero Trust Fund for South-South Cooperation")
    names = [fund] if project.programme == Project.Programme.PGTF else []
    return [*names, *institutions(Role.SUPPORTER)(project, base)]


def final_report(project, base):
    """Name the report as G77 does: its address, language and size."""
    reports = [d for d in project.documents.all() if d.kind == d.Kind.FINAL_REPORT]
    if not reports:
        return None
    report = reports[0]
    size = max(1, round(report.size / 1024))
    parts = [report.get_language_display(), ngettext("%(n)d KB", "%(n)d KB", size) % {"n": size}]
    address = f"{base}{default_storage.url(report.file.name)}"
    return f"{address} ({', '.join(filter(None, parts))})"


def status(project, base):
    return project.get_status_display() if project.status else None


G77 = (
    Field("number", _("Number"), numbers),
    Field("title", _("Title"), text("title")),
    Field("submitted_by", _("Submitted by"), institutions(Role.SUBMITTER)),
    Field("based_in", _("Based in"), seat),
    Field("subcontractor", _("Subcontractor"), institutions(Role.SUBCONTRACTOR)),
    Field("priority_area", _("Priority area"), lambda p, _b: p.area),
    Field("number_of_countries", _("Number of participating countries"), number_of_countries),
    Field("countries", _("Participating or beneficiary countries"), countries),
    Field("pgtf_input", _("PGTF input, US$"), lambda p, _b: p.granted_usd),
    Field("other_inputs", _("Other inputs, US$"), lambda p, _b: p.other_inputs_usd),
    Field("duration", _("Duration"), text("duration_as_stated")),
    Field("approval_meeting", _("Approved by"), text("approval_meeting")),
    Field("approval_date", _("Date of approval"), lambda p, _b: p.approved_on),
    Field("completion", _("Completion (final report)"), lambda p, _b: p.final_report_on),
    Field("impact", _("Impact"), text("outcome")),
    Field("contact", _("Contact"), contact),
    Field("final_report", _("Final report"), final_report),
)
GALAXY = (
    Field("title", _("Title"), text("title")),
    Field("subtitle", _("Subtitle"), text("subtitle")),
    Field("challenges", _("Challenges"), text("challenge")),
    Field("towards_a_solution", _("Towards a solution"), text("approach")),
    Field("contact", _("Contact information"), contact),
    Field("countries", _("Countries involved"), countries),
    Field("supported_by", _("Supported by"), supporters),
    Field(
        "implementing_entities",
        _("Implementing entities"),
        institutions(Role.SUBMITTER, Role.CO_IMPLEMENTER, Role.SUBCONTRACTOR),
    ),
    Field("status", _("Project status"), status),
    Field("period", _("Project period"), period),
    Field("primary_sdg", _("Primary SDG"), goals(primary=True)),
    Field("secondary_sdgs", _("Secondary SDGs"), goals(primary=False)),
)
