"""The pages on which an institution writes its proposal."""

import os
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ChoiceField, ModelChoiceField
from django.urls import reverse
from django.utils.html import escape

from projects.calls.models import Call, FormSection, Proposal
from projects.calls.proposals import sending
from projects.calls.proposals.pages import SectionPage
from sscnet.codelists.models import Country
from tests import make
from tests.calls.proposals.complete import (
    TEXTS,
    complete_proposal,
    country,
    picture_of_page,
    scan,
)

pytestmark = pytest.mark.django_db
PROOF = bool(os.environ.get("PROOF"))


@pytest.fixture
def proposal():
    return complete_proposal()


@pytest.fixture
def focal_point(proposal, client):
    user = make.Affiliation(institution=proposal.institution).user
    client.force_login(user)
    return user


def address(proposal, page):
    if page in FormSection:
        return reverse(
            "calls:proposal_section", args=[proposal.institution.slug, proposal.pk, page]
        )
    name = f"calls:proposal_{page}" if page else "calls:proposal"
    return reverse(name, args=[proposal.institution.slug, proposal.pk])


PAGES = ["", "check", "send", "discard", "document", "docx", "package", *FormSection.values]


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_every_page_opens(client, proposal, focal_point, prefix):
    # The language of the last page would come into the addresses.
    addresses = {page: prefix + address(proposal, page) for page in PAGES}
    for page, where in addresses.items():
        response = client.get(where)
        b"".join(response)

        assert response.status_code == 200, page
        assert "no-store" in response["Cache-Control"], page


def test_the_whole_proposal_is_read_in_one_language_or_in_both(client, proposal, focal_point):
    texts = ["Digesters are built together.", "共同建设沼气池。", "Tonnes of wood a year"]
    for chinese, shown in (("0", [0, 2]), ("1", [0, 1, 2]), ("only", [1, 2])):
        page = client.get(address(proposal, "document"), {"chinese": chinese}).content.decode()
        assert [n for n, text in enumerate(texts) if text in page] == shown, chinese


@pytest.mark.parametrize(("prefix", "second"), [("", "_zh_hans"), ("/zh-hans", "")])
def test_the_box_in_the_language_of_the_page_stands_first(
    client, proposal, focal_point, prefix, second
):
    Proposal.objects.update(language=prefix.strip("/") or "en")
    profile = reverse("members:profile", args=[proposal.institution.slug])
    addresses = [address(proposal, FormSection.COVER), profile]
    cover, profile = (client.get(prefix + one).content.decode() for one in addresses)

    for page, name in [(cover, "title"), (profile, "name"), (profile, "services-0-title")]:
        boxes = re.findall(rf'id="id_({name}(?:_zh_hans)?)"', page)
        assert (len(boxes), boxes[-1]) == (2, name + second)
    own, other = re.findall(r'<label for="id_title(?:_zh_hans)?">(.*?)</label>', cover)
    assert ("optional" in own, "optional" in other) == (False, True)


def post(client, proposal, section, *, follow=False, **changes):
    """Send a section as the browser would: with what its page shows, but for the changes."""
    page = SectionPage(Proposal.objects.for_form().get(pk=proposal.pk), section)
    data = {"version": page.version(), "then": "continue"}
    for form in page.single_forms:
        for name in form.fields:
            value = None if name == "file" else form[name].value()
            data[form[name].html_name] = "" if value is None else value
    if page.rows:
        data |= {"rows-TOTAL_FORMS": len(page.rows.forms), "rows-INITIAL_FORMS": "0"}
    data = {name: value for name, value in (data | changes).items() if value is not None}
    return client.post(address(proposal, section), data, follow=follow)


def rows(n, **values):
    """Return the values of a row in a form of rows."""
    return {f"rows-{n}-{name}": value for name, value in values.items()}


def test_start_fills_in_what_is_known(client):
    institution = make.Member(country=country("CN", "China"))
    user = make.Affiliation(institution=institution, user__name="Wang Li").user
    client.force_login(user)
    call = make.Call()

    client.post(reverse("calls:proposal_start", args=[institution.slug, call.slug]))

    proposal = Proposal.objects.get()
    assert (proposal.owner, proposal.contact_name) == (user, "Wang Li")
    assert proposal.contact_email == user.email
    lead = proposal.proposal_countries.get()
    assert (lead.country_id, lead.role) == ("CN", "lead")


