"""Two people who read only Chinese go their whole way, and meet no English on it.

The one registers a delegation, from the first page to the offer answered; the other, an officer,
signs in and publishes a project. They find every field and button by its Chinese name.
"""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import expect

from meetings import places
from meetings.models import Delegate, Meeting
from projects.models import Project
from sscnet.core.models import State
from sscnet.outbox import due
from sscnet.outbox.delivery import sending
from sscnet.outbox.rendering import BETWEEN_LANGUAGES
from tests import make
from tests.accounts.steps import code_of_app
from tests.browser.pages import follow
from tests.english import english_in, english_on

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """Somebody at a browser set to Chinese, who looks at each page for English."""

    def __init__(self, page):
        self.page = page
        self.seen = []

    def goto(self, address):
        self.page.goto(address)
        self.look()

    def press(self, name, role="button"):
        """Press a button, or another thing with this name, and read the page it leads to."""
        follow(self.page.get_by_role(role, name=name).first)
        self.look()

    def follow(self, name):
        self.press(name, role="link")

    def fill(self, label, text, number=0):
        self.page.get_by_label(label).nth(number).fill(text)

    def reads(self, text):
        expect(self.page.locator("main, #content").get_by_text(text).first).to_be_visible()

    def look(self):
        where = self.page.title()
        assert self.page.locator("html").get_attribute("lang").lower() == "zh-hans", where
        self.seen += [f"{where}: {text}" for text in english_on(self.page)]


@pytest.fixture
def reader(open_page):
    """Make readers; at the end none of them has met any English."""
    readers = []

    def create(user=None):
        readers.append(Reader(open_page(user, locale="zh-CN")))
        return readers[-1]

    yield create
    seen = [text for reader in readers for text in reader.seen]
    assert not seen, "\n".join(seen)


# ------------------------------------------------------------------ a delegation


@pytest.fixture
def meeting():
    now, today = timezone.now(), timezone.localdate()
    meeting = make.OpenMeeting(
        title="Annual meeting",
        title_zh_hans="第30届年会",
        theme_zh_hans="农村能源",
        city_zh_hans="成都",
        giving=Meeting.Giving.OFFERS,
        quota=5,
        asks=[Meeting.Asked.GENDER, Meeting.Asked.DIET, Meeting.Asked.ACCESS],
        name_by_on=today + timedelta(days=50),
        freeze_on=today + timedelta(days=53),
    )
    workshop = make.Workshop(
        meeting=meeting,
        title="Small hydropower",
        title_zh_hans="小水电",
        capacity=5,
        starts_at=now + timedelta(days=61),
        ends_at=now + timedelta(days=61, hours=3),
    )
    others = make.Institution(name="", name_zh_hans="茶叶研究所")
    places.submit(
        make.Delegation(meeting=meeting, institution=others, people=4, people__workshops=[workshop])
    )
    return meeting


@pytest.fixture
def focal_point():
    institution = make.Institution(name="", name_zh_hans="沼气研究所", slug="biogas")
    return make.Affiliation(
        institution=institution, user__email="zhang@example.org", user__name="张伟"
    ).user


def test_a_delegation_is_registered_without_a_word_of_english(reader, meeting, focal_point):
    reader = reader(focal_point)

    # From the meeting's page on; a name in Chinese where Latin letters are needed is an error.
    reader.goto(f"/zh-hans/meetings/{meeting.slug}/")
    reader.goto(f"/zh-hans/meetings/{meeting.slug}/register/")
    reader.fill("姓（拼音）", "张")
    reader.press("保存并继续")
    reader.reads("请用拉丁字母填写")
    reader.fill("中文姓名", "张伟")
    reader.fill("姓（拼音）", "Zhang")
    reader.fill("名（拼音）", "Wei")
    reader.press("添加一人")
    reader.fill("姓（拼音）", "Li", number=1)
    reader.fill("名（拼音）", "Na", number=1)
    reader.press("保存草稿")
    reader.reads("草稿，尚未提交")

    # Workshops, and all of it once more with the rule for the waiting list before it is sent.
    reader.follow("继续填写草稿")
    reader.press("保存并继续")
    for box in reader.page.get_by_role("checkbox").all():
        box.check()
    reader.press("保存并继续")
    reader.reads("请核对")
    reader.page.get_by_label("能排几人算几人").check()
    reader.press("保存规则")
    reader.reads("请核对")
    reader.press("为2人提交报名")
    reader.reads("报名已收到")
    reader.reads("候补第1位，共1位")

    # Somebody else withdraws: a place is offered, and the answer given.
    places.withdraw(Delegate.objects.exclude(delegation__institution__slug="biogas").first())
    reader.goto(reader.page.url)
    reader.follow("有名额待您答复")
    reader.press("提交答复")
    reader.page.get_by_label("接受名额").check()
    reader.press("提交答复")

    # What the person can do afterwards.
    reader.follow("换人 张伟")
    reader.page.go_back()
    reader.follow("退出 张伟")
    reader.goto("/zh-hans/my/biogas/")

    read_the_mails(reader, "zhang@example.org")


