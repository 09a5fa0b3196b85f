"""An institution with all that its page shows, by one statement; see `core.pages.statements`."""

from functools import cache

from django.db.models import Count, Model, OuterRef, QuerySet, Window
from django.db.models.functions import JSONObject

from sscnet.codelists.models import Country
from sscnet.core.pages.statements import RecordReader, at_end_of, row, rows_of, sources_of

from ..models import Institution, Logo

ADDRESS = ("id", "slug", "kind", "state")
# So many projects stand on the page.
IN_SIGHT = 10
PARTNERS_IN_SIGHT = 12


def read_page(slug: str, *, is_staff: bool) -> Institution | None:
    """Return the institution of this slug, now or before, with what its page shows of it.

    Of the published projects it took part in `count` says how many there are; `partners` have
    `shared`, in how many of these they took part, and `of`, how many partners there are; each of
    `countries` has `shared` too. None if they may not open it.
    """
    institution = reading(is_staff).of_slug(slug)
    if institution:
        projects = institution.rows("projects")
        institution.count = projects[0].count if projects else 0
    return institution


# ---------------------------------------------------------------- what is read


def part_model() -> type[Model]:
    return Institution._meta.get_field("project_institutions").related_model


@cache
def reading(is_staff: bool) -> RecordReader[Institution]:
    institutions = Institution.objects.all() if is_staff else Institution.objects.with_address()
    return RecordReader.by_slug(institutions, rows_of_page())


def rows_of_page() -> dict[str, QuerySet]:
    logos = rows_of(Institution, "logos").filter(is_current=True)
    another = row(*ADDRESS, "name", "i18n")
    return {
        "country": at_end_of(Institution, "country").values_list(row("iso2", "name", "i18n")),
        "successor": at_end_of(Institution, "successor").values_list(another),
        "merged_into": at_end_of(Institution, "merged_into").values_list(another),
        "predecessors": rows_of(Institution, "predecessors").values_list(another),
        "memberships": rows_of(Institution, "memberships").values_list(
            row("state", "since", "until", "admitted_how", "i18n")
        ),
        "names": rows_of(Institution, "names").values_list(row("name", "kind")),
        "sectors": rows_of(Institution, "sectors").values_list(row("name", "i18n")),
        "services": services(),
        "sources": sources_of(Institution),
        "logos": logos.values_list(row(*Logo.SHOWN)),
        "project_institutions": parts_in_projects(),
        "projects": projects_counted(),
        "partners": partners(),
        "countries": countries(),
    }


def services() -> QuerySet:
    services = rows_of(Institution, "services").order_by("kind", "id")
    names = ("id", "kind", "title", "description", "for_whom", "as_of", "i18n")
    return services.values_list(row(*names))


def parts_in_projects() -> QuerySet:
    people = ("beneficiaries_bound", "beneficiaries_number")
    names = ("code", "slug", "title", "year_approved", "i18n", *people)
    project = JSONObject(**{name: f"project__{name}" for name in names})
    parts = rows_of(Institution, "project_institutions").of_published()
    return parts.values_list(row("role", project=project))[:IN_SIGHT]


def projects_counted() -> QuerySet:
    project = part_model()._meta.get_field("project").related_model
    projects = project.objects.order_by().filter(pk__in=its_projects())
    # Grouped by the state, which is the same in all: one row.
    return projects.values("state").values_list(JSONObject(count=Count("pk")))


def partners() -> QuerySet:
    others = in_its_projects(Institution, "project_institutions").exclude(pk=OuterRef("pk"))
    counted = others.annotate(of=Window(Count("pk"))).order_by("-shared", "name")
    return counted.values_list(row(*ADDRESS, "name", "i18n", "shared", "of"))[:PARTNERS_IN_SIGHT]


def countries() -> QuerySet:
    found = in_its_projects(Country, "project_countries")
    return found.values_list(row("iso2", "name", "region", "i18n", "shared"))


def in_its_projects(model: type[Model], link: str) -> QuerySet:
    """Return what the institution's published projects lead to, and how many of them do."""
    found = model.objects.order_by().filter(**{f"{link}__project__in": its_projects()})
    return found.annotate(shared=Count(f"{link}__project", distinct=True))


def its_projects() -> QuerySet:
    """Return the ids of the institution's published projects, two queries further in."""
    parts = part_model().objects.filter(institution=OuterRef(OuterRef("pk")))
    return parts.of_published().order_by().values("project")
