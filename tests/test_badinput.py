import pytest

from sscnet.badinput import is_readable


@pytest.mark.parametrize(
    "path",
    [
        "/projects/?q=%00",
        "/projects/?q=%FF",
        "/projects/a%00b/",
        "/%C3%28/",
        "/zh-hans/?%00=1",
        "/admin/login/?next=%00",
        "/members/?q=%ED%A0%80",
    ],
)
def test_a_nul_byte_or_broken_utf8_in_an_address_is_a_400_page(client, path):
    response = client.get(path)
    assert response.status_code == 400
    assert b"<h1" in response.content


@pytest.mark.django_db
def test_a_nul_byte_in_a_form_is_a_400_page(client):
    response = client.post("/admin/login/", {"username": "a\0b", "password": "x"})
    assert response.status_code == 400


@pytest.mark.django_db
def test_a_broken_form_is_a_400_page(client):
    no_boundary = "multipart/form-data"
    assert client.post("/admin/login/", "x", content_type=no_boundary).status_code == 400


@pytest.mark.parametrize(
    ("raw", "readable"), [("沼气".encode(), True), (b"\xff", False), (b"a\0", False), (b"", True)]
)
def test_readable_is_utf8_without_nul(raw, readable):
    assert is_readable(raw) is readable
