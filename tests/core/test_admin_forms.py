"""The forms of the admin: what is understood, and where it is said what is not."""

import re
from datetime import datetime
from decimal import Decimal

import lxml.html
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import translation

from meetings.models import Workshop
from projects.models import Project
from secretariat.back_office import groups
from secretariat.models import YearlyReport
from sscnet.core.i18n.dates import BEIJING
from sscnet.core.models.fields import InSomeLanguage
from tests import make
from tests.admin_forms import add_row, errors, filled
from tests.pages import change as page_address
from tests.pages import whole as change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]

ADD = reverse("admin:projects_project_add")


def a_report():
    return YearlyReport.objects.create(year=2023)


def page_of(response):
    return response.content.decode()


# ------------------------------------------------------------------ view on site


def test_no_list_leads_to_the_site_by_the_number_of_a_table():
    """That address of Django's is closed: it would ask any table."""
    registered = admin.site._registry.values()
    rows = [inline(one.model, admin.site) for one in registered for inline in one.inlines]

    assert [
        one
        for one in [*registered, *rows]
        if hasattr(one.model, "get_absolute_url") and one.view_on_site is True
    ] == []


@pytest.mark.parametrize("create", [make.Country, make.Sector, make.SDG, a_report])
def test_view_on_site_leads_to_a_page(client, create):
    document = lxml.html.fromstring(client.get(change(create())).content)

    (link,) = document.find_class("viewsitelink")
    assert client.get(link.get("href"), follow=True).status_code == 200


# ------------------------------------------------------------------ what is understood


def test_amounts_are_understood_as_people_type_them(client):
    amounts = ["35,000", "35\u00a0000.00", "US$ 35,000", "35 000 USD", "３５，０００", "35000美元"]
    for typed in amounts:
        project = make.Project()
        sent = filled(client.get(change(project)))
        sent |= {"granted_usd": typed, "beneficiaries_number": "12,500"}
        client.post(change(project), sent)
        project.refresh_from_db()
        assert (project.granted_usd, project.beneficiaries_number) == (Decimal(35000), 12500), typed
    assert 'value="35,000"' in page_of(client.get(change(project)))


@pytest.mark.parametrize("language", ["", "/zh-hans"])
def test_a_day_that_may_be_two_is_refused_with_how_to_write_it(client, language):
    project = make.Project()
    address = language + change(project)

    response = client.post(address, filled(client.get(address)) | {"approved_on": "01/02/2025"})

    [message] = errors(response)
    assert "2019-05-12" in message


@pytest.mark.parametrize("language", ["", "/zh-hans"])
def test_times_have_no_seconds_but_lose_none_that_are_there(client, language):
    opens = datetime(2027, 1, 1, 10, tzinfo=BEIJING)
    closes = datetime(2027, 3, 31, 23, 59, 59, tzinfo=BEIJING)
    call = make.Call(opens_at=opens, closes_at=closes)
    address = language + change(call)

    shown = client.get(address)
    page = page_of(shown)
    response = client.post(address, filled(shown))

    assert response.status_code == 302, errors(response)
    assert [time_in(page, name) for name in ("opens_at", "closes_at")] == ["10:00", "23:59:59"]
    call.refresh_from_db()
    assert (call.opens_at, call.closes_at) == (opens, closes)


def time_in(page, name):
    [field] = re.findall(f'<input[^>]*name="{name}_1"[^>]*>', page)
    return re.search('value="([^"]*)"', field)[1]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC"])
def test_a_time_zone_is_chosen_from_all_there_are(client, zone):
    meeting = make.Meeting(time_zone=zone)

    page = page_of(client.get(change(meeting)))

    assert f'<option value="{zone}" selected>' in page
    assert "Kenya Time" in page
    assert "PRC" not in page
    chinese = page_of(client.get("/zh-hans" + change(meeting)))
    assert "中国（上海）时间</option>" in chinese


def test_goals_without_a_place_take_the_free_ones_in_their_order(client):
    project = make.Project(sdgs=[make.SDG(number=6)])
    data = filled(client.get(change(project)))
    for goal in (7, 13):
        add_row(data, "project_sdgs", sdg=make.SDG(number=goal).pk)

    client.post(change(project), data)

    rows = project.project_sdgs.values_list("sdg__number", "place")
    assert list(rows) == [(6, 0), (7, 1), (13, 2)]


def test_a_sixth_goal_is_refused_beside_its_place(client):
    project = make.Project(sdgs=[make.SDG() for _ in range(5)])
    data = filled(client.get(change(project)))
    row = add_row(data, "project_sdgs", sdg=make.SDG().pk)

    page = page_of(client.post(change(project), data))

    assert f'id="id_{row}-place_error"' in page


# ------------------------------------------------------------------ what is not


def test_what_does_not_fit_together_is_said_beside_a_field_and_linked(client):
    project = make.Project()
    data = filled(client.get(change(project)))
    for field, typed in {
        "planned_end_on": {"planned_start_on": "2025-05-02", "planned_end_on": "2025-05-01"},
        "other_inputs_usd": {"other_inputs_usd": "10", "other_cash_usd": "20"},
        "year_approved": {"year_approved": "1066"},
    }.items():
        response = client.post(change(project), data | typed)
        page = page_of(response)
        [message] = errors(response)
        assert f'id="id_{field}_error"' in page
        assert links_of_summary(page) == [(f"#id_{field}", message)]


