"""An award becomes a project, field by field; its reports are due, reminded of and accepted."""

import csv
from datetime import date, timedelta
from io import BytesIO
from itertools import zip_longest

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from PIL import Image

from projects.calls.handling import award, deciding, reports
from projects.calls.models import Payment, Proposal, ReportDue
from projects.models import FundNumber, Project
from secretariat.back_office import groups
from secretariat.back_office.today import what_waits
from sscnet.changes import versions
from sscnet.core.i18n.labels import each_language
from sscnet.core.models import ProposedVersion
from sscnet.core.models import State as Publication
from sscnet.outbox.models import Message
from sscnet.papers.issuing import take_back
from sscnet.papers.models import Paper
from tests import make
from tests.calls.made import State, bring, full_proposal, officer_of, send, sent
from tests.pages import signed_in, text_of
from tests.papers.word_files import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_web_role")]
KINDS = ("progress", "final")
STATUS = {
    "approved": "pipeline",
    "under_way": "ongoing",
    "completed": "completed",
    "closed": "completed",
}
# Fields of the proposal, and where each stands in the catalogue.
TEXTS = {
    "title": "title",
    "situation": "challenge",
    "strategy": "approach",
    "intended_outcome": "summary",
    "beneficiaries": "beneficiaries",
}
SAME = [
    *("area", "beneficiaries_number"),
    *("approved_on", "granted_usd"),
]
# Of the proposal, under another name or from its rows: see `others_of`.
OTHERS = {
    *("programme", "planned_start_on", "planned_end_on", "year_approved"),
    *("other_inputs_usd", "other_cash_usd", "other_kind_usd", "participants_as_stated"),
    *("approval_meeting", "status", "status_declared_on", "contact", "note", "is_sample"),
    *("actual_start_on", "actual_end_on"),
    *("countries", "institutions", "sources"),
}
# What no proposal says: it comes later, or the portal writes it by itself.
NOT_OF_PROPOSALS = {
    *("beneficiaries_bound", "women_beneficiaries_number", "modality", "sectors"),
    *("subtitle", "outcome", "final_report_on"),
    *("duration_as_stated", "classification_confirmed_on", "classification_confirmed_by"),
    *("fund_numbers", "project_sdgs", "documents", "pictures", "proposal"),
    *("gender_marker", "gender_evidence"),
    *("id", "code", "slug", "state", "published_at", "withdrawn_at", "created_at", "updated_at"),
    *("i18n", "events", "meetings", "enquiries", "introductions", "publications"),
}
# What the catalogue has no field for.
NOT_OF_PROJECTS = {
    *("applicant", "scope", "language", "outcome_indicator", "i18n"),
    *("contact_name", "contact_latin_name", "contact_position", "contact_phone"),
    *("id", "state", "project", "owner", "created_at", "saved_by", "saved_at", "lock_version"),
    *("sent_at", "answer_by_on", "saved_sections", "is_reminded"),
    *("conditions", "award_letter", "payments"),
    *("outputs", "endorsements", "versions", "steps", "reports_due", "readings"),
}
SEEN_IN_OTHERS = {
    *(
        "approval_meeting",
        "call",
        "institution",
        "reference",
        "starts_in",
        "ends_in",
        "contact_email",
    ),
    *("proposal_countries", "partners", "budget_lines"),
}


# Rows of `countries`, `institutions` and the like of a project.
TABLES_BETWEEN = {
    *("project_countries", "project_institutions", "project_sectors"),
    "meeting_projects",
}


@pytest.fixture
def officer(client, settings, media):
    settings.SECRETARIAT_MAILBOX = "office@example.org"
    return officer_of(client)


def page(proposal, name="change", *args):
    return reverse(f"admin:calls_proposal_{name}", args=[proposal.pk, *args])


def of_report(report, **values):
    """Return what a page sends of a report: file, and what was spent until today."""
    data = {"file": scan(), "spent_usd": "12,000", "spent_on": str(reports.today())} | values
    prefix = f"{report.kind}-{report.pk}"
    return {"report": prefix} | {f"{prefix}-{name}": value for name, value in data.items()}


