"""Drafts that several people write: a proposal, a profile and a delegation are asked the same."""

import re
from dataclasses import dataclass, field

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.models import Delegate
from members.models import ProfileProposal
from projects.calls.models import BudgetLine
from tests import make
from tests.accounts.steps import sign_in_by_code
from tests.admin_forms import fields
from tests.pages import signed_in

pytestmark = pytest.mark.django_db


@dataclass
class Draft:
    """A page of a draft with two rows, `One` and `Two`, and how they are read and written."""

    address: str
    prefix: str
    # The field of a row that is read, and a field with a value that is wrong.
    name: str
    wrong: dict[str, str]
    # What removes the second row, and what goes on to the next page.
    removed: dict[str, str]
    go_on: dict[str, str]
    stored: object
    table: str
    # What a third row needs besides.
    new: dict[str, str] = field(default_factory=dict)

    def row(self, n: int, text: str) -> dict[str, str]:
        return {f"{self.prefix}-{n}-{self.name}": text}

    def open(self, client) -> dict[str, str]:
        return sent_from(client.get(self.address))

    def with_row(self, data: dict, text: str) -> dict:
        """Return what is sent with a third row."""
        total = f"{self.prefix}-TOTAL_FORMS"
        return data | {total: max(3, int(data[total]))} | self.row(2, text) | self.new

    def save(self, client, data: dict):
        return client.post(self.address, data | self.go_on)


def sent_from(response) -> dict[str, str]:
    """Return what a browser sends from a page that nobody typed in."""
    hidden = re.findall(r'name="(version|_person)" value="([^"]*)"', response.text)
    data = dict(hidden)
    for one in response.context["forms"]:
        for form in [one.management_form, *one.forms] if hasattr(one, "forms") else [one]:
            data |= fields(form)
    return data


def proposal(institution):
    draft = make.Proposal(institution=institution)
    for purpose in ("One", "Two"):
        draft.budget_lines.create(purpose=purpose, fund_usd=1)
    return Draft(
        reverse("calls:proposal_section", args=[institution.slug, draft.pk, "budget"]),
        prefix="rows",
        name="purpose",
        wrong={"rows-1-fund_usd": "much"},
        removed={"then": "remove-1"},
        go_on={"then": "continue"},
        stored=lambda: list(draft.budget_lines.order_by("pk").values_list("purpose", flat=True)),
        table=BudgetLine._meta.db_table,
    )


def profile(institution):
    for title in ("One", "Two"):
        make.Service(institution=institution, title=title)

    def stored():
        kept = ProfileProposal.objects.filter(values__has_key="services").first()
        rows = kept.values["services"] if kept else institution.services.values("title")
        return [row["title"] for row in rows]

    return Draft(
        reverse("members:profile", args=[institution.slug]),
        prefix="services",
        name="title",
        wrong={"website": "much"},
        removed={"then": "remove-1"},
        go_on={"check": ""},
        stored=stored,
        table=ProfileProposal._meta.db_table,
        new={"services-2-kind": "training"},
    )


def delegation(institution):
    draft = make.Delegation(meeting=make.OpenMeeting(), institution=institution)
    for n, name in enumerate(("One", "Two")):
        make.Delegate(delegation=draft, family_name=name, given_names="", position=n)
    return Draft(
        reverse("meetings:register_people", args=[draft.meeting.slug, institution.slug]),
        prefix="people",
        name="family_name",
        wrong={"people-1-email": "much"},
        removed={"then": "remove-1", "sure": "yes"},
        go_on={"then": "continue"},
        stored=lambda: list(draft.delegates.values_list("family_name", flat=True)),
        table=Delegate._meta.db_table,
    )


@pytest.fixture
def institution():
    return make.Member()


@pytest.fixture(params=[proposal, profile, delegation], ids=lambda made: made.__name__)
def draft(request, institution):
    return request.param(institution)


@pytest.fixture
def mine(institution):
    return signed_in(make.Affiliation(institution=institution, user__email="mine@example.org").user)


@pytest.fixture
def theirs(institution):
    user = make.Affiliation(institution=institution, role="deputy", user__name="Qian Yi").user
    return signed_in(user)


def rows_in(conflict):
    return [(one.now, one.after) for one in conflict.differences]


