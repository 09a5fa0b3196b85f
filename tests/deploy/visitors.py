"""Visitors of the installed portal: one who fills in forms as a browser does, and many who read."""

import random
import re
import threading
import time

import lxml.html
import requests

PORTAL = "https://localhost"
READ = [
    "/",
    "/projects/?samples=1",
    "/zh-hans/projects/?samples=1",
    "/members/",
    "/meetings/",
    "/about/",
    "/figures/",
]


class Visitor(requests.Session):
    def __init__(self, certificate, session=None):
        super().__init__()
        self.verify = str(certificate)
        # Not what the environment says: it may name certificates, and a proxy.
        self.trust_env = False
        if session:
            self.cookies.set("__Host-sessionid", session, domain="localhost.local", secure=True)

    def request(self, method, path, **options):
        options.setdefault("timeout", 120)
        return super().request(method, requests.compat.urljoin(PORTAL, path), **options)

    def submit(self, page, action, files=None, **values):
        """Send the form whose address ends like that, with what it holds and these values."""
        document = lxml.html.fromstring(page.content, base_url=page.url)
        form = next(
            form
            for form in document.forms
            if form.method == "POST" and (form.action or page.url).endswith(action)
        )
        data = dict(form.form_values()) | values
        target = requests.compat.urljoin(page.url, form.action or page.url)
        return self.post(target, data=data, files=files, headers={"Referer": page.url})


SLIP = ("slip.pdf", b"%PDF-1.4\nstartxref\n9\n%%EOF\n")


def register(visitor, path, slip=SLIP, family_name="Wang"):
    """Send a delegation of one with its slip; return the page after sending. Each must answer."""
    page = follow(visitor.get(f"{path}people/"))
    page = follow(visitor.submit(page, "people/", **one_person(family_name)))
    while not page.url.endswith("check/"):
        step = page.url.removeprefix(PORTAL + path)
        page = follow(visitor.submit(page, step))
    sent = follow(visitor.submit(page, "send/"))
    ready = follow(visitor.get(f"{path}ready/"))
    follow(visitor.submit(ready, "ready/", files={"files": slip}))
    return sent


def slip_of(visitor, path):
    """Return the return slip that was uploaded."""
    page = follow(visitor.get(f"{path}ready/"))
    [link] = re.findall(rf'href="({path}ready/slip/\d+/)"', page.text)
    return visitor.get(link).content


def one_person(family_name):
    """Return what a delegation must say of one person at the sample meeting."""
    return {
        "people-0-chinese_name": "王敏",
        "people-0-family_name": family_name,
        "people-0-given_names": "Min",
        "people-0-mobile": "138 0000 0000",
    }


def follow(answer):
    assert answer.status_code == 200, (answer.status_code, answer.url, answer.text[:500])
    return answer


class Readers:
    """So many who read one page after the other until told to stop, and note what went wrong."""

    def __init__(self, number, certificate, paths):
        self.certificate, self.paths = certificate, paths
        self.answers, self.slowest, self.failures = 0, 0.0, []
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=self.read) for _ in range(number)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def read(self):
        visitor = Visitor(self.certificate)
        while not self.is_over.wait(1):
            path = random.choice(self.paths)
            began = time.monotonic()
            try:
                status = visitor.get(path).status_code
            except requests.RequestException as error:
                status = error
            self.answers += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            if status != 200:
                self.failures.append((path, status))
