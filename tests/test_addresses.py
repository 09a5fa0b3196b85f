"""Every address of the portal against everybody who may come: `addresses.csv` says what is right.

A row is the pattern of an address, how to ask, an example, and what each person gets:

    200, 403 ...   the status
    out            a way to another page
    in             led to the sign-in
    factor         led to set up a second factor
    public         anybody may come, with or without an account

`{name}` in an example is one of the records that `portal` makes. A new address needs a new row;
pages below the list of a model in the admin follow one rule and need none. On whatever page, only
those of `PASSPORTS` get the passport of a delegate.
"""

import csv
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from meetings.models import IssuedDocument
from meetings.registration import entry
from members.accounts.second_factor import RequireSecondFactor
from members.models import User
from projects.calls.models import Proposal
from secretariat.back_office import groups
from secretariat.enquiries import handling as enquiries
from secretariat.figures.reports import freezing
from secretariat.models import Request, YearlyReport
from secretariat.requests import handling
from sscnet.outbox.models import Message
from sscnet.papers.models import Scan
from tests import make
from tests.calls.proposals.complete import complete_proposal
from tests.meetings.travellers import DATA, NUMBER, issued, person_with_place, travel_meeting

PEOPLE = ["visitor", "viewer", "focal_point", "stranger", "editor", "publisher", "no_factor"]
# Everybody else who works in the admin: elsewhere they get what an editor gets.
STAFF = [name for name in groups.GROUPS if name not in (groups.HELPER, groups.OFFICER)]
STAFF.append("administrator")
OF_ADMINISTRATORS = {"admin/status/"}
GROUPS_OF = {
    "editor": groups.HELPER,
    "publisher": groups.OFFICER,
    **{name: name for name in groups.GROUPS if name in STAFF},
    "administrator": None,
}
# The numbers of two passports, and who may read them.
PASSPORTS = {
    NUMBER: {"focal_point", "administrator"},
    "K76543210": {"stranger", "administrator"},
}
# They enter delegations for institutions, on all pages but those for its own people.
ENTERING = [
    who for who in STAFF if set(entry.ENTERING) <= groups.GROUPS.get(who, set(entry.ENTERING))
]
REGISTRATION = "meetings/<slug:slug>/register/<slug:institution>/"
OWN_PAGE = re.compile(r"(^|/)(link|travel|document)/|^(letter|papers)/")
SIGN_IN = re.compile(r"^(/zh-hans)?/(accounts|admin)/login/")
SET_UP = re.compile(r"^(/zh-hans)?/accounts/2fa/$")
# A page of a model in the admin, below its list.
BELOW_A_LIST = re.compile(r"^admin/[a-z_]+/[a-z]+/.")
LIST = re.compile(r"^admin/(?!password_change/)(?P<app>[a-z_]+)/(?P<model>[a-z]+)/")
# The list of these leads to the only record.
SETTINGS = "admin/papers/papersettings/"
# There for those who may look at one of the app's lists.
OF_AN_APP = "admin/^<app_label>/$"
TOKEN = "a" * 32
SESSION = settings.SESSION_COOKIE_NAME
COULD_SHOW_PASSPORTS = re.compile(r"/admin/meetings/(meeting|delegat(e|ion))/\d+/(desk|change)/")


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


@dataclass(frozen=True)
class Person:
    """Somebody who asks, signed in."""

    who: str
    user: User | None
    client: Client
    session_key: str | None = None


