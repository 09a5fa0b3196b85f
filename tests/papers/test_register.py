"""The register: numbers without a gap, what was issued stays, sealed copies find their papers."""

import io
import re
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from PIL import Image

from meetings.models import DelegateLink, IssuedDocument
from secretariat.back_office import groups
from sscnet.papers import issuing, pdf
from sscnet.papers.models import (
    NumberSeries,
    Paper,
    PaperSettings,
    PaperTemplate,
    Scan,
    forget_scans,
)
from tests import make
from tests.admin_forms import filled
from tests.meetings.pages import text_of
from tests.meetings.travellers import issued, person_with_place, travel_meeting
from tests.papers.test_templates import template
from tests.papers.word_files import words

pytestmark = pytest.mark.django_db

REGISTER = reverse("admin:papers_paper_changelist")
SEALED = reverse("admin:papers_paper_sealed")
SUBJECT = {"subject": "关于召开会议的通知", "to": "各成员单位"}


@pytest.fixture
def officer(client):
    user = make.Officer(group=groups.OFFICER)
    client.force_login(user)
    return user


def notice(**values):
    return issuing.issue("notice", "zh-hans", lambda: SUBJECT | values)


def scan(name):
    file = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue())


# ------------------------------------------------------------------ numbers


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_leave_no_gap_and_give_no_number_twice(monkeypatch):
    """Half of what one of them issues is rolled back: these numbers are not used up."""
    monkeypatch.setattr(issuing, "fill", lambda *arguments: b"any")
    barrier, errors = threading.Barrier(2), []

    def officer(undoes):
        try:
            barrier.wait()
            for n in range(120):
                try:
                    with transaction.atomic():
                        notice()
                        if undoes and n % 3 == 0:
                            raise IntegrityError
                except IntegrityError:
                    pass
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=officer, args=[undoes]) for undoes in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    numbers = Paper.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 201))
    assert NumberSeries.objects.get().last == 200


def test_a_number_is_counted_a_code_and_year_and_is_never_changed_or_deleted():
    PaperSettings(pk=1, notices="商南").save()
    first, letter, second = notice(), issuing.issue("letter", "en", dict), notice()

    year = timezone.localdate().year
    assert [str(one) for one in (first, letter, second)] == [
        f"商南〔{year}〕1号",
        f"南南网函〔{year}〕1号",
        f"商南〔{year}〕2号",
    ]
    assert f"商南〔{year}〕2号" in words(second.word)
    changes = ({"number": 9}, {"sha256": "0"}, {"code": "2222-2222-2222"}, {"series": "x"})
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Paper.objects.filter(pk=first.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=first.pk).delete()


def test_a_letter_taken_back_keeps_number_and_note_and_is_withdrawn(client, officer):
    letter = issued(person_with_place(travel_meeting()))
    page = reverse("admin:papers_paper_change", args=[letter.paper.pk])
    take_back = reverse("admin:papers_paper_take_back", args=[letter.paper.pk])
    assert "Why it is taken back" in text_of(client.get(page))
    client.post(take_back, {"note": ""})
    assert Paper.objects.get().is_valid

    client.post(take_back, {"note": "Sent to the wrong person"})

    paper = Paper.objects.get()
    assert (paper.number, paper.note, paper.state) == (1, "Sent to the wrong person", "taken_back")
    assert IssuedDocument.objects.get().state == "withdrawn"
    assert "was withdrawn" in text_of(client.get(f"/check/{paper.code}/"))
    table = client.get(reverse("admin:papers_paper_table", args=["xlsx"])).content
    rows = list(load_workbook(io.BytesIO(table)).active.values)
    assert "Sent to the wrong person" in rows[1]
    table = reverse("admin:papers_paper_table", args=["print"])
    assert f"{table}?year={paper.year}" in text_of(client.get(REGISTER, {"year": paper.year}))
    for year, is_there in ((paper.year, True), (paper.year - 1, False)):
        printed = text_of(client.get(table, {"year": year}))
        assert (str(paper) in printed) == is_there
        assert f"<p>{year}</p>" in printed


# ------------------------------------------------------------------ out and back


