"""The HTML of results, ready-made: kept beside the index until their project or a name changes.

Written here and not in a template, and read by a statement that is written once: twenty results
cost a template ten milliseconds and the ORM as many, finding and counting them all but two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Value
from django.db.models.fields.json import KT, KeyTextTransform
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from sscnet.records.texts import Text, chosen, translated

from .catalogue.declaration import IsAmong
from .catalogue.reading import ANY_PROJECT, Statement, read
from .catalogue.selection import Selection
from .found_in import found_in
from .models import Project
from .models.project import LEAD_FIRST
from .search import mark

# Stands for what leads back to the list, which differs while the rest does not.
WAY_BACK = "way-back-to-the-list"
MOST_COUNTRIES = 6


def results(selection: Selection, ids: list[int], way_back: str) -> SafeString:
    """Give the results of a page; those that are not kept are read in one query."""
    text = searched_for(selection)
    keys = {id: (id, get_language(), text) for id in ids}
    kept = selection.engine.results
    html = {id: kept[key] for id, key in keys.items() if key in kept}
    missing = [id for id in ids if id not in html]
    for id, one in made(selection, missing, text) if missing else ():
        html[id] = one
        selection.engine.keep_result(keys[id], one)
    joined = "".join(html[id] for id in ids if id in html)
    return mark_safe(joined.replace(WAY_BACK, escape(way_back)))


def searched_for(selection: Selection) -> str:
    """Give the words to mark: as they were corrected, where nothing was found otherwise."""
    return (selection.answer and selection.answer.corrected) or selection.given.text


def made(selection: Selection, ids: list[int], text: str) -> Iterable[tuple[int, str]]:
    words = {
        facet.name: selection.engine.labels(facet)
        for facet in selection.engine.facets
        if facet.name in ("country", "sector", "sdg", "status")
    }
    shown = {id: Shown.read(values, words) for id, *values in read(statement(), ids)}
    if not text:
        return [(id, html_of(one, WAY_BACK)) for id, one in shown.items()]
    titles = {id: mark(str(one.title), text) for id, one in shown.items()}
    elsewhere = [id for id, title in titles.items() if "<mark>" not in title]
    projects = selection.projects(elsewhere) if elsewhere else []
    lines = {project.pk: found_in(project, text) for project in projects}
    return [
        (id, html_of(one, WAY_BACK, title=titles[id], line=lines.get(id, "")))
        for id, one in shown.items()
    ]


# ---------------------------------------------------------------- what a result shows


@lru_cache(maxsize=1)
def statement() -> Statement:
    """Write once what is read of some projects; the names of codes are in memory already."""
    projects = Project.objects.published()
    submitters = projects.rows_of("project_institutions").filter(role="submitter").order_by("pk")
    countries = projects.rows_of("project_countries").order_by(*LEAD_FIRST)
    columns = [
        *("pk", "code", "slug", "title", KT("i18n__title_zh_hans")),
        *("is_sample", "status", "year_approved"),
        ArraySubquery(submitters.values_list("institution__name")),
        ArraySubquery(
            submitters.values_list(KeyTextTransform("name_zh_hans", "institution__i18n"))
        ),
        ArraySubquery(countries.values_list("country_id")),
        ArraySubquery(
            projects.rows_of("project_sectors").order_by("sector__name").values_list("sector__slug")
        ),
        ArraySubquery(projects.rows_of("project_sdgs").order_by("place").values_list("sdg_id")),
    ]
    ids = Value([ANY_PROJECT], ArrayField(BigIntegerField()))
    rows = projects.filter(IsAmong(F("pk"), ids)).order_by().values_list(*columns)
    return rows.query.sql_with_params()


@dataclass(frozen=True)
class Shown:
    """What a result shows of a project, in the page's language."""

    code: str
    slug: str
    title: Text
    is_sample: bool
    status: str
    status_words: str
    year: int | None
    institutions: list[Text]
    countries: list[str]
    sectors: list[str]
    goals: list[tuple[int, str]]

    @classmethod
    def read(cls, values, words) -> "Shown":
        code, slug, title, chinese, is_sample, status, year, *linked = values
        names, chinese_names, countries, sectors, goals = linked
        both = zip(names, chinese_names, strict=True)
        return cls(
            code,
            slug,
            chosen(title, chinese),
            is_sample,
            status,
            words["status"].get(status, ""),
            year,
            [chosen(*one) for one in both],
            [words["country"].get(iso2, iso2) for iso2 in countries],
            [words["sector"].get(slug, slug) for slug in sectors],
            [(number, words["sdg"].get(str(number), "")) for number in goals],
        )

    @classmethod
    def of(cls, project: Project) -> "Shown":
        """Take it from a project that was loaded by `for_list`."""
        listed = project.listed
        return cls(
            project.code,
            project.slug,
            translated(project, "title"),
            project.is_sample,
            project.status,
            project.get_status_display() if project.status else "",
            project.year_approved,
            [translated(institution, "name") for institution in listed["submitters"]],
            [str(country) for country in listed["countries"]],
            [str(sector) for sector in listed["sectors"]],
            [(goal.number, goal.name_i18n) for goal in listed["goals"]],
        )