def test_an_earlier_proposal_is_copied_but_for_months_contact_and_papers(client, proposal):
    # Rows of two tables may well have one key.
    shared_key = 2**31
    manual = proposal.outputs.create(pk=shared_key, name="A manual")
    proposal.partners.create(pk=shared_key, name="Water Board")
    proposal.budget_lines.create(purpose="Printing", output=manual)
    proposal.budget_lines.create(purpose="Travel", fund_usd=100, year=2)
    user = make.Affiliation(institution=proposal.institution, user__name="Zhang San").user
    client.force_login(user)
    start = reverse("calls:proposal_start", args=[proposal.institution.slug, make.Call().slug])
    assert escape(f"Copy “{proposal}”") in client.get(start).content.decode()

    # Another institution's is not to be had.
    client.post(start, {"like": complete_proposal().pk})
    empty = Proposal.objects.latest("pk")
    assert empty.title == ""
    empty.delete()
    client.post(start, {"like": proposal.pk})

    new = Proposal.objects.for_form().latest("pk")
    for name in ("title", "title_zh_hans", "situation", "scope", "beneficiaries_number"):
        assert getattr(new, name) == TEXTS[name]
    assert (new.starts_in, new.contact_name, new.owner) == ("", "Zhang San", user)
    assert [str(row.country) for row in new.proposal_countries.all()] == ["China", "Laos", "Nepal"]
    outputs = [line.output and line.output.name for line in new.budget_lines.all()]
    assert outputs == ["Ten digesters", "Ten digesters", "A manual", None]
    assert new.partners.get().name == "Water Board"
    assert new.outputs.first() != proposal.outputs.first()
    assert not new.endorsements.exists()
    assert proposal.budget_lines.count() == new.budget_lines.count() == 4


def test_who_starts_a_proposal_is_shown_a_first_one_and_must_be_a_member(client, proposal):
    Proposal.objects.update(owner=make.User(name="Zhang San"))
    client.force_login(make.Affiliation(institution=proposal.institution).user)
    start = reverse("calls:proposal_start", args=[proposal.institution.slug, proposal.call.slug])
    page = client.get(start).content.decode()
    client.post(start)
    assert all(words in page for words in (str(proposal), "Zhang San", "draft"))
    assert Proposal.objects.count() == 1

    partner = make.Institution()
    client.force_login(make.Affiliation(institution=partner).user)
    start = reverse("calls:proposal_start", args=[partner.slug, make.Call().slug])
    client.post(start)
    assert Proposal.objects.count() == 1
    Call.objects.update(proposers="all")
    client.post(start)
    assert Proposal.objects.count() == 2


def test_a_draft_saves_whatever_is_missing_or_too_long(client, proposal, focal_point):
    response = post(client, proposal, "cover", title="", starts_in="", scope="")
    assert response.url == address(proposal, "situation")
    proposal.refresh_from_db()
    assert (proposal.title, proposal.starts_in, proposal.scope) == ("", "", "")
    assert proposal.saved_by == focal_point

    Call.objects.update(one_page_characters=10)
    response = post(client, proposal, "situation", situation="12345\r\n7890!")
    assert "This is 1 character too long" in response.content.decode()
    proposal.refresh_from_db()
    assert proposal.situation == "12345\n7890!"


def test_bad_values_come_back_and_the_rest_is_saved(client, proposal, focal_point):
    changes = {"title": "Wind", "starts_in": "next spring", "beneficiaries_number": "many"}
    response = post(client, proposal, "cover", **changes)
    page = response.content.decode()
    assert "Write a month like 2027-04." in page
    assert 'value="next spring"' in page
    assert 'value="many"' in page
    proposal.refresh_from_db()
    assert proposal.title == "Wind"
    assert (proposal.starts_in, proposal.ends_in) == ("2027-12", "2028-11")
    assert proposal.beneficiaries_number == 1200

    response = post(client, proposal, "cover", starts_in="2029-01")
    page = response.content.decode()
    assert "The end is before the start." in page
    proposal.refresh_from_db()
    assert proposal.starts_in == "2027-12"


