"""Letters of invitation and certificates: issued in bulk, made by the worker, outdated, told of."""

import hashlib
import io
from datetime import date

import pikepdf
import pypdf
import pytest
from django.db import connection
from django.urls import reverse
from PIL import Image

from meetings import places
from meetings.models import (
    Attendance,
    Delegate,
    IssuedDocument,
    Meeting,
    Passport,
    PassportData,
    Traveller,
)
from meetings.office.check_in import arrivals
from meetings.travel import documents, passports
from meetings.travel.mails import tell_of_documents
from meetings.travel.people import missing, travellers
from meetings.travel.texts import initials_of
from secretariat.back_office import groups
from secretariat.back_office.groups import make_groups
from sscnet.outbox.models import Message
from sscnet.papers import issuing, pdf
from sscnet.papers.fields import sample
from sscnet.papers.filling import fill
from sscnet.papers.issuing import qr_code
from sscnet.papers.models import Paper, PaperSettings
from tests import make
from tests.meetings.desk import text_of
from tests.meetings.travellers import (
    CERTIFICATE,
    DATA,
    LETTER,
    NUMBER,
    issued,
    person_with_place,
    travel_meeting,
)
from tests.papers.test_templates import template
from tests.papers.word_files import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def china():
    make.Country(iso2="CN", name="China", name_zh_hans="中国")


@pytest.fixture
def meeting():
    return travel_meeting()


def officer(group=groups.OFFICER):
    return make.Officer(group=group)


def sees_passports():
    return make.Officer(group=groups.OFFICER, permissions=["meetings.see_passport"])


def desk(meeting, page="travel", *more):
    return reverse(f"admin:meetings_meeting_desk_{page}", args=[meeting.pk, *more])


def file_of(document):
    return reverse("admin:papers_paper_file", args=[document.paper.pk])


# ------------------------------------------------------------------ the paper


def test_a_letter_within_china_is_chinese_says_what_is_needed_and_is_stored_sealed(meeting):
    PaperSettings(pk=1, contact="Wang Li, 010-1", contact_zh_hans="王丽，电话010-1").save()
    meeting.venue_zh_hans, meeting.costs_zh_hans = "云南大学", "食宿由主办方承担。"
    meeting.save()
    letter = issued(person_with_place(meeting))

    text = words(letter.paper.word)

    for said in ("邀请函", "李伟（LI WEI）", NUMBER, "中国", "合作网年会", "昆明云南大学", "食宿由",
                 "2027年3月3日至5日", "秘书处主任", "王丽，电话010-1", letter.code,
                 f"南南网函〔{letter.paper.year}〕1号"):  # fmt: skip
        assert said in text
    assert "签证" not in text
    assert hashlib.sha256(letter.paper.word).hexdigest() == letter.paper.sha256
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM papers_paper")
        assert not bytes(cursor.fetchone()[0]).startswith(b"PK")


def test_a_letter_abroad_is_english_then_chinese_and_asks_for_the_visa(meeting):
    make.Country(iso2="KE", name="Kenya", name_zh_hans="肯尼亚")
    passport = PassportData("AMINA ODHIAMBO", "A1", "KE", DATA.expires_on)
    letter = issued(person_with_place(meeting, passport=passport, chinese_name=""))

    text = words(letter.paper.word)

    for said in ("Letter of invitation", "AMINA ODHIAMBO", "Kenya", "assist with the visa",
                 "3–5 March 2027", "Kunming, China", "Director of the Secretariat",
                 "邀请函", "肯尼亚", "赴华签证", "2027年3月3日至5日"):  # fmt: skip
        assert said in text
    assert text.index("assist with the visa") < text.index("赴华签证")


def test_the_pdf_of_a_letter_is_made_of_the_word_file_and_accessible(meeting, libreoffice):
    letter = issued(person_with_place(meeting))

    content = letter.paper.pdf

    (page,) = pypdf.PdfReader(io.BytesIO(content)).pages
    for said in ("李伟", NUMBER, "合作网年会", letter.code):
        assert said in "".join(page.extract_text().split())
    with pikepdf.open(io.BytesIO(content)) as opened:
        root = opened.Root
        assert str(root.Lang) == "zh-CN"
        assert bool(root.MarkInfo.Marked)
        roles = {str(name): str(role) for name, role in root.StructTreeRoot.RoleMap.items()}
        kinds = {roles.get(kind, kind) for kind in structure(root.StructTreeRoot)}
        assert kinds >= {"/Document", "/H1", "/P", "/Figure"}
        assert str(opened.docinfo["/Title"]) == "邀请函"
        assert opened.open_metadata()["pdfuaid:part"] == "1"
        fonts = {str(f.BaseFont) for p in opened.pages for f in p.Resources.Font.values()}
        assert any("NotoSerifCJK" in name for name in fonts)


