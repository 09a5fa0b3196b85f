"""Steps of officers with proposals: dated, told, undoable for a day; and what they see."""

from datetime import date, timedelta

import pgtrigger
import pytest
from django.urls import reverse
from django.utils import timezone

from projects.calls.handling import deciding
from projects.calls.handling.readings import alike
from projects.calls.handling.reports import today
from projects.calls.models import Proposal, ProposalStep, Remark
from secretariat.back_office import groups
from sscnet.outbox.models import Message
from tests import make
from tests.calls.made import State, bring, full_proposal, many, officer_of, send, sent
from tests.calls.proposals.complete import scan
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db
LIST = "/admin/calls/proposal/"


@pytest.fixture
def officer(client):
    return officer_of(client)


def page(proposal, name="change", *args):
    return reverse(f"admin:calls_proposal_{name}", args=[proposal.pk, *args])


def step(client, proposal, state, confirmed=True, **data):
    data = {"on": str(today()), "words": ""} | data
    if confirmed:
        data["_confirmed"] = "1"
    return client.post(page(proposal, "step", state), data)


def mails(kind=""):
    return Message.objects.filter(kind__startswith=kind)


def test_the_institution_and_officers_read_the_same_of_what_comes_next(client, officer):
    proposal = sent()
    person = signed_in(proposal.institution.affiliations.get().user)
    july = "The Committee of Experts meets in July in most years and makes its recommendations."

    for state, words in [
        (State.CLEARED, "It goes to the Fund through the Permanent Mission."),
        (State.AT_FUND, july),
        (State.UNDER_WAY, "Next report: progress report, due on 1 March 2027."),
        (State.CLOSED, "There are no further steps."),
    ]:
        bring(proposal, state, on=date(2026, 9, 1))
        assert f"<p>{words}</p>" in text_of(client.get(page(proposal))), state
        assert f"<p>{words}</p>" in text_of(person.get(proposal.get_absolute_url())), state


def test_returning_asks_for_remarks_shows_the_mail_and_tells_it(client, officer):
    proposal = sent()
    day = today() + timedelta(days=10)
    remarks = {"remark_strategy": "Say who builds.", "remark_budget": "Add up once more."}

    empty = step(client, proposal, "returned", answer_by_on=str(day))
    assert "Write at least one remark" in text_of(empty)
    seen = step(client, proposal, "returned", False, answer_by_on=str(day), **remarks)
    [mail] = seen.context["mails"]
    assert "Say who builds." in mail.text
    assert not mails("proposal-now-returned").exists()
    step(client, proposal, "returned", answer_by_on=str(day), **remarks)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer_by_on) == (State.RETURNED, day)
    assert {r.section: r.text for r in Remark.objects.all()} == {
        "strategy": "Say who builds.",
        "budget": "Add up once more.",
    }
    [mail] = mails("proposal-now-returned")
    assert "预算" in mail.text
    assert "Strategy: Say who builds." in mail.text


def test_the_page_shows_what_changed_between_the_versions(client, officer):
    proposal = sent()
    author = proposal.institution.affiliations.get().user
    said = {"answer_by_on": today() + timedelta(days=5), "remarks": {"strategy": "Who builds?"}}
    deciding.decide(proposal, State.RETURNED, officer, on=today(), **said)
    Proposal.objects.filter(pk=proposal.pk).update(strategy="The villages build.")
    proposal.budget_lines.filter(cash_usd=4_000).update(cash_usd=5_000)
    Remark.objects.update(answer="The villages.", answered_by=author)

    being_mended = text_of(client.get(page(proposal)))
    send(proposal)
    response = client.get(page(proposal))

    assert "The villages build." not in being_mended
    found = {one["label"]: (one["before"], one["after"]) for one in response.context["differences"]}
    assert found["Strategy (English)"] == ("Digesters are built together.", "The villages build.")
    before, after = found["Year"]
    assert ("in cash, US$: 4,000" in before, "in cash, US$: 5,000" in after) == (True, True)
    assert "The villages." in text_of(response)
    assert client.get(f"{page(proposal)}?version=1").context["version"].number == 1
    assert client.get(f"{page(proposal)}?version=x").context["version"].number == 2


