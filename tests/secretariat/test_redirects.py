"""Old addresses that lead to pages of today."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from secretariat.models import Redirect
from tests.admin_forms import errors, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def redirects():
    rows = {
        "/page/aboutus.html": "/about/",
        "/list.asp?id=3": "/projects/?sector=energy",
        "/ennew/Gssdc/72.html": "https://www.unsouthsouth.org/pgtf/",
        "/projects/": "/about/",
        "/关于": "/zh-hans/about/",
    }
    for old, new in rows.items():
        Redirect.objects.create(old_path=old, new_address=new)


@pytest.mark.usefixtures("redirects")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/page/aboutus.html", "/about/"),
        ("/page/aboutus.html?from=x", "/about/"),
        ("/zh-hans/page/aboutus.html", "/zh-hans/about/"),
        ("/list.asp?id=3", "/projects/?sector=energy"),
        ("/zh-hans/ennew/Gssdc/72.html", "https://www.unsouthsouth.org/pgtf/"),
        ("/%E5%85%B3%E4%BA%8E", "/zh-hans/about/"),
    ],
)
def test_an_old_address_leads_to_the_new_one_in_the_language_of_the_path(client, old, new):
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, new)


@pytest.mark.usefixtures("redirects")
def test_only_what_has_no_page_is_looked_up_and_once(client):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get("/projects/").status_code == 200
        assert client.get("/list.asp?id=4").status_code == 404
        assert client.post("/page/aboutus.html").status_code == 404
    assert sum("secretariat_redirect" in query["sql"] for query in queries) == 1


@pytest.mark.usefixtures("officer")
def test_officers_enter_them_and_none_leads_away_unseen(client):
    add = "/admin/secretariat/redirect/add/"
    form = filled(client.get(add)) | {"old_path": "/old.html"}
    for new in ("//evil.example", "/\\evil.example", "javascript:alert(1)", "about", "/old.html"):
        assert errors(client.post(add, form | {"new_address": new})), new
    assert errors(client.post(add, form | {"old_path": "old.html", "new_address": "/about/"}))
    client.post(add, form | {"new_address": "/about/"})
    assert client.get("/old.html")["Location"] == "/about/"
