"""Every list of the admin against every personal field and everybody who works there.

`sscnet.core.personal_data.fields` says who may see a field. Each field holds a planted value. Who
may not see it must learn nothing of it: a look-up by the right value answers as one by a wrong
value does, an order stays as it is when two values change places, a search finds nothing, and no
page shows it.
"""

from datetime import timedelta
from html import unescape

import pgtrigger
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.constants import LOOKUP_SEP
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from meetings.models import (
    Attendance,
    ChangeRequest,
    Delegate,
    DelegateLink,
    IssuedDocument,
    Offer,
    Passport,
    PassportLook,
    ReturnSlip,
    Traveller,
)
from members.models import ProfileProposal, User
from secretariat.back_office import groups
from sscnet.codelists.models import Country
from sscnet.core.personal_data import fields as privacy
from sscnet.core.personal_data.sealed import SealedTextField
from sscnet.outbox.models import Attachment, Message
from sscnet.papers.models import Paper
from tests import make

PEOPLE = [*groups.GROUPS, "administrator", "no group"]
LOOKUPS = ["startswith", "contains", "gt"]
# How many links away from a list's own model a field is looked up.
MOST_LINKS = 2
# A day, a moment, a yes or no and a list of names hold no value to be planted.
WITHOUT_WORDS = (models.BooleanField, models.DateField, models.TimeField, ArrayField)
FIELDS = {
    (field.model, field.name): field
    for field in privacy.declared()
    if not field.column.is_relation and not isinstance(field.column, WITHOUT_WORDS)
}
COUNTRIES = [field for field in FIELDS.values() if getattr(field.column, "max_length", 0) == 2]
CONSENTS = ["diet", "access_needs", "passport"]
LISTS = list(admin.site._registry.values())


# ------------------------------------------------------------------ what is planted


def planted(field, letter="m"):
    """Return the value of a field in one of two rows; `m` stands before `n`."""
    word = f"{letter}{field.name}{field.model._meta.model_name}".replace("_", "")
    column = field.model._meta.get_field(field.name)
    if isinstance(column, models.EmailField):
        return f"{word}@example.org"
    if isinstance(column, models.GenericIPAddressField):
        return f"203.0.{ord(letter)}.0"
    return word[:2].upper() if field in COUNTRIES else word[: column.max_length]


def told(field, letter="m"):
    """Return what a page says of the value: of two letters, which stand anywhere, the country."""
    return f"{letter}{field.name}land" if field in COUNTRIES else planted(field, letter)


def value_for(field, word):
    column = field.model._meta.get_field(field.name)
    if isinstance(column, models.JSONField):
        return {"email": word}
    return word.encode() if isinstance(column, models.BinaryField) else word


def plant(record, letter):
    """Write the planted value into every personal field of a row."""
    fields = [field for field in FIELDS.values() if field.model is type(record)]
    values = {field.name: value_for(field, planted(field, letter)) for field in fields}
    with pgtrigger.ignore("members.Invitation:once_given"):
        type(record).objects.filter(pk=record.pk).update(**values)


