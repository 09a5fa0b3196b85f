"""Workshops, the rule for the waiting list, and the answers to check."""

import pytest

from meetings.models import Delegation
from tests import make

from .steps import person, sent, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("focal_point")]


def test_a_workshop_of_another_meeting_is_no_choice(client, at, begun, hydropower):
    other = make.Workshop()
    draft = begun(people=1)
    delegate = draft.delegates.get()

    client.post(at("workshops"), {"version": 0, f"delegate-{delegate.pk}-workshops": [other.pk]})

    assert not delegate.workshop_places.exists()


def test_workshops_and_rule_saved_second_are_refused_with_both_texts(client, at, ours, hydropower):
    client.post(at("people"), typed([person(1), person(2)]))
    first, second = ours().delegates.all()
    workshops, send = (at(name) for name in ("workshops", "send"))
    theirs = {"version": 1, f"delegate-{first.pk}-workshops": [hydropower.pk]}
    client.post(workshops, theirs)

    mine = {"version": 1, f"delegate-{second.pk}-workshops": [hydropower.pk]}
    refused = client.post(workshops, mine)
    assert [(d.row, d.label, d.now, d.after) for d in refused.context["conflict"].differences] == [
        (str(first), "Workshops", str(hydropower), ""),
        (str(second), "Workshops", "", str(hydropower)),
    ]
    assert not second.workshop_places.exists()
    assert client.post(workshops, theirs).status_code == 302

    refused = client.post(send, {"version": 1, "rule": "all_together", "then": "rule"})
    assert "Somebody else has saved this" in refused.text
    assert not ours().is_all_together


def test_the_rule_is_asked_for_only_of_those_who_would_wait_beside_their_answers(
    client, at, begun, hydropower
):
    draft = begun(people=3, people__workshops=[hydropower])
    send, check = (at(name) for name in ("send", "check"))
    response = client.post(at("workshops"), {"version": 0})
    assert response["Location"] == check
    assert b'name="rule"' not in client.get(check).content

    wishes = {f"delegate-{d.pk}-workshops": [hydropower.pk] for d in draft.delegates.all()}
    response = client.post(at("workshops"), {"version": 1, **wishes})
    assert response["Location"] == check
    assert b'name="rule"' in client.get(check).content
    choice = {"version": 2, "rule": "all_together", "then": "rule"}
    assert client.post(send, choice | {"rule": "none"})["Location"] == check
    draft.refresh_from_db()
    assert not draft.is_all_together
    assert client.post(send, choice)["Location"] == check
    draft.refresh_from_db()
    assert draft.is_draft
    assert draft.is_all_together


def test_a_rule_chosen_with_the_answers_is_that_of_the_registration(
    client, at, prepared, ours, hydropower
):
    draft = prepared(4, hydropower, Delegation.Rule.AS_MANY_AS_FIT)
    page, token = at("send"), str(draft.submission_token)
    choice = {"token": token, "rule": "all_together"}

    refused = client.post(page, choice | {"version": 7}).content.decode()
    assert "Somebody else has saved this in the meantime" in refused
    assert 'value="all_together" required id="id_rule_1" checked' in refused
    assert ours().is_draft

    client.post(page, choice | {"version": 0})
    sent = ours()
    assert (sent.is_draft, sent.rule) == (False, "all_together")
    assert {one.workshop_places.get().place for one in sent.delegates.all()} == {"waiting"}


def test_consent_and_workshops_are_asked_person_by_person(client, at, ours, hydropower):
    people = [person(1), person(2) | {"may_be_listed": "on"}]
    client.post(at("people"), typed(people))
    first, second = ours().delegates.all()
    assert (first.may_be_listed, second.may_be_listed) == (False, True)

    page = at("workshops")
    html = client.get(page).content.decode()
    data = {"version": 1, f"delegate-{first.pk}-workshops": [hydropower.pk]}
    response = client.post(page, data)
    assert "2 of 30 places left" in html
    assert response["Location"] == at("check")
    assert first.workshop_places.get().workshop == hydropower
    assert not second.workshop_places.exists()


def test_the_check_page_says_beforehand_what_a_rule_gives(client, at, prepared, hydropower):
    delegation = prepared(4, hydropower, Delegation.Rule.AS_MANY_AS_FIT)
    html = client.get(at("check")).content.decode()
    assert "2 places, 2 on the waiting list" in html
    assert "Submit registration for 4 people" in html
    assert "can change before you send it" in html

    Delegation.objects.filter(pk=delegation.pk).update(rule=Delegation.Rule.ALL_TOGETHER)
    html = client.get(at("check")).content.decode()
    assert "4 people on the waiting list" in html

    for position in (4, 5):
        make.Delegate(delegation=delegation, position=position, workshops=[hydropower])
    html = client.get(at("check")).content.decode()
    assert "There are not enough places here for “all together”" in html
    assert "Choose “as many as fit”, or send fewer people." in html


def test_incomplete_people_keep_the_delegation_from_being_sent(client, at, begun):
    draft = begun(people=1)
    make.Delegate(delegation=draft, family_name="", given_names="", email="nobody")

    html = client.get(at("check")).content.decode()
    client.post(at("send"), {"token": str(draft.submission_token)})

    assert "is not complete" in html
    assert "Submit registration" not in html
    draft.refresh_from_db()
    assert draft.is_draft


def test_the_same_name_twice_warns_and_does_not_refuse(client, at, begun, meeting):
    there = sent(meeting, make.Institution(), people=1).delegates.get()
    draft = begun()
    names = {"family_name": there.family_name.upper(), "given_names": there.given_names}
    make.Delegate(delegation=draft, **names)
    assert "twice, by name or email" not in client.get(at("check")).text, "of others nothing"

    make.Delegate(delegation=draft, **names)
    html = client.get(at("check")).text

    assert "is in your delegation twice, by name or email." in html
    assert "Submit registration for 2 people" in html
