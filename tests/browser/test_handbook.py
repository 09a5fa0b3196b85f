"""The tasks of the Chinese handbook, done by its sentences alone, in a real browser.

A numbered list below a heading is carried out step by step: who only reads can do the task. A
sentence in other words than `VERBS` fails. A picture within a step shows the page after it;
`PICTURES=1` makes the pictures anew.
"""

import io
import os
import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from meetings import places
from members.models import Institution
from projects.calls.models import ProposalState
from secretariat.back_office import groups
from secretariat.requests import copies, handling
from sscnet.core.models import State
from sscnet.outbox.models import Message
from sscnet.papers.models import Paper
from tests import make
from tests.accounts.steps import code_of_app
from tests.browser import pages
from tests.calls.made import bring, sent

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = settings.BASE_DIR / "docs" / "zh" / "officers"
PICTURES = bool(os.environ.get("PICTURES"))
IMAGE = re.compile(r"!\[([^]]+)\]\(../../../(static/handbook/[\w-]+\.webp)\)")
# What stands in brackets explains, but for those of a name; commas and stops say nothing.
EXPLAINED = re.compile(r"(「[^」]*」)|（[^（）]*）")
JOINS = "，。；、 \n"
SHOWN = "visible=true"
LEADS_ON = 'a[href]:not([href^="#"], [role=button]), button:not([type=button]), input[type=submit]'


class Officer:
    """Reads a task and does it; what it cannot read or find, it cannot do."""

    def __init__(self, page):
        self.page, self.within, self.clicks = page, page, 0

    def do(self, step):
        """Carry out the sentences of a step in their order."""
        rest = EXPLAINED.sub(r"\1", IMAGE.sub("", step))
        while rest := rest.strip(JOINS):
            matches = ((verb, re.match(pattern, rest)) for pattern, verb in VERBS)
            verb, found = next(((verb, found) for verb, found in matches if found), (None, None))
            assert verb, f"no verb for: {rest}"
            self.clicks += verb not in (Officer.open, Officer.see)
            verb(self, *found.groups())
            rest = rest[found.end() :]
        self.within = self.page

    def open(self, address):
        self.page.goto(address)

    def look_at_row(self, text):
        """Keep to a row of a table until the step ends."""
        self.within = self.page.get_by_role("row").filter(has_text=text).first

    def look_at_part(self, name):
        """Keep to a part of a form until the step ends."""
        heading = self.page.get_by_role("heading", name=name, exact=True)
        title = heading.or_(self.page.locator("legend", has_text=name))
        self.within = self.page.locator("fieldset, section, .inline-group").filter(has=title).last

    def click(self, name, roles=("link", "button")):
        """Press what is named so; what leads to another page has led there afterwards."""
        target = named(self.within, roles, name)
        if target.evaluate(f"target => target.matches({LEADS_ON!r})"):
            pages.follow(target)
        else:
            target.click()

    def press(self, name):
        self.click(name, ["button"])

    def field(self, name):
        """Return the box that one writes or uploads into, by its label."""
        label = re.compile(rf"^{re.escape(name)}([:： ]|$)")
        boxes = "input:not([type=checkbox], [type=radio]), textarea"
        by_label = self.within.get_by_label(label).and_(self.page.locator(boxes))
        return by_label.or_(self.within.get_by_role("textbox", name=label)).locator(SHOWN).first

    def fill(self, name, text):
        self.field(name).fill(text)

    def fill_from(self, name, source):
        self.fill(name, FROM_ELSEWHERE[source](self.page))

    def choose(self, name, value):
        """Choose from a list, or search in a box of the admin."""
        label = re.compile(rf"^{re.escape(name)}([:： ]|$)")
        box = self.within.get_by_role("combobox", name=label).first
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(label=value)
            return
        box.click()
        self.page.get_by_role("searchbox").last.fill(value)
        self.page.get_by_role("option", name=value).first.click()

    def tick(self, name):
        named(self.within, ("checkbox", "radio"), name).check()

    def upload(self, name, file):
        self.field(name).set_input_files(FILES[file]())

    def see(self, text):
        expect(self.page.get_by_text(text).locator(SHOWN).first).to_be_visible()


