"""Name tags and signs for the table: PDFs in both scripts, for those who come."""

import io
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pypdf
import pytest
from django.conf import settings
from django.urls import reverse

from meetings import places
from meetings.models import PersonExport
from sscnet.papers import typesetting
from tests import make
from tests.meetings.desk import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(client):
    """Two with a place and a name, one place without a name, one who waits."""
    client.force_login(make.Administrator())
    meeting = make.Meeting(title="Annual meeting", title_zh_hans="合作网年会", capacity=3)
    institution = make.Institution(name="Hydro Centre", name_zh_hans="国际小水电中心")
    delegation = make.Delegation(meeting=meeting, institution=institution)
    people = [
        {"family_name": "Li", "given_names": "Wei", "chinese_name": "李伟", "role": "Director"},
        {"family_name": "", "given_names": "", "chinese_name": "安娜"},
        {"family_name": "", "given_names": "", "to_be_named": True},
        {"family_name": "Waits", "given_names": "Who"},
    ]
    for position, values in enumerate(people):
        make.Delegate(delegation=delegation, position=position, **values)
    places.submit(delegation)
    return meeting


def take(client, meeting, kind, **sent):
    address = reverse("admin:meetings_meeting_desk_file", args=[meeting.pk])
    return client.post(address, {"format": kind, **sent})


@pytest.mark.parametrize(("kind", "pages"), [("tags", 1), ("signs", 2)])
def test_each_who_comes_has_one_in_both_scripts_and_it_is_accessible(client, meeting, kind, pages):
    response = take(client, meeting, kind)

    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    read = pypdf.PdfReader(io.BytesIO(response.content)).pages
    text = " ".join(" ".join(page.extract_text() for page in read).split())
    assert len(read) == pages
    for words in ("Wei LI", "李伟", "安娜", "Hydro Centre", "国际小水电中心"):
        assert words in text
    assert ("Annual meeting" in text, "合作网年会" in text) == (kind == "tags",) * 2
    assert ("WAITS" in text, "to be named" in text) == (False, False)
    with pikepdf.open(io.BytesIO(response.content)) as opened:
        root = opened.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en"
        assert "Annual meeting" in str(opened.open_metadata()["dc:title"])
    assert PersonExport.objects.get().people == 2


def without_font(monkeypatch, people):
    monkeypatch.setattr(settings, "CJK_FONTS", settings.BASE_DIR / "docs")
    for kept in ("fonts", "compiler"):
        monkeypatch.setattr(typesetting, kept, getattr(typesetting, kept).__wrapped__)


def with_signs_of_no_font(monkeypatch, people):
    people.update(role="Chair 😀")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_font, "fonts-noto-cjk"),
        (with_signs_of_no_font, "no font on the server can show “😀”"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_noted(
    client, meeting, monkeypatch, change, said
):
    change(monkeypatch, meeting.delegations.get().delegates.filter(family_name="Li"))

    response = take(client, meeting, "tags", columns=["role"], place="confirmed")

    assert response.url.endswith("?columns=role&place=confirmed")
    assert said in text_of(client.get(response.url))
    assert not PersonExport.objects.exists()


def test_two_are_made_at_once():
    data = {"title": "Tags", "author": "", "lang": "en", "paper": "a4", "meeting": []}
    words = {"chinese": "", "role": "", "institution": []}
    people = [words | {"latin": f"Person {n}"} for n in range(50)]

    def create(number):
        return typesetting.make_pdf("name_tags", data | {"people": people[number:]})[:4]

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(create, range(8))) == {b"%PDF"}
