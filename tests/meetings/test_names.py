"""Names of persons, in the order of each language."""

import pytest
from django.utils.translation import override

from meetings import places
from meetings.models import Delegate
from meetings.persons import erasing
from meetings.places.mails import confirm_registrations
from sscnet.outbox.models import Message
from tests import make

from .pages import days_from_now, page_of, with_place

pytestmark = pytest.mark.django_db

LI = {"chinese_name": "李伟", "family_name": "Li", "given_names": "Wei"}


@pytest.mark.parametrize(
    ("language", "name", "other"), [("en", "Wei LI", "李伟"), ("zh-hans", "李伟", "Wei LI")]
)
def test_a_name_is_that_of_the_language_and_what_there_is_elsewhere(language, name, other):
    with override(language):
        person = Delegate(**LI)
        assert (str(person), person.other_name) == (name, other)
        assert str(Delegate(family_name="Sukarno")) == "SUKARNO"
        assert str(Delegate(chinese_name="李伟")) == "李伟"


def test_each_half_of_a_mail_names_people_in_its_order_and_erasing_finds_both():
    delegate = make.Delegate(**LI, email="li@example.org")
    places.submit(delegate.delegation)
    confirm_registrations()
    mail = Message.objects.get(to="li@example.org")
    # A person with a Chinese name reads Chinese first.
    chinese, english = mail.text.split("-----\n\n")
    assert ("Wei LI" in english, "李伟" in english) == (True, False)
    assert ("Wei LI" in chinese, "李伟" in chinese) == (False, True)

    Message.objects.update(to="other@example.org")
    with override("zh-hans"):
        erasing.erase_person(delegate)

    assert not Message.objects.filter(text__icontains="Wei LI").exists()


def test_the_public_page_puts_the_name_of_its_language_first(client):
    meeting = make.Meeting(**days_from_now(9))
    delegation = make.Delegation(meeting=meeting)
    make.Delegate(delegation=delegation, **LI)
    with_place(delegation, may_be_listed=True)

    assert '<li>Wei LI <span lang="zh-Hans">李伟</span></li>' in page_of(client, meeting)
    chinese = page_of(client, meeting, "/zh-hans")
    assert '<li>李伟 <span lang="en">Wei LI</span></li>' in chinese
