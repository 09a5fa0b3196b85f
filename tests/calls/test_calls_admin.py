"""Calls in the admin: the form, extending with mails, deleting."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.calls.models import Call
from secretariat.back_office import groups
from sscnet.core.models import State
from sscnet.outbox.models import Message
from tests import make
from tests.admin_forms import errors, filled
from tests.pages import sign_in, text_of

pytestmark = pytest.mark.django_db
EDGE = "2027-03-15T23:59:59"


@pytest.fixture
def officer(client):
    return sign_in(client, groups.OFFICER)


def page(call, name, *args):
    return reverse(f"admin:calls_call_{name}", args=[call.pk, *args])


def drafts_of(call, number):
    """Make drafts of institutions, each with a focal point."""
    drafts = make.Proposal.create_batch(number, call=call)
    for draft in drafts:
        make.Affiliation(institution=draft.institution)
    return drafts


def test_an_officer_writes_and_publishes_a_call(client, officer):
    call = make.Call(state=State.READY)
    make.Source(record=call)
    address = f"{page(call, 'change')}?tab=rules"
    response = client.get(address)
    data = filled(response) | {"ceiling_usd": "40000", "binding_rules": ["ceiling"]}
    saved = client.post(address, data)
    assert saved.status_code == 302, errors(saved)
    asked = client.get(page(call, "step", "publish"))
    for gap in ("The text is missing.", "No paper is required.", "There is no criterion."):
        assert gap in text_of(asked)
    client.post(page(call, "step", "publish"))
    call.refresh_from_db()
    assert call.state == "ready"

    make.Criterion(call=call)
    make.RequiredPaper(call=call)
    Call.objects.filter(pk=call.pk).update(description="Send us projects.")
    client.post(page(call, "step", "publish"))
    call.refresh_from_db()
    assert (call.ceiling_usd, call.binding_rules, call.state) == (40_000, ["ceiling"], "published")


def test_the_next_call_takes_texts_rules_papers_and_criteria_along(client, officer):
    call = make.Call(title="Call 2027", title_zh_hans="2027年征集", description="Text")
    make.Criterion(call=call)
    make.RequiredPaper(call=call)
    make.Proposal(call=call)
    assert page(call, "next") in text_of(client.get(page(call, "change")))
    assert "closes_at" in client.post(page(call, "next"), {"closes_at": "x"}).context["form"].errors

    client.post(page(call, "next"), {"closes_at": "2027-12-01T10:00"})

    new = Call.objects.exclude(pk=call.pk).get()
    assert (new.state, new.description, new.ceiling_usd) == ("draft", "Text", call.ceiling_usd)
    assert (new.criteria.count(), new.required_papers.count(), new.proposals.count()) == (1, 1, 0)
    assert new.year == timezone.localtime(new.closes_at).year
    assert new.title_zh_hans == f"{new.year}年征集"
    assert new.slug not in ("", call.slug)


@pytest.mark.parametrize(
    ("closes", "proposed", "year"),
    [
        # In Beijing it is the first of January, in UTC still the year before.
        ("2027-01-01T00:30+08:00", "2028-01-01T00:30:00", 2028),
        ("2027-12-31T23:40+08:00", "2028-12-31T23:40:00", 2028),
        ("2028-02-29T10:00+08:00", "2029-02-28T10:00:00", 2029),
    ],
)
def test_the_next_call_closes_on_the_same_day_of_the_next_year(
    client, officer, closes, proposed, year
):
    call = make.Call(title=f"Call of {year - 1}", year=year - 1, closes_at=closes)
    assert f'value="{proposed}"' in client.get(page(call, "next")).text
    client.post(page(call, "next"), {"closes_at": proposed})
    new = Call.objects.exclude(pk=call.pk).get()
    assert (new.year, new.title) == (year, f"Call of {year}")


def test_who_reads_only_can_do_nothing_with_a_call(client):
    sign_in(client, groups.READER)
    call = make.Call()

    assert client.get(page(call, "change")).status_code == 200
    assert client.post(page(call, "extend")).status_code == 403


def test_the_closing_of_a_published_call_is_only_extended(client, officer):
    draft, published = make.Call(state=State.DRAFT), make.Call(published_at=timezone.now())
    assert 'name="closes_at_0"' in text_of(client.get(page(draft, "change")))
    assert 'name="closes_at_0"' not in text_of(client.get(page(published, "change")))

    response = client.post(page(published, "extend"), {"closes_at": "2020-01-01T00:00"})
    assert "A call can only be extended: choose a time after its closing." in text_of(response)
    for moment in ("", "soon", "99999-01-01T00:00", "2027-02-30T10:00"):
        response = client.post(page(published, "extend"), {"closes_at": moment})
        assert "closes_at" in response.context["form"].errors, moment
    assert client.post(page(published, "extend"), {"closes_at": "\0"}).status_code < 500


def test_extending_shows_every_mail_first_and_writes_it_once(client, officer):
    call = make.Call(published_at=timezone.now(), title="Seed money")
    drafts = drafts_of(call, 2)
    sent = drafts_of(call, 1)[0]
    sent.reference, sent.sent_at, sent.state = "P-1", timezone.now(), "withdrawn"
    sent.save()
    closes = timezone.localtime(call.closes_at + timedelta(days=7))
    data = {"closes_at": closes.strftime("%Y-%m-%dT%H:%M:%S")}

    seen = client.post(page(call, "extend"), data)

    assert len(seen.context["mails"]) == 2
    assert not Message.objects.exists()
    assert Call.objects.get().closes_at == call.closes_at
    for _click in range(2):
        client.post(page(call, "extend"), data | {"_confirmed": "1"})
    assert Call.objects.get().closes_at == closes.replace(microsecond=0)
    assert sorted(Message.objects.values_list("to", flat=True)) == sorted(
        draft.institution.affiliations.get().user.email for draft in drafts
    )


def test_only_a_draft_without_proposals_is_deleted(client, officer):
    draft, public = make.Call(state=State.DRAFT), make.Call(published_at=timezone.now())
    withdrawn = make.Call(state=State.DRAFT, binding_rules=[])
    make.Proposal(call=withdrawn, state="received")

    for call in (draft, public, withdrawn):
        client.post(page(call, "delete"), {"post": "yes"})

    assert set(Call.objects.all()) == {public, withdrawn}