def test_a_letter_with_every_line_stays_on_one_page_in_each_language(libreoffice):
    logo = io.BytesIO()
    Image.new("RGB", (300, 300), "red").save(logo, "PNG")
    values = sample("letter") | {
        "name": "李伟（LI WEI）", "institution": "国际竹藤中心", "position": "研究员",
        "meeting": "中国南南合作网2027年年会暨项目协调会", "days": "2027年3月3日至5日",
        "city": "昆明", "venue": "云南大学国际学术交流中心",
        "costs": "食宿由主办方承担，往返交通费用自理。",
        "text": "专题研讨：“沼气技术与农村能源”（3月4日上午）、“菌草技术的推广”（3月4日下午）。",
        "contact": "王丽，电话010-12345678", "signer": "王丽\n秘书处主任", "logo": logo.getvalue(),
        "qr": qr_code("https://portal.example.org/check/K7QM-3XWD-9FHT/"),
        "institution_en": "International Centre for Bamboo and Rattan",
        "meeting_en": "Annual meeting 2027 of the China South-South Cooperation Network",
        "venue_en": "International Conference Centre of Yunnan University",
        "costs_en": "The host pays for board and lodging; travel is paid by the participant.",
        "text_en": "Workshops: “Biogas technology and rural energy” (4 March, morning); “Spreading"
                   " Juncao technology” (4 March, afternoon).",
        "signer_en": "Wang Li\nDirector of the Secretariat",
    }  # fmt: skip
    files = [fill(LETTER, values, language) for language in ("zh-hans", "en")]

    pages = [len(pypdf.PdfReader(io.BytesIO(one)).pages) for one in pdf.make_pdfs(files)]

    # The Chinese text after the English one has a page of its own.
    assert pages == [1, 2]


def structure(element):
    """Give the kinds of all elements below this one."""
    kinds = {str(element.get("/S"))}
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            kinds |= structure(child)
    return kinds


@pytest.mark.parametrize(
    ("names", "initials"),
    [
        ({"given_names": "Wei", "family_name": "Li"}, "W. L."),
        ({"given_names": "Ana-María", "family_name": "de la Cruz"}, "A. M. D. L."),
        ({"given_names": "", "family_name": "Sukarno"}, "S."),
        ({"given_names": "", "family_name": "", "chinese_name": "欧阳娜娜"}, "欧"),
    ],
)
def test_initials_never_hold_a_name(names, initials):
    assert initials_of(Delegate(**names)) == initials


# ------------------------------------------------------------------ what is missing


def test_what_a_letter_lacks_is_said_and_nothing_is_issued():
    meeting = travel_meeting(signature="", signature_zh_hans="", city="", city_zh_hans="")
    person = person_with_place(meeting, passport=None)

    lacks = ["the signature block of the meeting", "the city of the meeting", "the passport"]
    (found,) = travellers(meeting)
    assert missing(found, LETTER) == lacks
    assert issued(person) is None
    assert missing(found, CERTIFICATE) == lacks[:1]


def test_without_libreoffice_there_is_word_alone_and_the_officer_reads_why(meeting, client):
    letter = issued(person_with_place(meeting))

    assert [name for name, *_rest in letter.paper.files()] == ["word"]
    client.force_login(sees_passports())
    assert "The server has no LibreOffice" in text_of(client.get(desk(meeting)))


def test_where_a_template_cannot_be_filled_none_is_issued_and_no_number_used(meeting, client):
    """As where an officer's template asks for a field that a later release no longer has."""
    make_groups()
    people = [person_with_place(meeting, chinese_name=""), person_with_place(meeting)]
    Meeting.objects.update(travel_asks=[])
    Passport.objects.filter(delegate=people[0]).delete()
    make.PaperTemplate(kind="letter", language="zh-hans", content=template("{{ gone }}"))
    client.force_login(sees_passports())
    sent = {"person": [f"delegate-{one.pk}" for one in people]}

    page = text_of(client.post(desk(meeting), sent, follow=True))

    assert "so none is issued" in page
    assert "It does not know: gone." in page
    assert not IssuedDocument.objects.exists()
    assert not Paper.objects.exists()


