import pytest
from django.conf import settings

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


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/projects/", "/accounts/login/", "/ask/", "/api/v1/projects"]
)
def test_trace_gives_nothing_back(client, path):
    response = client.trace(path, headers={"x-secret": "bamboo"})

    assert response.status_code == 405
    assert b"bamboo" not in response.content


@pytest.mark.parametrize(
    ("raw", "readable"), [("沼气".encode(), True), (b"\xff", False), (b"a\0", False), (b"", True)]
)
def test_readable_is_utf8_without_nul(raw, readable):
    assert is_readable(raw) is readable


class Body:
    """A body that fails the test when it is read."""

    def read(self, size):
        raise AssertionError("was read")

    readline = read


def send(client, path, length, **extra):
    extra |= {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    return client.generic("POST", path, **{"wsgi.input": Body()}, **extra)


@pytest.mark.django_db
@pytest.mark.parametrize("megabytes", [2, 150, 1024])
@pytest.mark.parametrize(
    "path", ["/about/", "/zh-hans/ask/", "/admin/login/", "/meetings/any/register/any/rule/"]
)
def test_a_body_larger_than_any_form_of_its_address_is_refused_unread(client, path, megabytes):
    response = send(client, path, megabytes * 1024**2)

    assert response.status_code == 413
    assert "过大" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "megabytes"),
    [
        ("/meetings/any/register/any/rule/", 25),
        ("/meetings/any/register/any/people/sheet/", 10),
        ("/zh-hans/my/any/profile/", 10),
        ("/admin/projects/project/add/", 50),
    ],
)
@pytest.mark.parametrize("cookie", ["SESSION_COOKIE_NAME", "DEVICE_COOKIE_NAME"])
def test_what_a_form_takes_is_let_through_for_who_has_signed_in(client, path, megabytes, cookie):
    client.cookies[getattr(settings, cookie)] = "any"

    with pytest.raises(AssertionError, match="was read"):
        send(client, path, (megabytes + 1) * 1024**2)
    assert send(client, path, (megabytes + 1) * 1024**2 + 1).status_code == 413


@pytest.mark.django_db
def test_a_large_body_sent_to_the_api_is_a_problem_in_json(client):
    response = send(client, "/api/v1/projects", 2 * 1024**2)

    assert response.status_code == 413
    assert response.json()["detail"].startswith("What was sent is too large")


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["", "none"])
def test_of_a_body_that_does_not_say_its_length_nothing_is_read(client, length):
    response = send(client, "/about/", length, HTTP_TRANSFER_ENCODING="chunked")

    assert response.status_code == 405
