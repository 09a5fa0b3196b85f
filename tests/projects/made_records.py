"""Projects for the tests of the catalogue: many, alike each time, with every kind of gap.

Not the sample records of the portal: these leave fields empty on purpose and mind no meaning.
"""

from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection

from members.models import Institution
from projects.models import Project, ProjectCountry, ProjectInstitution, ProjectSDG, ProjectSector
from sscnet.codelists.choices import Province
from sscnet.codelists.models import SDG, Country, PGTFArea, Sector
from sscnet.core.models import State
from tests import make

PUBLISHED_IN = datetime(2020, 1, 1, tzinfo=ZoneInfo("UTC"))
WORDS = ["bamboo", "Biogas", "small hydropower", "tea", "Élan", "“mushroom”", "training", "water"]
CHINESE = ["竹子", "沼气", "小水电", "茶", "培训", "重庆", "安徽", "菌草"]


def make_records(number: int, seed: int = 1) -> list[int]:
    """Make projects with links over the code lists that are there; give their ids."""
    random = Random(seed)
    institutions = make_institutions(random, 40)
    areas = list(PGTFArea.objects.order_by("slug"))
    projects = Project.objects.bulk_create(
        make_project(random, n, seed, areas) for n in range(number)
    )
    link(random, projects, institutions)
    # Or the planner takes the tables for empty and compares everything with everything. Only our
    # own tables: those of the whole server would stay locked until the tests are over.
    tables = ", ".join(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
    return [project.pk for project in projects]


def make_institutions(random, number):
    provinces = ["", *Province.values[:6]]
    return Institution.objects.bulk_create(
        Institution(
            slug=f"made-up-institute-{n}",
            name="" if n % 9 == 0 else f"Made-up institute {n}",
            name_zh_hans=f"研究所{n}" if n % 3 == 0 else "",
            province=random.choice(provinces),
            state=State.DRAFT if n % 7 == 3 else State.PUBLISHED,
        )
        for n in range(number)
    )


def make_project(random, n, seed, areas):
    def perhaps(values, share=0.7):
        return random.choice(values) if random.random() < share else None

    title = f"{random.choice(WORDS)} and {random.choice(WORDS)} {random.randrange(300)}"
    return Project(
        slug=f"made-up-{seed}-{n}",
        code=f"SSC-{900_000 + seed * 10_000 + n}",
        title=perhaps([title], 0.9) or "",
        title_zh_hans=perhaps([random.choice(CHINESE) + random.choice(CHINESE)], 0.8) or "",
        state=random.choice([State.PUBLISHED] * 9 + [State.DRAFT, State.READY, State.WITHDRAWN]),
        published_at=PUBLISHED_IN,
        programme=perhaps(["pgtf", "pgtf", "demonstration"]) or "",
        status=perhaps(Project.Status.values) or "",
        modality=perhaps(Project.Modality.values) or "",
        gender_marker=perhaps([0, 1, 2], 0.5),
        area=perhaps(areas, 0.5),
        year_approved=perhaps(range(1985, 2024), 0.9),
        approved_on=perhaps([date(2016, 9, 23), date(2017, 9, 22)], 0.5),
        granted_usd=perhaps(range(5000, 60_000, 2500), 0.8),
        other_inputs_usd=perhaps(range(5000, 90_000, 3500), 0.6),
        beneficiaries_number=perhaps(range(20, 400, 7), 0.4),
        women_beneficiaries_number=perhaps(range(20), 0.4),
        beneficiaries_bound=perhaps(["at_least", "about"], 0.2) or "",
        planned_start_on=perhaps(["2016", "2017-03", "2017-11-02"], 0.5) or "",
        actual_start_on=perhaps(["2018", "2018-04", "2018-04-16"], 0.4) or "",
        actual_end_on=perhaps(["2018", "2019-06", "2020-01-31"], 0.4) or "",
    )


def link(random, projects, institutions):
    """Link skewed: the first values of each list are common, the last are rare."""

    def some(values, most):
        number = random.randrange(most + 1)
        return dict.fromkeys(values[int(random.random() ** 3 * len(values))] for _ in range(number))

    countries = list(Country.objects.order_by("m49"))
    sectors = list(Sector.objects.order_by("slug"))
    goals = list(SDG.objects.order_by("number"))
    roles = ProjectInstitution.Role.values
    links = {ProjectCountry: [], ProjectSector: [], ProjectSDG: [], ProjectInstitution: []}
    for project in projects:
        links[ProjectCountry] += [
            ProjectCountry(project=project, country=country) for country in some(countries, 4)
        ]
        links[ProjectSector] += [
            ProjectSector(project=project, sector=sector) for sector in some(sectors, 3)
        ]
        first = random.randrange(2)  # Some have secondary goals only.
        links[ProjectSDG] += [
            ProjectSDG(project=project, sdg=goal, place=place)
            for place, goal in enumerate(some(goals, 3), start=first)
        ]
        links[ProjectInstitution] += [
            ProjectInstitution(project=project, institution=institution, role=role)
            for institution in some(institutions, 3)
            for role in random.sample(roles, random.choice([1, 1, 2]))
        ]
    # Without history and stamps, which take a millisecond a row. Make them before anything counts.
    with make.without_history():
        for model, rows in links.items():
            model.objects.bulk_create(rows)