def values_of(data):
    return data.number, data.nationality, data.expires_on


# ------------------------------------------------------------------ in bulk


def test_four_letters_in_one_action(meeting, client):
    make_groups()
    people = [person_with_place(meeting) for _ in range(4)]
    client.force_login(sees_passports())

    for _twice in range(2):
        client.post(desk(meeting), {"person": [f"delegate-{one.pk}" for one in people]})

    assert [one.number for one in Paper.objects.order_by("number")] == [1, 2, 3, 4]
    assert IssuedDocument.objects.issued().count() == 4
    page = text_of(client.get(desk(meeting)))
    assert page.count(">Word</a>") == 4


# ------------------------------------------------------------------ mails


def test_each_institution_gets_one_mail_and_each_person_an_own_one(meeting):
    person = person_with_place(meeting, email="li.wei@example.org")
    person_with_place(meeting, person.delegation.institution, family_name="Sun")
    make.Affiliation(institution=person.delegation.institution, user__email="focal@example.org")

    documents.issue(travellers(meeting), LETTER, None)
    tell_of_documents()
    tell_of_documents()

    (ours,) = Message.objects.filter(to="focal@example.org", kind="letter-ready")
    assert "Wei LI\nWei SUN" in ours.text
    assert reverse(
        "meetings:delegation", args=[meeting.slug, person.delegation.institution.slug]
    ) in (ours.text)
    (theirs,) = Message.objects.filter(kind="letter-yours")
    assert (theirs.to, theirs.holds_secret) == ("li.wei@example.org", True)
    assert "/person/" in theirs.text
    assert not Message.objects.filter(text__contains=NUMBER).exists()
    assert IssuedDocument.objects.filter(sent_at=None).count() == 0


def test_a_swap_outdates_the_letter_is_told_once_and_offers_the_next_version(meeting):
    person = person_with_place(meeting)
    make.Affiliation(institution=person.delegation.institution, user__email="focal@example.org")
    first = issued(person)

    tell_of_documents()
    places.swap(person, {"family_name": "Sun", "given_names": "Yue"})
    tell_of_documents()
    tell_of_documents()

    first.refresh_from_db()
    paper = Paper.objects.get()
    assert (first.state, paper.state, paper.files()) == ("outdated", "outdated", [])
    assert Message.objects.filter(kind="letter-outdated").count() == 1
    Delegate.objects.filter(pk=person.pk).update(consented_to=["passport"])
    passports.keep(person, PassportData("SUN YUE", "K7654321", *values_of(DATA)[1:]))
    second = issued(person)
    assert (second.paper.number, second.state) == (2, "valid")
    assert second.code != first.code
    assert "SUN YUE" in words(second.paper.word)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (lambda p: keep(p, name="LI WEI MING"), "outdated"),
        (lambda p: keep(p, number="K7654321"), "outdated"),
        (lambda p: keep(p, expires_on=date(2038, 1, 1)), "valid"),
        (lambda p: passports.forget(p), "outdated"),
        (lambda p: Delegate.objects.filter(pk=p.pk).update(chinese_name="李薇"), "outdated"),
        (lambda p: Delegate.objects.filter(pk=p.pk).update(role="Chair"), "valid"),
        (lambda p: places.withdraw(p), "withdrawn"),
        (lambda p: move(p, ends_on=date(2027, 3, 6)), "outdated"),
        (lambda p: move(p, note="any"), "valid"),
        (lambda p: move(p, cancelled_at="2027-01-01T00:00:00Z"), "withdrawn"),
        (lambda p: issuing.take_back(p.issued_documents.get().paper, "any", None), "withdrawn"),
    ],
)
def test_what_makes_a_letter_invalid(meeting, change, state):
    person = person_with_place(meeting)
    letter = issued(person)

    change(person)

    assert IssuedDocument.objects.get(pk=letter.pk).state == state


def keep(person, **changed):
    passports.keep(person, PassportData(**vars(DATA) | changed))


def move(person, **values):
    Meeting.objects.filter(pk=person.delegation.meeting_id).update(**values)


def test_a_swap_while_a_letter_waits_forgets_it_and_a_new_person_touches_none(meeting):
    person = person_with_place(meeting)
    documents.ask(person)
    places.swap(person, {"family_name": "Sun", "given_names": "Yue"})
    assert not IssuedDocument.objects.exists()

    person = person_with_place(meeting)
    letter = issued(person)
    make.Delegate(delegation=person.delegation)
    places.submit(person.delegation)
    assert IssuedDocument.objects.get(pk=letter.pk).is_valid