def scan(name="report.pdf"):
    file = BytesIO()
    Image.new("RGB", (1, 1)).save(file, "PDF")
    return SimpleUploadedFile(name, file.getvalue())


def compare(proposal, project):
    """Name every field of the proposal that the project of the catalogue does not have alike."""
    found = []
    for here, there in TEXTS.items():
        pairs = zip(each_language(here), each_language(there), strict=True)
        found += [a for a, b in pairs if getattr(proposal, a) != getattr(project, b)]
    found += [name for name in SAME if getattr(proposal, name) != getattr(project, name)]
    others = others_of(proposal, project)
    assert set(others) == OTHERS
    return found + [name for name, (a, b) in others.items() if a != b]


def others_of(proposal, project):
    """Return by name what the proposal says, and what the catalogue does."""
    partners = proposal.partners.exclude(institution=None).values_list("institution", "role")
    in_words = proposal.partners.filter(institution=None)
    last_step = proposal.steps.filter(undone_at=None).last()
    taking_part = proposal.proposal_countries.exclude(role="beneficiary").count()
    return {
        "programme": (proposal.call.programme, project.programme),
        "is_sample": (proposal.call.is_sample, project.is_sample),
        "planned_start_on": (proposal.starts_in, project.planned_start_on),
        "planned_end_on": (proposal.ends_in, project.planned_end_on),
        "year_approved": (proposal.approved_on.year, project.year_approved),
        "approval_meeting": (
            proposal.approval_meeting,
            project.approval_meeting or project.approval_meeting_zh_hans,
        ),
        "status": (STATUS[proposal.state], project.status),
        "status_declared_on": (last_step.on, project.status_declared_on),
        "actual_start_on": (day_of(proposal, State.UNDER_WAY), project.actual_start_on),
        "actual_end_on": (day_of(proposal, State.COMPLETED), project.actual_end_on),
        "other_inputs_usd": (proposal.other_usd, project.other_inputs_usd),
        "other_cash_usd": (proposal.cash_usd, project.other_cash_usd),
        "other_kind_usd": (proposal.kind_usd, project.other_kind_usd),
        "participants_as_stated": (taking_part, project.participants_as_stated),
        "contact": (proposal.contact_email, project.contact and project.contact.email),
        "note": (
            sorted((row.name, str(row.country)) for row in in_words),
            sorted(
                (row.name, str(row.country))
                for row in in_words
                if f"{row.name} ({row.country}), {row.get_role_display()}" in project.note
            ),
        ),
        "countries": (
            sorted(proposal.proposal_countries.values_list("country", "role")),
            sorted(project.project_countries.values_list("country", "role")),
        ),
        "institutions": (
            sorted([(proposal.institution_id, "submitter"), *partners]),
            sorted(project.project_institutions.values_list("institution", "role")),
        ),
        "sources": (
            [f"Proposal {proposal.reference} of {proposal.institution}, as it was sent"],
            [source.name for source in project.sources.all()],
        ),
    }


def day_of(proposal, state):
    day = proposal.steps.filter(after=state).values_list("on", flat=True).last()
    return day.isoformat() if day else ""


@pytest.mark.parametrize(
    ("model", "known"),
    [
        (Project, {*TEXTS.values(), *SAME, *OTHERS, *NOT_OF_PROPOSALS}),
        (Proposal, {*TEXTS, *SAME, *SEEN_IN_OTHERS, *NOT_OF_PROJECTS}),
    ],
)
def test_the_checker_knows_every_field(model, known):
    """A new field is compared, or named among those that the other side does not have."""
    there = {field.name for field in model._meta.get_fields()}
    there = {name for name in there if not name.endswith(("_i18n", "_en", "_zh_hans"))}
    assert there - TABLES_BETWEEN == known