def test_amounts_are_taken_as_people_write_them(client, proposal, focal_point):
    for typed in ("35,000", "US$ 35 000", "３５０００", "$35000.00"):
        proposal.budget_lines.update(fund_usd=1)
        post(client, proposal, "budget", **rows(0, fund_usd=typed))
        assert proposal.budget_lines.order_by("pk").first().fund_usd == 35_000, typed

    for typed in ("10,000,001", "35.000", "35,00", "-5", "9" * 40, "3万", "1e5"):
        response = post(client, proposal, "budget", **rows(0, fund_usd=typed, purpose=typed))
        assert f'value="{typed}"' in response.content.decode(), typed
        line = proposal.budget_lines.order_by("pk").first()
        assert (line.fund_usd, line.purpose) == (35_000, typed)


def test_rows_are_added_once_changed_exchanged_and_taken_out(client, proposal, focal_point):
    post(
        client,
        proposal,
        "countries",
        **rows(0, role="participating", country="LA"),
        **rows(1, role="lead", country="CN"),
    )
    assert set(proposal.proposal_countries.values_list("country", "role")) == {
        ("LA", "participating"),
        ("CN", "lead"),
        ("NP", "participating"),
    }

    post(
        client,
        proposal,
        "countries",
        **rows(0, role="lead", country="CN"),
        **rows(1, role="participating", country="LA"),
        **rows(3, country=country("TZ", "Tanzania").pk),
    )
    assert set(proposal.proposal_countries.values_list("country", "role")) == {
        ("CN", "lead"),
        ("LA", "participating"),
        ("NP", "participating"),
        ("TZ", "participating"),
    }
    post(client, proposal, "countries", then="remove-1", **rows(2, role="beneficiary"))
    assert list(proposal.proposal_countries.values_list("country", "role")) == [
        ("CN", "lead"),
        ("NP", "beneficiary"),
        ("TZ", "participating"),
    ]

    for changes in (rows(3, country="NP"), rows(1, country="XX") | rows(3, country="NP")):
        response = post(client, proposal, "countries", **changes)
        assert "This country has already been added." in response.content.decode()
        assert proposal.proposal_countries.count() == 3


def test_the_country_of_the_institution_leads_and_stays(client, proposal, focal_point):
    type(proposal.institution).objects.filter(pk=proposal.institution_id).update(country="CN")
    country("MX", "Mexico", g77=False)
    country("HK", "Hong Kong", g77=None)
    for iso2, name in (("CN", "中国"), ("LA", "老挝"), ("NP", "尼泊尔")):
        Country.objects.filter(pk=iso2).update(i18n={"name_zh_hans": name})
    by_pinyin = ["老挝", "尼泊尔", "中国"]
    for prefix, ordered in (("", ["China", "Laos", "Nepal"]), ("/zh-hans", by_pinyin)):
        page = client.get(prefix + address(proposal, "countries")).content.decode()
        select = page.partition('name="rows-3-country"')[2].partition("</select>")[0]
        members, others = select.split("<optgroup")[1:]
        assert re.findall(r"<option[^>]*>([^<]+)<", members) == ordered
        assert re.findall(r'value="(\w\w)"', others) == ["MX"]
    assert 'value="remove-0"' not in page

    lead = {("CN", "lead")}
    for changes in (
        {"then": "remove-0"},
        rows(0, country="NP", role="participating"),
        rows(0, country="", role=""),
        rows(1, role="lead"),
        rows(3, country="CN"),
    ):
        post(client, proposal, "countries", **changes)
        stored = set(proposal.proposal_countries.values_list("country", "role"))
        assert stored == lead | {("LA", "participating"), ("NP", "participating")}, changes
    proposal.proposal_countries.filter(role="lead").update(country="MX")
    post(client, proposal, "countries")
    assert lead < set(proposal.proposal_countries.values_list("country", "role"))


