import inspect
import re
import sys
from itertools import product
from urllib.parse import urlsplit

import pytest
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLResolver, get_resolver, resolve

from meetings.models.personal_data import with_seal
from sscnet.core.parsing.sheet_rows import MOST_BYTES
from sscnet.core.uploads import documents, pictures, validators
from sscnet.web.bad_input import LARGEST_FORM, is_readable, most_file_bytes
from tests.test_addresses import read_table


@pytest.mark.django_db
def test_a_nul_byte_or_broken_utf8_in_an_address_is_a_400_page(client):
    for path in (
        *("/projects/?q=%00", "/projects/?q=%FF", "/projects/a%00b/", "/%C3%28/"),
        *("/zh-hans/?%00=1", "/admin/login/?next=%00", "/members/?q=%ED%A0%80"),
    ):
        response = client.get(path)
        assert response.status_code == 400, path
        assert b"<h1" in response.content, path
    # Nor in a form, nor one that is broken.
    nul = client.post("/admin/login/", {"username": "a\0b", "password": "x"})
    no_boundary = client.post("/admin/login/", "x", content_type="multipart/form-data")
    assert (nul.status_code, no_boundary.status_code) == (400, 400)


@pytest.mark.django_db
def test_trace_gives_nothing_back(client):
    for path in ("/", "/projects/", "/accounts/login/", "/ask/", "/api/v1/projects"):
        response = client.trace(path, headers={"x-secret": "bamboo"})
        assert response.status_code == 405, path
        assert b"bamboo" not in response.content, path


def test_readable_is_utf8_without_nul():
    readable = [is_readable(raw) for raw in ("沼气".encode(), b"", b"\xff", b"a\0")]
    assert readable == [True, True, False, False]


class Body:
    """A body that fails the test when it is read."""

    def read(self, size):
        raise AssertionError("was read")

    readline = read


def send(client, path, length, **extra):
    extra |= {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    return client.generic("POST", path, **{"wsgi.input": Body()}, **extra)


@pytest.mark.django_db
def test_a_body_larger_than_any_form_of_its_address_is_refused_unread(client):
    paths = ("/about/", "/zh-hans/ask/", "/admin/login/", "/my/any/profile/")
    for path, megabytes in product(paths, (2, 150, 1024)):
        response = send(client, path, megabytes * 1024**2)
        assert response.status_code == 413, path
        assert "过大" in response.content.decode(), path


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["SESSION_COOKIE_NAME", "DEVICE_COOKIE_NAME"])
def test_what_a_form_takes_is_let_through_for_who_has_signed_in(client, cookie):
    for path, megabytes in {
        "/meetings/any/register/any/people/sheet/": 10,
        "/meetings/any/register/any/questions/": 50,
        "/meetings/any/register/any/person/1/answers/": 50,
        "/my/any/proposals/1/endorsements/": 50,
        "/my/any/proposals/1/reports/": 50,
        "/zh-hans/my/any/profile/": 10,
        "/admin/projects/project/add/": 50,
    }.items():
        client.cookies[getattr(settings, cookie)] = "any"
        with pytest.raises(AssertionError, match="was read"):
            send(client, path, (megabytes + 1) * 1024**2)
        assert send(client, path, (megabytes + 1) * 1024**2 + 1).status_code == 413, path


@pytest.mark.django_db
def test_by_a_link_files_come_without_a_session(client):
    for path, purpose, megabytes in (("/person/{}/answers/", "meetings.DelegateLink", 50),):
        ours = path.format(with_seal("any", purpose))
        with pytest.raises(AssertionError, match="was read"):
            send(client, ours, (megabytes + 1) * 1024**2)
        for wrong in (path.format("any-seal"), path.format(with_seal("any", "something else"))):
            assert send(client, wrong, 1024**2 + 1).status_code == 413


@pytest.mark.django_db
def test_a_file_for_a_view_that_does_not_say_how_large_is_refused(client):
    response = client.post("/ask/", {"file": SimpleUploadedFile("a.pdf", b"%PDF")})

    assert response.status_code == 400


