"""No room for uploads: on the disk of files, or where they wait while they are received."""

import contextlib
import hashlib
import http.client
import os
import threading
import time
from collections import Counter
from itertools import count
from pathlib import Path

from benchmarks.faults.load import ALIVE, PAGE, TIMEOUT, Watcher
from benchmarks.faults.run import BEFORE, ENOUGH, Outcome
from benchmarks.faults.site import Site, fill, small_disk
from benchmarks.servers import HOST, headers
from benchmarks.threads import WhileInside
from sscnet.dev import processes

CLIENTS = 4
SIZE = 20_000
FORM = (
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n%s\r\n--edge--\r\n"
)


class Uploads(WhileInside):
    """Send one file after the other; note which were taken, and what was said of the others."""

    def __init__(self, port: int):
        self.port, self.taken, self.answers = port, {}, Counter()
        self.texts: set[str] = set()
        self.last_asked_at, self.next = 0.0, count()
        self.threads = [threading.Thread(target=self.work) for _ in range(CLIENTS)]

    def work(self):
        while not self.is_over:
            asked_at, content = time.monotonic(), os.urandom(SIZE)
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, text = self.send(f"{next(self.next)}.bin", content)
                self.answers[status] += 1
                if status == 200:
                    name = text.partition('"name": "')[2].partition('"')[0]
                    self.taken[name] = hashlib.sha256(content).hexdigest()
                    self.last_asked_at = max(self.last_asked_at, asked_at)
                    continue
                self.texts.add(text)
            time.sleep(0.1)

    def send(self, name: str, content: bytes) -> tuple[int, str]:
        link = http.client.HTTPConnection(HOST, self.port, timeout=TIMEOUT)
        kind = {"Content-Type": "multipart/form-data; boundary=edge"}
        with contextlib.closing(link):
            body = FORM % (name.encode(), content)
            link.request("POST", "/faults/upload/", body, headers() | kind)
            response = link.getresponse()
            return response.status, response.read().decode()

    def wait_for(self, number: int):
        processes.wait_until(lambda: len(self.taken) >= number, seconds=120)


def media_full(site: Site, seconds: float) -> Outcome:
    return full(site, seconds, "media")


def temporary_full(site: Site, seconds: float) -> Outcome:
    return full(site, seconds, "temporary")


def full(site: Site, seconds: float, which: str) -> Outcome:
    folders = {name: site.folder / name for name in ("media", "temporary")}
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    with small_disk(folders[which], 100):
        places = {"MEDIA_ROOT": folders["media"], "TMPDIR": folders["temporary"]}
        site.start_gunicorn(**{name: str(path) for name, path in places.items()})
        with (
            Watcher(site.port, PAGE) as page,
            Watcher(site.port, ALIVE) as alive,
            Uploads(site.port) as uploads,
        ):
            uploads.wait_for(BEFORE)
            page.seen.clear()
            ballast = fill(folders[which])
            time.sleep(seconds)
            ballast.unlink()
            ended = time.monotonic()
            processes.wait_until(lambda: uploads.last_asked_at > ended, seconds=60)
            back = time.monotonic() - ended
            uploads.wait_for(ENOUGH)
        site.stop()
        lost = compared(folders["media"], uploads.taken)
        wrong = [*left_behind(folders, uploads.taken), *judged(uploads, page, alive)]
    seen = f"uploads {dict(uploads.answers)}; pages {dict(page.statuses())}"
    return Outcome(len(uploads.taken), lost, back, wrong, seen)


def compared(media: Path, taken: dict[str, str]) -> list[str]:
    stored = {
        path.relative_to(media).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in media.rglob("*")
        if path.is_file()
    }
    return [name for name, digest in taken.items() if stored.get(name) != digest]


def left_behind(folders: dict[str, Path], taken: dict[str, str]) -> list[str]:
    media = {path.relative_to(folders["media"]).as_posix() for path in folders["media"].rglob("*")}
    temporary = {path.name for path in folders["temporary"].rglob("*.upload*")}
    return [f"{name} was left behind" for name in (media - taken.keys()) | temporary]


def judged(uploads: Uploads, page: Watcher, alive: Watcher) -> list[str]:
    found = []
    if set(uploads.answers) != {200, 507}:
        found.append("no upload was answered with 507, or some otherwise")
    if not all("网站的磁盘已满" in text for text in uploads.texts):
        found.append("uploads did not say in both languages that the disk is full")
    if set(page.statuses()) | set(alive.statuses()) != {200}:
        found.append("pages without files were not answered")
    return found


FAULTS = {"uploads-full": media_full, "tmp-full": temporary_full}
