"""Every kind of page: records to fill it, who may open it, and errors where it has a form.

`Walk(open_page)` opens them one after another, in one browser a person.
"""

import os
from dataclasses import dataclass, field
from itertools import product

from django.core.cache import cache
from django.utils import timezone

from meetings import places
from meetings.models import Delegate
from members.models import AccountChange
from projects.calls.models import Call, Proposal, ProposalState, Reading
from projects.calls.proposals import drafts
from projects.models import Project
from secretariat.back_office.groups import GROUPS
from secretariat.figures.reports import freezing
from secretariat.models import YearlyReport
from secretariat.setup.sample.call import make_sample_call
from secretariat.setup.sample.meeting import make_sample_meeting
from tests import make
from tests.calls.made import bring, sent
from tests.network import fill_with_network

PROOF = bool(os.environ.get("PROOF"))
LANGUAGES = ["", "/zh-hans"]
SCHEMES = ["light", "dark"]
WIDTHS = [1280, 390]
PREFIXES_SCHEMES_WIDTHS = list(product(LANGUAGES, SCHEMES, WIDTHS))

# The button of a form that is sent as it stands, or with what SLIPS puts into its fields.
SEND = "main form.form .actions button:not(.is-quiet, .link)"
SLIPS = {
    "#id_people-0-family_name": "张",
    "#id_email": "nobody@",
    "#id_login": "nobody@example.org",
    "#id_password": "wrong",
    "#id_website": "not an address",
    "#id_family_name": "张",
    "#id_code": "wrong",
    "#id_starts_in": "next spring",
    "#id_contact_email": "nobody@",
    "#id_rows-0-fund_usd": "much",
    "#id_password1": "short",
    "#id_passport-number": "12",
}


@dataclass(frozen=True)
class Stop:
    """A page: its address, who opens it, whether its form is sent with slips, and its status."""

    path: str
    who: str = "visitor"
    with_errors: bool = False
    status: int = 200

    def __str__(self):
        return self.path + (" with errors" if self.with_errors else "")


@dataclass
class Site:
    """The Network's real records, a meeting that takes registrations, and people of each kind."""

    values: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)

    def __post_init__(self):
        fill_with_network()
        meeting = make_sample_meeting()
        focal_point = make.User(name="王力")
        own = make.Institution(name="Institute of Biogas", name_zh_hans="沼气研究所")
        guest = make.Institution(name="Institute of Tea", name_zh_hans="茶叶研究所")
        waiting = make.Institution(name="Institute of Rice", name_zh_hans="水稻研究所")
        make.Delegation(meeting=meeting, institution=waiting, people=meeting.quota + 1)
        for institution in (own, guest, waiting):
            make.Affiliation(institution=institution, user=focal_point)
        make.Affiliation(institution=own, role="deputy", user__name="李明")
        make.Invitation(institution=own, token="abc", email="new@example.org")
        delegate = self.send(meeting, own)
        call = make_sample_call()
        draft = drafts.start(call, own, focal_point)
        draft.budget_lines.create(purpose="Gauges", fund_usd=36_000)
        draft.proposal_countries.create(country_id="VN")
        asked = make.Enquiry(state="passed_on", passed_to=own, question="沼气池冬天能用吗？")
        awarded, reading = self.award(own)
        project = Project.objects.filter(fund_numbers__number="INT/18/K08").get()
        self.people = {
            "visitor": None,
            "focal point": focal_point,
            "officer": make.Administrator(name="赵华"),
        } | {role: make.Officer(group=role, name="刘洋") for role in GROUPS}
        report, draft_report = self.report(self.people["officer"])
        self.values = {
            "reported": report.year,
            "report_key": draft_report.pk,
            "project": project.slug,
            "project_key": project.pk,
            "code": project.code,
            "ready": make.Project(title="Bamboo", title_zh_hans="竹子", state="ready").pk,
            "withdrawn": make.Project(state="withdrawn").slug,
            "institution": project.submitter.slug,
            "institution_key": project.submitter.pk,
            "meeting": meeting.slug,
            "meeting_key": meeting.pk,
            "own": own.slug,
            "guest": guest.slug,
            "waiting": waiting.slug,
            "delegate": delegate.pk,
            "delegation_key": delegate.delegation_id,
            "question": asked.reference,
            "call": call.slug,
            "call_key": call.pk,
            "closed_call": awarded.call.slug,
            "closed_key": awarded.call_id,
            "awarded": awarded.pk,
            "reading": reading.pk,
            "draft": draft.pk,
            "question_key": asked.pk,
            "link": AccountChange.objects.note(focal_point, "old@example.org"),
        }

    @staticmethod
    def report(officer):
        """Publish a yearly report, and begin another one."""
        reports = [YearlyReport.objects.create(year=year) for year in (2019, 2020)]
        for report in reports:
            words = {"words": "Money first.", "words_zh_hans": "先看资金。"}
            for name in ("projects", "money", "sdg", "statements"):
                report.sections.create(section=name, **words)
        freezing.publish(reports[0], officer)
        return reports

    @staticmethod
    def award(institution):
        """Let an institution have a project under way, with a reader's scores, of a closed call."""
        call = make.Call(title_zh_hans="往期征集", proposers="all", final_report_months=3)
        own = sent(call, institution=institution, title_zh_hans="村庄沼气")
        proposal = bring(own, ProposalState.UNDER_WAY)
        reading = make.Reading(proposal=proposal, has_conflict=False)
        criterion = make.Criterion(call=proposal.call, name_zh_hans="合作")
        reading.scores.create(criterion=criterion, points=8, note="两国共同工作。")
        Reading.objects.filter(pk=reading.pk).update(finished_at=timezone.now())
        Call.objects.filter(pk=proposal.call_id).update(closes_at=timezone.now())
        Proposal.objects.filter(pk=proposal.pk).update(approval_meeting="第43届部长级年会")
        return proposal, reading

    @staticmethod
    def send(meeting, institution):
        """Let five people ask for the two places that are left; one of the others withdraws."""
        workshop = meeting.workshops.order_by("pk").first()
        delegation = make.Delegation(
            meeting=meeting, institution=institution, people=5, people__workshops=[workshop]
        )
        places.submit(delegation)
        others = Delegate.objects.taken().exclude(delegation=delegation)
        places.withdraw(others.order_by("pk").first())
        return delegation.delegates.order_by("position").first()