# ---------------------------------------------------------------- HTML


def html_of(shown: Shown, way_back="", *, title="", line="", reasons: Iterable[str] = ()) -> str:
    """Write a result. `title` and `line` are HTML, with marks in them."""
    url = reverse("projects:detail", args=[shown.slug])
    untitled = gettext("%(code)s, without a title") % {"code": shown.code}
    heading = title or escape(str(shown.title) or untitled)
    why = f'<p class="reasons">{escape(" · ".join(reasons))}</p>' if reasons else ""
    where = f'<p class="match">{line}</p>' if line else ""
    return (
        f'<li class="result" id="{shown.code}">\n'
        f'<h3><a href="{url}{way_back}"{shown.title.lang}>{heading}</a> {shown.title.label}</h3>\n'
        f'{where}<div class="meta">{institutions(shown)}{countries(shown)}</div>\n'
        f'{why}<div class="meta">{sample(shown)}{status(shown)}{year(shown)}'
        f"{inline(shown.sectors)}{goals(shown)}</div>\n</li>\n"
    )


def institutions(shown: Shown) -> str:
    return "".join(
        f"<span><span{name.lang}>{escape(str(name))}</span> {name.label}</span>"
        for name in shown.institutions
    )


def countries(shown: Shown) -> str:
    if not shown.countries:
        return ""
    n = len(shown.countries) - MOST_COUNTRIES
    more = ngettext("and %(n)d other country", "and %(n)d other countries", n) % {"n": n}
    rest = f" {escape(more)}" if n > 0 else ""
    return f"<div>{inline(shown.countries[:MOST_COUNTRIES])}{rest}</div>"


def inline(words: list[str]) -> str:
    parts = "".join(f"<li>{escape(word)}</li>" for word in words)
    return f'<ul class="inline">{parts}</ul>' if parts else ""


def sample(shown: Shown) -> str:
    return f'<span class="tag">{escape(gettext("sample"))}</span>' if shown.is_sample else ""


def status(shown: Shown) -> str:
    words = shown.status_words or gettext("Status not stated")
    return f'<span class="status is-{shown.status or "not-stated"}">{escape(words)}</span>'


def year(shown: Shown) -> str:
    words = gettext("Approved in %(year)s") % {"year": shown.year}
    return f"<span>{escape(words)}</span>" if shown.year else ""


def goals(shown: Shown) -> str:
    squares = "".join(
        f'<span class="sdg sdg-{number}" title="{escape(name)}">'
        f'<span class="visually-hidden">SDG </span>{number}</span>'
        for number, name in shown.goals
    )
    return f'<span class="sdgs">{squares}</span>' if squares else ""
