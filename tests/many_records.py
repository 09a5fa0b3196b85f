"""As many made-up projects as wanted, by one loop over the factories: for checkers and benchmarks.

What a project says depends on its number only. They are marked as samples, and have no history.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import batched, cycle, islice

from django.db import transaction
from django.utils import timezone

from members.models import Institution, InstitutionSector, Membership
from projects.models import (
    FundNumber,
    Project,
    ProjectCountry,
    ProjectInstitution,
    ProjectSDG,
    ProjectSector,
)
from sscnet.codelists.choices import Province
from sscnet.codelists.models import SDG, Country, PGTFArea, Sector
from sscnet.core.models import Source
from sscnet.search import renewal
from tests import make

BATCH = 2000
INSTITUTIONS = 120
CHINA = "CN"
TOPICS = [
    ("household biogas", "户用沼气"),
    ("small hydropower", "小水电"),
    ("bamboo processing", "竹材加工"),
    ("juncao technology", "菌草技术"),
    ("hybrid rice", "杂交水稻"),
    ("rural drinking water", "农村饮用水安全"),
    ("solar drying of fruit", "太阳能果品干燥"),
]
# Each is named by ten projects in 24.
COMPONENTS = [
    *[("needs assessment", "需求调查"), ("site selection", "选址"), ("procurement", "采购")],
    *[("engineering drawings", "工程图纸"), ("installation", "安装"), ("commissioning", "调试")],
    *[("maintenance", "维护"), ("quality control", "质量管理"), ("hygiene", "卫生防疫")],
    *[("insurance", "保险"), ("bookkeeping", "记账"), ("marketing", "营销")],
    *[("packaging", "包装"), ("certification", "认证"), ("storage", "仓储")],
    *[("irrigation", "灌溉"), ("nurseries", "育苗"), ("composting", "堆肥")],
    *[("extension services", "推广服务"), ("curriculum development", "课程开发")],
    *[
        ("translation", "翻译"),
        ("mentoring", "辅导"),
        ("monitoring", "监测"),
        ("evaluation", "评估"),
    ],
]
STATUSES = ["completed", "completed", "completed", "ongoing", "pipeline", "cancelled", ""]
PROGRAMMES = ["pgtf", "pgtf", "demonstration", ""]
PARTS = ["co_implementer", "subcontractor", "supporter"]


def make_many(projects: int) -> None:
    """Bring the database to so many of these projects; those it holds are left."""
    there = Project.objects.filter(slug__startswith="many-").count()
    # Nobody did it, so no history is written.
    with transaction.atomic(), make.without_history():
        institutions = made_institutions()
        lists = {
            "countries": list(Country.objects.filter(g77=True).exclude(pk=CHINA)),
            "areas": list(PGTFArea.objects.all()),
            "sectors": list(Sector.objects.all()),
            "goals": list(SDG.objects.order_by("pk")),
        }
        for numbers in batched(range(there, projects), BATCH):
            write_projects(numbers, institutions, **lists)
    renewal.refresh(renewal.kinds)


def made_institutions() -> list[Institution]:
    """Return the institutions, made by the first call; two of three are members."""
    marked = Institution.objects.filter(slug__startswith="many-").order_by("pk")
    if marked.exists():
        return list(marked)
    sectors = list(Sector.objects.all())
    kinds = [kind for kind in Institution.Kind.values if kind != Institution.Kind.SUPPORTER]
    made = Institution.objects.bulk_create(
        make.Institution.build(
            **texts(n, name=(f"Sample: Institute of {en} No. {n}", f"示例：第{n}{zh}研究所")),
            slug=f"many-institution-{n}",
            is_sample=True,
            kind=kinds[n % len(kinds)],
            province=Province.values[n % len(Province.values)],
            country_id=CHINA,
        )
        for n, (en, zh) in enumerate(islice(cycle(TOPICS), INSTITUTIONS))
    )
    InstitutionSector.objects.bulk_create(
        InstitutionSector(institution=one, sector=sectors[n % len(sectors)])
        for n, one in enumerate(made)
    )
    Membership.objects.bulk_create(
        Membership(institution=one) for n, one in enumerate(made) if n % 3
    )
    return made


def write_projects(numbers, institutions, countries, areas, sectors, goals) -> None:
    made = Project.objects.bulk_create(project(n, areas) for n in numbers)
    rows = {model: [] for model in (ProjectCountry, ProjectSector, ProjectSDG, ProjectInstitution)}
    for n, one in zip(numbers, made, strict=True):
        lead_first = [CHINA, *(countries[n * k % len(countries)].pk for k in range(1, n % 9))]
        for place, iso2 in enumerate(dict.fromkeys(lead_first)):
            role = "participating" if place else "lead"
            rows[ProjectCountry].append(ProjectCountry(project=one, country_id=iso2, role=role))
        # A few are in most projects, and others in few.
        some = {sectors[n % 4], sectors[n // 4 % len(sectors)]}
        rows[ProjectSector] += (ProjectSector(project=one, sector=sector) for sector in some)
        some = {goals[(n % 5 * k + k - 1) % len(goals)].pk: None for k in range(1, 2 + n % 3)}
        some = some if n % 8 else {}
        for place, goal in enumerate(some):
            reason = texts(n, reason=("Less firewood is burnt.", "减少柴火消耗。"))
            # Each but the last goal has a target a.
            target = f"{goal}.a" if n % 5 == 0 and goal != 17 else ""
            rows[ProjectSDG].append(
                ProjectSDG(project=one, sdg_id=goal, place=place, target=target, **reason)
            )
        # The first institutions have many projects, the last ones few.
        submitter = institutions[n * n % (n % len(institutions) + 1)]
        rows[ProjectInstitution].append(
            ProjectInstitution(project=one, institution=submitter, role="submitter")
        )
        for k in range(n % 3):
            other = institutions[(n * 7 + k) % len(institutions)]
            if other != submitter:
                rows[ProjectInstitution].append(
                    ProjectInstitution(project=one, institution=other, role=PARTS[k])
                )
    for model, of_model in rows.items():
        model.objects.bulk_create(of_model)
    Source.objects.bulk_create(
        source for n, one in zip(numbers, made, strict=True) for source in sources(n, one)
    )
    # There are no more: numbers of years in which the Fund gave none.
    FundNumber.objects.bulk_create(
        FundNumber(project=one, number=f"INT/{40 + n // 100}/K{n % 100:02}")
        for n, one in zip(numbers, made, strict=True)
        if n < 4000 and one.programme == "pgtf"
    )


def project(n: int, areas) -> Project:
    """Build the n-th project; what it leaves out is another thing each time."""
    topic, year, status = (
        TOPICS[n % len(TOPICS)],
        1986 + n * 11 % 37,
        STATUSES[n // 3 % len(STATUSES)],
    )
    named = [COMPONENTS[(n + 5 * k) % len(COMPONENTS)] for k in range(10)]
    en, zh = (", ".join(one[0] for one in named), "、".join(one[1] for one in named))
    start = date(year + 1, n % 12 + 1, 1)
    end = start + timedelta(days=365)
    granted = 20_000 + n * 37 % 400 * 100 if n % 9 else None
    return make.Project.build(
        **texts(
            n,
            title=(f"Sample: training in {topic[0]} {n}", f"示例：{topic[1]}培训{n}"),
            summary=(f"A course on {topic[0]} for {n % 90 + 10} people.", f"{topic[1]}培训班。"),
            approach=(f"Training: {en}.", f"培训：{zh}。"),
            outcome=("All who came passed.", "学员全部结业。")
            if status == "completed"
            else ("", ""),
            beneficiaries=("Farmers of ten villages.", "十个村庄的农民。"),
            approval_meeting=("39th annual meeting", "第39届年会") if n % 2 else ("", ""),
        ),
        slug=f"many-project-{n}",
        is_sample=True,
        state="published" if n % 12 else "draft",
        published_at=timezone.now() if n % 12 else None,
        programme=PROGRAMMES[n % len(PROGRAMMES)],
        area=areas[n % len(areas)] if n % 5 else None,
        modality=Project.Modality.values[n % 3],
        status=status,
        status_declared_on=end if status and n % 4 == 0 else None,
        year_approved=year if n % 10 else None,
        approved_on=date(year, 9, n % 28 + 1) if n % 2 and n % 10 else None,
        planned_start_on=str(start)[: (10, 7, 0)[n % 3]],
        planned_end_on=str(end)[: (10, 7, 4, 0)[n % 4]],
        actual_start_on=str(start)[: (10, 7, 4)[n % 3]] if status == "completed" and n % 2 else "",
        actual_end_on=str(end)[: (7, 10)[n % 5 % 2]] if status == "completed" and n % 2 else "",
        final_report_on=["", f"{end:%Y-%m}", f"{end:%Y-%m-%d}"][n % 3],
        granted_usd=granted,
        other_inputs_usd=granted and granted * 2,
        beneficiaries_number=n % 900 + 20 if n % 2 else None,
        gender_marker=[None, 0, 1, 2][n % 4],
    )


def sources(n: int, record: Project) -> Iterable[Source]:
    """Give the n-th project up to four sources: of all, of some columns, and how they are known."""
    rows = [
        ((), "", ("Report to the Fund", "提交基金的报告")),
        (("title_en", "granted_usd", "sectors", "primary_sdg"), "", ("News item", "新闻报道")),
        (("countries", "area"), "from_title", ("List of the Fund", "基金项目清单")),
        (("zh",), "translated", ("", "")),
    ]
    for place, (fields, how, name) in enumerate(rows):
        if n % (place + 2):
            yield make.Source.build(
                record=record,
                fields=list(fields),
                how=how,
                name=name[0] and f"{name[0]}, {n}",
                name_zh_hans=name[1],
                address="" if how else f"https://example.org/{n}/{place}",
                confidence=Source.Confidence.values[(n + place) % 4],
                read_on=date(2026, 11, n % 28 + 1) if n % 2 else None,
            )


def texts(n: int, **both) -> dict[str, str]:
    """Return the fields of texts; one in ten lacks its Chinese, one in thirty its English."""
    values = {}
    for name, (en, zh) in both.items():
        values[name] = "" if n % 30 == 7 else en
        values[f"{name}_zh_hans"] = "" if n % 10 == 3 else zh
    return values
