"""An institution proposes changes to its profile, and the Secretariat decides."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from PIL import Image

from members.fields import FIELDS
from members.models import Affiliation, Logo, ProfileProposal, Service
from members.profiles import proposals
from secretariat.back_office import groups
from sscnet.changes import versions
from sscnet.changes.history import history_page
from sscnet.core.models import ProposedVersion
from sscnet.outbox.models import Message
from tests import make
from tests.admin_forms import fields, filled
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.SECRETARIAT_MAILBOX = "office@example.org"


@pytest.fixture
def institution():
    return make.Member(name="Biogas Institute", website="https://example.org", slug="biogas")


@pytest.fixture
def person(client, institution):
    user = make.Affiliation(institution=institution, user__name="Zhao Min").user
    client.force_login(user)
    return user


@pytest.fixture
def officer():
    return make.Officer(name="Li Officer", group=groups.OFFICER)


def typed(client, **changes):
    """Give what a browser sends back from the profile's form, with some fields changed."""
    return shown_in(client.get("/my/biogas/profile/").context) | changes


def shown_in(context):
    data = (
        {"version": str(context["version"])}
        | fields(context["form"])
        | fields(context["services"].management_form)
    )
    for form in context["services"].forms:
        data |= fields(form)
    return data


def propose(client, **changes):
    return client.post("/my/biogas/profile/", typed(client, **changes) | {"check": ""})


def send(client, **changes):
    propose(client, **changes)
    client.post("/my/biogas/profile/check/", {"send": ""})
    return ProfileProposal.objects.get()


def picture(color="red"):
    content = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(content, "PNG")
    return SimpleUploadedFile("any.png", content.getvalue())


def status_of(client, file):
    """Fetch a file to its end, which closes it, as a server does."""
    response = client.get(file)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def mails(kind):
    return list(Message.objects.filter(kind=kind))


# ------------------------------------------------------------------ the institution


def test_the_form_holds_the_profile_as_it_is(client, institution, person):
    make.InstitutionName(institution=institution, name="BIOMA", kind="acronym")
    link = make.InstitutionSector(institution=institution)
    make.Service(institution=institution, title="Training in biogas")

    page = text_of(client.get("/my/biogas/profile/"))

    assert 'value="Biogas Institute"' in page
    assert "BIOMA</textarea>" in page
    assert f'value="{link.sector.slug}" id="id_sectors_0" checked' in page
    assert 'value="Training in biogas"' in page


def test_sent_back_unchanged_it_proposes_nothing(client, institution, person):
    make.InstitutionName(institution=institution, name="BIOMA", kind="acronym")
    make.InstitutionSector(institution=institution)
    make.Service(institution=institution, description="Two\nlines")

    propose(client)

    assert ProfileProposal.objects.get().values == {}
    assert "there is nothing to send" in text_of(client.get("/my/biogas/profile/check/"))


def test_a_draft_keeps_whatever_is_there(client, institution, person):
    data = typed(client, website="not an address", role_mailbox="office at", name="N" * 900)

    response = client.post("/my/biogas/profile/", data | {"save": ""}, follow=True)

    page = text_of(response)
    assert 'value="not an address"' in page
    assert "office at" in page
    assert "N" * 900 in page
    institution.refresh_from_db()
    assert institution.website == "https://example.org"
    assert not ProfileProposal.objects.get().is_sent


def test_a_form_filled_in_wrongly_comes_back_with_what_was_typed(client, institution, person):
    response = propose(
        client, name="", website="htp://x y", aliases="One\nOne two", former_names="One two"
    )

    page = text_of(response)
    assert response.status_code == 200
    assert "There are 3 problems to correct" in page
    for anchor in ("id_name", "id_website", "id_former_names"):
        assert f'<a href="#{anchor}">' in page
    assert 'value="htp://x y"' in page
    assert "“One two” appears twice" in page


def test_what_is_wrong_cannot_be_sent_from_the_check_page(client, institution, person):
    client.post("/my/biogas/profile/", typed(client, website="htp://x y") | {"save": ""})

    page = text_of(client.get("/my/biogas/profile/check/"))
    client.post("/my/biogas/profile/check/", {"send": ""})

    assert "There is one problem to correct" in page
    assert 'name="send"' not in page
    assert not ProfileProposal.objects.get().is_sent