def test_what_is_wrong_with_a_moment_is_linked_to_its_day(client):
    meeting = make.Meeting()
    sent = filled(client.get(change(meeting)))
    sent |= {"registration_opens_at_0": "2027-01-02", "registration_opens_at_1": "10:00"}
    sent |= {"registration_closes_at_0": "2027-01-01", "registration_closes_at_1": "10:00"}

    page = page_of(client.post(change(meeting), sent))

    assert [target for target, _words in links_of_summary(page)] == ["#id_registration_closes_at_0"]


def test_what_is_wrong_with_a_row_is_said_with_its_number(client):
    data = filled(client.get(ADD))
    add_row(data, "fund_numbers", number="nonsense")

    page = page_of(client.post(ADD, data))

    assert links_of_summary(page) == [("#id_fund_numbers-1-number", "Write it like INT/18/K08.")]
    assert "number of the Fund 2, Number of the Fund: " in page


def links_of_summary(page):
    """Give where the links of the summary lead, and their messages without the labels."""
    summary = page.partition('<div class="errornote">')[2].partition("</div>")[0]
    links = re.findall(r'<a href="([^"]+)">(?:[^<:]*: )?([^<]*)</a>', summary)
    return [(target, words.strip()) for target, words in links]


def test_an_empty_project_says_that_it_is_one(client):
    response = client.post(ADD, filled(client.get(ADD)), follow=True)

    [message] = [str(m) for m in get_messages(response.wsgi_request) if "cannot be" in str(m)]
    project = Project.objects.get()
    blocking = [str(gap.message) for gap in project.gaps() if gap.blocks]
    assert len(blocking) == 2
    assert all(words in message for words in blocking)
    assert not project.project_countries.exists()


# ------------------------------------------------------------------ the way about the form


def test_the_sections_are_listed_in_their_order_and_sources_come_early(client):
    for record in (make.Project(), make.Meeting(), make.Call()):
        page = page_of(client.get(change(record)))

        listed = page.partition('<nav class="form-contents"')[2].partition("</nav>")[0]
        targets = re.findall('href="#([^"]+)"', listed)
        places = [page.index(f'id="{target}"') for target in targets]
        assert targets[:2] == ["section-0", "core-source-content_type-object_id-group"]
        assert places == sorted(places)
        assert len(targets) == len(re.findall(r'id="section-|class="js-inline-admin', page))


def test_the_own_language_stands_first_and_names_itself_to_who_only_reads(client):
    project = make.Project(title="Biogas", title_zh_hans="沼气")
    address = change(project)
    english, chinese = (page_of(client.get(prefix + address)) for prefix in ("", "/zh-hans"))
    assert english.index('name="title"') < english.index('name="title_zh_hans"')
    assert chinese.index('name="title_zh_hans"') < chinese.index('name="title"')

    client.force_login(make.Officer(group=groups.READER))
    read = page_of(client.get(f"/zh-hans{address}"))
    assert "标题（中文）" in read
    assert "ZH-HANS" not in read


def test_one_language_suffices_whichever_it_is(client):
    address = reverse("admin:secretariat_datedfigure_add")
    boxes = {"label", "label_zh_hans"}
    for prefix, box in (("", "label"), ("/zh-hans", "label_zh_hans")):
        for chinese, refused in (("", {box}), ("成员数", set())):
            response = client.post(prefix + address, {"label": " ", "label_zh_hans": chinese})
            errors = response.context["adminform"].form.errors
            assert boxes & errors.keys() == refused


def test_the_database_refuses_a_text_in_no_language():
    named = {
        (model, constraint.field)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, InSomeLanguage)
    }
    assert len(named) == 14
    assert make.Workshop(title="", title_zh_hans="竹子").title_i18n == "竹子"
    # A command may have no language.
    with translation.override(None), pytest.raises(ValidationError, match="one of the languages"):
        Workshop().full_clean()
    with pytest.raises(IntegrityError, match="workshop_in_some_language"):
        make.Workshop(title="")


# ------------------------------------------------------------------ tabs


@pytest.mark.parametrize("made", [make.Project, make.Institution, make.Meeting, make.Call])
def test_every_part_of_a_form_is_in_one_tab_and_a_gap_leads_to_it(client, made):
    record = made(state="draft")
    model_admin = admin.site.get_model_admin(type(record))
    shown = []
    for tab in model_admin.tabs:
        if tab.page:
            continue
        response = client.get(f"{page_address(record)}?tab={tab.name}")
        page = page_of(response)
        shown += [name for fieldset in response.context["adminform"] for name in fieldset.fields]
        shown += [rows.formset.prefix for rows in response.context["inline_admin_formsets"]]
        for gap, address in response.context["gaps"]:
            query, _, anchor = address.partition("#")
            target = page_of(client.get(page_address(record) + query)) if query else page
            assert f'id="{anchor}"' in target, (tab.name, gap.field)
    whole = client.get(change(record)).context
    everything = [name for fieldset in whole["adminform"] for name in fieldset.fields]
    everything += [rows.formset.prefix for rows in whole["inline_admin_formsets"]]
    assert sorted(map(str, shown)) == sorted(map(str, everything))


def test_a_tab_is_saved_for_itself_and_what_another_tab_holds_is_told_of(client):
    meeting = make.Meeting(venue="Hall 1", capacity=5, retain_until="2027-05-01")
    address = f"{page_address(meeting)}?tab=when"
    data = filled(client.get(address))
    assert "capacity" not in data

    saved = client.post(address, data | {"venue": "Hall 2", "_save": "1"})

    assert saved["Location"] == address
    meeting.refresh_from_db()
    assert (meeting.venue, meeting.capacity) == ("Hall 2", 5)
    late = {"starts_on": "2028-05-01", "ends_on": "2028-05-02", "year": "2020"}
    refused = client.post(address, filled(client.get(address)) | late)
    assert "The retention day is before the last day" in page_of(refused)
