"""Every page of the portal, opened in a small portal and in a grown one, in English and Chinese.

The pages are those of `addresses.csv` and those below the lists of the admin; of each we ask what
every page must be: no question for each row to the database, nothing inline, a label for each
field, one form, one heading, its language, no English in Chinese, and kept by no browser of those
signed in.
"""

import re
from collections import Counter
from dataclasses import dataclass

import lxml.html
import pytest
from django.apps import apps
from django.db import connection, models, reset_queries
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sscnet.core.pages import page_cache
from tests import english, make, test_addresses
from tests.test_addresses import LIKE_OTHERS, PAGES, TABLE, answer, example, page_below

GROWN_BY = 5
OPENERS = ["visitor", "focal_point", "viewer", "administrator", "editor", "publisher"]
# Made of a package's own page, which has no heading.
WITHOUT_HEADING = {"/api/v1/docs"}
# For operators: it names commands and settings.
OF_OPERATORS = {"/admin/status/"}
# Forms with a row for each of what a record holds: Django's admin asks again for some of them.
FORMS_OF_ROWS = re.compile(
    r"/admin/(members/institution|projects/project|meetings/meeting)/\d+/change/"
)

recently_signed_in = test_addresses.recently_signed_in
portal = test_addresses.portal


@dataclass
class Page:
    address: str
    who: str
    html: lxml.html.HtmlElement | None  # None is another file.
    cached: str
    queries: list[str]
    # In the grown portal.
    more_queries: list[str] | None = None
    chinese: lxml.html.HtmlElement | tuple = ()

    def __str__(self):
        return f"{self.address} ({self.who})"


@pytest.fixture(scope="module")
def pages(answers):
    return [page for page in answers if page.html is not None]


@pytest.fixture(scope="module")
def answers(portal, django_db_blocker):
    """Open all pages, each twice: what is asked once and then known is not counted.

    In the grown portal the first time is in Chinese, and what is known by language has a third.
    """
    records, _others, people = portal
    addresses = [example(row["example"], records) for row in TABLE if row["method"] == "GET"]
    below = [page_below(pattern, records) for pattern in PAGES if not LIKE_OTHERS.search(pattern)]
    with django_db_blocker.unblock():
        found = [opened(people, address, OPENERS) for address in dict.fromkeys(addresses)]
        found += [opened(people, address, ["administrator"]) for address in dict.fromkeys(below)]
        found = [page for page in found if page]
        grow(records)
        for page in found:
            prefix = "" if page.html is None else "/zh-hans"
            response, _queries = ask(people[page.who], f"{prefix}{page.address}")
            if prefix and response.status_code == 200:
                page.chinese = lxml.html.fromstring(response.content)
            for _turn in range(2):
                _response, page.more_queries = ask(people[page.who], page.address)
                if len(page.more_queries) - len(page.queries) < GROWN_BY:
                    break
        names = names_in_english()
    for page in found:
        page.names = names
    return found


def ask(person, address):
    page_cache.pages.clear()
    reset_queries()
    with CaptureQueriesContext(connection) as queries:
        response = answer(person, "GET", address)
    return response, [query["sql"] for query in queries]


def opened(people, address, openers):
    """Open a page as the first who may; None is what is no page."""
    for who in openers:
        response, _queries = ask(people[who], address)
        if response.status_code == 200:
            response, queries = ask(people[who], address)
            is_page = response["Content-Type"].startswith("text/html")
            html = lxml.html.fromstring(response.content) if is_page else None
            return Page(address, who, html, response.get("Cache-Control", ""), queries)
    return None