def test_what_is_right_is_stored_and_what_is_wrong_shown_again(draft, mine):
    data = draft.open(mine) | draft.row(0, "Changed") | draft.wrong

    page = mine.post(draft.address, data | draft.go_on, follow=True)

    assert 'value="much"' in page.text
    assert "There is one problem to correct" in page.text
    assert draft.stored() == ["Changed", "Two"]
    corrected = draft.save(mine, sent_from(page) | dict.fromkeys(draft.wrong, ""))
    assert corrected.status_code == 302


def test_who_saves_second_is_shown_both_texts_and_stores_knowingly(draft, mine, theirs):
    data = draft.open(mine) | draft.row(0, "Mine")
    draft.save(theirs, draft.open(theirs) | draft.row(0, "Theirs"))

    refused = draft.save(mine, data)

    assert "Somebody else has saved this in the meantime" in refused.text
    conflict = refused.context["conflict"]
    assert rows_in(conflict) == [("Theirs", "Mine")]
    assert [act.who for act in conflict.acts] == ["Qian Yi"]
    assert draft.stored() == ["Theirs", "Two"]
    assert draft.save(mine, sent_from(refused)).status_code == 302
    assert draft.stored() == ["Mine", "Two"]


def test_a_form_sent_twice_is_stored_once_and_asks_nothing(draft, mine):
    data = draft.with_row(draft.open(mine), "Three")

    answers = [draft.save(mine, data) for _n in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert draft.stored() == ["One", "Two", "Three"]


def test_a_row_that_a_colleague_added_stays_behind_mine(draft, mine, theirs):
    data = draft.with_row(draft.open(mine), "Mine")
    draft.save(theirs, draft.with_row(draft.open(theirs), "Theirs"))

    refused = draft.save(mine, data)

    added, kept = (one.now for one in refused.context["conflict"].differences[::-1])
    assert (added, kept) == ("added in the meantime; kept at the end of this page", "")
    assert draft.stored() == ["One", "Two", "Theirs"]
    assert draft.save(mine, sent_from(refused)).status_code == 302
    assert sorted(draft.stored()) == ["Mine", "One", "Theirs", "Two"]


def test_a_row_that_a_colleague_removed_is_named_and_can_be_kept(draft, mine, theirs):
    data = draft.open(mine) | draft.row(1, "Mine")
    theirs.post(draft.address, draft.open(theirs) | {"check": ""} | draft.removed)
    assert draft.stored() == ["One"]

    refused = draft.save(mine, data)

    assert [one.now for one in refused.context["conflict"].differences] == [
        "removed in the meantime"
    ]
    assert draft.stored() == ["One"]
    assert draft.save(mine, sent_from(refused)).status_code == 302
    assert draft.stored() == ["One", "Mine"]


def test_a_form_of_no_version_stores_nothing_that_differs(draft, mine):
    for version in ("", "9" * 400, "９", "1-2.x"):
        refused = draft.save(mine, draft.open(mine) | draft.row(0, "Mine") | {"version": version})

        assert rows_in(refused.context["conflict"]) == [("One", "Mine")]
    assert draft.stored() == ["One", "Two"]


def test_the_draft_is_locked_before_it_is_compared_and_written(draft, mine):
    data = draft.open(mine) | draft.row(0, "Mine")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        draft.save(mine, data)

    statements = [query["sql"] for query in queries]
    locks = [n for n, sql in enumerate(statements) if re.search(r"FOR (NO KEY )?UPDATE", sql)]
    written = rf'(INSERT INTO|UPDATE) "{draft.table}"'
    writes = [n for n, sql in enumerate(statements) if re.search(written, sql)]
    assert locks[0] < writes[0]
    versions = "pgh_id|lock_version|budgetline"
    assert any(re.search(versions, sql) for sql in statements[locks[0] : writes[0]])


def test_what_was_sent_after_the_session_ended_comes_back_with_its_version(draft, mine, theirs):
    data = draft.open(mine) | draft.row(0, "Mine")
    Session.objects.filter(pk=mine.session.session_key).delete()
    draft.save(theirs, draft.open(theirs) | draft.row(0, "Theirs"))

    assert draft.save(mine, data).url.startswith(reverse("account_login"))
    sign_in_by_code(mine, "mine@example.org")
    page = mine.get(draft.address).text

    assert "What you typed before is filled in again." in page
    assert 'value="Mine"' in page
    assert f'name="version" value="{data["version"]}"' in page
    assert draft.stored() == ["Theirs", "Two"]
    assert rows_in(draft.save(mine, data).context["conflict"]) == [("Theirs", "Mine")]
