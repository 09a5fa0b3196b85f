"""A slip is sent while there is no room for it: on a small disk, or where files are limited."""

import io
import os
import resource
import subprocess
from contextlib import contextmanager
from itertools import product

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from secretariat.open_data import bundle
from sscnet.core.models.files import store_picture

pytestmark = pytest.mark.django_db
ROOM = 64 * 1024


def scan():
    """Return a picture of 120 KB and more, which compresses no further."""
    content = io.BytesIO()
    Image.frombytes("RGB", (200, 200), os.urandom(200 * 200 * 3)).save(content, "PNG")
    return content.getvalue()


@contextmanager
def disk_of_its_own(folder):
    options = f"size={ROOM},mode=700"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        reason = "this account may mount no disk"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def small_files(_folder):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


BOTH = [disk_of_its_own, small_files]


@pytest.fixture(params=BOTH)
def full(request, tmp_path):
    """A folder that takes nothing larger than ROOM."""
    folder = tmp_path / "full"
    folder.mkdir()
    with request.param(folder):
        yield folder


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def send(client, at, begun, ours, focal_point, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    begun(people=1)
    client.raise_request_exception = False

    def post(language=""):
        slip = SimpleUploadedFile("slip.png", scan())
        return client.post(language + at("ready"), {"files": slip})

    return post


# Moved is a file only from disk to disk; else it is renamed.
STAGES = [*product(BOTH, ["received", "stored"]), (disk_of_its_own, "moved")]


@pytest.mark.parametrize(("full", "stage"), STAGES, indirect=["full"])
def test_a_plain_page_says_so_and_nothing_is_left(client, at, ours, send, settings, full, stage):
    if stage == "received":
        settings.FILE_UPLOAD_TEMP_DIR = full
    else:
        settings.MEDIA_ROOT = full
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10**7 if stage == "stored" else 0
    response = send()

    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (507, "120")
    assert "The portal’s disk is full" in page
    assert "网站的磁盘已满" in page
    assert files_in(full) == files_in(settings.MEDIA_ROOT) == []
    assert not ours().return_slips.exists()
    assert client.get("/").status_code == 200
    assert client.get(at("ready")).status_code == 200


def test_the_slip_that_was_there_stays_and_the_next_one_is_taken(ours, send, settings, tmp_path):
    assert send().status_code == 302
    kept = ours().return_slips.get().file.name

    with small_files(tmp_path):
        assert send().status_code == 507

    assert ours().return_slips.get().file.name == kept
    assert [path.name for path in files_in(settings.MEDIA_ROOT)] == [kept.rpartition("/")[2]]
    assert send().status_code == 302


def test_of_a_picture_no_width_is_left(settings, full):
    settings.MEDIA_ROOT = full
    content = io.BytesIO()
    Image.frombytes("RGB", (1000, 1000), os.urandom(3 * 10**6)).save(content, "PNG")

    with pytest.raises(OSError, match=r"No space left|File too large"):
        store_picture(SimpleUploadedFile("any.png", content.getvalue()))

    assert files_in(full) == []


def test_of_a_bundle_nothing_is_left(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(bundle, "render_to_string", lambda *words: os.urandom(ROOM))

    with small_files(tmp_path), pytest.raises(OSError, match="File too large"):
        bundle.make()

    assert files_in(tmp_path) == []