def read_the_mails(reader, address):
    """Send what waits, and read the Chinese half of each mail and its calendar file."""
    due.run_registered()
    sending.send_due()
    mails = [message for message in mail.outbox if message.to == [address]]
    assert {"第30届年会" in message.subject for message in mails} == {True}
    assert len(mails) >= 3
    for message in mails:
        _english, chinese = message.body.split(BETWEEN_LANGUAGES)
        reader.seen += english_in(chinese, names=["Zhang Wei", "Wei Zhang", "Na Li"])
        [(html, _type)] = message.alternatives
        reader.page.set_content(html)
        reader.page.evaluate("document.title = ''")  # The subject, in both languages at once.
        reader.seen += english_on(reader.page)
    calendars = [file for message in mails for file in message.attachments]
    assert calendars
    for file in calendars:
        reader.seen += english_of_calendar(file.content)


def english_of_calendar(content):
    calendar = Calendar.from_ical(content)
    names = ("x-wr-calname", "name", "summary", "description", "location")
    texts = [str(part[name]) for part in calendar.walk() for name in names if name in part]
    assert "第30届年会" in texts
    assert "小水电" in texts
    return [line for text in texts for line in english_in(text)]


# ------------------------------------------------------------------ an officer


@pytest.fixture
def officer():
    return make.Administrator(
        email="wang@example.org",
        password="bamboo-and-tea",
        name="王丽",
    )


@pytest.fixture
def draft():
    project = make.Project(
        title="",
        title_zh_hans="以竹代塑",
        state=State.DRAFT,
        countries=[make.Country(iso2="CN", name="China", name_zh_hans="中国")],
        sdgs=[make.SDG(number=12, name="Responsible consumption", name_zh_hans="负责任消费")],
        sectors=[make.Sector(name="Forestry", name_zh_hans="林业")],
    )
    make.Source(record=project, name="网络年报")
    make.Country(iso2="KE", name="Kenya", name_zh_hans="肯尼亚")
    return project


def test_a_project_is_published_without_a_word_of_english(reader, officer, draft):
    reader = reader()

    # Signed in: a wrong password first, then the right one, then the second factor.
    reader.goto("/zh-hans/admin/")
    reader.fill("电子邮箱", officer.email)
    reader.fill("密码", "wrong")
    reader.press("登录")
    reader.fill("密码", "bamboo-and-tea")
    reader.press("登录")
    reader.page.locator("#id_code").fill("000000")
    reader.press("登录")
    reader.page.locator("#id_code").fill(code_of_app())
    reader.press("登录")
    reader.page.wait_for_url("**/zh-hans/admin/")

    # From the start page to the draft. What cannot be saved is said, and put right.
    reader.goto("/zh-hans/admin/projects/project/")
    reader.follow("以竹代塑")
    reader.follow("日期与资金")
    reader.page.locator("#id_year_approved").fill("1066")
    reader.press("保存")
    expect(reader.page.locator(".errornote").first).to_be_visible()
    reader.page.locator("#id_year_approved").fill("2019")
    reader.press("保存")

    # Ready, published, and what happened since.
    reader.press("标为待发布")
    reader.press("发布")
    reader.press("发布")
    assert Project.objects.get().state == State.PUBLISHED
    reader.follow("历史")
    reader.page.go_back()
    reader.follow("在网站上查看")
    reader.reads("以竹代塑")
    assert re.search(r"/zh-hans/projects/[^/]+/$", reader.page.url)

    # The other ways an officer takes: the help of lists, files, the password, the way out.
    reader.goto("/zh-hans/admin/projects/project/")
    reader.follow("导出")
    reader.goto(f"/zh-hans/admin/projects/project/{draft.pk}/delete/")
    reader.goto("/zh-hans/admin/password_change/")
    reader.press("退出")
