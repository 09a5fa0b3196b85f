"""The HTML of results, ready-made: kept beside the index until their project or a name changes.

Written here and not in a template, and read by a statement that is written once: twenty results
cost a template ten milliseconds and the ORM as many, finding and counting them all but two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Value
from django.db.models.fields.json import KT, KeyTextTransform
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from sscnet.records.labels import each_language
from sscnet.records.texts import Text, chosen, translated
from sscnet.search import mark

from . import found_in
from .catalogue.declaration import IsAmong
from .catalogue.index import Index
from .catalogue.reading import ANY_PROJECT, Statement, read
from .catalogue.selection import Selection
from .models import Project
from .models.project import LEAD_FIRST

# They stand for what differs while the rest does not: what leads back to the list, and the reasons
# why a project is shown beside another.
WAY_BACK = "way-back-to-the-list"
REASONS = "<!-- reasons -->"
MOST_COUNTRIES = 6
OTHER_TITLES = each_language("title")[1:]
OTHER_NAMES = each_language("name")[1:]


def results(selection: Selection, ids: list[int], way_back: str) -> SafeString:
    """Give the results of a page."""
    text = searched_for(selection)
    html = kept_or_made(selection.engine, ids, text)
    joined = "".join(html[id] for id in ids if id in html)
    return mark_safe(joined.replace(WAY_BACK, escape(way_back)).replace(REASONS, ""))


def related_results(catalogue: Index, reasons: dict[int, list[str]]) -> SafeString:
    """Give results with the reasons of each, in the order of the reasons."""
    html = kept_or_made(catalogue, list(reasons))
    return mark_safe(
        "".join(
            html[id].replace(WAY_BACK, "").replace(REASONS, reasons_html(reasons[id]))
            for id in reasons
            if id in html
        )
    )


def kept_or_made(catalogue, ids: list[int], text: str = "") -> dict[int, str]:
    """Give each result; those that are not kept are read in one query."""
    keys = {id: (id, get_language(), text) for id in ids}
    kept = catalogue.results
    html = {id: kept[key] for id, key in keys.items() if key in kept}
    missing = [id for id in ids if id not in html]
    for id, one in made(catalogue, missing, text) if missing else ():
        html[id] = one
        catalogue.keep_result(keys[id], one)
    return html


def searched_for(selection: Selection) -> str:
    """Give the words to mark: as they were corrected, where nothing was found otherwise."""
    return (selection.answer and selection.answer.corrected) or selection.given.text


def made(catalogue, ids: list[int], text: str) -> Iterable[tuple[int, str]]:
    words = {
        facet.name: catalogue.labels(facet)
        for facet in catalogue.facets
        if facet.name in ("country", "sector", "sdg", "status")
    }
    shown = {id: Shown.read(values, words) for id, *values in read(statement(), ids)}
    if not text:
        return [(id, html_of(one, WAY_BACK, reasons=REASONS)) for id, one in shown.items()]
    titles = {id: mark(str(one.title), text) for id, one in shown.items()}
    elsewhere = [id for id, title in titles.items() if "<mark>" not in title]
    lines = found_in.lines(elsewhere, text)
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
        *("pk", "code", "slug", "is_sample", "status", "year_approved"),
        ArraySubquery(countries.values_list("country_id")),
        ArraySubquery(
            projects.rows_of("project_sectors").order_by("sector__name").values_list("sector__slug")
        ),
        ArraySubquery(projects.rows_of("project_sdgs").order_by("place").values_list("sdg_id")),
        *("title", *(KT(f"i18n__{name}") for name in OTHER_TITLES)),
        ArraySubquery(submitters.values_list("institution__name")),
        *(
            ArraySubquery(submitters.values_list(KeyTextTransform(name, "institution__i18n")))
            for name in OTHER_NAMES
        ),
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
        code, slug, is_sample, status, year, countries, sectors, goals, *texts = values
        titles, names = texts[: len(settings.LANGUAGES)], texts[len(settings.LANGUAGES) :]
        return cls(
            code,
            slug,
            chosen(titles),
            is_sample,
            status,
            words["status"].get(status, ""),
            year,
            [chosen(one) for one in zip(*names, strict=True)],
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


def html_of(shown: Shown, way_back="", *, title="", line="", reasons: str = "") -> str:
    """Write a result. `title`, `line` and `reasons` are HTML, with marks in them."""
    url = reverse("projects:detail", args=[shown.slug])
    untitled = gettext("%(code)s, without a title") % {"code": shown.code}
    heading = title or escape(str(shown.title) or untitled)
    where = f'<p class="match">{line}</p>' if line else ""
    return (
        f'<li class="result" id="{shown.code}">\n'
        f'<h3><a href="{url}{way_back}"{shown.title.lang}>{heading}</a> {shown.title.label}</h3>\n'
        f'{where}<div class="meta">{institutions(shown)}{countries(shown)}</div>\n'
        f'{reasons}<div class="meta">{sample(shown)}{status(shown)}{year(shown)}'
        f"{inline(shown.sectors)}{goals(shown)}</div>\n</li>\n"
    )


def reasons_html(reasons: Iterable[str]) -> str:
    return f'<p class="reasons">{escape(" · ".join(reasons))}</p>'


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
    word = escape(gettext("SDG"))
    squares = "".join(
        f'<span class="sdg sdg-{number}" title="{escape(name)}">'
        f'<span class="visually-hidden">{word} </span>{number}</span>'
        for number, name in shown.goals
    )
    return f'<span class="sdgs">{squares}</span>' if squares else ""
