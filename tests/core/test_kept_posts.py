"""What was typed outlives the session: kept for its person, filled in, and sent by nobody else."""

import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from sscnet.core.forms import kept_posts
from sscnet.core.forms.filling import fill
from tests import make
from tests.accounts.steps import LOGIN, code_for
from tests.accounts.test_sign_in import stored_sessions
from tests.pages import whole

pytestmark = pytest.mark.django_db
PEOPLE = "/my/bamboo-centre/people/invite/"


@pytest.fixture
def li():
    return make.Affiliation(institution__name="Bamboo Centre", user__email="li@example.org").user


@pytest.fixture
def browser(li):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(li)
    return browser


def inputs_of(html):
    """Return the hidden fields of a page that say where a form comes from."""
    names = "csrfmiddlewaretoken|_person|_version"
    found = re.findall(rf'name="({names})" value="([^"]*)"', html)
    return dict(found)


def opened(browser, address=PEOPLE):
    return inputs_of(browser.get(address).text)


def end_session(browser):
    Session.objects.filter(pk=browser.session.session_key).delete()


def sign_in(browser, email, address=PEOPLE):
    """Sign in by code, as the sign-in page of an address does; return the page one is led to."""
    page = browser.get(LOGIN, {"next": address})
    sent = inputs_of(page.text) | {"login": email, "send_code": "1", "next": address}
    asked = browser.post(LOGIN, sent)
    token = inputs_of(browser.get(asked.url).text)
    return browser.post(asked.url, token | {"code": code_for(email), "next": address}, follow=True)


def test_what_was_sent_after_the_session_ended_is_filled_in_after_signing_in(browser, li):
    typed = opened(browser) | {"email": "wu<a>@example.org", "role": "deputy"}
    end_session(browser)

    refused = browser.post(PEOPLE, typed)
    page = browser.get(refused.url).text
    filled = sign_in(browser, li.email)

    assert "What you typed is kept but not saved" in page
    assert filled.request["PATH_INFO"] == PEOPLE
    assert 'value="wu&lt;a&gt;@example.org"' in filled.text
    assert "What you typed before is filled in again." in filled.text
    assert browser.session.get_expiry_age() > 13 * 24 * 60 * 60
    sent = browser.post(
        PEOPLE, inputs_of(filled.text) | {"email": "wu@example.org", "role": "deputy"}
    )
    assert sent.status_code == 302
    assert "filled in again" not in browser.get(PEOPLE).text


def test_it_is_kept_for_its_person_only_and_not_in_clear(browser, li):
    other = make.Affiliation(institution=li.affiliations.get().institution).user
    typed = opened(browser) | {"email": "wu@example.org"}
    end_session(browser)
    browser.post(PEOPLE, typed)
    in_clear, decoded = stored_sessions()
    assert "wu@example.org" not in in_clear
    assert "wu@example.org" in decoded

    page = sign_in(browser, other.email)

    assert "wu@example.org" not in page.text
    assert kept_posts.IN_SESSION not in browser.session


def test_an_older_form_comes_back_filled_in_at_once_and_works_then(browser, li):
    typed = opened(browser) | {"email": "wu@example.org", "role": "deputy"}
    browser.cookies["csrftoken"] = "n" * 32

    page = browser.post(PEOPLE, typed, follow=True)

    assert 'value="wu@example.org"' in page.text
    sent = browser.post(
        PEOPLE, inputs_of(page.text) | {"email": "wu@example.org", "role": "deputy"}
    )
    assert sent.status_code == 302


def test_after_a_day_it_is_gone(browser, li):
    typed = opened(browser) | {"email": "wu@example.org"}
    end_session(browser)
    browser.post(PEOPLE, typed)
    sign_in(browser, li.email, "/my/")
    session = browser.session
    session[kept_posts.IN_SESSION] |= {"until": time.time() - 1}
    session.save()

    assert "wu@example.org" not in browser.get(PEOPLE).text
    assert kept_posts.IN_SESSION not in browser.session


def test_a_form_of_nobody_or_of_somebody_else_is_refused_and_not_kept(browser, li):
    stranger = Client()
    stranger.force_login(make.Affiliation().user)
    seal = inputs_of(stranger.get("/my/", follow=True).text)["_person"]
    for person in ({}, {"_person": seal}, {"_person": "1:x:y"}):
        answer = browser.post(PEOPLE, {"email": "evil@example.org"} | person)

        assert answer.status_code == 403
        assert "The form is out of date" in answer.text
        assert "evil@example.org" not in answer.text
        assert kept_posts.IN_SESSION not in browser.session
        if person.get("_person") != seal:
            assert kept_posts.IN_SESSION not in Client().post(PEOPLE, person).client.session


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"password1": "bamboo-and-tea"}, False),
        ({"email": "x" * kept_posts.MOST_BYTES}, True),
    ],
)
def test_no_password_and_nothing_too_long_is_kept_and_the_page_says_so(browser, typed, says):
    typed |= opened(browser)
    for language, words in (("", "too long to be kept"), ("/zh-hans", "内容过长，未能暂存")):
        end_session(browser)
        refused = browser.post(language + PEOPLE, typed)
        page = browser.get(refused.url).text

        assert kept_posts.IN_SESSION not in browser.session
        assert (words in page) == says
        assert "What you typed is kept" not in page
        assert "您填写的内容没有丢失" not in page