def test_an_award_becomes_a_draft_with_every_field_the_catalogue_knows(client, officer):
    contact = make.User(email="contact@example.org")
    draft = full_proposal()
    draft.partners.create(institution=make.Institution(), role="supporter")
    draft.partners.create(name="Lab of Tea", role="subcontractor", country=make.Country())
    proposal = bring(send(draft), State.APPROVED)

    client.post(page(proposal, "award"))

    proposal.refresh_from_db()
    project = proposal.project
    assert compare(proposal, project) == []
    assert project.contact == contact
    assert (project.state, project.status) == (Publication.DRAFT, "pipeline")
    assert project.proposal == proposal
    assert not [gap for gap in project.gaps() if gap.blocks]


@pytest.mark.parametrize(
    ("meeting", "name"),
    [
        ("43rd Ministerial Meeting", "approval_meeting"),
        ("第43届部长级会议", "approval_meeting_zh_hans"),
    ],
)
def test_the_meeting_stands_in_its_own_language(officer, meeting, name):
    proposal = bring(sent(), State.APPROVED, approval_meeting=meeting)
    project = award.make_project(proposal, officer)
    assert getattr(project, name) == meeting
    assert not (project.approval_meeting and project.approval_meeting_zh_hans)


def test_the_checker_names_a_field_that_differs(officer):
    proposal = bring(sent(), State.APPROVED)
    award.make_project(proposal, officer)

    for here, there, value in [
        ("situation_zh_hans", "challenge_zh_hans", "另一个"),
        ("granted_usd", "granted_usd", 1),
        ("beneficiaries_number", "beneficiaries_number", 1),
    ]:
        project = Project.objects.get()
        setattr(project, there, value)
        proposal.refresh_from_db()
        assert here in compare(proposal, project)


def test_the_sum_granted_goes_to_the_project_and_an_unknown_one_takes_none_away(officer):
    proposal = bring(sent(), State.APPROVED)
    award.make_project(proposal, officer)
    proposal.refresh_from_db()
    assert "granted_usd" not in [one.field for one in award.changes_of(proposal)]
    proposal.granted_usd += 1_000
    assert "granted_usd" in [one.field for one in award.changes_of(proposal)]
    proposal.granted_usd = None
    assert "granted_usd" not in [one.field for one in award.changes_of(proposal)]


def test_a_project_is_made_once_and_of_awards_only(client, officer):
    proposal = bring(sent(), State.RECOMMENDED)
    client.post(page(proposal, "award"))
    assert not Project.objects.exists()

    values = {"approval_meeting": "43rd meeting", "granted_usd": 30_000}
    deciding.decide(proposal, State.APPROVED, officer, on=reports.today(), **values)
    for _click in range(2):
        client.post(page(proposal, "award"))

    assert Project.objects.count() == 1


def test_the_number_of_the_fund_is_added_and_what_was_typed_beside_it_stays(client, officer):
    proposal = under_way()
    client.post(page(proposal, "award"))
    final = ReportDue.objects.get(kind="final")
    ReportDue.objects.update(uploaded_at=timezone.now())
    typed = {"number": "INT/28/K9", f"words-{final.pk}": "Sign <it>."}

    wrong = client.post(page(proposal, "number"), typed, follow=True)
    right = client.post(page(proposal, "number"), typed | {"number": "INT/28/K02"}, follow=True)
    copied = client.post(page(proposal, "outcome"), typed, follow=True)
    asked = client.post(page(proposal, "judge", final.pk), typed | {"_return": "1"})
    left = client.get(page(proposal))
    sent = typed | {"_return": "1", "sure": "yes"}
    returned = client.post(page(proposal, "judge", final.pk), sent, follow=True)

    for response in (wrong, right, copied, left):
        assert "Sign &lt;it&gt;.</textarea>" in text_of(response)
    assert [one.number for one in FundNumber.objects.all()] == ["INT/28/K02"]
    assert "Write it like INT/18/K08." in text_of(wrong)
    assert 'value="INT/28/K9"' in text_of(wrong)
    assert 'value="INT/28/K' not in text_of(right)
    assert 'value="INT/28/K9"' in text_of(returned)
    assert "The institution is told by email at once." in text_of(asked)
    final.refresh_from_db()
    assert final.answer == "Sign <it>."
    client.post(page(proposal, "number"), {"number": " int/28/k03 "})
    assert FundNumber.objects.filter(number="INT/28/K03").exists()
    assert "What you typed before" not in text_of(client.get(page(proposal)))