def test_officers_see_an_earlier_proposal_that_says_the_same_and_confirm_papers(client, officer):
    words = "Wood is short in the hills of ten villages, and smoke makes people ill. "
    first = sent(situation=words * 3, situation_zh_hans="")
    second = sent(
        institution=first.institution, call=make.Call(), situation=words * 2, title="Stoves"
    )
    assert [one for one, _percent in alike(second)] == [first]
    assert alike(first) == []
    shown = text_of(client.get(page(second)))
    assert "Much like an earlier proposal" in shown
    assert f"{first.reference} {first}" in shown

    Proposal.objects.filter(pk=first.pk).update(state=State.RETURNED)
    paper = first.endorsements.create(
        paper=make.RequiredPaper(call=first.call, each_country=False), file=scan()
    )
    Proposal.objects.filter(pk=first.pk).update(state=State.CLEARED)
    confirm = reverse("admin:calls_proposal_confirm", args=[first.pk, paper.pk])
    assert client.get(confirm).status_code == 405
    client.post(confirm)
    paper.refresh_from_db()
    assert (paper.confirmed_by, bool(paper.confirmed_at)) == (officer, True)
    assert "confirmed by" in text_of(client.get(page(first)))


def test_each_step_of_the_road_is_dated_told_and_done_once(client, officer):
    proposal = sent()
    more = {"approved": {"approval_meeting": "43rd meeting", "granted_usd": "28000"}}

    for state in ("cleared", "at_fund", "recommended", "approved", "under_way", "completed"):
        for _click in range(2):
            step(client, proposal, state, words=f"Now {state}.", **more.get(state, {}))

    proposal.refresh_from_db()
    assert proposal.state == State.COMPLETED
    assert (proposal.granted_usd, proposal.approval_meeting) == (28_000, "43rd meeting")
    taken = ProposalStep.objects.exclude(after="received")
    assert {(one.after, one.by) for one in taken} == {
        (state, officer)
        for state in ("cleared", "at_fund", "recommended", "approved", "under_way", "completed")
    }
    told = mails("proposal-now").order_by("pk").values_list("kind", flat=True)
    assert list(told) == [
        *("proposal-now-cleared", "proposal-now-at-fund", "proposal-now-recommended"),
        *("proposal-now-approved", "proposal-now-under-way", "proposal-now-completed"),
    ]
    approved = mails("proposal-now-approved").get()
    assert "28,000" in approved.text
    assert "43rd meeting" in approved.text


def test_what_cannot_be_is_named_and_nothing_is_done(client, officer):
    proposal = sent()

    for state, data, said in [
        ("cleared", {"on": "2099-01-01"}, "This day is in the future."),
        ("cleared", {"on": "yesterday"}, "Write a date like 2027-04-21."),
        ("approved", {"granted_usd": "99999999999", "approval_meeting": "x"}, "less than or equal"),
        ("closed", {}, "This step is not possible in the proposal’s current status."),
    ]:
        assert said in text_of(step(client, proposal, state, **data)), said
        proposal.refresh_from_db()
        assert proposal.state == State.RECEIVED


def test_nothing_is_cleared_without_the_form_of_the_fund(client, officer):
    proposal = sent()
    papers = proposal.call.required_papers.filter(kind="fund_form")
    with pgtrigger.ignore("calls.Endorsement:kept_after_sending"):
        proposal.endorsements.update(file="")
    for said in ("required by the Fund: Form of the Fund.", "does not ask for the Fund’s own form"):
        page_of = text_of(step(client, proposal, "cleared"))
        assert "Not ready for the Fund." in page_of
        assert said in page_of
        proposal.refresh_from_db()
        assert proposal.state == State.RECEIVED
        papers.update(kind="other")


