"""Every address of the portal against everybody who may come: `addresses.csv` says what is right.

A row is the pattern of an address, how to ask, an example, and what each person gets:

    200, 403 ...   the status
    out            a way to another page
    in             led to the sign-in
    factor         led to set up a second factor
    public         anybody may come, with or without an account

`{name}` in an example is one of the records that `portal` makes. A new address needs a new row;
pages below the list of a model in the admin follow one rule and need none.
"""

import csv
import os
import re
from datetime import timedelta
from pathlib import Path
from zlib import crc32

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from meetings import places
from meetings.models import WorkshopPlace
from projects.calls.models import Proposal
from secretariat import groups
from secretariat.models import YearlyReport
from secretariat.reports import freezing
from sscnet.outbox.models import Message
from tests.calls.proposals.complete import complete_proposal
from tests.factories import (
    AffiliationFactory,
    CallFactory,
    DelegationFactory,
    EnquiryFactory,
    InstitutionFactory,
    InvitationFactory,
    MeetingFactory,
    PageFactory,
    ProjectFactory,
    ProposalFactory,
    RequiredPaperFactory,
    ServiceFactory,
    UserFactory,
    WorkshopFactory,
)

PROOF = bool(os.environ.get("PROOF"))
PEOPLE = ["visitor", "viewer", "focal_point", "stranger", "editor", "publisher", "no_factor"]
# They work in the admin as well: elsewhere they get what an editor gets.
STAFF = {
    "reader": groups.READ_ONLY,
    "officer": groups.MEETINGS_OFFICERS,
    "door": groups.DOOR_STAFF,
    "calls_officer": groups.CALLS_OFFICERS,
    "reader_of_proposals": groups.READERS,
    "administrator": None,
}
GROUPS_OF = {"editor": groups.EDITORS, "publisher": groups.PUBLISHERS, **STAFF}
# They enter delegations for institutions, on all pages but those for its own people.
ENTERING = ["officer", "administrator"]
REGISTRATION = "meetings/<slug:slug>/register/<slug:institution>/"
OWN_PAGE = re.compile(r"(^|/)(link|travel|document)/")
SIGN_IN = re.compile(r"^(/zh-hans)?/(accounts|admin)/login/")
SET_UP = re.compile(r"^(/zh-hans)?/accounts/2fa/$")
# A page of a model in the admin, below its list.
BELOW_A_LIST = re.compile(r"^admin/[a-z_]+/[a-z]+/.")
LIST = re.compile(r"^admin/(?!password_change/)(?P<app>[a-z_]+)/(?P<model>[a-z]+)/")
# There for those who may look at one of the app's lists.
OF_AN_APP = "admin/^<app_label>/$"


def read_table():
    with (Path(__file__).parent / "addresses.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def walk(patterns, before=""):
    """Give the whole pattern of each address."""
    for pattern in patterns:
        whole = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, whole)
        else:
            yield whole


def all_patterns():
    """Give the patterns of today; the admin's page of an app names all apps, which we leave out."""
    patterns = walk(get_resolver().url_patterns)
    return [re.sub(r"\(\?P<app_label>[^)]*\)", "<app_label>", pattern) for pattern in patterns]


TABLE = read_table()


# ------------------------------------------------------------------ the table is whole


def test_every_address_stands_in_the_table():
    known = {row["pattern"] for row in TABLE}

    missing = [p for p in all_patterns() if p not in known and not BELOW_A_LIST.match(p)]

    assert missing == [], "add rows to tests/addresses.csv"


def test_every_row_is_an_address_of_today_and_stands_there_once():
    rows = [(row["pattern"], row["method"]) for row in TABLE]

    assert len(rows) == len(set(rows))
    assert {row["pattern"] for row in TABLE} <= set(all_patterns())