VERBS = [
    (r"打开「([^」]+)」", Officer.open),
    (r"在「([^」]+)」一行", Officer.look_at_row),
    (r"在「([^」]+)」部分", Officer.look_at_part),
    (r"点击按钮「([^」]+)」", Officer.press),
    (r"点击「([^」]+)」", Officer.click),
    (r"在「([^」]+)」填写「([^」]+)」", Officer.fill),
    (r"在「([^」]+)」填写([^「」，。；]+)", Officer.fill_from),
    (r"在「([^」]+)」选择「([^」]+)」", Officer.choose),
    (r"(?:勾选|选择)「([^」]+)」", Officer.tick),
    (r"在「([^」]+)」上传([^「」，。；]+)", Officer.upload),
    (r"应看到「([^」]+)」", Officer.see),
]


def named(within, roles, name):
    """Return what has this name in one of the roles; whole names come before parts of one."""
    for exact in (True, False):
        found = within.get_by_role(roles[0], name=name, exact=exact)
        for role in roles[1:]:
            found = found.or_(within.get_by_role(role, name=name, exact=exact))
        found = found.locator(SHOWN).first
        if found.count():
            return found
    return found


# ------------------------------------------------------------------ what a task begins with

SHEET = (
    "标题（中文）,项目类别,所报状态\n示例：小水电培训,基金项目,进行中\n示例：菌草种植,不明,进行中\n"
)
EMAIL = "liuyang@example.org"
# Of no person and no papers: 1 point.
PHOTOGRAPH = io.BytesIO()
Image.new("RGB", (60, 80), "white").save(PHOTOGRAPH, "JPEG")


def code_of_mail():
    text = Message.objects.filter(to=EMAIL, kind="sign-in-code").latest("id").text
    return re.search(r"[A-Z0-9]{4}-?[A-Z0-9]{4}", text)[0]


def new_officer():
    return make.Officer(group=groups.OFFICER, email=EMAIL, name="刘洋", second_factor=False)


def lists():
    make.Country(iso2="VN", name="Viet Nam", name_zh_hans="越南")
    make.Institution(name="Sample: bamboo centre", name_zh_hans="示例：竹子中心")


def project():
    make.Source(record=make.Project(title="Sample: bamboo houses", title_zh_hans="示例：竹屋建造"))


def last_meeting(**values):
    defaults = {
        "title": "Sample: 29th annual meeting",
        "title_zh_hans": "示例：第29届年会",
        "ordinal": 29,
        "starts_on": date(2026, 6, 8),
        "ends_on": date(2026, 6, 10),
        "retain_until": date(2026, 12, 8),
        "city_zh_hans": "示例市",
    }
    return make.Meeting(**defaults | values)


def next_meeting(**values):
    days = {"starts_on": date(2027, 6, 7), "ends_on": date(2027, 6, 9)}
    names = {"title": "Sample: 30th annual meeting", "title_zh_hans": "示例：第30届年会"}
    return last_meeting(ordinal=30, retain_until=date(2027, 12, 7), **days, **names, **values)


def meeting_to_open():
    make.Source(record=next_meeting(state=State.DRAFT))


def delegate():
    delegation = make.Delegation(meeting=next_meeting(approval="officer"))
    make.Delegate(delegation=delegation, family_name="Wang", given_names="Fang",
                  chinese_name="示例：王芳")  # fmt: skip
    places.submit(delegation)


def one_who_asks():
    delegate()


def call():
    make.Call(title="Sample: call of 2026", title_zh_hans="示例：2026年征集", year=2026)


def proposal():
    call = make.Call(title="Sample: call of 2026", title_zh_hans="示例：2026年征集",
                     published_at="2026-03-02T09:00+08:00")  # fmt: skip
    for title in ["示例：乡村沼气", *(f"示例：第{n}份建议书" for n in range(2, 11))]:
        bring(sent(call, title_zh_hans=title), ProposalState.RECOMMENDED)