# ------------------------------------------------------------------ reports


def under_way(**values):
    return bring(sent(**values), State.UNDER_WAY, on=date(2026, 9, 1))


def due_days(proposal):
    return {one.kind: one.due_on for one in proposal.reports_due.all()}


def test_reports_are_due_by_months_and_an_extension_moves_the_final_one(officer, client):
    proposal = under_way()
    assert due_days(proposal) == {"progress": date(2027, 3, 1), "final": date(2029, 3, 31)}

    data = {"on": str(reports.today()), "extended_to": "2029-06", "_confirmed": "1"}
    client.post(page(proposal, "step", "extended"), data)
    assert due_days(proposal)["final"] == date(2029, 9, 30)
    client.post(page(proposal, "undo"), {"sure": "yes"})
    assert due_days(proposal)["final"] == date(2029, 3, 31)


def test_a_step_before_the_last_or_an_end_before_the_end_is_refused(client, officer):
    proposal = under_way()

    for slip, told in [
        ({"extended_to": "2028-12"}, "The work ends on 31 December 2028 already"),
        ({"extended_to": "2029-13"}, "Write a month like 2027-04."),
        ({"extended_to": "0000-05"}, "Write a month like 2027-04."),
        ({"on": "2026-08-31"}, "The step before this one, “under way”, was on 1 September 2026."),
    ]:
        data = {"on": str(reports.today()), "extended_to": "2029-06", "_confirmed": "1"} | slip
        assert told in text_of(client.post(page(proposal, "step", "extended"), data))
        assert proposal.steps.last().after == "under_way", slip


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 4, 30), 1, date(2027, 5, 31)),
        (date(2027, 11, 15), 3, date(2028, 2, 15)),
        (date(2027, 1, 30), 1, date(2027, 2, 28)),
    ],
)
def test_months_are_counted_on(day, months, then):
    assert reports.months_after(day, months) == then


def test_reminders_go_out_once_on_each_day_however_often_the_clock_runs(officer, monkeypatch):
    under_way()
    Message.objects.all().delete()
    days = {}
    for left in range(70, -21, -1):
        day = date(2027, 3, 1) - timedelta(days=left)
        monkeypatch.setattr(reports, "today", lambda day=day: day)
        for _run in range(2):
            reports.remind_of_reports()
        days[left] = list(Message.objects.order_by("kind").values_list("kind", flat=True))
        Message.objects.update(kind="seen")

    told = {left: [kind for kind in kinds if kind != "seen"] for left, kinds in days.items()}
    assert {left: kinds for left, kinds in told.items() if kinds} == {
        60: ["report-due"],
        14: ["report-due"],
        0: ["report-due"],
        -14: ["report-missing", "report-overdue"],
    }


def test_days_on_which_the_clock_stood_still_are_made_up_for_once(officer, monkeypatch):
    under_way()
    Message.objects.all().delete()
    monkeypatch.setattr(reports, "today", lambda: date(2027, 3, 1) - timedelta(days=10))

    call_command("run_due", verbosity=0)
    call_command("run_due", verbosity=0)

    # Of the sixtieth and the fourteenth day the later one alone.
    assert Message.objects.filter(kind="report-due").count() == 1