# ------------------------------------------------------------------ the table is right


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker):
    """Somebody of each kind, signed in, and the records of the examples; gone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        records = make_records()
        everybody = [*PEOPLE, *STAFF]
        yield records, {who: client_of(who, records["institution"]) for who in everybody}
        transaction.set_rollback(True)


def make_records():
    institution = InstitutionFactory(name="Bamboo Centre")
    registered = MeetingFactory(title="Annual meeting")
    delegation = DelegationFactory(
        meeting=registered,
        institution=institution,
        people=1,
        people__workshops=[WorkshopFactory(meeting=registered)],
    )
    places.submit(delegation)
    awarded = ProposalFactory(institution=institution, state="under_way", call__binding_rules=[])
    call = CallFactory(title="Seed money")
    RequiredPaperFactory(call=call)
    report = YearlyReport.objects.create(year=2023)
    report.sections.create(section="money")
    freezing.freeze(report, None)
    freezing.release(report)
    draft = complete_proposal(call, institution=institution)
    visit = MeetingFactory(kind="exchange_visit")
    visit.meeting_institutions.create(institution=institution, role="host")
    return {
        "institution": institution,
        "visit": visit,
        "deputy": AffiliationFactory(institution=institution, role="deputy"),
        "mail": mail_to(AffiliationFactory(institution=institution).user, institution),
        "invitation": InvitationFactory(institution=institution, token="abc"),
        "meeting": MeetingFactory(title="Exchange visit"),
        "registered": registered,
        "delegate": delegation.delegates.get(),
        "place": WorkshopPlace.objects.get(),
        "known": institution.roster.create(family_name="Li"),
        "project": ProjectFactory(title="Biogas"),
        "closed_call": CallFactory(title="Former", closes_at=timezone.now() - timedelta(days=1)),
        "awarded": awarded,
        "report": awarded.reports_due.create(
            kind="final", due_on=timezone.localdate(), file="documents/none.pdf"
        ),
        "call": call,
        "draft_proposal": draft,
        "endorsement": draft.endorsements.first(),
        "service": ServiceFactory(institution=institution),
        "page": PageFactory(title="Rules"),
        "action_point": registered.action_points.create(
            institution=institution, text="Send the list", due_on=timezone.localdate()
        ),
        "question": EnquiryFactory(state="passed_on", passed_to=institution),
        "profile_draft": institution.proposals.create(),
    }


def mail_to(user, institution):
    return Message.objects.create(
        key="mail", kind="mail", to=user.email, about=institution, next_try_at=timezone.now()
    )


def client_of(person, institution):
    client = Client(raise_request_exception=False)
    if person != "visitor":
        client.force_login(MAKERS[person](institution))
    return client


def officer(group, **values):
    user = UserFactory(is_staff=True, is_superuser=group is None, **values)
    user.groups.set(Group.objects.filter(name=group))
    return user


MAKERS = {
    "viewer": lambda place: AffiliationFactory(institution=place, role="viewer").user,
    "focal_point": lambda place: AffiliationFactory(institution=place).user,
    "stranger": lambda place: AffiliationFactory().user,
    "editor": lambda place: officer(groups.EDITORS),
    "publisher": lambda place: officer(groups.PUBLISHERS),
    "no_factor": lambda place: officer(groups.PUBLISHERS, second_factor=False),
    **{who: lambda place, group=group: officer(group) for who, group in STAFF.items()},
}


def example(text, records):
    """Put slugs and keys in place of {names}: a record's slug where it has one."""
    values = {name: name_of(record) for name, record in records.items()}
    return "/" + text.format(token="abc", **values)


def name_of(record):
    if isinstance(record, Proposal):
        return record.pk
    return getattr(record, "slug", None) or getattr(record, "reference", None) or record.pk