def test_a_contact_has_a_number_with_country_code_and_a_name_in_latin_letters(
    client, proposal, focal_point
):
    for typed in ("abc", "010 8432 0000", "+999 1234567", "+86"):
        page = post(client, proposal, "contact", contact_phone=typed, contact_name="王丽").content
        assert "Write + and the country’s code" in page.decode(), typed
    proposal.refresh_from_db()
    assert (proposal.contact_phone, proposal.contact_latin_name) == ("", "Li WANG")
    post(client, proposal, "contact", contact_phone="+86（28）8432-0000 转 12")
    proposal.refresh_from_db()
    assert proposal.contact_phone == "+86(28)8432-0000 转 12"
    page = post(client, proposal, "contact", contact_latin_name="王 Li").content.decode()
    assert "Use Latin letters" in page
    assert "Li WANG" in client.get(address(proposal, "document")).content.decode()

    whole = client.get(address(proposal, "")).content.decode()
    contact = whole.partition(f'href="{address(proposal, "contact")}"')[2].partition("</li>")[0]
    assert f"Last saved by {escape(focal_point)}" in contact


def test_a_new_row_with_a_mistake_is_stored_once(client, proposal, focal_point):
    wrong = rows(2, purpose="Travel", fund_usd="much")
    response = post(client, proposal, "budget", **wrong)
    added = proposal.budget_lines.get(purpose="Travel")
    assert f'name="rows-2-id" value="{added.pk}"' in response.content.decode()

    post(client, proposal, "budget", **rows(2, fund_usd="500"))

    assert proposal.budget_lines.get(purpose="Travel").fund_usd == 500


@pytest.mark.parametrize("section", FormSection.values)
def test_an_emptied_choice_or_junk_makes_no_error_page(client, proposal, focal_point, section):
    forms = SectionPage(Proposal.objects.for_form().get(), section).single_forms
    choices = {
        name: form[name].html_name
        for form in reversed(forms)
        for name, field in form.fields.items()
        if isinstance(field, ChoiceField | ModelChoiceField)
    }
    for name in choices.values():
        assert post(client, proposal, section, **{name: ""}).status_code in (200, 302), name

    every = ["\x00", "9" * 500, "\ud800", "<script>", "2027-99"]
    turn = list(FormSection).index(section) % len(every)
    for junk in every if PROOF else every[turn : turn + 1]:
        text = junk.encode("utf-8", "surrogatepass").decode("latin-1")
        page = SectionPage(Proposal.objects.for_form().get(), section)
        names = [form[name].html_name for form in page.single_forms for name in form.fields]
        whole = post(client, proposal, section, **dict.fromkeys(names, text))
        empty = client.post(address(proposal, section), {"rows-TOTAL_FORMS": text})
        assert {whole.status_code, empty.status_code} <= {200, 302, 400}, junk


def test_a_paper_is_uploaded_replaced_and_taken_out(client, focal_point, proposal, settings):
    proposal.endorsements.all().delete()
    paper = proposal.call.required_papers.get()
    name = f"rows-{paper.pk}-LA"

    post(client, proposal, "endorsements", **{f"{name}-person_name": "Minister"})
    assert (proposal.endorsements.get().person_name, proposal.endorsements.get().file) == (
        "Minister",
        "",
    )
    post(client, proposal, "endorsements", **{f"{name}-file": scan()})
    stored = proposal.endorsements.get()
    file = reverse("calls:proposal_paper", args=[proposal.institution.slug, proposal.pk, stored.pk])
    response = client.get(file)
    assert b"".join(response).startswith(b"%PDF")
    assert "no-store" in response["Cache-Control"]

    not_a_letter = SimpleUploadedFile("letter.txt", b"Dear Secretariat")
    response = post(client, proposal, "endorsements", **{f"{name}-file": not_a_letter})
    page = response.content.decode()
    assert f"{paper}: {escape(stored.country)}, File: What was found: unknown content." in page
    assert "CSV" not in page
    assert proposal.endorsements.get().file == stored.file
    for kind in ("PNG", "PDF"):
        white = SimpleUploadedFile("letter", picture_of_page(kind, ink="white"))
        changes = {f"{name}-file": white, f"{name}-signed_on": "2999-01-01"}
        page = post(client, proposal, "endorsements", **changes).content.decode()
        assert "it has one colour only" in page
        assert "This day is in the future." in page
        assert proposal.endorsements.get().file == stored.file

    asked = post(client, proposal, "endorsements", then=f"unpaper-{stored.pk}", follow=True)
    assert "The document is deleted." in asked.content.decode()
    assert f'value="unpaper-{stored.pk}"' in page
    client.post(asked.request["PATH_INFO"], {"sure": "yes"})
    assert not proposal.endorsements.exists()