def test_a_report_is_uploaded_returned_and_accepted_and_goes_to_the_project(client, officer):
    proposal = under_way()
    client.post(page(proposal, "award"))
    person = proposal.institution.affiliations.get().user
    final = ReportDue.objects.get(kind="final")
    address = reverse("calls:reports", args=[proposal.institution.slug, proposal.pk])
    words = "Ten villages cook with gas."

    client.force_login(person)
    assert "Please" not in text_of(client.get(address))
    empty = client.post(address, of_report(final, file="", spent_usd="", spent_on=""))
    assert text_of(empty).count("This field is required.") >= 3
    client.post(address, of_report(final, words=words))
    client.force_login(officer)
    assert "Ten villages cook with gas." in text_of(client.get(page(proposal)))
    client.post(
        page(proposal, "judge", final.pk),
        {"_return": "1", f"words-{final.pk}": "Sign it.", "sure": "yes"},
    )
    final.refresh_from_db()
    assert final in proposal.reports_due.missing()
    client.force_login(person)
    assert "Sign it." in text_of(client.get(address))
    client.post(address, of_report(final, words=words))
    client.force_login(officer)
    client.post(page(proposal, "judge", final.pk), {"_accept": "1", "sure": "yes"})

    before = client.get(page(proposal)).context["outcome"]
    assert [(change.label, change.before, change.after) for change in before] == [
        ("Outcome (English)", "", "Ten villages cook with gas."),
        ("Final report", "", date_format(reports.today(), "DATE_FORMAT")),
    ]
    client.post(page(proposal, "outcome"))
    project = Project.objects.get()
    assert (project.outcome, project.final_report_on) == (
        "Ten villages cook with gas.",
        str(reports.today()),
    )
    assert client.get(page(proposal)).context["outcome"] == []
    kinds = set(Message.objects.filter(kind__startswith="report").values_list("kind", flat=True))
    assert kinds == {"report-arrived", "report-returned", "report-accepted"}


def test_later_steps_go_to_the_project_by_a_click_unless_it_is_newer(client, officer):
    make.User(email="contact@example.org")
    proposal = bring(sent(), State.APPROVED, on=date(2026, 9, 1))
    project = award.make_project(proposal, officer)
    for state, day, more in [
        (State.UNDER_WAY, date(2026, 10, 1), {}),
        (State.EXTENDED, date(2026, 10, 2), {"extended_to": "2029-06"}),
        (State.COMPLETED, date(2026, 11, 3), {}),
    ]:
        deciding.decide(proposal, state, officer, on=day, **more)

    shown = client.get(page(proposal)).context["outcome"]
    assert [(change.label, change.before, change.after) for change in shown] == [
        ("Declared status", "Pipeline", "Completed"),
        ("Status declared on", "1 September 2026", "3 November 2026"),
        ("Planned end", "December 2028", "June 2029"),
        ("Actual start", "", "1 October 2026"),
        ("Actual end", "", "3 November 2026"),
    ]
    client.post(page(proposal, "outcome"))

    project.refresh_from_db()
    proposal.refresh_from_db()
    assert compare(proposal, project) == ["planned_end_on"]
    assert project.planned_end_on == "2029-06"
    Project.objects.update(status="cancelled", status_declared_on=reports.today())
    assert client.get(page(proposal)).context["outcome"] == []


def test_what_goes_to_a_published_project_waits_for_who_may_release_it(client, officer):
    proposal = bring(sent(), State.APPROVED, on=date(2026, 9, 1))
    project = award.make_project(proposal, officer)
    Project.objects.update(state=Publication.PUBLISHED, published_at=timezone.now())
    deciding.decide(proposal, State.UNDER_WAY, officer, on=date(2026, 10, 1))

    rights = ["calls.view_proposal", "calls.decide_proposal"]
    officer_of(client, group=groups.HELPER, permissions=rights)
    client.post(page(proposal, "number"), {"number": "INT/28/K01"})
    said = client.post(page(proposal, "outcome"), follow=True)

    assert "waiting for release" in text_of(said)
    project.refresh_from_db()
    assert (project.status, project.fund_numbers.count()) == ("pipeline", 0)
    publisher = officer_of(group=groups.OFFICER)
    for version in ProposedVersion.objects.order_by("pk"):
        versions.release(version, publisher)
    project.refresh_from_db()
    assert (project.status, project.fund_numbers.get().number) == ("ongoing", "INT/28/K01")