def test_a_notice_is_issued_sealed_fetched_by_the_institution_and_checked(client, officer):
    days = {"starts_on": timezone.localdate() + timedelta(days=9)}
    meeting = make.OpenMeeting(title="Annual meeting", title_zh_hans="年会", city_zh_hans="昆明",
                               **days)  # fmt: skip
    papers = reverse("admin:meetings_meeting_desk_papers", args=[meeting.pk])
    typed = {"kind": "notice", "language": "zh-hans", **SUBJECT, "attachments": "回执\n日程"}
    assert "This field is required" in text_of(client.post(papers, typed | {"to": ""}))

    client.post(papers, typed)

    paper = Paper.objects.get()
    text = words(paper.word)
    for said in (str(paper), "各成员单位：", "“年会”", "昆明", "回执", "中国南南合作网秘书处"):
        assert said in text
    client.post(SEALED, {"files": [scan(f"{paper.series} {paper.year} {paper.number} (1).JPG")]})
    assert str(paper) in text_of(client.get(papers))

    focal_point = make.Affiliation(institution=make.Institution())
    client.force_login(focal_point.user)
    own = reverse("meetings:delegation", args=[meeting.slug, focal_point.institution.slug])
    assert "sealed copy" in text_of(client.get(own))
    sealed = client.get(f"{own}papers/{paper.pk}/")
    assert sealed["Content-Type"] == "image/jpeg"
    assert sealed.content.startswith(b"\xff\xd8")
    assert "A sealed copy is on file." in text_of(client.get(f"/check/{paper.code}/"))
    other = make.Meeting(capacity=1)
    elsewhere = reverse("meetings:delegation", args=[other.slug, focal_point.institution.slug])
    assert client.get(f"{elsewhere}papers/{paper.pk}/").status_code == 404


def test_several_scans_find_their_papers_or_ask_which_one_it_is(client, officer):
    one, two, three = notice(), notice(), notice(subject="任命")
    code = one.code.lower().replace("-", "")
    names = [f"IMG {code}.jpg", f"{two}.jpg", "微信图片_20270101.jpg"]

    client.post(SEALED, {"files": [scan(name) for name in names]})

    states = [Paper.objects.get(pk=paper.pk).state for paper in (one, two, three)]
    assert states == ["sealed", "sealed", "issued"]
    waiting = Scan.objects.get()
    page = text_of(client.get(SEALED))
    assert "微信图片_20270101.jpg" in page
    picture = client.get(reverse("admin:papers_paper_scan", args=[waiting.pk]))
    assert picture.content.startswith(b"\xff\xd8")
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM papers_scan")
        assert not bytes(cursor.fetchone()[0]).startswith(b"\xff\xd8"), "it lies encrypted"
    for wrong in ("", "x", str(one.pk)):
        client.post(SEALED, {"scan": waiting.pk, "paper": wrong})
        assert Scan.objects.exists()
    client.post(SEALED, {"scan": waiting.pk, "paper": three.pk})
    assert Paper.objects.get(pk=three.pk).sealed == picture.content
    assert not Scan.objects.exists()

    old = Scan.objects.create(name="x.jpg", type="jpg", content=b"x", sent_by=None)
    for days, left in ((29, 1), (31, 0)):
        Scan.objects.update(sent_at=timezone.now() - timedelta(days=days))
        forget_scans()
        assert Scan.objects.filter(pk=old.pk).count() == left
    assert client.post(SEALED, {"scan": "99999999999999999999"}).status_code == 404

    text = SimpleUploadedFile("notes.txt", b"any")
    refused = text_of(client.post(SEALED, {"files": [scan("a.jpg"), text]}))
    assert "notes.txt:" in refused
    assert not Scan.objects.exists(), "all or nothing"


def test_a_photograph_finds_its_paper_by_what_is_printed_on_it(client, officer):
    letter = issued(person_with_place(travel_meeting())).paper
    document = Document(io.BytesIO(letter.word))
    qr, *_others = (
        one for one in document.part.related_parts.values() if "png" in str(one.partname)
    )
    # A page of A4 by 150 dots an inch, on a desk, photographed askew.
    page = Image.new("RGB", (1240, 1754), "white")
    page.paste(Image.open(io.BytesIO(qr.blob)).resize((118, 118)), (180, 1300))
    photograph = io.BytesIO()
    turned = page.rotate(7, resample=Image.Resampling.BICUBIC, expand=True, fillcolor="grey")
    turned.save(photograph, "JPEG", quality=60)

    client.post(SEALED, {"files": [SimpleUploadedFile("IMG_1.jpg", photograph.getvalue())]})

    letter.refresh_from_db()
    assert letter.state == "sealed"
    assert not Scan.objects.exists()