def test_a_sum_entered_wrong_is_put_right_with_a_reason_until_money_came(client, officer):
    proposal = bring(sent(), State.APPROVED, granted_usd=28_000, approval_meeting="43rd")
    ProposalStep.objects.update(at=timezone.now() - timedelta(hours=25))
    right = {"approval_meeting": "43rd", "granted_usd": "30000"}
    assert "Correct the approval" in text_of(client.get(page(proposal)))
    assert "This field is required." in text_of(step(client, proposal, "approved", **right))
    for _click in range(2):
        step(client, proposal, "approved", words="A typing error.", **right)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.granted_usd) == (State.APPROVED, 30_000)
    assert not proposal.reports_due.exists()
    corrected = mails("proposal-now-approved").latest("pk")
    assert ["30,000" in corrected.text, "A typing error." in corrected.text] == [True, True]
    assert mails("proposal-now-approved").count() == 2
    client.post(page(proposal, "undo"), {"sure": "yes"})
    paid = {"paid_on": str(today()), "amount_usd": "1000", "_confirmed": "1"}
    client.post(page(proposal, "payment"), paid)
    assert "US$ 1,000" in mails("payment-noted").get().text
    refused = step(client, proposal, "approved", words="Less.", **right | {"granted_usd": "29000"})
    assert "This step is not possible" in text_of(refused)
    proposal.refresh_from_db()
    assert proposal.granted_usd == 30_000