def test_after_the_award_an_institution_reports_and_asks_for_an_extension(client, officer):
    proposal = sent()
    institution = proposal.institution
    viewer = make.Affiliation(institution=institution, role="viewer").user
    client.force_login(institution.affiliations.exclude(user=viewer).get().user)
    address = reverse("calls:reports", args=[institution.slug, proposal.pk])
    assert client.get(address).status_code == 404
    assert not proposal.reports_due.exists()

    bring(proposal, State.UNDER_WAY, on=date(2026, 9, 1))
    proposal.reports_due.filter(kind="progress").update(due_on=reports.today())
    my = text_of(client.get(f"/my/{institution.slug}/"))
    assert "Upload the progress report on “Biogas for villages”" in my
    data = {"report": "extension-new", "extension-new-words": "The rains came late."}
    for _click in range(2):
        client.post(address, data | {"extension-new-file": scan()})
    assert ReportDue.objects.get(kind="extension").is_waiting
    assert "The rains came late." in Message.objects.get(kind="report-arrived").text

    final = ReportDue.objects.get(kind="final")
    reports.upload(final, file=scan(), words="", by=make.User())
    file = f"{address}{final.pk}/"
    client.force_login(viewer)
    assert b"".join(client.get(file)).startswith(b"%PDF")
    assert client.get(address).context["forms"] == []
    assert client.post(address).status_code == 403
    client.force_login(make.Affiliation().user)
    assert client.get(address).status_code == 404
    assert client.get(file).status_code == 404


def test_what_was_typed_beside_another_report_is_not_lost(client, officer):
    proposal = under_way()
    due = {
        kind: proposal.reports_due.create(kind=kind, due_on=timezone.localdate())
        for kind in ("progress", "final")
    }
    client.force_login(proposal.institution.affiliations.get().user)
    address = reverse("calls:reports", args=[proposal.institution.slug, proposal.pk])
    final = f"final-{due['final'].pk}"
    half = of_report(due["progress"], file="") | {f"{final}-words": "Ten villages."}

    page = client.post(address, half)
    assert "Ten villages." in page.content.decode()
    assert not proposal.reports_due.exclude(file="").exists()
    client.post(address, of_report(due["final"]) | of_report(due["progress"]))

    assert proposal.reports_due.exclude(file="").count() == 2


# ------------------------------------------------------------------ the grant


@pytest.fixture
def granted_less(officer):
    """A proposal that asked for 30,000 and got 28,000 today."""
    return bring(sent(), State.APPROVED, granted_usd=28_000, approval_meeting=MEETING)


MEETING = "第49届部长级会议"
REVISED = [27_000, 1_000, 0]


def of_budget(proposal, *amounts):
    report = proposal.reports_due.get(kind="budget")
    lines = proposal.budget_lines.values_list("pk", flat=True)
    return {"report": f"budget-{report.pk}"} | {
        f"budget-{report.pk}-line-{pk}": amount
        for pk, amount in zip_longest(lines, amounts, fillvalue="0")
    }


