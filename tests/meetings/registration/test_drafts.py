"""A draft keeps whatever is there, and nobody's words are lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Affiliation
from tests import make

from .steps import person, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("focal_point")]


def test_a_draft_keeps_whatever_is_there(client, at, ours):
    people = [{"email": "not an address", "family_name": "张"}, {}]

    response = client.post(at("people"), typed(people, then="draft"))

    assert response["Location"] == at()
    first, second = ours().delegates.all()
    assert (first.email, first.family_name) == ("not an address", "张")
    assert second.name == ""


def test_going_on_with_mistakes_says_them_beside_the_fields_and_keeps_what_was_typed(client, at):
    people = [{"family_name": "张", "email": "nobody"}, {"role": "engineer"}]

    response = client.post(at("people"), typed(people), follow=True)

    html = response.content.decode()
    assert "<title>Error:" in html.replace("\n", "")
    assert "Use Latin letters" in html
    assert 'value="nobody"' in html
    assert 'value="engineer"' in html
    assert 'href="#id_people-1-chinese_name"' in html


def test_a_person_can_be_added_and_removed_without_scripts(client, at, ours):
    page = at("people")
    client.post(page, typed([person(1)], then="add"))
    assert ours().delegates.count() == 2

    keys = list(ours().delegates.values_list("pk", flat=True))
    people = [{"delegate": keys[0], **person(1)}, {"delegate": keys[1], **person(2)}]
    sent = typed(people, version=1, then="remove-0")
    asked = client.post(page, sent).content.decode()
    assert "Remove person 1?" in asked
    assert ours().delegates.count() == 2
    # Whoever leaves it as it is finds the other person too, who was typed and is not stored.
    assert 'value="Family2"' in client.get(page).content.decode()
    client.post(page, sent | {"sure": "yes"})

    assert ours().delegates.get().family_name == "Family2"


@pytest.mark.parametrize(
    "text",
    [
        "张伟\tZhang\tWei\tdirector\twei@example.org\n\tSukarno\t\t\t\n",
        "Family name,Given names,姓名\nZhang,Wei,张伟\nSukarno,,\n",
    ],
)
def test_people_are_pasted_from_a_spreadsheet(client, at, ours, text):
    page = at("sheet")

    response = client.post(page, {"pasted": text})

    assert response["Location"].startswith(at("people"))
    people = ours().delegates.all()
    assert [(p.family_name, p.given_names) for p in people] == [("Zhang", "Wei"), ("Sukarno", "")]
    assert people[0].chinese_name == "张伟"


def test_a_file_with_chinese_headings_becomes_a_list_of_people(client, at, ours):
    content = "中文姓名,姓（拼音）,名（拼音）,职务,电子邮箱,手机号码\r\n".encode()
    empty, full = (
        SimpleUploadedFile("people.csv", one)
        for one in (content, content + "张伟,Zhang,Wei,,".encode())
    )

    assert "no rows below them" in client.post(at("sheet"), {"file": empty}).text
    client.post(at("sheet"), {"file": full})

    assert ours().delegates.get().chinese_name == "张伟"


def test_a_file_that_cannot_be_read_is_refused_with_a_way_on(client, at):
    for sent_file in (b"PK\x03\x04broken", b"\xff\xfe\x00", b"a,b\n1,2\n", b"\0"):
        file = SimpleUploadedFile("people.xlsx", sent_file)
        response = client.post(at("sheet"), {"file": file})
        assert response.status_code == 200, sent_file
        assert "error-summary" in response.content.decode(), sent_file


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"people-TOTAL_FORMS": "x"},
        {"people-TOTAL_FORMS": "99999999999999999999", "people-INITIAL_FORMS": "0"},
        typed([{"delegate": "99999999999999999999999", **person(1)}]),
        typed([{"delegate": "-1", "family_name": "W" * 5000, "gender": "nonsense"}]),
        typed([person(1)]) | {"version": "９"},
        typed([person(1)]) | {"version": "9" * 400},
        typed([person(1)]) | {"then": "remove-99"},
    ],
)
def test_no_form_of_any_shape_breaks_the_page(client, at, data):
    response = client.post(at("people"), data)

    assert response.status_code in (200, 302)


def test_people_sent_twice_are_there_once_and_a_colleague_goes_on(client, at, ours, institution):
    page = at("people")
    first = client.post(page, typed([person(1), person(2)], then="draft"))
    again = client.post(page, typed([person(1), person(2)], then="draft"))
    assert again["Location"] == first["Location"]
    assert ours().delegates.count() == 2

    deputy = make.Affiliation(institution=institution, role=Affiliation.Role.DEPUTY).user
    client.force_login(deputy)
    html = client.get(at("people")).content.decode()
    assert "Last saved by Focal Point" in html
    assert 'value="Family1"' in html


@pytest.mark.parametrize("then", ["remove-0", "add"])
def test_what_a_button_asks_for_is_done_though_a_colleague_saved_another_step(
    client, at, begun, ours, then
):
    delegate = begun(people=1).delegates.get()
    known = {"delegate": delegate.pk, "family_name": delegate.family_name, "given_names": "Given"}
    client.post(at("workshops"), {"version": 0, "then": "draft"})

    client.post(at("people"), typed([known], version=0, then=then) | {"sure": "yes"})

    assert ours().delegates.count() == {"remove-0": 0, "add": 2}[then]


def test_as_many_forms_are_shown_as_people_come(client, at, ours):
    page = at("people")

    response = client.post(page, typed([person(1)]) | {"how_many": "4"})

    assert response["Location"] == page
    names = ours().delegates.values_list("family_name", flat=True)
    assert list(names) == ["Family1", "", "", ""]


def test_a_number_of_people_that_cannot_be_is_named(client, at, meeting, institution):
    sent = typed([person(1)]) | {"how_many": "9" * 20}

    response = client.post(at("people"), sent, follow=True)

    assert "How many people will attend? Ensure this value is less" in response.text
    assert meeting.delegations.get().delegates.count() == 1


def test_people_added_later_stand_after_those_who_were_sent(client, at, registered):
    delegation = registered(2)
    version = delegation.lock_version
    client.post(at("people"), typed([person(8)], version, then="draft"))
    client.post(at("sheet"), {"pasted": "\tFamily9\t\t\t"})

    names = list(delegation.delegates.values_list("family_name", flat=True))
    assert names[2:] == ["Family8", "Family9"]
    assert names[0] != "Family8" != names[1]


def paste(client, at, text):
    page = at("sheet")
    return client.post(page, {"pasted": text}, follow=True).content.decode()


def test_what_a_sheet_has_too_much_of_is_said(client, at, ours, meeting, institution):
    html = paste(client, at, f"\tZhang\tWei\t{'x' * 151}\t\n\tLi\tNa\t\t")
    assert "Wei ZHANG: role has 151 characters; at most 150 are possible." in html
    assert "x" * 151 in html
    assert not delegation_exists(meeting, institution)

    html = paste(client, at, "\tZhang\tWei\tdirector\t\t\tvegetarian")
    assert "A row has more cells than columns" in html
    assert not delegation_exists(meeting, institution)

    html = paste(client, at, "姓名\tPassport\tShoes\n张伟\tE1\t44")
    assert "Columns we do not know are ignored: Passport, Shoes." in html
    assert ours().delegates.get().chinese_name == "张伟"

    html = paste(client, at, "\tZhang\t\t\t\n" * 60)
    assert "more than 59 people" in html
    assert ours().delegates.count() == 1


def delegation_exists(meeting, institution):
    return meeting.delegations.filter(institution=institution).exists()


def test_what_is_wrong_is_said_by_person(client, at):
    html = paste(client, at, "\tZhang\tWei\t\t\n\tLi\tNa\t\tnobody")

    assert "Person 2 (Na LI), Email: Enter a valid email address." in words_of(html)


def words_of(html):
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def test_what_is_typed_too_long_is_cut_and_said(client, at):
    page = at("people")
    people = [person(1) | {"role": "x" * 151}]

    html = client.post(page, typed(people), follow=True).content.decode()

    assert "Person 1: too long and therefore cut: Role." in html
