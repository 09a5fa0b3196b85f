"""The page that explains the data: its addresses answer, its examples run."""

import io
import json
import re
import urllib.request
import zipfile
from urllib.parse import urlsplit

import pytest
from django.test import Client

from secretariat.open_data import bundle
from tests import make

PAGE = "/about/data/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PORTAL_ADDRESS = "https://portal.example.org"


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_every_address_it_names_answers(client, publisher, prefix):
    known = {"status": "completed", "actual_start_on": "2018-04"}
    make.Project(sectors=[make.Sector()], **known)
    bundle.make()
    response = client.get(f"{prefix}{PAGE}")
    page = response.content.decode()
    assert "Set-Cookie" not in response.headers
    main = page[page.index("<main") : page.index("</main>")]
    links = re.findall(r'href="(/[^"#]*)"', main)
    for link in links:
        path = urlsplit(link).path
        response = client.get(path, follow=True)
        assert response.status_code == 200, link
        assert b"".join(response), link


@pytest.mark.django_db
def test_the_examples_run(client, capsys, monkeypatch):
    project = make.Project(title="Biogas")
    page = client.get(PAGE).content.decode()
    code = re.search(r'<pre id="python"[^>]*><code>(.*?)</code>', page, re.DOTALL)[1]
    code = code.replace("&amp;", "&").replace("&quot;", '"').replace("?country=VN&sdg=7", "")

    def fetch(address):
        assert address.startswith("http://testserver/")
        return io.BytesIO(b"".join(Client().get(address.removeprefix("http://testserver"))))

    monkeypatch.setattr(urllib.request, "urlopen", fetch)
    exec(compile(code, "example", "exec"), {})
    assert capsys.readouterr().out == f"{project.code} Biogas\n"
    told = re.findall(r"http://testserver(/[^\s&\"?]*)\?country=VN&amp;sdg=7", page)
    assert len(told) == 4
    assert {client.get(path).status_code for path in told} == {200}


@pytest.mark.django_db
def test_codes_that_iati_files_name_are_explained(client):
    page = client.get(PAGE).content.decode()
    assert all(f'id="{kind}"' in page for kind in ("programme", "modality", "area"))
    assert "<code>pgtf</code>" in page


@pytest.mark.django_db
def test_it_stands_in_the_sitemap(client):
    assert f"<loc>http://testserver{PAGE}</loc>" in client.get("/sitemap.xml").content.decode()


@pytest.mark.django_db
def test_a_licence_stands_in_package_and_page(settings, client):
    settings.DATA_LICENCE_NAME = "Example licence"
    settings.DATA_LICENCE_ADDRESS = "https://example.org/licence"
    with zipfile.ZipFile(bundle.make()) as archive:
        package = json.loads(archive.read("datapackage.json"))
        assert b"Example licence" in archive.read("LICENCE.txt")
    assert package["licenses"][0]["path"] == "https://example.org/licence"
    page = client.get(PAGE).content.decode()
    assert '<a href="https://example.org/licence"' in page
