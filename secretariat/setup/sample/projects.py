"""What a made-up project is. The same number and seed always make the same project.

Shares follow what the Fund's pages look like: old projects say little, Chinese text is missing more
often than English, few countries, sectors and institutions are in most projects.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils.text import slugify

from projects.models import (
    FundNumber,
    Project,
    ProjectCountry,
    ProjectInstitution,
    ProjectSDG,
    ProjectSector,
)
from sscnet.codelists.models import Country, PGTFArea, Sector
from sscnet.core.models import State

from .words import Choice, SampleText, SampleWords, Topic

FIRST_YEAR, LAST_YEAR = 1986, 2026
# The Fund was set up in 1983, so its own numbers begin with 83 to 99 and 00 to the present year.
# Those of 40 to 81 belong to nobody for a long time: 4,000 first numbers, 200 second ones.
FIRST_NUMBERS = range(40, 80)
SECOND_NUMBERS = range(80, 82)
# The commonest partners, in this order; all other members of the Group of 77 follow.
PARTNERS = (
    "VN TH ID LK KE KH LA ET MM BD NP PK PH IN MN TZ ZM NG GH RW MY UG MG FJ PG EG ZA MZ CU BR PE"
)
CHINA = "CN"


@dataclass
class Lists:
    """What the projects point to, to choose from by weight."""

    words: SampleWords
    countries: Choice
    country_names: dict[str, SampleText]
    sectors: dict[str, int]
    common_sectors: Choice
    areas: dict[str, int]
    institutions: Choice
    # The institutions of each sector: most projects are run by those who know the subject.
    experts: dict[int, Choice]

    @classmethod
    def load(cls, words: SampleWords, institutions: dict[int, set[int]]) -> "Lists":
        countries = {c.pk: c for c in Country.objects.filter(g77=True).exclude(pk=CHINA)}
        ranked = [code for code in PARTNERS.split() if code in countries]
        ranked += sorted(countries.keys() - set(ranked))
        sectors = dict(Sector.objects.values_list("slug", "pk"))
        return cls(
            words=words,
            countries=Choice.by_rank(ranked),
            country_names={
                code: SampleText(c.name, c.name_zh_hans) for code, c in countries.items()
            },
            sectors=sectors,
            common_sectors=Choice.by_rank(sectors.values()),
            areas=dict(PGTFArea.objects.values_list("slug", "pk")),
            institutions=Choice.by_rank(institutions),
            experts={
                sector: Choice.by_rank(
                    [i for i, fields in institutions.items() if sector in fields]
                )
                for sector in set().union(*institutions.values())
            },
        )


def make_project(lists: Lists, seed: int, n: int, key: int) -> list:
    """Make the n-th project under a key, and all that hangs on it."""
    random = Random(f"{seed} {n}")  # noqa: S311 -- nothing secret
    topic = lists.words.topics.one(random)
    countries = countries_of(lists, random, key)
    project = described(lists, random, n, key, topic, countries)
    return [
        project,
        *numbers_of(random, n, project),
        *countries,
        *sectors_of(lists, random, key, topic),
        *goals_of(random, key, topic),
        *institutions_of(lists, random, key, topic),
    ]


def happens(random: Random, share: float) -> bool:
    return random.random() < share


def bilingual(random: Random, **texts: SampleText) -> dict[str, str]:
    """Return the fields' values; the Chinese of a text is missing more often than the English."""
    values = {}
    for name, text in texts.items():
        values[name] = text.en
        values[f"{name}_zh_hans"] = text.zh if happens(random, 0.85) else ""
    return values


# ------------------------------------------------------------------ the project itself


def described(lists, random, n, key, topic: Topic, countries) -> Project:
    programmes = Project.Programme
    year = year_of(random)
    programme = random.choices(programmes.values, [70, 22, 8])[0]
    is_pgtf = programme == programmes.PGTF
    status = status_of(random, year)
    place = place_of(lists, random, countries)
    return Project(
        pk=key,
        code=f"SAMPLE-{n:06}",
        is_sample=True,
        programme=programme,
        area_id=lists.areas[topic.area] if happens(random, 0.9 if is_pgtf else 0.3) else None,
        modality=random.choices(Project.Modality.values, [75, 13, 12])[0],
        **titles(lists, random, n, topic, place),
        **texts(lists, random, topic, place, countries, status),
        **publication(random, year),
        **approval(lists, random, year),
        **periods(random, year, status),
        **money(random, is_pgtf),
        **people(lists, random),
    )


def place_of(lists, random, countries) -> SampleText:
    """Return what the project's title names: one of its countries, or a region."""
    partners = [link.country_id for link in countries if link.country_id != CHINA]
    if partners and happens(random, 0.7):
        return lists.country_names[partners[0]]
    return lists.words.phrase(random, "region")