def test_the_check_page_shows_before_and_after(client, institution, person):
    propose(client, name="Biogas Institute of Sichuan", aliases="Biogas Centre")

    page = text_of(client.get("/my/biogas/profile/check/"))

    before, _, after = page.partition("<p>Biogas Institute</p>")
    assert "Official name (English)" in before
    assert "<p>Biogas Institute of Sichuan</p>" in after
    assert "Biogas Centre" in after
    assert "Website" not in page


def test_sent_it_waits_and_the_public_page_stays_as_it_was(client, institution, person):
    proposal = send(client, description="We dig.")

    assert (proposal.is_sent, proposal.values) == (True, {"description": "We dig."})
    version = ProposedVersion.objects.get()
    assert (version.record, version.origin, version.made_by) == (institution, "profile", person)
    assert "We dig." not in text_of(client.get(institution.get_absolute_url()))
    [mail] = mails("profile-proposed")
    assert (mail.to, mail.reply_to) == ("office@example.org", person.email)
    response = client.get("/my/biogas/profile/", follow=True)
    assert "The proposal is waiting for the Secretariat" in text_of(response)


def test_a_sent_proposal_can_be_taken_back_and_thrown_away(client, institution, person):
    send(client, description="We dig.")

    client.post("/my/biogas/profile/check/", {"take_back": ""})
    assert ProposedVersion.objects.get().state == "taken_back"
    assert "We dig.</textarea>" in text_of(client.get("/my/biogas/profile/"))
    client.post("/my/biogas/profile/check/", {"take_back": ""})
    asked = client.post("/my/biogas/profile/check/", {"discard": ""})
    assert "Everything typed in it is deleted" in text_of(asked)
    assert ProfileProposal.objects.exists()
    client.post("/my/biogas/profile/check/", {"discard": "", "sure": "yes"})
    assert not ProfileProposal.objects.exists()
    assert "We dig." not in text_of(client.get("/my/biogas/profile/"))


def test_a_waiting_proposal_is_not_overwritten_by_a_second_window(client, institution, person):
    late = typed(client, description="Late.")
    proposal = send(client, description="We dig.")

    client.post("/my/biogas/profile/", late | {"save": ""})
    # Nor when it was sent between the look and the save.
    assert proposals.save_draft(institution, {"description": "Late."}, by=person) is None

    proposal.refresh_from_db()
    assert proposal.values == {"description": "We dig."}


def test_what_only_the_secretariat_reads_is_not_mailed_to_who_saves_second(
    client, institution, person
):
    mine = typed(client, description="Mine.")
    institution.note = "They are slow to answer."
    institution.save()

    refused = client.post("/my/biogas/profile/", mine | {"save": ""})

    assert "slow to answer" not in text_of(refused)
    assert [d.after for d in refused.context["conflict"].differences] == ["Mine."]


def test_services_are_changed_added_and_taken_out(client, institution, person, officer):
    one = make.Service(institution=institution, title="One")
    two = make.Service(institution=institution, title="Two")
    assert "Remove: Two" in text_of(client.get("/my/biogas/profile/"))
    client.post("/my/biogas/profile/", typed(client, then="remove-1"))
    propose(
        client,
        **{
            "services-0-title": "One better",
            "services-0-for_whom": "Officials",
            "summary": "Knows biogas.",
            "founded": "1979-05",
            "services-1-title_zh_hans": "三",
            "services-1-kind": "seminar",
        },
    )
    client.post("/my/biogas/profile/check/", {"send": ""})

    versions.release(ProposedVersion.objects.get(), officer)

    one.refresh_from_db()
    assert (one.title, one.for_whom) == ("One better", "Officials")
    # What an institution sends, it confirms.
    assert one.is_confirmed
    institution.refresh_from_db()
    assert (institution.summary, institution.founded) == ("Knows biogas.", "1979-05")
    assert not Service.objects.filter(pk=two.pk).exists()
    new = institution.services.exclude(pk=one.pk).get()
    assert (new.title_zh_hans, new.kind, new.is_confirmed) == ("三", "seminar", True)