@pytest.fixture(autouse=True)
def recently_signed_in(settings):
    """Let nobody be asked anew who it is, however long the walk takes."""
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 60 * 60


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker):
    """Somebody of each kind, and the records of the examples, twice; gone after the module.

    The stranger is the focal point of the other institution, whose records are the second ones.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        records = make_records()
        others = records | make_records_of(
            make.Institution(name="Tea Centre"), records, number="K76543210"
        )
        yield records, others, {who: person_of(who, records, others) for who in [*PEOPLE, *STAFF]}
        transaction.set_rollback(True)


def make_records():
    """Make what is there once, and the records of an institution."""
    registered = travel_meeting(title="Annual meeting")
    make.Workshop(meeting=registered)
    call = make.Call(title="Seed money")
    make.RequiredPaper(call=call)
    make.Source(record=make.Topic(slug="x", words="Project, Institution, Meeting"))
    make.Sector(slug="x")
    report = YearlyReport.objects.create(year=2023)
    report.sections.create(section="money")
    freezing.publish(report, None)
    records = {
        "meeting": make.Meeting(title="Exchange visit"),
        "registered": registered,
        "project": make.Project(title="Biogas"),
        "closed_call": make.Call(title="Former", closes_at=timezone.now() - timedelta(days=1)),
        "call": call,
        "page": make.Page(title="Rules"),
        "news": make.Page(title="News", kind="news", since="2026-11-01"),
    }
    return records | make_records_of(
        make.Institution(name="Bamboo Centre"), records, number=NUMBER, token="abc"
    )


def make_records_of(institution, records, *, number, **of_invitation):
    registered = records["registered"]
    delegate = person_with_place(
        registered,
        institution,
        workshops=registered.workshops.all(),
        passport=replace(DATA, number=number),
    )
    awarded = make.Proposal(
        institution=institution,
        state="under_way",
        call__binding_rules=[],
        project=make.Project(),
    )
    draft = complete_proposal(records["call"], institution=institution)
    return {
        "institution": institution,
        "deputy": make.Affiliation(institution=institution, role="deputy"),
        "mail": mail_to(make.Affiliation(institution=institution).user, institution),
        "invitation": make.Invitation(institution=institution, **of_invitation),
        "waiting_invitation": make.Invitation(institution=institution, needs_confirmation=True),
        "delegate": delegate,
        "letter": issued(delegate),
        "place": delegate.workshop_places.get(),
        "known": institution.roster.create(family_name="Li"),
        "awarded": awarded,
        "report": awarded.reports_due.create(
            kind="final",
            due_on=timezone.localdate(),
            file="documents/none.pdf",
            uploaded_at=timezone.now(),
        ),
        "draft_proposal": draft,
        "endorsement": draft.endorsements.first(),
        "question": make.Enquiry(state="passed_on", passed_to=institution),
        "joining_token": enquiries.token_of(make.Enquiry(kind="joining")),
        "request": request_to(institution),
        "introduction": make.Introduction(institution=institution),
        "profile_draft": institution.proposals.create(),
    }


def request_to(institution):
    closes_at = timezone.now() + timedelta(days=5)
    request = Request.objects.create(title_zh_hans="征集", closes_at=closes_at)
    request.questions.create(text_zh_hans="缺什么？")
    handling.open_to(request, [institution], None)
    # Its mail is in both languages, and shown with the institution.
    Message.objects.filter(kind="request-opened").delete()
    request.refresh_from_db()
    return request


def mail_to(user, institution):
    return Message.objects.create(
        key=f"mail {user.pk}",
        kind="mail",
        to=user.email,
        about=institution,
        next_try_at=timezone.now(),
    )


def person_of(who, records, others):
    client = Client(raise_request_exception=False)
    user = None
    if who == "no_factor":
        user = officer(groups.OFFICER, second_factor=False)
    elif who in GROUPS_OF:
        user = officer(GROUPS_OF[who])
    elif who != "visitor":
        role = "viewer" if who == "viewer" else "focal_point"
        place = others if who == "stranger" else records
        user = make.Affiliation(institution=place["institution"], role=role).user
    if not user:
        return Person(who, None, client)
    client.force_login(user)
    return Person(who, user, client, client.session.session_key)


def officer(group, **values):
    user = make.User(is_staff=True, is_superuser=group is None, **values)
    user.groups.set(Group.objects.filter(name=group))
    return user


def example(text, records):
    """Put slugs and keys in place of {names}: a record's slug where it has one."""
    values = {name: name_of(record) for name, record in records.items()}
    return "/" + text.format(token="abc", **values)


def name_of(record):
    if isinstance(record, str):
        return record
    if isinstance(record, Proposal | IssuedDocument):
        return record.pk
    return getattr(record, "slug", None) or getattr(record, "reference", None) or record.pk


def ask(person, method, address):
    """Give the answer in the words of the table, and leave everything as it was."""
    return in_words(answer(person, method, address))