def test_a_form_of_the_admin_is_filled_in_with_its_rows_and_those_a_script_had_added(browser):
    officer = make.Administrator()
    project = make.Project(title="Bamboo")
    kept, added = make.Institution(), make.Institution(name="Solar Institute")
    project.project_institutions.create(institution=kept, role="lead")
    page = whole(project)
    browser.force_login(officer)
    rows = "project_institutions"
    typed = opened(browser, page) | {
        "title": 'Bamboo "bridges"',
        "summary": "Two\r\nlines & <more>",
        f"{rows}-TOTAL_FORMS": "9",
        f"{rows}-INITIAL_FORMS": "1",
        f"{rows}-0-institution": str(added.pk),
        f"{rows}-8-institution": str(kept.pk),
        "_save": "Save",
        "gone": "A field of yesterday",
    }
    browser.cookies["csrftoken"] = "n" * 32

    html = browser.post(page, typed, follow=True).text

    assert "value='Bamboo \"bridges\"'" in html
    assert "Two\nlines &amp; &lt;more&gt;</textarea>" in html
    assert f'<option value="{added.pk}" selected>' in html
    assert f'<input type="hidden" name="{rows}-8-institution" value="{kept.pk}">' in html
    assert '<li class="typed">A field of yesterday</li>' in html
    assert project.title == "Bamboo"


def test_an_address_that_has_no_form_shows_what_was_sent_and_sends_it_again(browser, li):
    page = "/my/bamboo-centre/profile/confirm/"
    button = opened(browser, "/my/bamboo-centre/")
    typed = button | {"words": "All of it is right."}
    browser.cookies["csrftoken"] = "n" * 32

    shown = browser.post(page, typed, follow=True).text

    assert '<p class="typed">All of it is right.</p>' in shown
    assert f'<form class="form" method="post" action="{page}">' in shown
    assert browser.post(page, inputs_of(shown)).status_code == 302
    browser.cookies["csrftoken"] = "n" * 32
    assert "Send again" in browser.post(page, button, follow=True).text


def test_each_kind_of_field_is_filled_in():
    form = """<form method="post" action="#part"><input name="text" value="old" required>
    <input type="checkbox" name="box" value="a" checked><input type="checkbox" name="box" value="b">
    <input type="radio" name="one" value="x"><input type="radio" name="one" value="y">
    <select name="many" multiple><option value="1" selected>1<option value="2">2</select>
    <select name="chosen"><option value="1" selected>1<option value="2">2</select>
    <select name="fetched"><option value="1">1</select>
    <select name="none"><option value="1" selected>1</select>
    <input type="hidden" name="version" value="7"><input type="file" name="paper">
    <input name="twice"><input name="twice"><button name="then" value="send">Send</button></form>"""
    typed = {
        "text": ['"new" & <more>\x00'],
        "box": ["b"],
        "one": ["y"],
        "many": ["2"],
        "chosen": ["2"],
        "fetched": ["3"],
        "none": [],
        "version": ["6"],
        "twice": ["first", "second"],
        "then": ["send"],
    }
    others = '<form method="get"><input name="text"></form>\n<form method="post" action="/b/">'

    filling = fill(f"{others}<input name=text></form>\n{form}", "/a/?b=1", typed)

    assert filling.left == {}
    page = filling.page("\n<p>Filled in</p>\n")
    before, _start, html = page.partition('<p>Filled in</p><form method="post" action="#part">')
    assert "new" not in before
    assert re.findall(r"<(?:input|option)(?:'[^']*'|[^>])*>", html) == [
        '<input name="text" value=\'"new" &amp; &lt;more&gt;\' required>',
        '<input type="checkbox" name="box" value="a">',
        '<input type="checkbox" name="box" value="b" checked>',
        '<input type="radio" name="one" value="x">',
        '<input type="radio" name="one" value="y" checked>',
        '<option value="1">',
        '<option value="2" selected>',
        '<option value="1">',
        '<option value="2" selected>',
        '<option value="1">',
        '<option value="3" selected>',
        '<option value="1" selected>',
        '<input type="hidden" name="version" value="6">',
        '<input type="file" name="paper">',
        '<input name="twice" value="first">',
        '<input name="twice" value="second">',
    ]
