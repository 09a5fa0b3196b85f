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
from secretariat.figures.reports import freezing
from secretariat.models import YearlyReport
from secretariat.setup.loading import load_network
from secretariat.setup.sample.call import make_sample_call
from secretariat.setup.sample.meeting import make_sample_meeting
from tests import make
from tests.calls.made import bring, sent

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
        load_network()
        meeting, _new = make_sample_meeting()
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
        call, _new = make_sample_call()
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
        }
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
        """Release a yearly report, and begin another one."""
        reports = [YearlyReport.objects.create(year=year, since=2007) for year in (2019, 2020)]
        for report in reports:
            words = {"words": "Money first.", "words_zh_hans": "先看资金。"}
            for name in ("projects", "money", "sdg", "statements"):
                report.sections.create(section=name, **words)
        freezing.freeze(reports[0], officer)
        freezing.release(reports[0])
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


PUBLIC = [
    Stop("/"),
    Stop("/projects/"),
    Stop("/projects/?country=VN&country=XX&q=water"),
    Stop("/projects/?q=nothingofthekind"),
    Stop("/projects/?view=table"),
    Stop("/projects/?view=map"),
    Stop("/projects/values/country/"),
    Stop("/projects/export/"),
    Stop("/projects/{project}/"),
    Stop("/members/"),
    Stop("/members/{institution}/"),
    Stop("/members/compare/?id={institution}", status=410),
    Stop("/projects/compare/?id={code}&id=none-such&find=a"),
    Stop("/countries/"),
    Stop("/countries/VN/"),
    Stop("/sdgs/"),
    Stop("/sdgs/7/"),
    Stop("/sectors/"),
    Stop("/meetings/"),
    Stop("/meetings/{meeting}/"),
    Stop("/figures/"),
    Stop("/figures/{reported}/v1/"),
    Stop("/figures/{reported}/v1/projects/"),
    Stop("/about/"),
    Stop("/about/accessibility/"),
    Stop("/about/data/"),
    Stop("/ask/"),
    Stop("/ask/project/{project}/"),
    Stop("/ask/", with_errors=True),
    Stop("/alerts/?country=VN"),
    Stop("/alerts/?country=VN", with_errors=True),
    Stop("/nowhere/", status=404),
    Stop("/check/"),
    Stop("/check/2222-3333-4444/", status=404),
    Stop("/projects/{project}/galaxy/"),
    Stop("/projects/{withdrawn}/"),
]
ACCOUNTS = [
    Stop("/accounts/login/"),
    Stop("/accounts/login/", with_errors=True),
    Stop("/accounts/login/code/"),
    Stop("/accounts/password/reset/"),
    Stop("/accounts/signup/"),
    Stop("/accounts/invitation/abc/"),
    Stop("/accounts/take-back/{link}/"),
    Stop("/accounts/reauthenticate/code/", "focal point"),
    Stop("/accounts/2fa/", "focal point"),
    Stop("/accounts/2fa/totp/activate/", "focal point"),
    Stop("/accounts/2fa/webauthn/", "focal point"),
    Stop("/accounts/password/set/", "focal point"),
    Stop("/accounts/password/set/", "focal point", with_errors=True),
    Stop("/accounts/2fa/totp/activate/", "focal point", with_errors=True),
    Stop("/accounts/login/code/", with_errors=True),
    Stop("/accounts/password/reset/", with_errors=True),
    Stop("/admin/", "focal point", status=403),
    Stop("/accounts/sessions/", "focal point"),
    Stop("/accounts/name/", "focal point"),
    Stop("/accounts/email/", "focal point"),
    Stop("/accounts/email/", "focal point", with_errors=True),
]
MY = [
    Stop(path, "focal point", with_errors)
    for path, with_errors in [
        ("/my/", False),
        ("/my/{own}/", False),
        ("/my/{own}/people/", False),
        ("/my/{own}/people/invite/", False),
        ("/my/{own}/people/invite/", True),
        ("/my/{own}/people/hand-over/", False),
        ("/my/{own}/profile/", False),
        ("/my/{own}/profile/", True),
        ("/my/{own}/questions/", False),
        ("/my/{own}/questions/{question}/", False),
        ("/my/{own}/questions/{question}/", True),
        ("/my/{own}/people/hand-over/", True),
    ]
]
REGISTRATION = [
    Stop("/meetings/{meeting}/register/" + path, "focal point", with_errors)
    for path, with_errors in [
        ("", False),
        ("{guest}/", False),
        ("{guest}/people/", False),
        ("{guest}/people/", True),
        ("{guest}/people/sheet/", False),
        ("{guest}/people/sheet/", True),
        ("{guest}/workshops/", False),
        ("{waiting}/check/", False),
        ("{guest}/check/", False),
        ("{own}/", False),
        ("{own}/offers/", False),
        ("{own}/person/{delegate}/", False),
        ("{own}/person/{delegate}/", True),
        ("{own}/person/{delegate}/swap/", False),
        ("{own}/person/{delegate}/swap/", True),
        ("{own}/person/{delegate}/travel/", False),
        ("{own}/person/{delegate}/travel/", True),
        ("{own}/person/{delegate}/withdraw/", False),
        ("{own}/withdraw/", False),
    ]
]
PROPOSALS = [
    Stop("/my/{own}/proposals/" + path, "focal point", with_errors)
    for path, with_errors in [
        ("", False),
        ("start/{call}/", False),
        ("{draft}/budget/", True),
        ("{draft}/", False),
        ("{draft}/cover/", False),
        ("{draft}/cover/", True),
        ("{draft}/situation/", False),
        ("{draft}/strategy/", False),
        ("{draft}/endorsements/", False),
        ("{draft}/results/", False),
        ("{draft}/countries/", False),
        ("{draft}/partners/", False),
        ("{draft}/budget/", False),
        ("{draft}/contact/", False),
        ("{draft}/contact/", True),
        ("{draft}/check/", False),
        ("{draft}/send/", False),
        ("{draft}/document/", False),
        ("{draft}/document/?chinese=1", False),
        ("{draft}/discard/", False),
    ]
]
CALLS = [
    Stop("/calls/"),
    Stop("/calls/{call}/"),
    Stop("/calls/{closed_call}/round/"),
    Stop("/ask/call/{call}/"),
    Stop("/my/{own}/proposals/{awarded}/reports/", "focal point"),
    Stop("/my/{own}/proposals/{awarded}/reports/", "focal point", with_errors=True),
    *(
        Stop("/admin/calls/" + path, "officer")
        for path in [
            "call/",
            "call/{call_key}/change/",
            "proposal/{awarded}/change/",
            "call/{call_key}/extend/",
            "call/{call_key}/late-pass/",
            "call/{call_key}/archive/",
            "call/{closed_key}/round/",
            "call/{closed_key}/round/?print=1",
            "call/{closed_key}/comparison/",
            "call/{closed_key}/comparison/?print=1",
            "call/{closed_key}/sheet/",
            "proposal/",
            "proposal/{awarded}/step/extended/",
            "proposal/{awarded}/readers/",
            "reading/{reading}/change/",
        ]
    ),
]
ADMIN = [
    Stop("/admin/" + path, "officer")
    for path in [
        "",
        "changes/",
        "projects/project/",
        "projects/project/?q=bamboo&state__exact=ready",
        "projects/project/add/",
        "projects/project/{project_key}/change/",
        "projects/project/{project_key}/history/",
        "projects/project/{ready}/step/publish/",
        "projects/project/import/",
        "projects/project/imports/",
        "projects/project/export/",
        "members/institution/{institution_key}/change/",
        "members/invitation/add/",
        "core/proposedversion/",
        "meetings/meeting/",
        "meetings/meeting/{meeting_key}/change/",
        "meetings/meeting/{meeting_key}/desk/figures/",
        "meetings/meeting/{meeting_key}/desk/figures/print/",
        "meetings/meeting/{meeting_key}/desk/travel/",
        "meetings/meeting/{meeting_key}/desk/certificates/",
        "meetings/meeting/{meeting_key}/desk/passports/",
        "meetings/delegation/{delegation_key}/change/",
        "meetings/offer/",
        "secretariat/enquiry/{question_key}/change/",
        "secretariat/page/add/",
        "secretariat/yearlyreport/{report_key}/change/",
        "secretariat/yearlyreport/{report_key}/step/freeze/",
        "outbox/message/",
        "outbox/wordingoverride/",
    ]
]
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
    Stop("/projects/{project}/g77/"),
    Stop("/members/values/sector/"),
    Stop("/accounts/inactive/"),
    Stop("/accounts/password/reset/done/"),
    Stop("/accounts/password/reset/key/1-abc/"),
    Stop("/accounts/password/reset/key/done/"),
    Stop("/accounts/invitation/nothing/", status=404),
    Stop("/accounts/logout/", "focal point"),
    Stop("/accounts/2fa/webauthn/add/", "focal point"),
    Stop("/meetings/{meeting}/register/{guest}/discard/", "focal point"),
    Stop("/admin/password_change/", "officer"),
    Stop("/admin/projects/project/{ready}/delete/", "officer"),
    Stop("/admin/meetings/meeting/{meeting_key}/desk/", "officer"),
    Stop("/admin/members/institution/import/", "officer"),
]
# Every kind of page for the long proof, else a filtered list, a map and one in eight, in one walk.
EVERY = [stop for part in STOPS.values() for stop in part]
PARTS = STOPS if PROOF else {"a sample": [PUBLIC[2], PUBLIC[5], *EVERY[::8]]}


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