def titles(lists, random, n, topic, place):
    title = lists.words.phrase(random, "title").fill(topic=topic.name, place=place)
    title = SampleText(title.en[0].upper() + title.en[1:], title.zh).marked()
    # Some are known under one name only.
    lacks = random.choices(["none", "zh", "en"], [87, 10, 3])[0]
    values = {
        "title": "" if lacks == "en" else title.en,
        "title_zh_hans": "" if lacks == "zh" else title.zh,
        "slug": f"{slugify(title.en)[:100]}-{n:06}",
    }
    if happens(random, 0.1):
        subtitle = lists.words.phrase(random, "subtitle").fill(n=random.randint(3, 60))
        values |= bilingual(random, subtitle=subtitle)
    return values


def texts(lists, random, topic, place, countries, status):
    words = lists.words
    blanks = {
        "topic": topic.name,
        "place": place,
        "countries": max(3, len(countries)),
        "n": random.randint(20, 600),
        "women": random.randint(5, 20),
        "sites": random.randint(2, 30),
        "components": components(words, random),
    }
    values = {}
    if happens(random, 0.55):
        values |= bilingual(random, summary=words.phrase(random, "summary").fill(**blanks))
    if happens(random, 0.4):
        values |= bilingual(random, challenge=topic.challenge)
    if happens(random, 0.8):
        values |= bilingual(random, approach=words.phrase(random, "approach").fill(**blanks))
    if status == Project.Status.COMPLETED and happens(random, 0.75):
        values |= bilingual(random, outcome=words.phrase(random, "outcome").fill(**blanks))
    return values


def components(words, random) -> SampleText:
    """Name ten of 24 kinds of work, so that each is in a third of all projects."""
    parts = random.sample(words.all("component"), 10)
    return SampleText(", ".join(part.en for part in parts), "、".join(part.zh for part in parts))


def publication(random, year):
    state = random.choices(State.values, weights=[4, 2, 92, 2])[0]
    year = min((year or FIRST_YEAR) + 1, LAST_YEAR)
    published = datetime(year, random.randint(1, 6), 15, tzinfo=UTC)
    was_public = state in (State.PUBLISHED, State.WITHDRAWN)
    return {
        "state": state,
        "published_at": published if was_public else None,
        "withdrawn_at": published + timedelta(days=40) if state == State.WITHDRAWN else None,
    }


def year_of(random) -> int | None:
    if happens(random, 0.05):
        return None
    return FIRST_YEAR + int((LAST_YEAR - FIRST_YEAR + 1) * random.random() ** 0.5)


def status_of(random, year) -> str:
    statuses = Project.Status
    if year is None:
        return statuses.NOT_STATED
    weights = [4, 0, 85, 4, 11]
    if year >= LAST_YEAR - 1:
        weights = [55, 40, 0, 1, 4]
    elif year >= LAST_YEAR - 4:
        weights = [6, 54, 30, 3, 7]
    order = [statuses.PIPELINE, statuses.ONGOING, statuses.COMPLETED, statuses.CANCELLED, ""]
    return random.choices(order, weights)[0]


def approval(lists, random, year):
    if year is None:
        return {}
    bases = Project.YearBasis
    values = {"year_approved": year, "year_basis": random.choice([bases.STATED, bases.FROM_NUMBER])}
    if happens(random, 0.55):
        values["approved_on"] = date(year, random.randint(7, 10), random.randint(1, 28))
        ordinal = SampleText(ordinal_number(year - 1976), str(year - 1976))
        meeting = lists.words.phrase(random, "meeting").fill(ordinal=ordinal)
        values |= bilingual(random, approval_meeting=meeting)
    if happens(random, 0.25):
        values |= bilingual(random, duration_as_stated=lists.words.phrase(random, "duration"))
    return values


