"""The road to a meeting: registered, travel page, letter, swap, new letter, certificate."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from meetings.models import Meeting
from sscnet.outbox import due
from sscnet.outbox.models import Message
from sscnet.papers.models import Paper
from tests import make
from tests.browser.pages import follow
from tests.meetings.travellers import travel_meeting
from tests.papers.word_files import words

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "java_script_enabled": False}
SCAN = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
EXPIRES = timezone.localdate() + timedelta(days=3000)


@pytest.fixture
def meeting():
    now, today = timezone.now(), timezone.localdate()
    return travel_meeting(
        slug="annual",
        registration_opens_at=now - timedelta(days=1),
        registration_closes_at=now + timedelta(days=20),
        starts_on=today + timedelta(days=60),
        ends_on=today + timedelta(days=62),
        retain_until=today + timedelta(days=150),
    )


class Road:
    """One language all the way; words of ours are given in English."""

    def __init__(self, open_page, language, options, meeting):
        self.language, self.meeting = language, meeting
        self.institution = make.Institution(name="Institute of Biogas", slug="biogas")
        user = make.Affiliation(institution=self.institution).user
        self.focal = open_page(user, **options)
        self.person = open_page(**options)
        self.office = open_page(make.Administrator(), **options)

    def say(self, text):
        with override(self.language):
            return gettext(text)

    def path(self, name, *args):
        with override(self.language):
            return reverse(name, args=args)

    def press(self, page, text):
        follow(page.get_by_role("button", name=self.say(text), exact=True))

    def follow(self, page, text):
        follow(page.get_by_role("link", name=self.say(text)))

    def go(self, page, name, *args):
        page.goto(self.path(name, *args))

    # ---------------------------------------------------------- steps

    def register(self):
        self.go(self.focal, "meetings:register_people", "annual", "biogas")
        self.focal.locator("#id_people-0-family_name").fill("Zhang")
        self.focal.locator("#id_people-0-given_names").fill("Wei")
        self.focal.locator("#id_people-0-chinese_name").fill("张伟")
        self.press(self.focal, "Save and continue")
        # The number of people stands on this button.
        follow(self.focal.locator("main form button.button"))
        expect(self.focal.locator("h1")).to_have_text(self.say("The registration has arrived"))
        return self.meeting.delegations.get().delegates.get()

    def open_own_page(self, delegate):
        self.go(self.focal, "meetings:register_own_link", "annual", "biogas", delegate.pk)
        self.press(self.focal, "Create a link")
        address = urlsplit(self.focal.locator("#address").input_value()).path
        self.person.goto(address)
        self.follow(self.person, "Travel and documents")
        self.follow(self.person, "First say whether you agree that your passport is kept")
        self.person.get_by_label(self.say("I agree"), exact=True).check()
        self.press(self.person, "Save my answers")
        self.follow(self.person, "Travel and documents")

    def state(self, name, number):
        page = self.person
        page.locator("#id_passport-name").fill(name)
        page.locator("#id_passport-number").fill(number)
        page.locator("#id_passport-nationality").select_option("CN")
        page.locator("#id_passport-expires_on").fill(
            f"{self.meeting.ends_on + timedelta(days=20):%Y-%m-%d}"
        )
        self.press(page, "Save")
        assert page.locator(".has-error").count() == 1
        page.locator("#id_passport-expires_on").fill(f"{EXPIRES:%Y-%m-%d}")
        self.press(page, "Save")
        expect(page.get_by_role("status")).to_have_text(self.say("Saved."))

    def issue(self, page_name):
        self.go(self.office, f"admin:meetings_meeting_{page_name}", self.meeting.pk)
        self.office.locator("input[name=issue]").click()
        self.office.locator(".messagelist .success, .messagelist .info").wait_for()
        due.run_registered()

    def paper(self):
        """Give the text of the newest paper on the person's page, and its code."""
        self.person.reload()
        link = self.person.locator("main li a", has_text="Word").first
        content = self.person.request.get(link.get_attribute("href")).body()
        text = words(content)
        return text, re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", text)[0]

    def notice(self):
        """Issue the notice, and give the sealed copy that the institution fetches."""
        self.go(self.office, "admin:meetings_meeting_desk_papers", self.meeting.pk)
        follow(self.office.locator("#content-main form [type=submit]"))
        self.send_back(str(Paper.objects.get()))
        self.go(self.focal, "meetings:delegation", "annual", "biogas")
        return self.sealed_copy(self.focal)

    def send_back(self, name):
        """Send the scan of a sealed paper to the office."""
        self.go(self.office, "admin:papers_paper_sealed")
        scan = {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": SCAN}
        self.office.locator("input[type=file]").set_input_files(scan)
        follow(self.office.locator("#content-main form [type=submit]").first)

    def sealed_copy(self, page):
        link = page.get_by_role("link", name=self.say("sealed copy")).first
        return page.request.get(link.get_attribute("href")).body()

    def seal(self, code):
        """Send a scan back to the office, and give the file that the person fetches then."""
        self.send_back(code)
        self.person.reload()
        return self.sealed_copy(self.person)

    def check(self, code):
        """Type a code into the form that everybody has, and give the answer."""
        self.go(self.person, "meetings:check")
        self.person.locator("#code").fill(code.lower())
        self.press(self.person, "Check")
        answer = self.person.locator("main header .lede").inner_text()
        assert "zhang" not in self.person.content().casefold()
        self.person.go_back()
        self.person.go_back()
        return answer


@pytest.mark.parametrize(
    ("language", "options"),
    [
        pytest.param("zh-hans", PHONE, id="Chinese on a phone without scripts"),
        pytest.param("en", PHONE | {"locale": "en-GB"}, id="English", marks=pytest.mark.proof),
    ],
)
def test_from_registering_to_a_checked_certificate(open_page, meeting, language, options):
    make.Country(iso2="CN", name="China")
    road = Road(open_page, language, options, meeting)
    delegate = road.register()
    assert road.notice() == SCAN

    road.open_own_page(delegate)
    road.state("ZHANG WEI", "E11112222")
    road.press(road.person, "Save and ask for a letter of invitation")
    road.issue("desk_travel")
    text, first = road.paper()
    assert "ZHANG WEI" in text
    assert "E11112222" in text
    assert road.check(first) == road.say("This document is genuine and valid.")
    assert road.seal(first) == SCAN
    assert road.say("A sealed copy is on file.") in road.check(first)

    road.go(road.focal, "meetings:register_swap", "annual", "biogas", delegate.pk)
    road.focal.locator("#id_family_name").fill("Sun")
    road.focal.locator("#id_given_names").fill("Yue")
    road.press(road.focal, "Swap the person")
    due.run_registered()
    assert Message.objects.filter(kind="letter-outdated").count() == 1
    outdated = "This document is genuine but out of date: something in it has changed since."
    assert road.check(first) == road.say(outdated)

    road.open_own_page(delegate)
    road.state("SUN YUE", "K33334444")
    road.press(road.person, "Save and ask for a new letter")
    road.issue("desk_travel")
    text, second = road.paper()
    assert "SUN YUE" in text
    assert "ZHANG" not in text
    assert road.check(second) == road.say("This document is genuine and valid.")

    today = timezone.localdate()
    Meeting.objects.update(starts_on=today, ends_on=today, year=today.year)
    road.go(road.office, "admin:meetings_meeting_desk_check_in", meeting.pk)
    follow(road.office.locator("button[name=present]"))
    road.issue("desk_certificates")
    text, third = road.paper()
    assert "Certificate of attendance" in text
    assert third not in (first, second)
    assert road.check(third) == road.say("This document is genuine and valid.")
