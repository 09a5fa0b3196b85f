"""Two records of one institution are noticed and become one."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericRelation
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import FileField, JSONField
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from modeltrans.fields import TranslationField
from pghistory.models import Event

from meetings import places
from meetings.models import Delegate, Delegation, Meeting, PlaceEvent, WorkshopPlace
from meetings.places.audit import disagreements
from members.merging import ANSWERS, MergeRule, merge, name_of, preview
from members.models import Affiliation, Institution, Membership, User
from members.profiles import proposals
from members.profiles.fields import profile_of
from members.similar import similar_to
from projects.calls.models import Proposal
from projects.models import ProjectInstitution
from secretariat.back_office import groups
from sscnet.changes import versions
from sscnet.changes.hanging import generic_keys, keys_to
from sscnet.changes.history import history_page
from sscnet.changes.state import Change
from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import ProposedVersion, Source
from sscnet.outbox.models import Message
from tests import make
from tests.admin_forms import filled
from tests.meetings.lines import submitted
from tests.members.everything import meeting_of_everything, with_everything
from tests.pages import sign_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_web_role")]


@pytest.fixture
def two():
    winner = make.Member(name="Biogas Institute", slug="biogas")
    loser = make.Member(name="Biogas Research Institute", slug="biogas-research")
    return winner, loser


def merge_page(into, from_):
    return f"{reverse('admin:members_institution_merge')}?into={into.pk}&from={from_.pk}"


# ------------------------------------------------------------------ similar names


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ("Biogas Institute of Sichuan", "Sichuan Biogas Institute", True),
        ("Biogas Institute", "BIOGAS  INSTITUTE", True),
        ("Bio-gas Institute", "Biogas Institute", True),
        ("Centre for Small Hydropower", "Center for Small Hydro-Power", True),
        ("沼气科学研究所", "沼氣科學研究所", True),
        ("沼气所", "招气所", True),
        ("BIOMA", "Bioma", True),
        ("Biogas Institute", "Bamboo Institute", False),
        ("Institute of Agriculture", "Institute of Tea", False),
        ("BIOMA", "BIOMB", False),
        ("沼气所", "竹子所", False),
        ("The Centre", "Institute of China", False),
    ],
)
def test_names_that_are_alike_are_noticed(one, other, are_alike):
    there = make.Institution(name=one)

    assert similar_to([other]) == [there] * are_alike
    assert similar_to([other], besides=there) == []
    # Other names count too.
    name = make.InstitutionName(name="Zhaoqi", kind="acronym")
    assert similar_to(["", "Zhaoqi"]) == [name.institution]


def test_the_admin_warns_on_entry_and_on_the_form(client, publisher):
    make.Institution(name="Biogas Institute")
    add = reverse("admin:members_institution_add")
    data = filled(client.get(add)) | {"name": "Institute for Biogas"}

    page = text_of(client.post(add, data, follow=True))

    warning = "“Biogas Institute” has a similar name. If it is the same, merge the two."
    assert warning in page
    new = Institution.objects.get(name="Institute for Biogas")
    change = reverse("admin:members_institution_change", args=[new.pk])
    assert warning in text_of(client.get(change))


# ------------------------------------------------------------------ merging


def test_everything_moves_and_both_addresses_work(client, two):
    winner, loser = two
    loser.description = "We dig."
    loser.save()
    loser.slug = "digesters"
    loser.save()
    rows = [
        make.InstitutionName(institution=loser, name="BIOMA"),
        make.InstitutionSector(institution=loser),
        make.Service(institution=loser),
        make.Affiliation(institution=loser),
        make.ProjectInstitution(institution=loser),
        loser.proposals.create(),
    ]
    source = make.Source(record=loser)
    successor = make.Institution(successor=loser)

    merge(winner, loser)

    for row in rows:
        row.refresh_from_db()
        assert row.institution == winner, row
    source.refresh_from_db()
    successor.refresh_from_db()
    winner.refresh_from_db()
    assert source.record == winner
    assert successor.successor == winner
    assert winner.description == "We dig."
    assert winner.names.filter(name="Biogas Research Institute").exists()
    for slug in ("biogas-research", "digesters", f"merged-{loser.pk}"):
        response = client.get(f"/members/{slug}/", follow=True)
        assert response.redirect_chain[-1][0] == "/members/biogas/", slug
        assert response.status_code == 200
    assert client.get("/members/biogas/").status_code == 200
    # Files that are imported find it by its old address as well.
    assert Institution.objects.for_slug("biogas-research").get() == winner
    found = client.get("/members/?q=biogas+research").context["institutions"]
    assert list(found) == [winner]


def test_what_both_have_is_there_once(two):
    winner, loser = two
    part = make.ProjectInstitution(institution=winner, role="submitter")
    make.ProjectInstitution(project=part.project, institution=loser, role="submitter")
    other = make.ProjectInstitution(project=part.project, institution=loser, role="supporter")
    sector = make.InstitutionSector(institution=winner).sector
    make.InstitutionSector(institution=loser, sector=sector)

    merge(winner, loser)

    assert list(ProjectInstitution.objects.order_by("pk")) == [part, other]
    assert set(ProjectInstitution.objects.values_list("institution", flat=True)) == {winner.pk}
    assert list(winner.sectors.all()) == [sector]


def test_where_only_one_can_be_the_winners_stays(two):
    winner, loser = two
    Membership.objects.filter(institution=loser).update(since=date(1995, 1, 1))
    user = make.Affiliation(institution=winner, since="2020-01-01").user
    make.Affiliation(institution=loser, since="2021-01-01", user=user)
    winner.proposals.create()
    loser.proposals.create(remark="Other")

    merged = merge(winner, loser)

    assert winner.memberships.get().since is None
    assert winner.proposals.count() == loser.proposals.count() == 1
    assert merged.left == {"Memberships": 1, "Affiliations": 1, "Profile changes": 1}
    assert list(Institution.objects.readable_by(user)) == [winner]


# What else of our tables is kept as plain values: none of it holds the key of an institution that
# somebody would be led to by it.
HOLDS_NO_INSTITUTION = {
    # Frozen, with names.
    *("calls.ProposalVersion.content", "calls.ProposalVersion.people"),
    *("calls.Proposal.saved_sections", "calls.Reading.remarks"),
    "secretariat.YearlyReport.contents",
    "secretariat.Request.result",
    # What was typed in a table.
    *("meetings.DelegateAnswer.rows", "secretariat.ResponseAnswer.rows"),
    # What was sent stays as it was: choices by the keys of questions, rows as typed.
    *("secretariat.Submission.choices", "secretariat.SubmittedAnswer.rows"),
    *("core.ImportBatch.reached", "core.ProposedVersion.released"),
    # The first is moved by `retire`, the other tells of the record that gave way.
    *("core.OldSlug.object_id", "core.Withdrawal.object_id"),
    *("meetings.ChangeRequest.after", "meetings.ChangeRequest.before", "meetings.Erasure.genders"),
    *("meetings.Meeting.unannounced_change", "meetings.Workshop.unannounced_change"),
}


def plain_keys():
    """Name the columns that could hold a key without being one: JSON, numbers and addresses."""
    for model in apps.get_models():
        generic = {key.fk_field for key in generic_keys() if key.model is model}
        if issubclass(model, Event) or model.__module__.startswith(OTHERS):
            continue
        for column in model._meta.concrete_fields:
            is_json = isinstance(column, JSONField) and not isinstance(column, TranslationField)
            is_number = column.name in {"object_id", "replacement_key", "query"} - generic
            if is_json or is_number:
                yield f"{model._meta.label}.{column.name}"


def test_a_merge_has_an_answer_for_every_relation():
    keys = {name_of(key) for key in [*keys_to(Institution), *generic_keys()]}
    models = {name.rpartition(".")[0] for name in keys}
    relations = Institution._meta.get_fields(include_hidden=True)
    links = [one for one in relations if one.many_to_many and one.auto_created]

    # A relation of many to many is one of the rows between.
    assert {one.through._meta.label for one in links} <= models
    assert keys | set(plain_keys()) == ANSWERS.keys() | HOLDS_NO_INSTITUTION


def test_only_rows_on_which_nothing_hangs_are_kept_once():
    for name in (name for name, answer in ANSWERS.items() if answer is MergeRule.ONCE):
        model = apps.get_model(name.rpartition(".")[0])
        assert list(keys_to(model)) == []
        assert not [
            f for f in model._meta.get_fields() if isinstance(f, FileField | GenericRelation)
        ]
        # Its history tells that it was there.
        assert model in tracked_models()


def test_a_merge_of_a_merge_leads_on(client, two):
    winner, loser = two
    last = make.Member(slug="last")
    merge(winner, loser)
    winner.refresh_from_db()

    merge(last, winner)

    response = client.get("/members/biogas-research/", follow=True)
    assert response.redirect_chain[-1][0] == "/members/last/"
    assert set(Institution.objects.exclude(pk=last.pk).values_list("merged_into", flat=True)) == {
        last.pk
    }


def test_the_preview_changes_nothing(two):
    winner, loser = two
    service = make.Service(institution=loser)

    assert preview(winner, loser).moved["Services"] == 1

    service.refresh_from_db()
    loser.refresh_from_db()
    assert (service.institution, loser.merged_into, loser.slug) == (loser, None, "biogas-research")


def test_an_officer_chooses_two_sees_what_moves_and_merges(client, publisher, two):
    winner, loser = two
    make.Service(institution=loser)
    changelist = reverse("admin:members_institution_changelist")
    chosen = {"action": "merge", "_selected_action": [winner.pk, loser.pk]}

    page = client.post(changelist, chosen, follow=True)
    assert "<li>Services: 1</li>" in text_of(page)
    assert merge_page(loser, winner).replace("&", "&amp;") in text_of(page)
    client.post(merge_page(winner, loser))

    loser.refresh_from_db()
    assert loser.merged_into == winner
    told = {
        (act.who, strip_tags(sentence)) for act in history_page(loser) for sentence in act.sentences
    }
    assert ("Li Publisher", "Merged into set to Biogas Institute") in told
    assert ("Li Publisher", "State changed from published to withdrawn") in told
    told = {strip_tags(s) for act in history_page(winner) for s in act.sentences}
    assert any("Other name added: Biogas Research Institute" in sentence for sentence in told)
    assert loser not in client.get(changelist).context["cl"].queryset


def test_the_action_wants_exactly_two_that_are_there(client, publisher, two):
    three = [*(one.pk for one in two), make.Institution().pk]
    for keys in (three[:1], three):
        data = {"action": "merge", "_selected_action": keys}
        page = client.post(reverse("admin:members_institution_changelist"), data, follow=True)
        assert "Choose exactly two institutions to merge." in text_of(page)

    merge_address = reverse("admin:members_institution_merge")
    for query in ("", "?into=1", "?into=x&from=2", "?into=٣&from=4", "?into=9"):
        assert client.get(merge_address + query).status_code == 404, query
    # Nor is one merged into itself.
    assert client.get(merge_page(two[0], two[0])).status_code == 404


def test_editors_merge_nothing(client, editor, two):
    assert client.get(merge_page(*two)).status_code == 403
    assert client.post(merge_page(*two)).status_code == 403


def test_nobody_merges_an_institution_of_his_own(client, publisher, two):
    make.Affiliation(user=publisher, institution=two[0], role="viewer")
    Affiliation.objects.update(until=timezone.localdate() - timedelta(days=360))

    for way in (two, two[::-1]):
        page = client.get(merge_page(*way), follow=True)
        assert "Another officer merges" in text_of(page)
        assert client.post(merge_page(*way)).status_code == 302
    assert not Institution.objects.exclude(merged_into=None).exists()
    Affiliation.objects.update(until=timezone.localdate() - timedelta(days=370))
    assert client.get(merge_page(*two)).status_code == 200


# ------------------------------------------------------------------ nothing is lost

# Tables and columns that only ever grow by themselves, or tell of what others do.
OTHERS = ("django.", "allauth.", "pghistory.", "django_tasks_db.")


@pytest.fixture
def meeting(media):
    return meeting_of_everything()


def rows_and_files():
    """Give the keys of every row of ours but the log of changes, and all files stored and named."""
    rows = {
        model._meta.label: set(model._base_manager.values_list("pk", flat=True))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label != "core.LoggedChange" and not model.__module__.startswith(OTHERS)
    }
    named = {
        name
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if isinstance(column, FileField) and not issubclass(model, Event)
        for name in model._base_manager.values_list(column.name, flat=True)
    }
    stored = {str(path) for path in Path(default_storage.location).rglob("*")}
    return rows, named, stored


def test_nothing_is_lost_of_two_that_have_everything(
    two, meeting, django_capture_on_commit_callbacks
):
    call, person, project = make.Call(binding_rules=[]), make.User(), make.Project()
    kept, gone = (with_everything(one, meeting, call, person, project) for one in two)
    winner, loser = two
    first = gone.delegates.first()
    submitted(meeting, people=2)
    for model, whose in ((Institution, [loser]), (Delegate, [first]), (Delegation, [gone])):
        for key in keys_to(model):
            assert key.model._base_manager.filter(**{f"{key.name}__in": whose}).exists(), key
    before, named, files = rows_and_files()
    stood = dict(Delegate.objects.values_list("pk", "place"))
    in_line = [dict(model.objects.values_list("pk", "line")) for model in (Delegate, WorkshopPlace)]

    with django_capture_on_commit_callbacks(execute=True):
        merged = merge(winner, loser)

    after, named_after, files_after = rows_and_files()
    lost = {label: keys - after[label] for label, keys in before.items() if keys - after[label]}
    # What both have in the very same words, each a row on which nothing hangs.
    assert {label: len(keys) for label, keys in lost.items()} == {
        "members.Membership": 1,
        "meetings.MeetingInstitution": 1,
        "projects.ProjectInstitution": 1,
    }
    assert sum(merged.doubled.values()) == 3
    assert (named_after, files_after) == (named, files)
    assert disagreements(meeting) == []
    connection.check_constraints()
    now = dict(Delegate.objects.values_list("pk", "place"))
    taken = ("confirmed", "offered")
    assert {pk for pk in stood if stood[pk] in taken} <= {pk for pk in now if now[pk] in taken}
    assert in_line == [
        dict(model.objects.values_list("pk", "line")) for model in (Delegate, WorkshopPlace)
    ]
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (gone.delegates.count(), kept.delegates.count()) == (0, 6)
    assert (gone.state, gone.institution, gone.change_requests.count()) == ("withdrawn", loser, 0)
    assert (kept.state, kept.change_requests.count(), kept.paper_requests.count()) == (
        *("submitted", 6, 2),
    )
    assert {type(row).__name__ for row in merged.left_rows} == {
        *("Affiliation", "Delegation", "InstitutionQuota", "Invitation"),
        *("Logo", "ProfileProposal", "Proposal"),
    }
    assert Proposal.objects.filter(institution=loser).count() == 1


# ------------------------------------------------------------------ delegations


def people_of(delegation):
    return [(d.family_name, d.place, d.reason) for d in delegation.delegates.all()]


def named(delegation, *names):
    for delegate, name in zip(delegation.delegates.all(), names, strict=True):
        delegate.family_name, delegate.email = name, f"{name.lower()}@example.org"
        delegate.save()
    return delegation


@pytest.fixture
def both(two):
    """Two delegations of a meeting that is full: five people, and three of whom one waits."""
    meeting = make.Meeting(capacity=8, quota=5, title="Annual meeting")
    winner, loser = (
        named(submitted(meeting, people=len(names), institution=institution), *names)
        for institution, names in zip(two, [["A", "B", "C", "D", "E"], ["F", "G"]], strict=True)
    )
    named(submitted(meeting, people=2), "Other", "Next")
    make.Delegate(delegation=loser, family_name="H", position=9)
    places.submit(loser)
    return winner, loser


def test_two_delegations_become_one_and_nobody_loses_a_place(both, two):
    kept, gone = both
    make.Affiliation(institution=kept.institution, user__email="kept@example.org")
    make.Affiliation(institution=gone.institution, user__email="gone@example.org")
    last = PlaceEvent.objects.order_by("pk").last()

    merge(*two, by=make.User(name="Li"))

    kept.refresh_from_db()
    assert people_of(kept) == [
        *[(name, "confirmed", "") for name in "ABCDEFG"],
        # The two together hold more than the quota of five: who waits waits for that.
        ("H", "waiting", "quota"),
    ]
    gone.refresh_from_db()
    assert (gone.state, people_of(gone)) == ("withdrawn", [])
    assert disagreements(kept.meeting) == []
    events = PlaceEvent.objects.filter(pk__gt=last.pk)
    merged = events.filter(kind="merged")
    assert {(e.delegation, e.institution, e.actor.name) for e in merged} == {
        (kept, kept.institution, "Li")
    }
    assert merged.count() == 3
    # Who acts for either, and the people themselves; in both languages.
    mails = {mail.to: mail for mail in Message.objects.all()}
    assert mails.keys() == {
        *("kept@example.org", "gone@example.org", "f@example.org", "g@example.org"),
    }
    for words in ("Nobody has lost a place by it.", "Given G – the meeting: confirmed", "名额"):
        assert words in mails["gone@example.org"].text
    assert "Biogas Institute registered you" in mails["g@example.org"].text


def test_nobody_is_told_of_a_meeting_that_is_over(both, two):
    kept, gone = both
    make.Affiliation(institution=gone.institution)
    day = timezone.localdate() - timedelta(days=9)
    Meeting.objects.filter(pk=kept.meeting_id).update(starts_on=day, ends_on=day)

    merge(*two)

    assert kept.delegates.count() == 8
    assert not Message.objects.exists()
    assert disagreements(kept.meeting) == []


def test_the_line_moves_up_where_the_quota_of_the_other_allows_for_it(both, two):
    kept, gone = both
    meeting = kept.meeting
    places.set_quota(meeting, 9, institution=kept.institution)
    places.set_quota(meeting, 2, institution=gone.institution)
    places.set_capacity(meeting, 9)
    assert people_of(gone)[-1] == ("H", "waiting", "quota")
    places.set_capacity(meeting, 10)

    merge(*two)

    assert people_of(kept)[-1] == ("H", "confirmed", "")
    assert disagreements(meeting) == []


def test_a_delegation_alone_moves_as_it_is(two):
    winner, loser = two
    meeting = make.Meeting(quota=2)
    delegation = submitted(meeting, people=3, institution=loser)
    before = people_of(delegation)
    places.set_quota(meeting, 3, institution=winner)

    merged = merge(winner, loser)

    delegation.refresh_from_db()
    assert (delegation.institution, merged.moved["Delegations"]) == (winner, 1)
    assert merged.left["Log of places"] > 0
    assert [place for _name, place, _reason in before] == ["confirmed", "confirmed", "waiting"]
    assert {place for _name, place, _reason in people_of(delegation)} == {"confirmed"}
    assert disagreements(meeting) == []


@pytest.mark.parametrize("is_draft", [{"kept"}, {"gone"}, {"kept", "gone"}])
def test_drafts_become_one_with_what_was_sent(two, is_draft):
    meeting = make.Meeting()
    sizes = {"kept": 1, "gone": 2}
    delegations = {}
    for name, institution in zip(sizes, two, strict=True):
        made = make.Delegation if name in is_draft else submitted
        delegations[name] = made(meeting=meeting, people=sizes[name], institution=institution)
    Delegation.objects.filter(pk=delegations["gone"].pk).update(rule="all_together")

    merge(*two)

    kept, gone = (Delegation.objects.get(pk=one.pk) for one in delegations.values())
    assert (kept.delegates.count(), gone.delegates.count(), gone.state) == (3, 0, "withdrawn")
    assert kept.delegates.not_asked().count() == sum(sizes[name] for name in is_draft)
    assert kept.is_draft == (len(is_draft) == 2)
    assert bool(kept.submitted_at) != kept.is_draft
    assert kept.rule == ("all_together" if is_draft == {"kept"} else "as_many_as_fit")
    assert disagreements(meeting) == []
    # A form made before the merge is not stored over it.
    assert kept.lock_version == 1


def test_quotas_can_change_though_two_merged_hold_more(both, two):
    kept, _gone = both
    merge(*two)

    places.set_quota(kept.meeting, 6)
    places.set_quota(kept.meeting, 3, institution=make.Institution())

    with pytest.raises(places.BelowTaken):
        places.set_quota(kept.meeting, 6, institution=kept.institution) or places.set_quota(
            kept.meeting, 5, institution=kept.institution
        )


def test_the_preview_names_people_mails_and_what_stays(client, publisher, both, two):
    kept, gone = both
    make.Affiliation(institution=two[0], user__email="kept@example.org")
    call = make.Call(binding_rules=[])
    stays = [make.Proposal(call=call, institution=one, state="received") for one in two][1]
    before = Message.objects.count(), PlaceEvent.objects.count()

    page = text_of(client.get(merge_page(*two)))

    reference = f"delegation {gone.reference} goes over into {kept.reference}"
    assert f"Annual meeting: {reference}, nobody loses a place" in page
    assert "<li>Given G – the meeting: confirmed</li>" in page
    assert "<li>Given H – the meeting: number 2 of 2 on the waiting list" in page
    address = reverse("admin:calls_proposal_change", args=[stays.pk])
    assert f'<li>Proposal: <a href="{address}">{stays.title}</a></li>' in page
    assert "3 emails would be sent" in page
    assert "kept@example.org: One delegation to Annual meeting" in page
    assert "g@example.org: Your place at Annual meeting" in page
    assert (Message.objects.count(), PlaceEvent.objects.count()) == before
    assert people_of(gone)[0] == ("F", "confirmed", "")
    chinese = text_of(client.get("/zh-hans" + merge_page(*two)))
    assert f"代表团{gone.reference}并入{kept.reference}，无人失去名额" in chinese


def test_a_proposal_with_a_conflict_of_interest_is_not_named(client, publisher, two):
    call = make.Call(binding_rules=[])
    for one in two:
        make.Proposal(call=call, institution=one, state="received", title=f"Of {one.pk}")
    make.Reading(
        proposal=Proposal.objects.get(institution=two[1]), reader=publisher, has_conflict=True
    )

    page = text_of(client.get(merge_page(*two)))

    assert "<li>Proposal: –</li>" in page
    assert f"Of {two[1].pk}" not in page


# ------------------------------------------------------------------ keys kept as plain values


def test_what_waits_for_release_means_the_record_that_stays(two):
    winner, loser = two
    name, part = make.InstitutionName(institution=loser), make.ProjectInstitution()
    own = versions.propose(
        loser,
        [
            change("members.institution", loser.pk, "website", "", "https://example.org/"),
            change("members.institutionname", name.pk, "name", name.name, "Other"),
            change("members.institutionname", 900, "", None, row("Added", loser)),
            change("core.source", 901, "", None, source_of(loser)),
        ],
        make.User(),
    )
    key = "institution_id"
    others = change("projects.projectinstitution", part.pk, key, part.institution_id, loser.pk)
    of_project = versions.propose(part.project, [others], make.User())
    decided = ProposedVersion.objects.create(
        record=loser, state="taken_back", decided_at=part.project.updated_at
    )

    merge(winner, loser)
    for version in (own, of_project):
        versions.release(version, make.User(is_superuser=True, is_staff=True))

    winner.refresh_from_db()
    part.refresh_from_db()
    assert winner.website == "https://example.org/"
    assert {"Other", "Added"} <= set(winner.names.values_list("name", flat=True))
    assert winner.sources.get().name == "Letter"
    assert part.institution == winner
    decided.refresh_from_db()
    assert decided.record == loser


def change(model, key, field, before, after):
    return Change(apps.get_model(model), str(key), field, before, after)


def row(name, institution):
    values = {"id": 900, "institution_id": institution.pk, "name": name, "kind": "alias"}
    return values | {"language": ""}


def source_of(institution):
    source = make.Source(record=institution, name="Letter")
    columns = {f.attname: getattr(source, f.attname) for f in Source._meta.concrete_fields}
    source.delete()
    return {name: value for name, value in columns.items() if name != "i18n"} | {"id": 901}


@pytest.mark.parametrize("drafting", [0, 1])
def test_a_draft_of_the_profile_loses_nothing_of_either(two, drafting):
    names = [make.InstitutionName(institution=one, name=f"Name of {one.pk}") for one in two]
    services = [make.Service(institution=one) for one in two]
    mine = two[drafting]
    person = make.Affiliation(institution=mine).user
    values = profile_of(mine) | {"aliases": ["Proposed"], "services": []}
    proposals.save_draft(mine, values, by=person)

    merge(*two)

    draft = two[0].proposals.get()
    other = 1 - drafting
    assert draft.values["aliases"][:2] == ["Proposed", names[other].name]
    assert [one["id"] for one in draft.values["services"]] == [str(services[other].pk)]


# ------------------------------------------------------------------ people to write to


FOCAL_POINTS = "/admin/members/institution/focal-points/"


def test_the_focal_points_of_a_list_are_for_officers_and_it_is_noted(client, publisher, caplog):
    lead = make.Affiliation(institution=make.Member(province="hubei"))
    make.Affiliation(institution=lead.institution, role=Affiliation.Role.VIEWER)
    make.Affiliation(institution=lead.institution, until="2024-05-01")
    make.Affiliation(institution=make.Member(province="sichuan"))

    caplog.clear()
    page = client.get(f"{FOCAL_POINTS}?province=hubei")
    assert [one.user.email for one in page.context["affiliations"]] == [lead.user.email]
    assert "no-store" in page["Cache-Control"]
    line = json.loads(caplog.messages[-1])
    assert (line["event"], line["by"], line["rows"], line["list"]) == (
        *("focal_points_read", publisher.pk, 1),
        "1 institution in Hubei",
    )


def test_the_focal_points_of_chosen_rows(client, publisher):
    lead, other = make.Affiliation(), make.Affiliation()
    data = {"action": "focal_points", "_selected_action": [lead.institution_id]}

    page = client.post(reverse("admin:members_institution_changelist"), data, follow=True)

    assert [one.user.email for one in page.context["affiliations"]] == [lead.user.email]
    assert client.get(f"{FOCAL_POINTS}?pk=x&pk={'9' * 30}").status_code == 200
    assert other.user.email not in text_of(page)


def test_a_mail_to_all_focal_points_is_shown_and_sent_once_and_names_who_has_no_address(
    client, publisher
):
    lead, other = make.Affiliation(institution=make.Member()), make.Affiliation()
    silent = make.Member(name="Silent Institute")
    page = f"{FOCAL_POINTS}?standing=member"
    assert FOCAL_POINTS in text_of(client.get("/admin/members/invitation/"))
    words = {"subject": "News", "subject_zh_hans": "通知", "text": "Hello", "text_zh_hans": "您好"}
    words["sending"] = str(client.get(page).context["form"]["sending"].value())

    shown = client.post(page, words)
    assert [mail.to for mail in shown.context["mails"]] == [lead.user.email]
    assert list(shown.context["unreachable"]) == [silent]
    assert "【通知】\n您好" in shown.content.decode()
    assert not Message.objects.filter(kind="circular").exists()
    assert "text" in client.post(page, words | {"text": ""}).context["form"].errors

    for _ in range(2):
        client.post(page, words | {"_confirmed": "1"})
    mail = Message.objects.get(kind="circular")
    assert (mail.to, "Hello" in mail.text, "您好" in mail.text) == (lead.user.email, True, True)
    assert other.user.email not in text_of(client.get(page))


def test_the_focal_points_are_not_for_others(client):
    assert client.get(FOCAL_POINTS).status_code == 302
    sign_in(client, groups.READER)
    assert client.get(FOCAL_POINTS).status_code == 403
    client.force_login(make.Affiliation().user)
    assert client.get(FOCAL_POINTS).status_code in (302, 403)
    assert User.objects.exists()