def members():
    for n in ("一", "二"):
        member = make.Member(name=f"Sample {n}", name_zh_hans=f"示例：成员单位{n}")
    make.Affiliation(institution=member)


def request_to_close():
    members()
    asked = copies.from_ready_made(0)
    asked.closes_at = timezone.now() + timedelta(days=20)
    asked.save()
    handling.open_to(asked, Institution.objects.all(), None)


def no_project():
    pass


def no_member():
    pass


FROM_ELSEWHERE = {
    "您的邮箱": lambda page: EMAIL,
    "邮件里的验证码": lambda page: code_of_mail(),
    "手机应用显示的六位数字": lambda page: code_of_app(page.locator("code").inner_text()),
}
FILES = {
    "项目表": lambda: {"name": "xiangmu.csv", "mimeType": "text/csv", "buffer": SHEET.encode()},
    "盖章的通知": lambda: {
        "name": f"{Paper.objects.get()}.jpg",
        "mimeType": "image/jpeg",
        "buffer": PHOTOGRAPH.getvalue(),
    },
}
# Page of the handbook, heading, what is there before.
TASKS = [
    ("first-day", "第一次登录", new_officer),
    ("record", "录入项目并发布", lists),
    ("correction", "更正已发布的记录并公布", project),
    ("import", "导入表格，再撤销", no_project),
    ("meeting", "由往年会议新建", last_meeting),
    ("meeting", "开放报名", meeting_to_open),
    ("meeting", "批准一位代表", delegate),
    ("papers", "发会议通知，收回用印件", next_meeting),
    ("call", "由上次征集新建", call),
    ("call", "记录委员会决定", proposal),
    ("request", "发出征集", members),
    ("request", "催办并结束", request_to_close),
    ("member", "接纳成员单位并邀请联络人", no_member),
    ("mail", "给各单位联络人发邮件", members),
    ("complaint", "删除一个人的信息", one_who_asks),
]
# The most clicks, boxes to write in among them: ten decisions, a meeting of another week.
MOST_CLICKS = {proposal: 8, last_meeting: 6}


def text_of(page):
    return (FOLDER / f"{page}.md").read_text(encoding="utf-8")


def steps_of(page, heading):
    """Return the sentences of the numbered list below a heading."""
    part = text_of(page).partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\d+\. (.+(?:\n   .+)*)", part, re.MULTILINE)
    assert found, f"no steps: {page}, {heading}"
    return found


@pytest.mark.parametrize(
    ("page_name", "heading", "prepare"), TASKS, ids=[task[2].__name__ for task in TASKS]
)
def test_a_task_is_done_by_the_sentences_of_the_handbook(
    open_page, settings, tmp_path, page_name, heading, prepare
):
    settings.MEDIA_ROOT = tmp_path
    prepare()
    is_new = prepare is new_officer
    user = None if is_new else make.Officer(group=groups.OFFICER, name="刘洋", language="zh-hans")
    page = open_page(user, locale="zh-CN", viewport={"width": 1280, "height": 900})
    page.set_default_timeout(8000)
    complaints = pages.complaints(page)
    if not is_new:
        page.goto("/zh-hans/admin/")
    officer = Officer(page)
    for step in steps_of(page_name, heading):
        officer.do(step)
        if PICTURES and (picture := IMAGE.search(step)):
            show(page, settings.BASE_DIR / picture[2])
    assert officer.clicks <= MOST_CLICKS.get(prepare, officer.clicks)
    assert complaints == []


def show(page, file):
    """Save what the window shows, small enough to be read over a slow line."""
    page.mouse.move(0, 0)
    picture = Image.open(io.BytesIO(page.screenshot()))
    for quality in (75, 60, 45, 30):
        picture.save(file, "WEBP", quality=quality, method=6)
        if file.stat().st_size < 60_000:
            return