def stops(paths, before="", who="visitor", status=200):
    """Make stops of paths; one that ends in ! is a form that is sent with slips."""
    return [
        Stop(before + path.removesuffix("!").removeprefix("."), who, path.endswith("!"), status)
        for path in paths.split()
    ]


# A dot stands for the path before.
PUBLIC = [
    *stops("""
        / /projects/ /projects/?country=VN&country=XX&q=water /projects/?q=nothingofthekind
        /projects/?view=table /projects/?view=map /projects/values/country/ /projects/export/
        /projects/{project}/ /projects/compare/?id={code}&id=none-such
        /projects/{withdrawn}/ /members/ /members/{institution}/
        /countries/ /countries/VN/ /sdgs/ /sdgs/7/ /topics/ /topics/digital-government/
        /meetings/ /meetings/{meeting}/
        /figures/ /figures/{reported}/v1/ /figures/{reported}/v1/projects/
        /about/ /about/accessibility/ /about/data/
        /ask/ /ask/! /ask/project/{project}/ /check/
    """),
    *stops("/nowhere/ /check/2222-3333-4444/", status=404),
]
ACCOUNTS = [
    *stops("""
        /accounts/login/ /accounts/login/! /accounts/login/code/ /accounts/login/code/!
        /accounts/password/reset/ /accounts/password/reset/! /accounts/signup/
        /accounts/invitation/abc/ /accounts/take-back/{link}/
    """),
    *stops(
        """
        reauthenticate/code/ 2fa/ 2fa/totp/activate/ 2fa/totp/activate/! 2fa/webauthn/
        password/set/ password/set/! sessions/ name/ email/ email/!
        """,
        "/accounts/",
        "focal point",
    ),
    *stops("/admin/", who="focal point", status=403),
]
MY = stops(
    """
    . {own}/ {own}/people/ {own}/people/invite/ {own}/people/invite/! {own}/people/hand-over/
    {own}/people/hand-over/! {own}/profile/ {own}/profile/! {own}/questions/
    {own}/questions/{question}/ {own}/questions/{question}/!
    """,
    "/my/",
    "focal point",
)
REGISTRATION = stops(
    """
    . {guest}/ {guest}/people/ {guest}/people/! {guest}/people/sheet/ {guest}/people/sheet/!
    {guest}/workshops/ {waiting}/check/ {guest}/check/ {own}/ {own}/offers/ {own}/withdraw/
    {own}/person/{delegate}/ {own}/person/{delegate}/! {own}/person/{delegate}/swap/
    {own}/person/{delegate}/swap/! {own}/person/{delegate}/travel/
    {own}/person/{delegate}/withdraw/
    """,
    "/meetings/{meeting}/register/",
    "focal point",
)
PROPOSALS = stops(
    """
    . start/{call}/ {draft}/ {draft}/cover/ {draft}/cover/! {draft}/situation/ {draft}/strategy/
    {draft}/endorsements/ {draft}/results/ {draft}/countries/ {draft}/partners/ {draft}/budget/
    {draft}/budget/! {draft}/contact/ {draft}/contact/! {draft}/check/ {draft}/send/
    {draft}/document/ {draft}/document/?chinese=1 {draft}/discard/
    """,
    "/my/{own}/proposals/",
    "focal point",
)
CALLS = [
    *stops("/calls/ /calls/{call}/ /calls/{closed_call}/round/ /ask/call/{call}/"),
    *stops("reports/ reports/!", "/my/{own}/proposals/{awarded}/", "focal point"),
    *stops(
        """
        call/ call/{call_key}/change/ proposal/ proposal/{awarded}/change/
        call/{call_key}/extend/
        call/{closed_key}/comparison/
        proposal/{awarded}/step/extended/ proposal/{awarded}/readers/ reading/{reading}/change/
        """,
        "/admin/calls/",
        "officer",
    ),
]
ADMIN = stops(
    """
    . changes/ projects/project/ projects/project/?q=bamboo&state__exact=ready
    projects/project/add/ projects/project/{project_key}/change/
    projects/project/{project_key}/history/ projects/project/{ready}/step/publish/
    projects/project/import/ projects/project/imports/ projects/project/export/
    members/institution/{institution_key}/change/ members/invitation/add/
    core/proposedversion/ meetings/meeting/ meetings/meeting/{meeting_key}/change/
    meetings/meeting/{meeting_key}/desk/figures/
    meetings/meeting/{meeting_key}/desk/travel/ meetings/meeting/{meeting_key}/desk/certificates/
    meetings/meeting/{meeting_key}/desk/passports/ meetings/delegation/{delegation_key}/change/
    meetings/delegate/ secretariat/enquiry/{question_key}/change/ secretariat/page/add/
    secretariat/yearlyreport/{report_key}/change/
    secretariat/yearlyreport/{report_key}/step/publish/ outbox/message/ outbox/wordingoverride/
    """,
    "/admin/",
    "officer",
)
STOPS = {
    "public": PUBLIC,
    "accounts": ACCOUNTS,
    "my": MY,
    "registration": REGISTRATION,
    "proposals": PROPOSALS,
    "calls": CALLS,
    "admin": ADMIN,
}