def test_a_grant_that_differs_asks_for_a_revised_budget_that_adds_up_and_stays(
    client, officer, granted_less
):
    proposal = granted_less
    assert not bring(sent(), State.APPROVED).reports_due.exists()
    due = {"budget": reports.today() + timedelta(days=proposal.call.answer_days)}
    assert due_days(proposal) == due
    reports.remind_of_reports()
    assert "revised budget" in Message.objects.get(kind="report-due").text
    address = reverse("calls:reports", args=[proposal.institution.slug, proposal.pk])
    client.force_login(proposal.institution.affiliations.get().user)
    assert "Hand in" in text_of(client.get(address))
    assert "Next report: revised budget" in text_of(client.get(proposal.get_absolute_url()))

    wrong = client.post(address, of_budget(proposal, "29,000", "0"))
    assert "The lines add up to US$ 29,000; the grant is US$ 28,000." in text_of(wrong)
    assert 'value="29,000"' in text_of(wrong)
    assert proposal.versions.count() == 1
    for _click in range(2):
        client.post(address, of_budget(proposal, "27,000", "1000"))

    assert [line.revised_usd for line in proposal.budget_lines.all()] == REVISED
    assert "US$ 30,000 → US$ 27,000" in text_of(client.get(address))
    # What was asked stays what it was, in figures and papers.
    assert Proposal.objects.with_amounts().get(pk=proposal.pk).sum_asked_usd == 30_000
    kept = proposal.versions.last().content["en"]["revised"]
    assert [line["revised"] for line in kept] == [f"{amount:,}" for amount in REVISED]
    with pytest.raises(IntegrityError, match="no revised budget is due"), transaction.atomic():
        proposal.budget_lines.update(revised_usd=0)
    client.force_login(officer)
    assert "Revised, US$: 27,000" in text_of(client.get(page(proposal)))
    client.post(page(proposal, "undo"), {"sure": "yes"})
    report = ReportDue.objects.get(kind="budget")
    reports.give_back(report, by=officer, words="Less for travel.")
    client.force_login(proposal.institution.affiliations.get().user)
    client.post(address, of_budget(proposal, "28,000", ""))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.versions.count()) == (State.APPROVED, 3)
    reports.accept(ReportDue.objects.get(kind="budget"), by=officer)


def test_a_letter_of_award_is_issued_told_downloaded_and_taken_back(client, officer, granted_less):
    proposal = granted_less
    address = reverse("calls:award_letter", args=[proposal.institution.slug, proposal.pk])
    person = signed_in(proposal.institution.affiliations.get().user)
    award.make_project(proposal, officer)
    award.add_fund_number(proposal, "INT/28/K07", officer)
    data = {"conditions": "Two farms must be shown.\n须展示两处农场。"}

    seen = client.post(page(proposal, "letter"), data)
    assert "Letter of award" in seen.context["mails"][0].subject
    assert person.get(address).status_code == 404
    for _click in range(2):
        client.post(page(proposal, "letter"), data | {"_confirmed": "1"})

    paper = Paper.objects.get()
    proposal.refresh_from_db()
    assert proposal.award_letter == paper
    assert Message.objects.filter(kind="award-letter").count() == 1
    letter = words(b"".join(person.get(address)))
    due = date_format(proposal.reports_due.get().due_on)
    for text in ("28,000美元", "US$ 28,000", MEETING, "INT/28/K07", due, "须展示两处农场。"):
        assert text in letter, text
    for shown in (person.get(proposal.get_absolute_url()), client.get(page(proposal))):
        for text in (
            "US$ 28,000",
            MEETING,
            "INT/28/K07",
            "Two farms must be shown.",
            str(paper),
        ):
            assert text in text_of(shown), text
    assert signed_in(make.Affiliation().user).get(address).status_code == 404
    take_back(paper, "A slip.", officer)
    assert person.get(address).status_code == 404
    client.post(page(proposal, "letter"), data | {"_confirmed": "1"})
    assert Paper.objects.count() == 2
    waiting = bring(sent(), State.RECOMMENDED)
    early = client.post(page(waiting, "letter"), data | {"_confirmed": "1"})
    assert "Only an approved proposal gets a letter of award." in text_of(early)