# ------------------------------------------------------------------ certificates


def certificates():
    return IssuedDocument.objects.filter(kind=IssuedDocument.Kind.CERTIFICATE)


def test_certificates_are_for_those_who_were_there_walk_ins_too(meeting, client):
    came, absent = person_with_place(meeting), person_with_place(meeting, family_name="Absent")
    staff = sees_passports()
    arrivals.note(came, "present", staff)
    arrivals.note(absent, "absent", staff)
    arrivals.note_walk_in(meeting, "Fatou Example", "University of Example", staff)
    walk_in = Attendance.objects.walk_ins().get()
    client.force_login(staff)
    page = text_of(client.get(desk(meeting, "certificates")))
    assert ("Wei LI" in page, "Fatou Example" in page, "Absent" in page) == (True, True, False)

    keys = [f"delegate-{came.pk}", f"delegate-{absent.pk}", f"walk-in-{walk_in.pk}"]
    client.post(desk(meeting, "certificates"), {"person": keys})

    assert certificates().issued().count() == 2
    paper = walk_in.issued_documents.get()
    given = client.get(file_of(paper))
    text = words(given.content)
    assert "We certify that Fatou Example, University of Example, took part" in text
    assert "兹证明University of ExampleFatou Example于" in text
    assert "no-store" in given["Cache-Control"]


def test_who_is_noted_as_absent_after_all_has_no_valid_certificate(meeting):
    person = person_with_place(meeting)
    arrivals.note(person, "present", None)
    paper = issued(person, CERTIFICATE)
    assert paper.is_valid

    arrivals.take_back(Attendance.objects.filter(delegate=person))

    assert IssuedDocument.objects.get(pk=paper.pk).state == "withdrawn"


# ------------------------------------------------------------------ who may what


def test_officers_without_the_right_see_no_letter_and_looking_is_noted(meeting, client, caplog):
    person = person_with_place(meeting)
    letter = issued(person)
    closed = [desk(meeting, "passports"), file_of(letter)]

    for group in groups.GROUPS:
        client.force_login(officer(group))
        assert [client.get(address).status_code for address in closed] == [403, 403]
        pages = [desk(meeting), desk(meeting, "list"), desk(meeting, "certificates")]
        pages += [reverse("admin:meetings_delegate_change", args=[person.pk])]
        for address in pages:
            text = client.get(address).content.decode()
            assert NUMBER not in text
            assert "LI WEI" not in text
    client.force_login(sees_passports())
    assert [client.get(address).status_code for address in closed] == [200, 200]
    assert NUMBER in client.get(closed[0]).content.decode()

    client.force_login(sees_passports())
    for page in closed:
        with caplog.at_level("INFO", logger="security"):
            caplog.clear()
            client.get(page)
        (line,) = [r.message for r in caplog.records if "passports_seen" in r.message]
        assert f'"delegates": [{person.pk}]' in line
    assert NUMBER not in caplog.text


def test_nonsense_is_answered_and_who_may_only_look_issues_nothing(meeting, client):
    person = person_with_place(meeting)
    client.force_login(sees_passports())
    for keys in ([], ["delegate-9"], ["walk-in-x"], ["\x00"], ["delegate-1" * 99]):
        assert client.post(desk(meeting), {"person": keys}).status_code in (302, 400), keys

    client.force_login(officer(groups.HELPER))
    response = client.post(desk(meeting), {"person": [f"delegate-{person.pk}"]})
    assert response.status_code == 403
    assert not IssuedDocument.objects.exists()


def test_lists_for_hotels_and_cars_have_the_journey_for_who_prepares_it(meeting, client):
    person = person_with_place(meeting)
    Traveller.objects.create(
        delegate=person,
        arrives_on="2027-03-02",
        arrives_at="14:20",
        arrives_by="MU 5801",
        hotel="wanted",
    )
    columns = {"columns": ["family_name", "arrival", "departure", "hotel"], "format": "csv"}

    client.force_login(officer(groups.OFFICER))
    taken = client.post(f"{desk(meeting, 'list')}file/", columns).content.decode()
    client.force_login(officer(groups.HELPER))
    refused = client.post(f"{desk(meeting, 'list')}file/", columns)

    assert "Li,2027-03-02 14:20 MU 5801,,a room is wanted" in taken
    assert refused.status_code == 302