def test_a_service_without_a_title_is_refused(client, institution, person):
    response = propose(client, **{"services-0-description": "Only a text"})

    assert "Give the service a title, or remove it." in text_of(response)


def test_a_logo_is_seen_by_its_people_only_until_it_is_accepted(
    client, institution, person, officer
):
    data = typed(client, logo=picture(), logo_alt="A flame", logo_alt_zh_hans="火焰")
    client.post("/my/biogas/profile/", data | {"check": ""})
    logo = Logo.objects.get()
    assert status_of(client, logo.address) == 200
    assert logo.address in text_of(client.get("/my/biogas/profile/check/"))
    client.post("/my/biogas/profile/check/", {"send": ""})
    client.logout()
    assert status_of(client, logo.address) == 404
    client.force_login(make.User())
    assert status_of(client, logo.address) == 404

    versions.release(ProposedVersion.objects.get(), officer)

    client.logout()
    assert status_of(client, logo.address) == 200
    assert logo.address in text_of(client.get(institution.get_absolute_url()))
    chinese = text_of(client.get(f"/zh-hans{institution.get_absolute_url()}"))
    assert 'alt="火焰"' in chinese


def test_a_logo_that_is_no_picture_is_refused(client, institution, person):
    file = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>")

    response = propose(client, logo=file, logo_alt="A flame")

    assert "What was found" in text_of(response)
    assert not Logo.objects.exists()


@pytest.mark.parametrize("address", ["profile/", "profile/check/", "profile/confirm/"])
def test_who_may_not_edit_proposes_nothing(client, institution, address):
    viewer = make.Affiliation(institution=institution, role=Affiliation.Role.VIEWER).user
    for user, status in ((viewer, 403), (make.Affiliation().user, 404)):
        client.force_login(user)
        assert client.post(f"/my/biogas/{address}", {"check": ""}).status_code == status
    client.logout()
    assert client.post(f"/my/biogas/{address}").status_code == 302
    assert not ProfileProposal.objects.exists()


def test_gaps_lead_to_their_fields(client, institution, person):
    page = text_of(client.get("/my/biogas/"))
    form = text_of(client.get("/my/biogas/profile/"))

    institution.refresh_from_db()
    gaps = institution.profile_gaps()
    assert len(gaps) == 10
    make.Sector()
    form = text_of(client.get("/my/biogas/profile/"))
    for _gap, anchor in gaps:
        assert f'href="/my/biogas/profile/#{anchor}"' in page
        assert f'id="{anchor}"' in form


# ------------------------------------------------------------------ the Secretariat


def decide(client, button, without=(), answer=""):
    """Press a button on the page of the version, with all ticked but the fields of these labels."""
    version = ProposedVersion.objects.latest("pk")
    address = reverse("admin:members_institution_version", args=[version.object_id, version.pk])
    page = client.get(address).context
    ticked = [one.number for one in page["changes"] if one.label not in without]
    data = {"stamp": page["stamp"], "change": ticked, "answer": answer, button: "1"}
    return client.post(address, data, follow=True)


def test_an_officer_accepts_in_part_and_the_page_changes(client, institution, person, officer):
    send(client, description="We dig.", city="Chengdu", aliases="Biogas Centre")
    client.force_login(officer)

    decide(client, "_release", without=["City (English)"], answer="City of the campus?")

    institution.refresh_from_db()
    assert institution.city == ""
    assert not ProfileProposal.objects.exists()
    page = text_of(client.get(institution.get_absolute_url()))
    assert "We dig." in page
    assert "Biogas Centre" in page
    source = institution.sources.get(how="given")
    assert (source.name, source.read_on) == (institution.name, timezone.localdate())
    assert source.fields == ["acronyms", "other_names", "former_names", "description_en"]
    assert FIELDS.facts(institution)["description_en"].how == "given"
    [mail] = mails("profile-partly-accepted")
    assert mail.to == person.email
    assert "City of the campus?" in mail.text
    assert "Accepted: Description (English), Other name." in mail.text