def answer(person, method, address):
    cookies = person.client.cookies.copy()
    with transaction.atomic():
        response = person.client.generic(method, address)
        # Read to its end, a file is closed.
        look_for_passports(person, response)
        transaction.set_rollback(True)
    person.client.cookies = cookies
    return response


def ask_view(person, method, address):
    """Ask the view alone, without what stands before it: what a right decides, a view decides.

    Nothing is written but pages on which a passport could stand. What one person changes, the next
    would see; the test takes it back.
    """
    factory = RequestFactory(headers={"X-CSRFToken": TOKEN})
    factory.cookies.load(dict.fromkeys((settings.CSRF_COOKIE_NAME, SESSION), TOKEN))
    request = factory.generic(method, address)
    # Anew: what another test made of a session, such as its end, was taken back since.
    request.user, request.session = person.user or AnonymousUser(), SessionStore(person.session_key)
    try:
        request.resolver_match = resolve(request.path)
        response = MessageMiddleware(behind_second_factor)(request)
    except PermissionDenied:
        return "403"
    except Http404:
        return "404"
    except SuspiciousOperation:
        return "400"
    if COULD_SHOW_PASSPORTS.match(address) and hasattr(response, "render"):
        response.render()
    if getattr(response, "is_rendered", True):
        look_for_passports(person, response)
    if file := getattr(response, "file_to_stream", None):
        file.close()
    return in_words(response)


def behind_second_factor(request):
    view, args, kwargs = request.resolver_match
    guard = RequireSecondFactor(view)
    return guard.process_view(request, view, args, kwargs) or view(request, *args, **kwargs)


def look_for_passports(person, response):
    content = b"".join(response) if response.streaming else response.content
    for number, readers in PASSPORTS.items():
        assert person.who in readers or number.encode() not in content


def in_words(response):
    if response.status_code not in (301, 302):
        return str(response.status_code)
    if SIGN_IN.match(response.url):
        return "in"
    return "factor" if SET_UP.match(response.url) else "out"


@pytest.mark.django_db
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['method']} {row['pattern']}")
def test_everybody_gets_what_the_table_says(portal, row):
    """And what is not for everybody, no browser keeps."""
    records, _others, people = portal
    address = example(row["example"], records)

    if row["visitor"] == "public":
        assert ask(people["visitor"], row["method"], address) not in ("in", "403")
        return
    asked = [who for who in PEOPLE if who != "publisher" or address.startswith("/accounts/")]
    answers = {who: answer(people[who], row["method"], address) for who in asked}

    got = {who: in_words(response) for who, response in answers.items()}
    if "publisher" not in got:
        got["publisher"] = ask_view(people["publisher"], row["method"], address)
    entering = {"publisher": of_who_enters(row["pattern"], row["publisher"])}
    assert got == {who: row[who] for who in PEOPLE} | entering
    for response in answers.values():
        if response.status_code == 200 and row["method"] == "GET":
            assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row",
    [row for row in TABLE if "{institution}" in row["example"]],
    ids=lambda row: f"{row['method']} {row['pattern']}",
)
def test_each_of_two_institutions_reaches_only_what_is_its_own(portal, row):
    records, others, people = portal
    own, foreign = (example(row["example"], those) for those in (others, records))
    mixed = example(row["example"], records | {"institution": others["institution"]})
    stranger, method = people["stranger"], row["method"]
    is_public = row["visitor"] == "public"

    assert ask(stranger, method, own) == (
        ask(people["focal_point"], method, foreign) if is_public else row["focal_point"]
    )
    if not is_public:
        assert ask(people["viewer"], method, own) == row["stranger"]
        assert ask(people["focal_point"], method, own) == row["stranger"]
    if mixed not in (own, foreign):
        assert ask(stranger, method, mixed) == "404"


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
    records, _others, people = portal
    address = example(row["example"], records)
    is_of_account = address.startswith(("/accounts/", "/admin/"))

    got = {
        who: (ask if is_of_account else ask_view)(people[who], row["method"], address)
        for who in STAFF
    }

    entering = dict.fromkeys(ENTERING, of_who_enters(row["pattern"], row["editor"]))
    if row["pattern"] in OF_ADMINISTRATORS:
        entering |= {"administrator": "200"}
    assert got == dict.fromkeys(STAFF, row["editor"]) | entering