def make_row(n):
    """Make a row of each model that holds personal fields, and of those beside it."""
    delegation = make.Delegation(institution=make.Institution(name=f"Institution {n}"))
    delegate = make.Delegate(
        delegation=delegation, consented_to=["diet", "access_needs", "passport"]
    )
    make.WorkshopPlace(delegate=delegate, workshop__meeting=delegation.meeting)
    Offer.objects.create(delegate=delegate, answer_by=timezone.now() + timedelta(days=1))
    user = make.User(name="Somebody")
    mail = Message.objects.create(
        key=f"key {n}",
        kind="any",
        to="any@example.org",
        subject="Your place",
        holds_secret=True,
        next_try_at=timezone.now(),
    )
    # Who did something to a record is named beside it, to all who see the record.
    proposer = make.User(name="Proposer")
    ProfileProposal.objects.create(institution=delegation.institution, proposed_by=proposer)
    make.Affiliation(institution=delegation.institution, user=user)
    proposal = make.Proposal(call__binding_rules=[], state="received")
    return [
        proposal,
        make.Reading(proposal=proposal),
        delegation.institution,
        delegation,
        delegate,
        user,
        mail,
        ChangeRequest.objects.create(delegation=delegation, delegate=delegate, change="edit"),
        Traveller.objects.create(delegate=delegate),
        Passport.objects.create(delegate=delegate),
        PassportLook.objects.create(delegate=delegate),
        ReturnSlip.objects.create(delegation=delegation, file="documents/any.pdf"),
        IssuedDocument.objects.create(kind="letter", meeting=delegation.meeting, delegate=delegate),
        Paper.objects.create(kind="letter", language="en", series="a", year=2027, number=n),
        delegation.institution.roster.create(),
        make.Enquiry(),
        make.Need(),
        DelegateLink.objects.create(delegate=delegate),
        make.Invitation(institution=delegation.institution, invited_by=user),
        Attachment.objects.create(message=mail, name="any.txt", content_type="text/plain"),
        Attendance.objects.create(meeting=delegation.meeting, name=f"Walk-in {n}"),
        EmailAddress.objects.create(user=user, email=user.email),
        Authenticator.objects.create(user=user, type="totp", data={}),
        UserSession.objects.create(user=user, ip="192.0.2.0", session_key=f"key {n}"),
    ]


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    """Two rows of each model, planted; gone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        two = make_row(1), make_row(2)
        for row, letter in zip(two, "mn", strict=True):
            for field in COUNTRIES:
                make.Country(iso2=planted(field, letter), name=told(field, letter))
            for record in row:
                plant(record, letter)
        yield two
        transaction.set_rollback(True)


def person_of(name):
    user = make.User(
        email=f"{name.replace(' ', '')}@staff.example.org".lower(),
        is_staff=True,
        is_superuser=name == "administrator",
    )
    if name in groups.GROUPS:
        user.groups.add(Group.objects.get(name=name))
    return user


@pytest.fixture(params=PEOPLE)
def person(request, db, rows):
    return person_of(request.param)


# ------------------------------------------------------------------ what is asked


def paths(model, links=MOST_LINKS):
    """Give each path from a model to a personal field."""
    tracked = getattr(model, "pgh_tracked_model", model)
    names = {field.name for field in model._meta.get_fields()}
    for owner, name in FIELDS:
        if owner is tracked and name in names:
            yield FIELDS[owner, name], name
    if links:
        for relation in model._meta.get_fields():
            if relation.is_relation and getattr(relation, "path_infos", None):
                for field, path in paths(relation.path_infos[-1].to_opts.model, links - 1):
                    yield field, f"{relation.name}{LOOKUP_SEP}{path}"


def request_of(user, **parameters):
    request = RequestFactory().get("/", parameters)
    request.user = user
    return request


def changelist_of(model_admin, user, **parameters):
    """Return what the page of a list shows; None where nothing is answered."""
    request = request_of(user, **parameters)
    if not model_admin.has_view_or_change_permission(request):
        return None
    try:
        with transaction.atomic():
            return model_admin.get_changelist_instance(request)
    except (DisallowedModelAdminLookup, IncorrectLookupParameters):
        return None


def ask(model_admin, user, **parameters):
    """Return the keys of the list in its order; None where nothing is answered."""
    changelist = changelist_of(model_admin, user, **parameters)
    return changelist and [row.pk for row in changelist.result_list]


def hidden_paths(user, model):
    return [(f, path) for f, path in paths(model) if not f.may_be_seen_by(user)]


def asked_by(field, path, lookup):
    """Return a look-up by a right and by a wrong value."""
    if isinstance(field.model._meta.get_field(field.name), models.JSONField):
        path = f"{path}__email"
    wrong = "zzz" if lookup == "gt" else "zz-nothing"
    right = "a" if lookup == "gt" else planted(field)[:-1]
    return {f"{path}__{lookup}": right}, {f"{path}__{lookup}": wrong}


def finds(model_admin, user, words):
    """Return whether the search of the list finds a row, whatever its filters then leave out."""
    request = request_of(user)
    if not model_admin.has_view_or_change_permission(request):
        return False
    rows = model_admin.get_queryset(request)
    return model_admin.get_search_results(request, rows, words)[0].exists()


def tells_right_from_wrong(model_admin, user, right, wrong):
    # The list itself asks this before anything else.
    if not all(model_admin.lookup_allowed(*one, request_of(user)) for one in right.items()):
        return False
    answer = ask(model_admin, user, **right)
    return answer is not None and answer != ask(model_admin, user, **wrong)


@pytest.mark.django_db
def test_nothing_hidden_is_found_by_look_ups(person):
    found = [
        (model_admin.opts.label, path, lookup)
        for model_admin in LISTS
        for field, path in hidden_paths(person, model_admin.model)
        for lookup in LOOKUPS
        if tells_right_from_wrong(model_admin, person, *asked_by(field, path, lookup))
    ]

    assert found == []


@pytest.mark.django_db
def test_nobody_is_told_that_there_are_rows_of_which_all_is_hidden(person):
    delegates, users = (admin.site.get_model_admin(model) for model in (Delegate, User))
    sees = privacy.may_see(person, Passport, "sealed")

    for look_up in ("passport__isnull", "passport__created_at__gt"):
        answer = ask(delegates, person, **{look_up: "2020-01-01" if "gt" in look_up else "True"})
        assert answer is None or sees
    if not person.is_superuser:
        assert ask(users, person, usersession__isnull="True") is None


@pytest.mark.django_db
def test_nothing_hidden_is_found_by_search(person):
    found = [
        (model_admin.opts.label, words)
        for model_admin in LISTS
        for field in {field for field, _path in hidden_paths(person, model_admin.model)}
        for words in [told(field)[1:-1]]
        # There is such a country, whoever comes from it.
        if not (field in COUNTRIES and model_admin.model is Country)
        if finds(model_admin, person, words)
    ]

    assert found == []


@pytest.mark.django_db
def test_no_order_tells_of_what_is_hidden(person, rows):
    hidden = {field for field in FIELDS.values() if not field.may_be_seen_by(person)}
    lists = [one for one in LISTS if hidden_paths(person, one.model)]

    before = orders(lists, person)
    with transaction.atomic():
        with pgtrigger.ignore("members.Invitation:once_given"):
            for field in hidden:
                change_places(field, rows)
        after = orders(lists, person)
        transaction.set_rollback(True)

    assert {key: order for key, order in after.items() if order != before[key]} == {}


def orders(lists, user):
    """Return the order of each list as it comes, and by each of its columns that orders it."""
    shown = {one: changelist for one in lists if (changelist := changelist_of(one, user))}
    return {
        (one.opts.label, column): ask(one, user, o=str(n))
        for one, changelist in shown.items()
        for n, column in enumerate([*changelist.list_display, "as it comes"])
        if column == "as it comes" or changelist.get_ordering_field(column)
    }


def change_places(field, rows):
    """Let the two rows of a field's model have each other's value."""
    for row, letter in zip(rows, "nm", strict=True):
        for record in row:
            if type(record) is field.model:
                value = value_for(field, planted(field, letter))
                if field.model._meta.get_field(field.name).unique:
                    field.model.objects.filter(**{field.name: value}).update(**{field.name: "-"})
                field.model.objects.filter(pk=record.pk).update(**{field.name: value})


@pytest.mark.django_db
def test_no_page_shows_what_is_hidden(person, rows):
    client = Client(raise_request_exception=False)
    client.force_login(person)
    hidden = [field for field in FIELDS.values() if not field.may_be_seen_by(person)]
    pages = "".join(client.get(address).content.decode() for address in addresses(rows[0]))

    shown = [str(field) for field in hidden if told(field)[:-1] in pages]

    assert shown == []


def addresses(records):
    """Give the pages of these records in the admin: list, form and history."""
    for record in records:
        if admin.site.is_registered(type(record)):
            name = f"admin:{record._meta.app_label}_{record._meta.model_name}"
            yield reverse(f"{name}_changelist")
            yield reverse(f"{name}_change", args=[record.pk])
            yield reverse(f"{name}_history", args=[record.pk])


@pytest.mark.django_db
def test_administrators_find_each_field_by_look_ups_but_no_secret(rows):
    person = person_of("administrator")
    found = {
        (field.model, field.name)
        for model_admin in LISTS
        for field, path in paths(model_admin.model, links=0)
        if tells_right_from_wrong(model_admin, person, *asked_by(field, path, "startswith"))
    }

    secrets = {key for key, field in FIELDS.items() if field.permission is privacy.no_one}
    secrets |= {key for key, f in FIELDS.items() if isinstance(f.column, SealedTextField)}
    unlisted = {key for key in FIELDS if not admin.site.is_registered(key[0])}
    assert found == FIELDS.keys() - secrets - unlisted


# ------------------------------------------------------------------ what is declared


def test_every_address_of_a_person_is_declared():
    kinds = [kind for kind in apps.get_models() if not hasattr(kind, "pgh_tracked_model")]
    addresses = {
        f"{kind.__name__}.{field.name}"
        for kind in kinds
        for field in kind._meta.fields
        if isinstance(field, models.EmailField) and (kind, field.name) not in FIELDS
    }

    # These are public: of an institution, of a meeting, and the Secretariat's own.
    assert addresses == {
        "Institution.role_mailbox",
        "Meeting.registration_contact",
        "Message.reply_to",
    }


@pytest.mark.django_db
def test_each_declaration_says_all_of_a_field_and_names_a_permission_there_is():
    known = {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Permission.objects.select_related("content_type")
    }

    for field in privacy.declared():
        assert field.whose
        assert field.why
        assert field.kept
        assert field.ground
        assert callable(field.permission) or field.permission in known


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_privacy_page_says_all_that_is_declared(client, language, settings):
    settings.DATA_HANDLER, settings.DATA_HANDLER_ZH = "Centre, 1 Road", "中心，北京路1号"
    make.Page(title="Privacy", slug="privacy")
    prefix = "" if language == "en" else "/zh-hans"

    page = client.get(f"{prefix}/about/privacy/")

    shown = unescape(page.content.decode())
    with translation.override(language):
        unsaid = [
            (field.name, words)
            for field in privacy.declared()
            for words in (field.label, field.why, field.ground, field.kept, field.seen_by)
            if str(words) not in shown
        ]
    assert unsaid == []
    assert ("Centre, 1 Road" if language == "en" else "中心，北京路1号") in shown
    # Logs and backups with their periods, as the settings are; what leaves the country; rights.
    logged = "number of the account, address of the page, answer"
    for log, period, network in (("", "90 days", True), ("/log", "190 days", False)):
        settings.REQUEST_LOG = log
        page = " ".join(client.get("/about/privacy/").content.decode().split())
        row = page.partition(logged)[2].partition("</tr>")[0]
        assert f">{period}</td>" in row
        assert ("the network of the internet" in page, "law of China requires" in row) == (
            network,
            not network,
        )
        assert "5 weeks, also of what was erased" in page
    abroad = page.partition('id="abroad"')[2].partition("</section>")[0]
    assert "Delegates: diet, access needs – in lists that officers export" in abroad
    for part in ("responsible", "rights", "changes"):
        assert f'id="{part}"' in page
    # It names readers in words, and no permission.
    page = " ".join(client.get("/about/privacy/").content.decode().split())
    diet = page.partition("diet, access needs")[2].partition("</tr>")[0]
    assert "Officer; the person; the institution" in diet
    assert "with a separate consent" in diet
    assert "Helper" not in diet
    permissions = [str(f.permission) for f in privacy.declared() if "." in str(f.permission)]
    assert [name for name in permissions if name in page] == []
    other = client.get(make.Page().get_absolute_url())
    assert "What is held about people" not in other.content.decode()


@pytest.mark.django_db
def test_who_may_change_or_add_a_record_has_its_fields_in_the_form(client):
    user = make.User()
    client.force_login(make.Officer(permissions=["members.change_user"]))
    page = client.get(reverse("admin:members_user_change", args=[user.pk]))
    assert "email" in page.context["adminform"].form.fields

    client.force_login(make.Officer(permissions=["members.add_invitation"]))
    page = client.get(reverse("admin:members_invitation_add"))
    assert "email" in page.context["adminform"].form.fields
