"""The pictures that are shown where somebody shares a page of ours."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from projects.models import Project
from sscnet.codelists import cards
from sscnet.codelists.models import SDG
from tests import make

pytestmark = pytest.mark.django_db

YELLOW = (252, 195, 11)


@pytest.fixture
def project():
    viet_nam = make.Country(iso2="VN", name="Viet Nam", tile_column=26, tile_row=9)
    goal = SDG.objects.create(number=7, name="Clean Energy", color="#fcc30b")
    return make.Project(title="Biogas in villages", countries=[viet_nam], sdgs=[goal])


def picture(response):
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    return Image.open(io.BytesIO(response.content)).convert("RGB")


def colours(image):
    return {colour for _count, colour in image.getcolors(1 << 24)}


def said(client, address):
    page = client.get(address).content.decode()
    return dict(re.findall(r'<meta property="og:([^"]+)" content="([^"]*)">', page))


def test_each_kind_of_record_has_a_card_of_its_own_that_its_page_names(client, project):
    pages = [
        project.get_absolute_url(),
        make.Institution().get_absolute_url(),
        make.Meeting().get_absolute_url(),
        *["/countries/VN/", "/sdgs/7/"],
    ]
    for page in pages:
        assert said(client, page)["image"] == f"http://testserver{page}card.png"
        assert picture(client.get(f"{page}card.png")).size == (1200, 630)
    chinese = said(client, "/zh-hans/countries/VN/")
    assert chinese["image"] == "http://testserver/zh-hans/countries/VN/card.png"
    assert said(client, pages[0])["title"] == "Biogas in villages"
    assert said(client, "/")["image"].startswith("http://testserver/static/")


def test_a_card_in_the_colours_of_its_goals_is_kept_until_its_record_changes(client, project):
    project.title_zh_hans = "农村沼气"
    project.save()
    address = f"{project.get_absolute_url()}card.png"
    first = client.get(address)
    assert YELLOW in colours(picture(first))
    # In the words of the language.
    assert client.get(f"/zh-hans{address}").content != first.content
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"

    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    Project.objects.update(title="Bamboo in villages")
    renewed = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert renewed.status_code == 200
    assert renewed.content != first.content


@pytest.mark.parametrize("factory", [make.Project, make.Institution, make.Meeting])
def test_what_is_not_public_has_no_card(client, factory):
    for state in ("draft", "ready", "withdrawn"):
        card = f"{factory(state=state).get_absolute_url()}card.png"
        assert client.get(card).status_code == 404, state


def test_without_a_font_a_card_is_drawn_without_text(client, project, settings, tmp_path):
    settings.CJK_FONTS = tmp_path
    cards.has_font.cache_clear()
    address = f"{project.get_absolute_url()}card.png"
    try:
        image = picture(client.get(address))
    finally:
        cards.has_font.cache_clear()

    assert colours(image.crop((0, 0, 1200 - cards.PANEL, 630))) == {(251, 249, 244)}
    assert YELLOW in colours(image)


def test_a_picture_takes_the_place_of_the_drawing(client, project, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = io.BytesIO()
    Image.new("RGB", (700, 400), "#aa1122").save(content, "PNG")
    file = SimpleUploadedFile("photo.png", content.getvalue())
    project.pictures.create(image=file, alt="A digester")

    image = picture(client.get(f"{project.get_absolute_url()}card.png"))

    red, green, blue = image.getpixel((1190, 620))
    assert abs(red - 0xAA) + abs(green - 0x11) + abs(blue - 0x22) < 12


@pytest.mark.parametrize("title", ["Bamboo " * 60, "竹" * 400, "x" * 400, "，" * 300, ""])
def test_titles_of_any_length_stay_in_their_room(title):
    size, lines = cards.fitted(title)

    assert len(lines) <= cards.TITLE_SIZES[size]
    assert max(cards.font(size).getlength(line) for line in lines) <= cards.ROOM
