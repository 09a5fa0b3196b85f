"""A withdrawn record says why and what replaces it; a duplicate's address leads to the one kept."""

import pytest
from django.urls import reverse

from members.merging import merge
from sscnet.core.models import State, Withdrawal
from tests import make

pytestmark = pytest.mark.django_db


def public(title, factory=make.Project, **values):
    record = factory(state="published", **values | ({"title": title} if title else {}))
    make.Source(record=record)
    type(record).objects.filter(pk=record.pk).update(published_at="2026-01-01T00:00Z")
    return record


def withdraw(client, record, **said):
    model = f"{record._meta.app_label}_{record._meta.model_name}"
    address = reverse(f"admin:{model}_step", args=[record.pk, "withdraw"])
    return client.post(address, said)


def test_the_page_says_why_in_both_languages_and_what_replaces_it(client, officer):
    old, new = public("Bamboo"), public("Bamboo, phase two")
    withdraw(
        client,
        old,
        reason="Entered <twice>.",
        reason_zh_hans="重复。",
        replacement=(f"https://example.org{new.get_absolute_url()}?from=list#goals"),
    )

    client.logout()
    english = client.get(old.get_absolute_url())
    assert english.status_code == 200
    assert "<p>Entered &lt;twice&gt;.</p>" in english.content.decode()
    assert f'<a href="{new.get_absolute_url()}">Bamboo, phase two</a>' in english.content.decode()
    assert "重复。" in client.get(f"/zh-hans{old.get_absolute_url()}", follow=True).content.decode()


def test_a_duplicates_address_leads_to_the_record_that_is_kept(client, officer):
    double, kept = public("Bamboo"), public("Bamboo cultivation")
    withdraw(client, double, replacement=kept.slug, is_duplicate="on")
    client.logout()

    answer = client.get(double.get_absolute_url())
    assert (answer.status_code, answer.url) == (301, kept.get_absolute_url())
    # It may be published again.
    assert answer["Cache-Control"] == "no-cache"

    # It leads nowhere that the public does not see.
    type(kept).objects.filter(pk=kept.pk).update(state=State.WITHDRAWN)
    assert client.get(double.get_absolute_url()).status_code == 200


def test_what_is_no_other_public_record_is_refused_and_nothing_typed_is_lost(client, officer):
    record, draft = public("Bamboo"), make.Project(state="draft")
    for sent in ("nowhere", record.slug, draft.slug, "/"):
        page = withdraw(client, record, reason="Twice.", replacement=sent, is_duplicate="on")
        record.refresh_from_db()
        assert record.state == State.PUBLISHED
        assert list(page.context["form"].errors) == ["replacement"]
        assert page.context["form"]["reason"].value() == "Twice."
    # What is said nothing of is withdrawn without a word.
    withdraw(client, record)
    record.refresh_from_db()
    assert (record.state, record.withdrawal) == (State.WITHDRAWN, None)


def test_many_are_withdrawn_for_one_reason_and_published_again_none_is_left(client, officer):
    records = [public("Bamboo"), public("Rice")]
    chosen = {"action": "withdraw", "_selected_action": [record.pk for record in records]}
    listed = reverse("admin:projects_project_changelist")
    assert "reason_zh_hans" in client.post(listed, chosen).content.decode()

    client.post(listed, chosen | {"_confirmed": "1", "reason": "Never funded."})
    assert list(Withdrawal.objects.values_list("reason", flat=True)) == ["Never funded."] * 2

    for step in ("mark_ready", "publish"):
        client.post(reverse("admin:projects_project_step", args=[records[0].pk, step]))
        client.post(listed, {"action": step, "_selected_action": [records[0].pk], "_confirmed": 1})
    assert [row.object_id for row in Withdrawal.objects.all()] == [records[1].pk]


def test_after_a_merge_the_institution_that_stays_replaces(client, officer):
    old, new, last = (public("", make.Institution) for _ in range(3))
    withdraw(client, old, replacement=new.slug)
    merge(last, new)

    assert Withdrawal.objects.get().replacement_key == last.pk
