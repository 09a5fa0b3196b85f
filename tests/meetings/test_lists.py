"""Lists of people: columns and filters, taken away and printed, each one noted."""

import csv
import io
import re

import openpyxl
import pytest
from django.urls import reverse

from meetings import places
from meetings.models import Attendance, ChangeRequest, PersonExport
from secretariat.back_office import groups
from sscnet.papers.models import PaperTemplate
from tests import make
from tests.pages import text_of
from tests.papers.test_templates import template
from tests.papers.word_files import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]


def page(view, *args):
    return reverse(f"admin:meetings_meeting_{view}", args=args)


@pytest.fixture
def meeting():
    """Four with a place and one who waits; two go to the workshop."""
    meeting = make.Meeting(title="Annual meeting", capacity=4)
    workshop = make.Workshop(meeting=meeting, title="Hydropower")
    kenya = make.Country(name="Kenya")
    one = make.Institution(name="Bamboo Centre", country=kenya)
    two = make.Institution(name="Water Institute", country=None)
    first = make.Delegation(meeting=meeting, institution=one)
    make.Delegate(
        delegation=first, family_name="Zhang", given_names="Wei", chinese_name="张伟",
        diet="no pork", email="wei@example.org", gender="man", role="Director",
        workshops=[workshop],
    )  # fmt: skip
    make.Delegate(
        delegation=first, family_name="Adams", given_names="Zoe", gender="woman", role="Engineer",
        access_needs="step-free way", workshops=[workshop],
    )  # fmt: skip
    places.submit(first)
    second = make.Delegation(meeting=meeting, institution=two)
    names = [("", "", "安娜"), ("Östberg", "Eva", ""), ("Waits", "Who", "")]
    for family, given, chinese in names:
        make.Delegate(
            delegation=second, family_name=family, given_names=given, chinese_name=chinese
        )
    places.submit(second)
    return meeting


def names(response):
    return [row[0] for row in response.context["rows"]]


def shown(client, meeting, **sent):
    return client.get(page("desk_list", meeting.pk), sent)


# ------------------------------------------------------------------ the list


def test_a_list_shows_whom_its_filters_keep_sorted_as_the_language_does(client, meeting):
    response = shown(client, meeting)
    assert names(response) == ["Zoe ADAMS", "Eva ÖSTBERG", "Wei ZHANG", "安娜"]
    assert response.context["count"] == 4
    sent = {"columns": ["chinese_name"], "place": "confirmed"}
    response = client.get("/zh-hans" + page("desk_list", meeting.pk), sent)
    assert [name for name in names(response) if name] == ["安娜", "张伟"]

    workshop, first = meeting.workshops.get(), meeting.delegations.first()
    zhang = first.delegates.get(family_name="Zhang")
    Attendance.objects.create(meeting=meeting, delegate=zhang)

    for sent, expected in [
        ({"place": "waiting"}, {"Waits"}),
        ({"place": "not_confirmed"}, {"Waits"}),
        ({"diet": "yes"}, {"Zhang"}),
        ({"diet": "no", "place": "confirmed"}, {"Adams", "Östberg", ""}),
        ({"access_needs": "yes"}, {"Adams"}),
        ({"gender": "woman"}, {"Adams"}),
        ({"gender": "not_stated"}, {"Waits", "Östberg", ""}),
        ({"country": "not_stated"}, {"Waits", "Östberg", ""}),
        ({"attendance": "present"}, {"Zhang"}),
        ({"attendance": "not_noted", "place": "confirmed"}, {"Adams", "Östberg", ""}),
        ({"workshop": workshop.pk}, {"Adams", "Zhang"}),
        ({"institution": first.institution.pk}, {"Adams", "Zhang"}),
        ({"country": first.institution.country_id}, {"Adams", "Zhang"}),
    ]:
        kept = shown(client, meeting, columns=["family_name"], **sent)
        assert set(names(kept)) == expected, sent

    for sent in ({"columns": "id"}, {"place": "x"}, {"workshop": "9" * 40}, {"gender": "'"}):
        response = shown(client, meeting, **sent)
        assert (response.status_code, response.context["rows"]) == (200, []), sent
        assert response.context["form"].errors, sent


# ------------------------------------------------------------------ taking it away


def take(client, meeting, kind, **sent):
    return client.post(page("desk_file", meeting.pk), {"format": kind, **sent})


def test_every_export_is_noted_with_who_when_which_and_how_many(client, meeting, officer):
    assert take(client, meeting, "exe").status_code == 404
    assert client.get(page("desk_file", meeting.pk)).status_code == 405
    assert take(client, meeting, "csv", place="x").status_code == 302
    assert not PersonExport.objects.exists()

    sent = {"columns": ["family_name", "diet"], "diet": "yes"}
    for kind in ("csv", "xlsx", "word", "tags", "signs", "sign-in"):
        assert take(client, meeting, kind, **sent).status_code == 200
    shown(client, meeting, **sent)

    noted = PersonExport.objects.order_by("id")
    assert [(n.by, n.format, n.people) for n in noted] == [
        (officer, "csv", 1),
        (officer, "xlsx", 1),
        (officer, "word", 1),
        (officer, "tags", 1),
        (officer, "signs", 1),
        (officer, "sign-in", 1),
    ]
    assert noted[0].columns == ["family_name", "diet"]
    assert {"mobile", "institution"} <= {*noted[2].columns}
    listed = text_of(client.get(reverse("admin:meetings_personexport_changelist")))
    assert "sign-in" in listed


