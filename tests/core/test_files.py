import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from projects.models import Document, Picture
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

PAPER = "%PDF-1.4\nstartxref\n0\n%%EOF\n"


def document_of(project, **fields):
    file = SimpleUploadedFile("passport of Mr X.pdf", PAPER.encode())
    return Document.objects.create(project=project, file=file, **fields)


def picture_of(project, width=700, **fields):
    content = io.BytesIO()
    Image.new("RGB", (width, 400), "teal").save(content, "PNG")
    image = SimpleUploadedFile("photo.png", content.getvalue())
    return Picture.objects.create(project=project, image=image, alt="A digester", **fields)


def get(client, address):
    """Fetch a file to its end, which closes it, as a server does."""
    response = client.get(address)
    if response.streaming:
        response.body = b"".join(response.streaming_content)
    return response


def officer(client, permission):
    client.force_login(make.Officer(permissions=[permission]))
    return client


def test_a_document_is_a_download_with_a_name_of_our_own(client):
    document = document_of(make.Project(), title="Participants / by country")

    response = get(client, document.file.url)

    assert response.body.decode() == PAPER
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    disposition = response["Content-Disposition"]
    assert disposition == 'attachment; filename="Participants by country.pdf"'


def test_files_need_no_folder_of_this_machine(client, settings):
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"default": memory}
    settings.MEDIA_ROOT = "/nowhere"
    document, picture = document_of(make.Project()), picture_of(make.Project())

    assert get(client, document.file.url).body.decode() == PAPER
    assert get(client, picture.image.url).status_code == 200
    assert get(client, picture.address)["Content-Type"] == "image/jpeg"


def test_a_document_with_a_chinese_title_keeps_it(client):
    document = document_of(make.Project(), title="最终报告")

    disposition = get(client, document.file.url)["Content-Disposition"]

    assert disposition.startswith("attachment; filename*=utf-8''%E6%9C%80")


def test_pictures_of_every_width_are_shown_in_place_and_kept_long(client):
    picture = picture_of(make.Project())

    for name in picture.names_by_width.values():
        response = get(client, f"/files/{name}")
        assert response["Content-Type"] == "image/webp"
        assert "attachment" not in response.get("Content-Disposition", "")
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Cookie" not in response.get("Vary", "")


def test_a_picture_is_a_jpeg_on_white_for_what_knows_no_webp(client):
    content = io.BytesIO()
    Image.new("RGBA", (700, 400), (0, 0, 0, 0)).save(content, "PNG")
    image = SimpleUploadedFile("logo.png", content.getvalue())
    picture = Picture.objects.create(project=make.Project(), image=image, alt="Nothing")

    response = get(client, picture.address)

    assert (response["Content-Type"], picture.address[-8:]) == ("image/jpeg", "/640.jpg")
    shown = Image.open(io.BytesIO(response.body))
    assert (shown.format, shown.size) == ("JPEG", (640, 366))
    assert shown.getpixel((9, 9)) == (255, 255, 255)


def test_the_project_page_offers_the_file_in_every_width_with_credit_and_licence(client):
    picture = picture_of(make.Project(), credit="Photo: CICETE", licence="cc-by-sa-4.0")
    document = document_of(picture.project, title="Participants")

    page = client.get(picture.project.get_absolute_url()).content.decode()

    assert f'srcset="{picture.srcset}"' in page
    assert f'og:image" content="http://testserver{picture.address}"' in page
    assert 'alt="A digester"' in page
    assert f'href="{document.file.url}"' in page
    licence = "https://creativecommons.org/licenses/by-sa/4.0/"
    assert f'Photo: CICETE · <a href="{licence}" rel="license noopener">CC BY-SA 4.0</a>' in page


@pytest.mark.parametrize("state", ["draft", "ready", "withdrawn"])
def test_files_of_what_is_not_public_are_found_by_permitted_staff_only(client, state):
    project = make.Project(state=state)
    document, picture = document_of(project), picture_of(project)

    assert client.get(document.file.url).status_code == 404
    assert client.get(picture.address).status_code == 404
    assert officer(client, "projects.view_document").get(picture.address).status_code == 404

    response = get(client, document.file.url)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_what_no_record_names_is_not_found(client):
    for path in (
        "documents/0123456789abcdef0123456789abcdef.pdf",
        "documents/..%2f..%2fsettings.py",
        "documents/",
        "pictures/0123456789abcdef0123456789abcdef/640.webp",
        "pictures/../settings.py",
        "anything.txt",
    ):
        assert client.get(f"/files/{path}").status_code == 404, path
    # Nor a width that was not made, nor a file that is gone.
    picture, document = picture_of(make.Project()), document_of(make.Project())
    assert client.get(picture.address.replace("640.jpg", "1280.jpg")).status_code == 404
    document.file.storage.delete(document.file.name)

    assert client.get(document.file.url).status_code == 404