def test_a_step_is_undone_for_a_day_and_another_ground_is_said_in_words(client, officer):
    proposal = bring(sent(), State.APPROVED)
    client.post(page(proposal, "undo"), {"sure": "yes"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.granted_usd) == (State.RECOMMENDED, None)
    assert "is not “approved”" in mails("proposal-step-undone").get().text
    assert ProposalStep.objects.get(after="approved").undone_by == officer
    ProposalStep.objects.update(at=timezone.now() - timedelta(hours=25))
    client.post(page(proposal, "undo"), {"sure": "yes"})
    proposal.refresh_from_db()
    assert proposal.state == State.RECOMMENDED

    proposal = bring(sent(), State.AT_FUND)
    refused = step(client, proposal, "not_recommended", ground="other")
    step(client, proposal, "not_recommended", ground="national")
    assert "Give the reason in words." in text_of(refused)
    assert "essentially a national project" in mails("proposal-now-not-recommended").get().text


def test_what_the_institution_did_and_what_it_works_on_is_not_undone(client, officer):
    proposal = sent()
    client.post(page(proposal, "undo"), {"sure": "yes"})
    assert Proposal.objects.get().state == State.RECEIVED

    step(
        client,
        proposal,
        "returned",
        answer_by_on=str(today() + timedelta(days=5)),
        remark_cover="?",
    )
    Proposal.objects.update(saved_at=timezone.now())
    response = client.post(page(proposal, "undo"), {"sure": "yes"}, follow=True)

    assert "The institution is already working on it" in text_of(response)
    assert Proposal.objects.get().state == State.RETURNED


# ------------------------------------------------------------------ who sees what


def test_drafts_and_proposals_of_the_own_institution_are_seen_by_no_officer(client, officer):
    draft = full_proposal()
    assert client.get(LIST).context["cl"].result_count == 0
    assert client.get(page(draft)).status_code == 302
    for name in ("docx", "package"):
        assert client.get(page(draft, name)).status_code == 404

    partner = make.Affiliation().institution
    draft.partners.create(institution=partner)
    proposal = send(draft)
    assert not hidden_from(client, proposal)
    for institution in (proposal.institution, partner):
        affiliation = make.Affiliation(institution=institution, user=officer, role="viewer")
        assert hidden_from(client, proposal)
        affiliation.delete()


def hidden_from(client, proposal):
    """Return whether nothing of the proposal reaches the person who is signed in."""
    package = client.get(page(proposal, "package"))
    b"".join(package)
    seen = [
        client.get(LIST).context["cl"].result_count,
        client.get(f"{LIST}?q={proposal.reference}").context["cl"].result_count,
        client.get(f"{LIST}?call__id__exact={proposal.call_id}").context["cl"].result_count,
        client.get(page(proposal)).status_code,
        client.get(page(proposal, "docx")).status_code,
        package.status_code,
        client.post(page(proposal, "award")).status_code,
        step(client, proposal, "cleared").status_code,
    ]
    return seen == [0, 0, 0, 302, 404, 404, 404, 404]


def test_mails_about_a_proposal_are_seen_by_those_who_may_see_it(client):
    proposal = bring(sent(), State.CLEARED)
    found = mails("proposal-")
    addresses = [reverse("admin:outbox_message_change", args=[mail.pk]) for mail in found]
    officer = officer_of(client)

    def answers():
        return [client.get(address).status_code for address in addresses]

    # The receipt, and what the Secretariat wrote.
    assert answers() == [200, 200]
    make.Affiliation(institution=proposal.institution, user=officer)
    assert answers() == [302, 302]
    officer_of(client, groups.HELPER)
    assert answers() == [403, 403]
    of_institution = reverse("admin:members_institution_change", args=[proposal.institution_id])
    assert "Emails about this record" not in text_of(client.get(of_institution))


def test_nobody_looks_up_proposals_from_the_other_end(client):
    proposal = sent()
    client.force_login(make.User(is_staff=True, is_superuser=True))

    for address in (
        f"/admin/members/institution/?call_proposals={proposal.pk}",
        "/admin/members/institution/?call_proposals__isnull=False",
        f"/admin/calls/call/?proposals={proposal.pk}",
        "/admin/projects/project/?proposal__isnull=False",
    ):
        assert client.get(address).status_code == 400, address


def test_the_list_takes_at_most_fifteen_queries_for_sixty(
    client, officer, django_assert_max_num_queries
):
    call = many(60)
    client.get(LIST)

    with django_assert_max_num_queries(15):
        response = client.get(f"{LIST}?call__id__exact={call.pk}")

    assert response.context["cl"].result_count == 60


def test_the_committees_decisions_on_ten_proposals_are_entered_at_once(client, officer):
    """Four clicks from the call: the tab, the outcome of all, what it would change, the step."""
    call = make.Call(published_at=timezone.now())
    proposals = [sent(call) for _ in range(10)]
    for proposal in proposals:
        bring(proposal, State.RECOMMENDED)
    first, second = proposals[:2]
    address = reverse("admin:calls_call_decisions", args=[call.pk])
    assert address in text_of(client.get(reverse("admin:calls_call_change", args=[call.pk])))
    rows = client.get(address).context["form"].rows
    typed = {field.html_name: field.value() or "" for row in rows for field in row}
    typed |= {"on": str(today()), "after": "approved", "approval_meeting": "29th meeting"}
    typed |= {f"{first.pk}-after": "withdrawn", f"{second.pk}-granted_usd": "20000"}

    refused = client.post(address, typed | {"approval_meeting": "", "_confirmed": "1"})
    assert f"{second.reference}: This field is required." in text_of(refused)
    assert not mails("proposal-approved").exists()
    seen = client.post(address, typed)
    assert len(seen.context["mails"]) == 10
    assert {one.state for one in Proposal.objects.all()} == {State.RECOMMENDED}

    client.post(address, typed | {"_confirmed": "1"})
    states = dict(Proposal.objects.values_list("pk", "state"))
    assert states.pop(first.pk) == State.WITHDRAWN
    assert set(states.values()) == {State.APPROVED}
    second.refresh_from_db()
    assert (second.granted_usd, second.approval_meeting) == (20_000, "29th meeting")
    assert client.post(address, {"after": "nonsense", "on": "\0"}).status_code < 500
    client.force_login(make.Officer(group=groups.READER))
    assert client.get(address).status_code == 403