def test_sheets_and_files_have_the_chosen_columns_and_are_safe(client, meeting):
    sent = {"columns": ["family_name", "role", "workshops"], "gender": "man"}
    sheet = text_of(take(client, meeting, "sign-in", **sent))
    heads = re.findall('<th scope="col"[^>]*>([^<]+)</th>', sheet.partition("</table>")[0])
    assert heads == ["No.", "Name", "Role", "Workshops with a place", "Signature"]
    row = "<td>1</td> <td> 张伟 Wei Zhang </td> <td>Director</td><td>Hydropower</td> <td></td>"
    assert row in sheet
    assert "style=" not in sheet

    sent = {"columns": ["family_name", "chinese_name", "diet"], "place": "confirmed"}
    content = take(client, meeting, "csv", **sent).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0] == ["name in Chinese", "family name", "diet"]
    assert rows[3] == ["张伟", "Zhang", "no pork"]
    assert len(rows) == 5

    sent = {"columns": ["family_name", "workshops"], "gender": "man"}
    content = take(client, meeting, "xlsx", **sent).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert list(sheet.values) == [
        ("family name", "workshops with a place"),
        ("Zhang", "Hydropower"),
    ]

    meeting.delegations.first().delegates.filter(gender="man").update(family_name="=1+1")
    content = take(client, meeting, "csv", columns=["family_name"], gender="man").content.decode()
    assert "'=1+1" in content


# ------------------------------------------------------------------ who sees what


def test_needs_diet_and_email_are_for_officers_only(client, meeting):
    person = meeting.delegations.first().delegates.get(family_name="Zhang")
    request = ChangeRequest.objects.create(
        delegation=person.delegation, change="edit", after={"diet": "no pork", "role": "Chair"}
    )
    pages = [
        (page("desk_list", meeting.pk), {"columns": ["family_name", "diet", "email"]}),
        (reverse("admin:meetings_delegate_change", args=[person.pk]), {}),
        (reverse("admin:meetings_changerequest_change", args=[request.pk]), {}),
    ]

    def seen():
        texts = [client.get(address, sent).content.decode() for address, sent in pages]
        return ["no pork" in text or "wei@example.org" in text for text in texts]

    client.force_login(make.Officer(group=groups.OFFICER))
    assert seen() == [True, True, True]
    client.force_login(make.Officer(group=groups.HELPER))
    assert seen() == [False, False, False]
    found = client.get(reverse("admin:meetings_delegate_changelist"), {"q": "wei@example.org"})
    assert found.context["cl"].queryset.count() == 0

    content = template("{% for one in people %}{{ one.latin }} {{ one.email }}{% endfor %}")
    PaperTemplate.objects.create(kind="delegates", language="en", content=content)
    assert "ZHANG" in (made := words(take(client, meeting, "word").content))
    assert "wei@example.org" not in made
    refused = take(client, meeting, "csv", columns=["diet"])
    filtered = take(client, meeting, "csv", columns=["family_name"], diet="yes")
    assert refused.status_code == 302
    assert len(filtered.content.decode().splitlines()) == 6, "an unknown filter keeps everybody"

    client.force_login(make.Officer(group=groups.OFFICER))
    views = ["desk", "desk_message", "desk_list", "desk_figures", "desk_check_in"]
    addresses = [page(view, meeting.pk) for view in views]
    for prefix in ("", "/zh-hans"):
        assert {client.get(prefix + address).status_code for address in addresses} == {200}
    others = [reverse("admin:index"), reverse("admin:meetings_meeting_places", args=[meeting.pk])]
    assert {client.get(address).status_code for address in others} == {200}


def test_gender_is_for_those_who_decide_who_comes(client, meeting):
    person = meeting.delegations.first().delegates.get(family_name="Zhang")
    form = reverse("admin:meetings_delegate_change", args=[person.pk])
    request = ChangeRequest.objects.create(
        delegation=person.delegation, change="edit", after={"gender": "of-late", "role": "Chair"}
    )
    asked = reverse("admin:meetings_changerequest_change", args=[request.pk])

    def seen():
        by_list = take(client, meeting, "csv", columns=["gender"]).status_code == 200
        kept = take(client, meeting, "csv", columns=["family_name"], gender="man")
        is_kept = len(kept.content.decode().splitlines()) < 6
        texts = [client.get(page).content.decode() for page in (form, asked)]
        return [by_list, is_kept, "Gender:" in texts[0], "of-late" in texts[1]]

    client.force_login(make.Officer(group=groups.OFFICER))
    assert seen() == [True] * 4
    client.force_login(make.Officer(group=groups.HELPER))
    assert seen() == [False] * 4