def test_no_more_is_received_than_granted_and_figures_equal_the_list(client, officer, granted_less):
    proposal = granted_less
    other = bring(sent(proposal.call), State.APPROVED)
    for amount, told in [
        (28_001, "More would be received than was granted, or less than nothing."),
        (-1, "More would be received than was granted, or less than nothing."),
        (0, "and not 0."),
        ("9" * 30, "less than or equal to"),
        ("x", "Enter a whole number."),
    ]:
        data = {"paid_on": str(reports.today()), "amount_usd": amount, "_confirmed": "1"}
        assert told in text_of(client.post(page(proposal, "payment"), data)), amount
    late = {"paid_on": str(reports.today() + timedelta(days=1)), "amount_usd": 1}
    refused = client.post(page(proposal, "payment"), late | {"_confirmed": "1"})
    assert "This day is in the future." in text_of(refused)
    for amount in (20_000, 8_000, -3_000):
        data = {"paid_on": str(reports.today()), "amount_usd": amount, "_confirmed": "1"}
        client.post(page(proposal, "payment"), data | {"note": "First part"})
    with pytest.raises(IntegrityError, match="more is paid than was granted"), transaction.atomic():
        Payment.objects.create(proposal=proposal, paid_on=reports.today(), amount_usd=3_001)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Payment.objects.update(amount_usd=1)
    client.post(page(proposal, "undo"), {"sure": "yes"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.received_usd) == (State.APPROVED, 25_000)

    bring(proposal, State.UNDER_WAY)
    proposal.reports_due.filter(kind="budget").delete()
    person = signed_in(proposal.institution.affiliations.get().user)
    address = reverse("calls:reports", args=[proposal.institution.slug, proposal.pk])
    progress, final = (ReportDue.objects.get(proposal=proposal, kind=kind) for kind in KINDS)
    tomorrow = str(reports.today() + timedelta(days=1))
    assert "This day is in the future." in text_of(
        person.post(address, of_report(progress, spent_on=tomorrow))
    )
    person.post(address, of_report(progress, spent_usd="25,001"))
    for shown in (person.get(address), client.get(page(proposal))):
        assert "More was spent than the Fund has paid" in text_of(shown)
    reports.give_back(ReportDue.objects.get(pk=progress.pk), by=officer, words="Check the sum.")
    assert "More was spent" not in text_of(client.get(page(proposal)))
    person.post(address, of_report(progress, spent_usd="9,000", spent_on="2026-11-01"))
    person.post(address, of_report(final))

    figures = client.get(reverse("admin:calls_call_comparison", args=[proposal.call.pk]))
    sheet = client.get(reverse("admin:calls_call_sheet", args=[proposal.call.pk, "csv"]))
    header, *rows = list(csv.reader(sheet.content.decode("utf-8-sig").splitlines()))
    totals = {str(label): total for label, total in figures.context["totals"]}
    assert totals == {
        "requested, US$": 60_000,
        "other inputs, US$": 72_000,
        "granted, US$": 28_000 + other.granted_usd,
        "received, US$": 25_000,
        "spent, US$": 12_000,
    }
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    assert totals == {label: sum(map(int, columns[label])) for label in totals}
    assert columns["approved by"] == (MEETING, "43rd Ministerial Meeting")
    assert "58,000" in text_of(figures)


def test_reports_and_proposals_that_wait_stand_on_the_start_page(client, officer):
    received = sent()
    proposal = under_way()
    final = ReportDue.objects.get(kind="final")
    reports.upload(final, file=scan(), words="", by=make.User())
    ReportDue.objects.filter(kind="progress").update(due_on=date(2026, 1, 1))

    waiting = waits(client)

    assert waiting == {
        "Proposals to clear or return": 1,
        "Reports to accept or return": 1,
        "Reports overdue": 1,
    }
    make.Affiliation(institution=received.institution, user=officer)
    make.Affiliation(institution=proposal.institution, user=officer)
    assert waits(client) == {}


def waits(client):
    """Give the numbers of the start page about proposals; each counts the rows of its list."""
    sections = what_waits(client.get("/admin/").wsgi_request)
    rows = [row for section, rows in sections if section.name == "proposals" for row in rows]
    for row in rows:
        assert client.get(row.address).context["cl"].result_count == row.count
    return {str(row.label): row.count for row in rows}