def test_all_accepted_is_accepted_and_the_history_names_the_officer(
    client, institution, person, officer
):
    send(client, description="We dig.")
    client.force_login(officer)

    decide(client, "_release")

    institution.refresh_from_db()
    assert institution.profile_confirmed_by == person
    told = {
        (act.who, strip_tags(sentence))
        for act in history_page(institution)
        for sentence in act.sentences
    }
    version = ProposedVersion.objects.get()
    assert (version.state, version.made_by) == ("released", person)
    who = f"Li Officer, releasing version no. {version.pk} of Zhao Min"
    assert (who, "Description (English) set to We dig.") in told
    assert [mail.kind for mail in Message.objects.filter(to=person.email)] == ["profile-accepted"]


def test_what_is_returned_comes_with_a_word_and_loses_nothing(client, institution, person, officer):
    send(client, description="We dig.")
    client.force_login(officer)

    decide(client, "_return", answer="In English, please.")

    client.force_login(person)
    page = text_of(client.get("/my/biogas/profile/"))
    assert "In English, please." in page
    assert "We dig.</textarea>" in page
    assert len(mails("profile-returned")) == 1
    assert "Revise your changes" in text_of(client.get("/my/biogas/"))
    proposal = send(client, description="We dig wells.")
    assert (proposal.is_sent, proposal.values) == (True, {"description": "We dig wells."})
    versions = ProposedVersion.objects.order_by("pk").values_list("state", "answer")
    assert list(versions) == [("replaced", "In English, please."), ("waiting", "")]


def test_what_was_returned_and_thrown_away_is_open_no_more(client, institution, person, officer):
    propose(client, description="We dig.")
    client.post("/my/biogas/profile/check/", {"take_back": ""})
    version = send(client, description="We dig.").version
    versions.give_back(version, officer, "In English, please.")

    client.post("/my/biogas/profile/check/", {"discard": "", "sure": "yes"})

    version.refresh_from_db()
    assert (version.state, ProfileProposal.objects.exists()) == ("taken_back", False)


def test_officers_go_on_with_no_proposal_in_their_own_form(client, institution, person, officer):
    send(client, city="Chengdu")
    client.force_login(officer)
    form = reverse("admin:members_institution_change", args=[institution.pk])

    version = ProposedVersion.objects.get()

    assert filled(client.get(f"{form}?version={version.pk}"))["city"] == ""


def test_a_value_the_record_refuses_is_not_sent(client, institution, person):
    propose(client, description="We dig.")
    ProfileProposal.objects.update(values={"kind": "tlh"})

    page = text_of(client.post("/my/biogas/profile/check/", {"send": ""}, follow=True))

    assert not ProposedVersion.objects.exists()
    assert "tlh" in page


# ------------------------------------------------------------------ once a year


def test_one_click_says_that_the_profile_is_correct(client, institution, person):
    asks = "Confirm that the profile is still correct"
    assert asks in text_of(client.get("/my/biogas/"))
    # Not while what was proposed waits for the Secretariat.
    propose(client, description="We dig.")
    client.post("/my/biogas/profile/check/", {"send": ""})
    assert asks not in text_of(client.get("/my/biogas/"))
    client.post("/my/biogas/profile/check/", {"take_back": ""})
    assert asks in text_of(client.get("/my/biogas/"))

    service = make.Service(institution=institution)
    client.post("/my/biogas/profile/confirm/")

    institution.refresh_from_db()
    service.refresh_from_db()
    assert service.is_confirmed
    assert institution.profile_confirmed_on == timezone.localdate()
    assert institution.profile_confirmed_by == person
    assert asks not in text_of(client.get("/my/biogas/"))


def test_officers_have_a_list_of_late_profiles(client, institution):
    late = make.Member(name="Late", profile_confirmed_on=date(2020, 1, 1))
    institution.profile_confirmed_on = timezone.localdate()
    institution.save()
    make.Institution(name="Partner")
    client.force_login(make.Administrator())

    changelist = reverse("admin:members_institution_changelist")
    response = client.get(f"{changelist}?profile=late")

    assert list(response.context["cl"].queryset) == [late]