def ordinal_number(n: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{n}{'th' if n % 100 in (11, 12, 13) else endings.get(n % 10, 'th')}"


def periods(random, year, status):
    values = {"status": status}
    if year is None:
        return values
    start = date(year + 1, random.randint(1, 12), 1)
    end = start + timedelta(days=random.choice([180, 365, 365, 545, 730]))
    late = end + timedelta(days=random.choice([0, 0, 30, 90, 200]))
    is_completed = status == Project.Status.COMPLETED
    if happens(random, 0.5):
        values |= {"planned_start_on": start, "planned_end_on": end}
    if is_completed and happens(random, 0.4):
        values |= {"actual_start_on": start, "actual_end_on": late}
    if is_completed and happens(random, 0.6):
        report = (late + timedelta(days=random.randint(20, 300))).isoformat()
        values["final_report_on"] = report if happens(random, 0.7) else report[:7]
    if status and happens(random, 0.5):
        values["status_declared_on"] = date(year + 1, 12, random.randint(1, 31))
    return values


def money(random, is_pgtf):
    values = {}
    granted = round(min(60_000, max(5_000, random.lognormvariate(10.3, 0.35))), -2)
    if is_pgtf and happens(random, 0.9):
        values["granted_usd"] = Decimal(int(granted))
    if happens(random, 0.65):
        other = int(round(granted * random.uniform(0.6, 4), -2))
        values["other_inputs_usd"] = Decimal(other)
        if happens(random, 0.35):
            cash = other * random.randint(1, 9) // 10
            values |= {"other_cash_usd": Decimal(cash), "other_kind_usd": Decimal(other - cash)}
    return values


def people(lists, random):
    values = {}
    if happens(random, 0.45):
        number = int(random.lognormvariate(5.5, 1.3)) + 5
        values["beneficiaries_number"] = number
        values |= bilingual(random, beneficiaries=lists.words.phrase(random, "beneficiaries"))
        if happens(random, 0.5):
            values["women_beneficiaries_number"] = number * random.randint(10, 90) // 100
    if happens(random, 0.4):
        values["gender_marker"] = random.choices(Project.GenderMarker.values, [50, 40, 10])[0]
        if values["gender_marker"]:
            values |= bilingual(random, gender_evidence=lists.words.phrase(random, "gender"))
    return values


# ------------------------------------------------------------------ what hangs on it


def numbers_of(random, n, project):
    """Give numbers of the Fund to the first four thousand projects: there are no more."""
    first, second = n - 1, n // 20
    if project.programme != Project.Programme.PGTF or first >= 100 * len(FIRST_NUMBERS):
        return
    if happens(random, 0.9):
        yield FundNumber(project_id=project.pk, number=number_in(FIRST_NUMBERS, first))
        if n % 20 == 0 and second < 100 * len(SECOND_NUMBERS):
            yield FundNumber(project_id=project.pk, number=number_in(SECOND_NUMBERS, second))


def number_in(years: range, position: int) -> str:
    return f"INT/{years[position // 100]}/K{position % 100:02}"


def countries_of(lists, random, key) -> list[ProjectCountry]:
    if happens(random, 0.03):
        return []
    roles = ProjectCountry.Role
    partners = lists.countries.several(random, min(15, 1 + int(random.expovariate(0.25))))
    lead = CHINA if happens(random, 0.75) else partners.pop(0)
    rows = [ProjectCountry(project_id=key, country_id=lead, role=roles.LEAD)]
    for code in partners:
        role = roles.BENEFICIARY if happens(random, 0.1) else roles.PARTICIPATING
        rows.append(ProjectCountry(project_id=key, country_id=code, role=role))
    return rows


def sectors_of(lists, random, key, topic) -> list[ProjectSector]:
    if happens(random, 0.06):
        return []
    slugs = topic.sectors[: random.choice([1, 2, 2])]
    keys = dict.fromkeys(lists.sectors[slug] for slug in slugs)
    if happens(random, 0.2):
        keys[lists.common_sectors.one(random)] = None
    return [ProjectSector(project_id=key, sector_id=sector) for sector in keys]


def goals_of(random, key, topic) -> list[ProjectSDG]:
    if happens(random, 0.08):
        return []
    goals = list(topic.goals[: random.randint(1, len(topic.goals))])
    if happens(random, 0.3) and all(number != 17 for number, _why in goals):
        goals.append(
            (17, SampleText("Partners in the South learn together.", "南方伙伴共同学习。"))
        )
    return [
        ProjectSDG(
            project_id=key,
            sdg_id=number,
            place=place,
            target=target_of(number) if happens(random, 0.2) else "",
            **(bilingual(random, reason=why) if happens(random, 0.9) else {}),
        )
        for place, (number, why) in enumerate(goals)
    ]


def target_of(number: int) -> str:
    """Name a target of a goal: each has one called a, but the last."""
    return f"{number}.a" if number != 17 else "17.6"


def institutions_of(lists, random, key, topic) -> list[ProjectInstitution]:
    if happens(random, 0.05):
        return []
    roles = ProjectInstitution.Role
    experts = lists.experts.get(lists.sectors[topic.sectors[0]], lists.institutions)
    submitter = (experts if happens(random, 0.75) else lists.institutions).one(random)
    rows = [ProjectInstitution(project_id=key, institution_id=submitter, role=roles.SUBMITTER)]
    for other in lists.institutions.several(random, random.choice([0, 0, 1, 1, 2, 3])):
        if other != submitter:
            role = random.choices(roles.values[1:], [70, 15, 15])[0]
            rows.append(ProjectInstitution(project_id=key, institution_id=other, role=role))
    return rows