def ask(client, method, address):
    """Give the answer in the words of the table, and leave everything as it was."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = client.generic(method, address)
        if response.streaming:
            # Read to its end, a file is closed.
            b"".join(response)
        transaction.set_rollback(True)
    client.cookies = cookies
    if response.status_code not in (301, 302):
        return str(response.status_code)
    if SIGN_IN.match(response.url):
        return "in"
    return "factor" if SET_UP.match(response.url) else "out"


@pytest.mark.django_db
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['method']} {row['pattern']}")
def test_everybody_gets_what_the_table_says(portal, row):
    records, clients = portal
    address = example(row["example"], records)

    if row["visitor"] == "public":
        assert ask(clients["visitor"], row["method"], address) not in ("in", "403")
        return
    got = {person: ask(clients[person], row["method"], address) for person in PEOPLE}

    assert got == {person: row[person] for person in PEOPLE}


def is_elsewhere(pattern):
    return pattern != OF_AN_APP and not LIST.match(pattern)


def of_who_enters(pattern, otherwise):
    """Say what those get who enter delegations on paper: first they note who asked."""
    page = pattern.removeprefix(REGISTRATION)
    if page == pattern or OWN_PAGE.search(page):
        return otherwise
    return "200" if page in ("", "paper/") else "out"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row",
    [row for row in TABLE if row["visitor"] != "public" and is_elsewhere(row["pattern"])],
    ids=lambda row: f"{row['method']} {row['pattern']}",
)
def test_who_else_works_in_the_admin_gets_what_an_editor_gets(portal, row):
    records, clients = portal
    address = example(row["example"], records)

    got = {person: ask(clients[person], row["method"], address) for person in STAFF}

    entering = dict.fromkeys(ENTERING, of_who_enters(row["pattern"], row["editor"]))
    assert got == dict.fromkeys(STAFF, row["editor"]) | entering


def may_look(person, app, model):
    """Return whether the groups let a person see the records of a list in the admin."""
    names = {f"{app}.view_{model}", f"{app}.change_{model}"}
    return person == "administrator" or bool(names & groups.GROUPS[GROUPS_OF[person]])


@pytest.mark.django_db
@pytest.mark.parametrize("row", [row for row in TABLE if LIST.match(row["pattern"])])
def test_lists_of_the_admin_are_for_those_whose_group_may_look(portal, row):
    records, clients = portal
    address, names = example(row["example"], records), LIST.match(row["pattern"]).groups()

    got = {person: ask(clients[person], row["method"], address) for person in GROUPS_OF}

    assert got == {person: "200" if may_look(person, *names) else "403" for person in GROUPS_OF}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row",
    [row for row in TABLE if row["method"] == "GET" and "200" in row.values()],
    ids=lambda row: row["pattern"],
)
def test_no_browser_keeps_what_is_not_for_everybody(portal, row):
    records, clients = portal
    person = next(person for person in PEOPLE if row[person] == "200")

    response = clients[person].get(example(row["example"], records))
    if response.streaming:
        b"".join(response)

    assert "no-store" in response["Cache-Control"]


# What is typed in one form would be lost by sending another; signing out is asked for on purpose.
FORM = re.compile(
    r'<form[^>]*method="post"(?![^>]*action="[^"]*/accounts/logout/").*?</form>', re.S
)
TYPED_IN = re.compile(r'<textarea|<select|<input(?![^>]*type="(?:hidden|submit)")')


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row",
    [row for row in TABLE if row["method"] == "GET" and row["focal_point"] == "200"],
    ids=lambda row: row["pattern"],
)
def test_a_page_where_something_is_typed_has_one_form(portal, row):
    records, clients = portal
    response = clients["focal_point"].get(example(row["example"], records))
    html = b"".join(response).decode(errors="ignore")

    forms = FORM.findall(html)

    assert len(forms) <= 1 or not any(TYPED_IN.search(form) for form in forms)


def pages_below_lists():
    return [pattern for pattern in all_patterns() if BELOW_A_LIST.match(pattern)]


def in_turn(persons, pattern):
    """Give all of them for the long proof; else one, another at each address."""
    several = sorted(persons)
    if PROOF or not several:
        return several
    return [several[crc32(pattern.encode()) % len(several)]]


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", pages_below_lists())
def test_nobody_from_outside_comes_below_a_list_of_the_admin(portal, pattern):
    _records, clients = portal
    address = "/" + re.sub(r"<[^>]+>", "1", pattern)

    for method in ("GET", "POST"):
        for person in in_turn(("visitor", "viewer", "focal_point", "stranger"), pattern):
            assert ask(clients[person], method, address) == "in"
        assert ask(clients["no_factor"], method, address) == "factor"


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", pages_below_lists())
def test_below_a_list_of_the_admin_nobody_reads_or_sends_whose_group_may_not_look(portal, pattern):
    _records, clients = portal
    address, names = "/" + re.sub(r"<[^>]+>", "1", pattern), LIST.match(pattern).groups()
    lookers = {person for person in GROUPS_OF if may_look(person, *names)}

    for person in in_turn(GROUPS_OF.keys() - lookers, pattern):
        got = {ask(clients[person], method, address) for method in ("GET", "POST")}
        assert got <= {"403", "404", "405", "out"}, person
    for person in in_turn(lookers, pattern):
        got = {ask(clients[person], method, address) for method in ("GET", "POST")}
        assert got <= {"200", "400", "403", "404", "405", "out"}, person