def test_a_file_stays_when_only_words_about_it_change_and_goes_when_it_is_replaced(
    client, focal_point, proposal, django_capture_on_commit_callbacks
):
    paper = proposal.call.required_papers.get()
    name = f"rows-{paper.pk}-LA"
    for sent in ({"file": scan()}, {"person_name": "Mr Li"}):
        changes = {f"{name}-{field}": value for field, value in sent.items()}
        before = proposal.endorsements.get(country="LA").file
        with django_capture_on_commit_callbacks(execute=True):
            post(client, proposal, "endorsements", **changes)
        stored = proposal.endorsements.get(country="LA")
        assert stored.file.storage.exists(stored.file.name), sent
        is_replaced = "file" in sent
        assert (stored.file != before) == is_replaced
        assert before.storage.exists(before.name) != is_replaced
    assert stored.person_name == "Mr Li"


def test_papers_of_a_country_that_left_are_shown_and_can_be_taken_out(
    client, proposal, focal_point
):
    proposal.proposal_countries.filter(country="NP").delete()
    page = client.get(address(proposal, "endorsements")).content.decode()
    assert "No longer required" in page

    old = proposal.endorsements.get(country="NP")
    arguments = [proposal.institution.slug, proposal.pk, old.pk]
    asked = post(client, proposal, "endorsements", then=f"unpaper-{old.pk}")
    assert asked.url == reverse("calls:proposal_unpaper", args=arguments)
    assert "The document is deleted." in client.get(asked.url).content.decode()
    assert proposal.endorsements.filter(country="NP").exists()
    client.post(asked.url, {"sure": "yes"})

    assert not proposal.endorsements.filter(country="NP").exists()


# ------------------------------------------------------------------ two at once


def test_two_who_save_two_sections_at_once_do_not_meet(client, proposal, focal_point):
    before = SectionPage(Proposal.objects.for_form().get(), "situation").version()
    post(client, proposal, "cover", title="Theirs")
    post(client, proposal, "situation", situation="Mine", version=before)
    proposal.refresh_from_db()
    assert (proposal.title, proposal.situation) == ("Theirs", "Mine")


def test_nothing_is_written_once_it_is_sent_and_nothing_typed_is_lost(
    client, proposal, focal_point
):
    sending.send(proposal, by=focal_point)

    response = post(client, proposal, "cover", title="Too late")

    assert "nothing was saved" in response.content.decode()
    assert 'value="Too late"' in response.content.decode()
    assert client.get(address(proposal, "cover")).url == address(proposal, "")
    proposal.refresh_from_db()
    assert proposal.title == TEXTS["title"]


def test_withdrawing_asks_first_and_is_done_once(client, proposal, focal_point):
    sending.send(proposal, by=focal_point)
    where, back, states = address(proposal, "withdraw"), address(proposal, ""), []
    for data in ({}, {"sure": "yes"}, {"sure": "yes"}):
        response = client.post(where, data)
        proposal.refresh_from_db()
        states.append((proposal.state, response.headers.get("Location")))
    assert states == [("received", None), ("withdrawn", back), ("withdrawn", back)]


# ------------------------------------------------------------------ who may, and bad input


def test_viewers_read_and_others_find_nothing(client, proposal):
    client.force_login(make.Affiliation(institution=proposal.institution, role="viewer").user)
    read = ["", "check", "document", "docx"]
    assert {client.get(address(proposal, page)).status_code for page in read} == {200}
    written = ["cover", "send", "withdraw", "discard"]
    assert {client.post(address(proposal, page)).status_code for page in written} == {403}
    assert address(proposal, "cover") not in client.get(address(proposal, "")).content.decode()
    client.force_login(make.Affiliation().user)
    pages = [*read, *written]
    assert {client.get(address(proposal, page)).status_code for page in pages} == {404}

    other = make.Affiliation()
    client.force_login(other.user)
    stolen = reverse("calls:proposal", args=[other.institution.slug, proposal.pk])
    assert client.get(stolen).status_code == 404