def grow(records):
    """Make more of everything, in all records that hold others."""
    institution, meeting = records["institution"], records["registered"]
    country, sector, sdg = make.Country(iso2="VN"), make.Sector(slug="x"), make.SDG(number=7)
    make.Topic(slug="x").sectors.add(sector)
    for n in range(GROWN_BY):
        test_addresses.make_records_of(
            make.Member(country=make.Country()), records, role="attended", number=f"K1234567{n}"
        )
        project = make.Project(
            countries=[country, make.Country()],
            sectors=[sector, make.Sector()],
            sdgs=[sdg],
            submitter=institution,
            numbers=[f"INT/19/K{n:02}"],
        )
        make.Source(record=project)
        records["project"].project_countries.create(country=make.Country(), role="participating")
        make.Affiliation(institution=institution, role="viewer", user__name=f"Zhang {n}")
        test_addresses.mail_to(make.User(), institution)
        make.Invitation(institution=institution)
        institution.roster.create(family_name=f"Zhao {n}")
        make.Service(institution=institution)
        make.InstitutionName(institution=institution)
        make.Enquiry(state="passed_on", passed_to=institution, project=make.Project())
        make.Proposal(institution=institution, state="received", call__binding_rules=[])
        meeting.action_points.create(
            institution=institution, text="Send it", due_on=timezone.localdate()
        )
        meeting.agenda_items.create(title=f"Talk {n}", day=timezone.localdate())
        make.Meeting(title=f"Meeting {n}").meeting_institutions.create(
            institution=make.Institution(), role="host"
        )
        meeting.meeting_institutions.create(institution=make.Institution(), role="host")
        meeting.meeting_projects.create(project=project)
        make.Call(title=f"Call {n}")
        make.Page(title=f"Page {n}")
        make.Synonym()
        make.PGTFArea()
        make.Source(record=make.Topic(slug="x"))
        make.Topic(words="Project").sectors.add(make.Sector())
        make.Source(record=make.DatedFigure(as_of=f"2023-0{n + 1}", label=f"Figure {n}"))
        make.Source(record=institution)
        make.Officer(name=f"Officer {n}")
    make.Workshop.create_batch(GROWN_BY, meeting=meeting)


def names_in_english():
    """List what the records say, which has no Chinese: any text that is no code."""
    fields = [
        (model, field.name)
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    ]
    values = {
        value
        for model, name in fields
        for value in model._base_manager.values_list(name, flat=True)
        if isinstance(value, str) and re.search(r"[A-Z].{3}", value)
    }
    # The kind of a mail that is made up.
    values |= {*english.names_without_chinese(), "Mail"}
    return sorted(values, key=len, reverse=True)


def on_none(pages, question):
    """Fail with the answer of each page that answers anything, a line a page."""
    found = [f"{page}: {answer}" for page in pages if (answer := question(page))]
    assert not found, "\n".join(["", *found])


def test_enough_pages_are_opened(pages):
    assert len(pages) > 170
    assert {"desk", "door", "list", "figures", "travel"} <= {
        part for page in pages for part in page.address.split("/")
    }


def test_no_page_asks_the_database_once_for_each_row(answers):
    def growth(page):
        few, many = (
            Counter(re.sub(r"= *(\d+|'[^']*')", "= …", one) for one in queries)
            for queries in (page.queries, page.more_queries)
        )
        grown = len(page.more_queries) - len(page.queries) >= GROWN_BY
        return grown and [(number, one[-200:]) for one, number in (many - few).most_common(2)]

    on_none([page for page in answers if not FORMS_OF_ROWS.match(page.address)], growth)


def test_nothing_is_inline(pages):
    inline = "//@style | //@*[starts-with(name(), 'on')] | //style"
    script = "//script[not(@src) and not(contains(@type, 'json'))]"

    on_none(pages, lambda page: page.html.xpath(f"{inline} | {script}"))


def test_every_field_has_a_label(pages):
    typed = (
        "self::select or self::textarea or self::input[not(@type) or not(contains('{}', @type))]"
    )
    fields = f"//*[{typed.format('hidden submit button image reset')}]"
    named = "@aria-label or @aria-labelledby or @title or ancestor::label or @id = //label/@for"
    # Django gives these a legend, and its script gives labels to the lists it makes of them.
    named += " or contains(@class, 'selectfilter') or contains(@class, 'hidden')"

    def without_label(page):
        return [
            name
            for name in page.html.xpath(f"({fields})[not({named})]/@name")
            if "__prefix__" not in name
        ]

    on_none(pages, without_label)