# The views of each form with a file; those of the admin have one rule for all.
VIEWS_OF_FORMS = {
    "ApprovalForm": ["/admin/meetings/meeting/1/approval/"],
    "ConsentForm": ["/admin/meetings/delegate/1/consent/"],
    "SettingsForm": ["/admin/papers/papersettings/1/change/"],
    "TemplateForm": ["/admin/papers/papertemplate/add/"],
    "AnswersForm": [
        "/meetings/any/register/any/questions/",
        "/meetings/any/register/any/ready/",
        "/meetings/any/register/any/person/1/answers/",
        "/person/any/answers/",
        "/my/any/requests/1/",
    ],
    "FilledForm": ["/my/any/proposals/1/word/"],
    "ImportSheetForm": ["/admin/members/institution/import/"],
    "PaperForm": ["/my/any/proposals/1/endorsements/"],
    "PeopleSheetForm": ["/meetings/any/register/any/people/sheet/"],
    "ProfileForm": ["/my/any/profile/"],
    "PaperAnswerForm": ["/admin/secretariat/request/response/1/"],
    "PaperVoteForm": ["/admin/secretariat/request/response/1/"],
    "UploadForm": ["/my/any/proposals/1/reports/"],
}
LIMITS = {
    validators.validate_document: documents.MAX_DOCUMENT_BYTES,
    validators.validate_letter: documents.MAX_DOCUMENT_BYTES,
    validators.validate_picture: pictures.MAX_PICTURE_BYTES,
}


def all_forms(form=forms.BaseForm):
    for one in form.__subclasses__():
        yield one
        yield from all_forms(one)


def has_files(form):
    """Return whether a form of ours has a field for a file, or makes one for each question."""
    module = sys.modules[form.__module__]
    if module.__name__.startswith(("django", "tests")) or vars(module).get(form.__name__) != form:
        return False
    return any(files_of(form)) or "forms.FileField(" in inspect.getsource(form)


def files_of(form):
    """Give what judges the files of a form: the validators of its fields and of its model's."""
    for name, field in form.base_fields.items():
        if isinstance(field, forms.FileField):
            model = getattr(form, "_meta", None) and form._meta.model
            of_model = [one for one in (model._meta.fields if model else ()) if one.name == name]
            yield [*field.validators, *(of_model[0].validators if of_model else [])]


def limit_of(form):
    if not (fields := list(files_of(form))):
        return documents.MAX_DOCUMENT_BYTES
    return max(LIMITS.get(one, MOST_BYTES) for validators in fields for one in [*validators, None])


def test_each_form_with_a_file_has_a_view_that_takes_files_as_large():
    assert get_resolver().url_patterns
    limits = {form.__name__: limit_of(form) for form in all_forms() if has_files(form)}

    assert limits.keys() == VIEWS_OF_FORMS.keys(), "add a form with a file, and its views"
    too_small = {
        path: limits[name]
        for name, paths in VIEWS_OF_FORMS.items()
        for path in paths
        if (match := resolve(path)) and most_file_bytes(match) < limits[name]
    }
    assert too_small == {}


def largest_for_nginx(path):
    """Return how many bytes nginx takes at an address (deploy/nginx/site.conf)."""
    site = (settings.BASE_DIR / "deploy" / "nginx" / "site.conf").read_text()
    sizes = re.findall(r'location ~ "(.+)" {\s+client_max_body_size (\d+)m;', site)
    whole = re.search(r"^    client_max_body_size (\d+)m;", site, re.MULTILINE)[1]
    found = next((size for pattern, size in sizes if re.search(pattern, path)), whole)
    return int(found) * 1024**2


def test_nginx_takes_as_much_as_the_views_that_take_files():
    paths = [path for paths in VIEWS_OF_FORMS.values() for path in paths]
    declared = {name for name, view in named_views() if hasattr(view, "most_file_bytes")}
    assert declared <= {resolve(path).view_name for path in paths}

    for path in [*paths, "/admin/projects/project/1/change/"]:
        for address in (path, f"/zh-hans{path}"):
            most = LARGEST_FORM + most_file_bytes(resolve(path))
            assert most <= largest_for_nginx(address) <= most + 16 * 1024**2, address


def named_views(patterns=None, namespace=""):
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from named_views(one.url_patterns, inner)
        else:
            yield f"{namespace}{one.name}", one.callback


def test_nginx_takes_a_megabyte_at_all_other_addresses():
    for row in read_table():
        path = "/" + re.sub(r"{\w+}", "1", row["example"])
        takes_files = path.startswith("/admin/") or most_file_bytes(resolve(urlsplit(path).path))
        assert takes_files or largest_for_nginx(path) == LARGEST_FORM, path


@pytest.mark.django_db
def test_a_large_body_sent_to_the_api_is_a_problem_in_json(client):
    response = send(client, "/api/v1/projects", 2 * 1024**2)

    assert response.status_code == 413
    assert response.json()["detail"].startswith("What was sent is too large")


@pytest.mark.django_db
def test_of_a_body_that_does_not_say_its_length_nothing_is_read(client):
    for length in ("", "none"):
        response = send(client, "/about/", length, HTTP_TRANSFER_ENCODING="chunked")
        assert response.status_code == 405