def test_the_person_fetches_the_sealed_letter_and_a_change_of_name_ends_it(client, officer):
    person = person_with_place(travel_meeting())
    paper = issued(person).paper
    client.post(SEALED, {"files": [scan(f"{paper.code}.jpg")]})
    link = DelegateLink.renew(person)
    client.logout()
    page = text_of(client.get(link.path("own_travel")))
    assert "sealed copy" in page
    given = client.get(link.path("own_document", person.issued_documents.get().pk))
    assert given["Content-Type"] == "image/jpeg"

    type(person).objects.filter(pk=person.pk).update(chinese_name="李薇")

    paper.refresh_from_db()
    assert (paper.state, paper.files()) == ("outdated", [])


# ------------------------------------------------------------------ templates and settings


def test_officers_keep_templates_whose_versions_stay_and_read_why_one_is_refused(client, officer):
    page = reverse("admin:papers_papertemplate_add")
    assert "The title of the meeting." in text_of(client.get(page))
    in_chinese = text_of(client.get(f"/zh-hans{page}"))
    assert re.findall(r'<option value="(?:en|zh-hans)"[^>]*>([^<]+)', in_chinese) == [
        "英文",
        "中文",
    ]
    typed = {"kind": "notice", "language": "zh-hans"}

    def upload(*lines):
        file = SimpleUploadedFile("a.docx", template(*lines))
        return client.post(page, typed | {"file": file})

    assert "It does not know: sum" in text_of(upload("{{ sum }}"))
    assert not PaperTemplate.objects.exists()
    upload("{{ subject }} 第一版")
    upload("{{ subject }} 第二版")

    assert words(notice().word) == "关于召开会议的通知 第二版\n"
    first, second = PaperTemplate.objects.order_by("pk")
    assert {first.uploaded_by, second.uploaded_by} == {officer}
    given = client.get(reverse("admin:papers_papertemplate_file", args=[first.pk]))
    assert words(given.content) == "{{ subject }} 第一版\n"
    ours = client.get(reverse("admin:papers_papertemplate_current", args=["letter", "en"]))
    assert "Letter of invitation" in words(ours.content)
    shown = reverse("admin:papers_papertemplate_change", args=[first.pk])
    assert client.get(shown).status_code == 200


def test_the_settings_say_who_issues_under_which_codes_and_have_the_logo(client, officer):
    page = client.get(reverse("admin:papers_papersettings_changelist")).url
    version = filled(client.get(page))["_version"]
    typed = {
        "issuer": "Office",
        "issuer_zh_hans": "某某司",
        "_version": version,
        "contact_en": "",
        "contact_zh_hans": "王丽，010-1",
        "letters": "商函",
        "notices": "商发",
        "certificates": "商证",
    }
    assert "Without spaces" in text_of(client.post(page, typed | {"letters": "a b"}))
    picture = io.BytesIO()
    Image.new("RGB", (60, 60), "red").save(picture, "PNG")

    logo = SimpleUploadedFile("logo.png", picture.getvalue())
    saved = client.post(page, typed | {"picture": logo})
    assert saved.status_code == 302, saved.context["errors"]

    text = words(notice().word)
    for said in ("某某司", "商发〔", "王丽，010-1"):
        assert said in text
    assert bytes(PaperSettings.load().logo).startswith(b"\xff\xd8")


# ------------------------------------------------------------------ PDFs


def test_pdfs_are_made_with_bounds_and_one_that_cannot_be_is_said_once(libreoffice, monkeypatch):
    good, broken = notice(), notice()
    Paper.objects.filter(pk=broken.pk).update(word=b"no Word file at all")

    issuing.make_pdfs()

    good.refresh_from_db()
    assert good.pdf.startswith(b"%PDF")
    monkeypatch.setattr(pdf, "SECONDS", 0)
    assert pdf.make_pdfs([good.word]) == [b""], "it is ended when the time is over"