def test_a_page_where_something_is_typed_has_one_form(pages):
    """What is typed in one form would be lost by sending another."""
    # To sign out, or in by a passkey, is meant so, and in the list of the admin rows are ticked.
    others = "contains(@action, '/logout/') or @id = 'changelist-form' or @id = 'mfa_login'"
    # What a paper says is read only; its page has one box, of the form that takes it back.
    others += " or @id = 'take-back'"
    typed = ".//textarea | .//select | .//input[not(@type = 'hidden' or @type = 'submit')]"

    def several(page):
        forms = page.html.xpath(f"//form[@method = 'post' and not({others})]")
        return len(forms) > 1 and any(form.xpath(typed) for form in forms)

    on_none(pages, several)


def test_every_page_has_one_heading(pages):
    of_all = [page for page in pages if page.address not in WITHOUT_HEADING]

    on_none(of_all, lambda page: len(page.html.xpath("//h1")) != 1)


def test_no_id_stands_twice(pages):
    def twice(page):
        return [name for name, number in Counter(page.html.xpath("//@id")).items() if number > 1]

    on_none(pages, twice)


def test_every_page_says_its_language(pages):
    def language(page):
        said = [html.get("lang", "").lower() for html in (page.html, page.chinese) if len(html)]
        return said != ["en", "zh-hans"][: len(said)] and said

    on_none(pages, language)


def test_no_english_stands_in_chinese(pages):
    def english_of(page):
        if page.address in OF_OPERATORS:
            return []
        found = english.english_of(page.chinese, page.names) if len(page.chinese) else []
        return [text for text in found if text not in page.names]

    on_none(pages, english_of)


# What Chinese writes in Latin letters too: codes, formats, words of templates, keys, examples,
# cities of time zones.
LATIN = re.compile(
    r"(?<![A-Za-z])([A-Z]{2,4}|[0-9a-f]{64}|English|UTF-8|SHA-256|CC BY(-SA|-NC)? 4\.0|Excel"
    r"|Word|Markdown|Control|Mac|Command|slug|who can|xlsx|docx|CICETE|Mail|mail|LibreOffice"
    r"|libreoffice-writer-nogui|WebP|jpg|subject|zh|en|for|if|Li|Wei|CN0)(?![A-Za-z])"
    r"|/page/aboutus.html|/about/|Director of the Secretariat|^.*时间$"
)


@pytest.mark.django_db
def test_the_admin_speaks_chinese_to_every_role(portal):
    """Ask every page as everybody who may open it for a word that is no name and in no list."""
    records, _others, people = portal
    addresses = [
        example(row["example"], records)
        for row in TABLE
        if row["method"] == "GET" and row["pattern"].startswith("admin/")
    ]
    addresses += [page_below(pattern, records) for pattern in PAGES]
    names, found, opened_by = names_in_english(), {}, Counter()
    for address in set(addresses) - OF_OPERATORS:
        for who in test_addresses.GROUPS_OF:
            response = answer(people[who], "GET", f"/zh-hans{address}")
            assert response.status_code < 500, (address, who)
            if response.status_code != 200 or "html" not in response["Content-Type"]:
                continue
            opened_by[who] += 1
            for text in english.texts_of(lxml.html.fromstring(response.content.decode())):
                if re.search("[A-Za-z]{2,}", LATIN.sub("", english.rest_of(text, names))):
                    found.setdefault(text, f"{address} as {who}")

    assert min(opened_by.values()) > 1, opened_by
    assert found == {}, "\n".join(f"{text[:99]!r}: {where}" for text, where in found.items())


def test_no_browser_keeps_what_somebody_signed_in_reads(pages):
    signed_in = [page for page in pages if page.who != "visitor"]

    on_none(signed_in, lambda page: "no-store" not in page.cached and page.cached)