def may_look(who, app, model):
    """Return whether the groups let a person see the records of a list in the admin."""
    names = {f"{app}.view_{model}", f"{app}.change_{model}"}
    return who == "administrator" or bool(names & groups.GROUPS[GROUPS_OF[who]])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row", [row for row in TABLE if LIST.match(row["pattern"]) and row["pattern"] != SETTINGS]
)
def test_lists_of_the_admin_are_for_those_whose_group_may_look(portal, row):
    records, _others, people = portal
    address, names = example(row["example"], records), LIST.match(row["pattern"]).groups()

    got = {who: ask_view(people[who], row["method"], address) for who in STAFF}
    got |= {who: row[who] for who in ("editor", "publisher")}

    assert got == {who: "200" if may_look(who, *names) else "403" for who in GROUPS_OF}


PAGES = [pattern for pattern in all_patterns() if BELOW_A_LIST.match(pattern)]
# Pages of Django's that are the same for every record.
LIKE_OTHERS = re.compile(r"/(add|history|delete)/$")


def page_below(pattern, records):
    """Give the address of a record that is there: of the list's model, or of a record's name."""
    app, model = LIST.match(pattern).groups()
    first = apps.get_model(app, model)._base_manager.order_by("pk").first()
    keys = {name: getattr(record, "pk", record) for name, record in records.items()}
    keys |= dict.fromkeys(("object_id", "pk", "id"), first.pk if first else 1)
    names = {"document": "letter", "state": "cleared"}
    return "/" + re.sub(
        r"<(?:\w+:)?(\w+)>", lambda m: str(keys.get(names.get(m[1], m[1]), 1)), pattern
    )


def with_different_rights(persons, app):
    """Give one of all those who have the same rights in an app."""
    return {rights_in(app, who): who for who in persons}.values()


def rights_in(app, who):
    if who == "administrator":
        return who
    return frozenset(name for name in groups.GROUPS[GROUPS_OF[who]] if name.startswith(f"{app}."))


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", PAGES)
def test_below_a_list_of_the_admin_nobody_reads_or_sends_whose_group_may_not_look(portal, pattern):
    records, _others, people = portal
    address, names = page_below(pattern, records), LIST.match(pattern).groups()
    lookers = [who for who in GROUPS_OF if may_look(who, *names)]
    refused = {"403", "404", "405", "out"}
    expected = {"visitor": {"in"}, "stranger": {"in"}, "no_factor": {"factor"}}
    senders = [*expected]
    expected |= {who: refused for who in GROUPS_OF if who not in lookers}
    senders += with_different_rights(list(expected)[len(senders) :], names[0])

    for who, answers in expected.items():
        for method in ["GET", "POST"] if who in senders else ["GET"]:
            assert ask_view(people[who], method, address) in answers, (who, method)
    for who in with_different_rights(lookers, names[0]):
        got = ask_view(people[who], "GET", address)
        assert got in refused | {"200", "400"}, who


SCANNED = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
def test_consents_slips_and_scans_on_file_are_for_those_who_work_with_them(portal):
    records, _others, people = portal
    delegate = records["delegate"]
    slip = delegate.delegation.return_slips.create(file=ContentFile(SCANNED, "slip.pdf"))
    type(delegate).objects.filter(pk=delegate.pk).update(consent_scan=slip.file.name)
    scan = Scan.objects.create(name="a.pdf", type="pdf", content=b"%PDF")
    enters = {*entry.ENTERING}
    pages = [
        ("meetings_delegate_consent", [delegate.pk], enters),
        ("meetings_delegate_scan", [delegate.pk], enters),
        ("meetings_delegation_slip", [slip.delegation_id, slip.pk], {"meetings.change_delegation"}),
        ("papers_paper_scan", [scan.pk], {"papers.keep_paper"}),
    ]

    for name, args, rights in pages:
        address = reverse(f"admin:{name}", args=args)
        got = {who: ask_view(people[who], "GET", address) for who in GROUPS_OF}

        may = {who for who in GROUPS_OF if rights <= groups.GROUPS.get(GROUPS_OF[who], rights)}
        assert got == {who: "200" if who in may else "403" for who in GROUPS_OF}, name
        assert "administrator" in may
        assert len(may) < len(got)