# Asked for English alone: pages that a reader meets on the way.
MORE = [
    *stops("""
        /members/values/sector/ /accounts/inactive/
        /accounts/password/reset/done/ /accounts/password/reset/key/1-abc/
        /accounts/password/reset/key/done/
    """),
    *stops("/accounts/invitation/nothing/", status=404),
    *stops("/accounts/logout/ /accounts/2fa/webauthn/add/", who="focal point"),
    *stops("/meetings/{meeting}/register/{guest}/discard/", who="focal point"),
    *stops(
        """
        password_change/ projects/project/{ready}/delete/ members/institution/import/
        meetings/meeting/{meeting_key}/desk/
        """,
        "/admin/",
        "officer",
    ),
]
# Every kind of page for the long proof, else a filtered list, a map and one in nine, in one walk.
EVERY = [stop for part in STOPS.values() for stop in part]
PARTS = STOPS if PROOF else {"a sample": [*PUBLIC[2:6:3], *EVERY[::9]]}


def fields_for_slips(page):
    """Give the fields of the page that take a slip, each with it; the trap for programs is none."""
    for selector, text in SLIPS.items():
        found = page.locator(f"{selector}:not(.trap *)")
        if found.count():
            yield found, text


class Walk:
    """Opens stops; `listen(page)` is called once with each person's page.

    `answer` is what the portal sent for the page opened last.
    """

    def __init__(self, open_page, listen=None, **options):
        self.site = Site()
        self.open_page, self.listen, self.options = open_page, listen, options
        self.pages = {}
        self.answer = None

    def page_of(self, who):
        if who not in self.pages:
            self.pages[who] = self.open_page(self.site.people[who], **self.options)
            if self.listen:
                self.listen(self.pages[who])
        return self.pages[who]

    def open(self, stop, prefix=""):
        page = self.page_of(stop.who)
        self.answer = page.goto(prefix + stop.path.format(**self.site.values))
        assert self.answer.status == stop.status, (self.answer.status, str(stop))
        if stop.with_errors:
            self.send_with_slips(page, stop)
        return page

    def send_with_slips(self, page, stop):
        # Nobody is held up for sending one form in every language, scheme and width.
        cache.clear()
        for typed, text in fields_for_slips(page):
            typed.fill(text)
        # What the browser refuses by itself would never reach the portal.
        page.eval_on_selector_all("form", "forms => forms.forEach(form => form.noValidate = true)")
        with page.expect_navigation() as navigation:
            page.locator(SEND).first.click()
        self.answer = navigation.value
        assert page.locator(".error-summary").count(), f"{stop} shows no error"
