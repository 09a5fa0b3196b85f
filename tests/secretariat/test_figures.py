"""The page of figures: what it says, how many queries it takes, what staff see."""

import re

import pytest

from tests import make
from tests.secretariat.test_figures_checker import make_meetings

pytestmark = pytest.mark.django_db


def test_the_page_says_what_is_missing_and_leaves_statements_alone(client):
    make.DatedFigure(value=66, as_of="2024-12")
    make.Project(granted_usd=1000, year_approved=2019)
    make.Project(year_approved=2019)

    page = client.get("/figures/?year_from=2019")

    text = re.sub(r"<[^>]+>", "", page.content.decode())
    assert "Of 2, 1 state it; 1 do not" in text
    assert [o.value for s in page.context["sections"] for o in s.statements] == [66]


def test_a_new_page_takes_few_queries(client, django_assert_max_num_queries):
    make.Project(granted_usd=1000)
    make_meetings()
    client.get("/projects/")

    with django_assert_max_num_queries(12):
        client.get("/figures/")


def test_staff_see_more(client):
    make_meetings()
    make.Project(state="draft")
    assert "For staff" not in client.get("/figures/").content.decode()

    client.force_login(make.User(is_staff=True, is_superuser=True))

    page = client.get("/figures/").content.decode()
    assert "/admin/projects/project/?state__exact=draft&amp;is_sample__exact=0" in page


def test_the_people_that_sources_state_are_counted(network, client):
    """26 and 127 trained, more than 200 at a forum; and of meetings 50+, 90+, 100+ and 600+."""
    sections = {one.name: one for one in client.get("/figures/").context["sections"]}
    for name, label, total, stated, whole in [
        ("people", "People trained or reached", 353, 3, 14),
        ("meetings", "People present", 840, 4, 6),
    ]:
        [figure] = [one for one in sections[name].figures if one.label == label]
        assert (figure.number.value, str(figure.number)) == (total, f"at least {total}")
        assert (figure.stated.value, figure.whole.value) == (stated, whole)
    institution = client.get("/members/biogas-institute-of-ministry-of-agriculture/")
    assert "at least 200" in " ".join(institution.content.decode().split())
