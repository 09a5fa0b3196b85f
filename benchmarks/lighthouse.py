"""python -m benchmarks.lighthouse: what Lighthouse says of the portal on a phone, by language.

Needs Node.js, Chromium, an npm registry, openssl and nginx with Brotli, so it is no part of the
tests. It measures the real records and the sample meeting on a database of its own, served as in
production: gunicorn behind nginx with the file that `deploy/install` puts.
Speed is the median of several runs, as Lighthouse advises: blocking time is measured and swings.
"""

import argparse
import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.servers import HOST, PORTAL, environment, running
from sscnet.dev import CHECKOUT, DevError, postgres, processes, steps
from sscnet.dev.checks import PRODUCTION
from sscnet.dev.ports import answers

LIGHTHOUSE = "npx --yes lighthouse@13.5.0"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CATEGORIES = ("accessibility", "best-practices", "seo", "performance")
# On a busy machine Chromium starts too late for it.
TRIES = 3
LANGUAGES = {"English": "", "中文": "/zh-hans"}
NGINX = """
daemon off;
user root;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
include /etc/nginx/modules-enabled/*.conf;
events {{}}
http {{
    include /etc/nginx/mime.types;
    {site}
}}
"""
CERTIFICATE = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]


def main():
    processes.end_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default=8221, type=int, help="and the three after it")
    parser.add_argument("--runs", default=5, type=int, help="of each page; its median counts")
    parser.add_argument("--lighthouse", default=LIGHTHOUSE, help="the command that starts it")
    options = parser.parse_args()
    postgres.forget_libpq_variables()
    with tempfile.TemporaryDirectory() as folder, postgres.test_server() as server:
        server.create_database("test_lighthouse")
        prepare(server.url("test_lighthouse"), f"{folder}/current/staticfiles")
        with running([(PORTAL, os.environ)], options.port + 3), proxy(folder, options.port):
            scores = {
                (page, language): median(options, prefix + path)
                for page, path in pages().items()
                for language, prefix in LANGUAGES.items()
            }
    return report(scores)


def prepare(url, static_root):
    env = PRODUCTION | environment(static_root) | {"DATABASE_URL": url, "ALLOWED_HOSTS": HOST}
    os.environ.pop("DEBUG", None)
    os.environ.update(env)
    os.environ["DJANGO_SETTINGS_MODULE"] = PORTAL.settings
    for words in (["migrate"], ["load_network"], ["make_sample", "--meeting", "--in-production"]):
        steps.run_quietly(words[0], steps.manage(*words), os.environ)
    steps.run_quietly("collectstatic", steps.manage("collectstatic", "--noinput"), os.environ)
    import django

    django.setup()


@contextlib.contextmanager
def proxy(folder: str, port: int):
    """Start nginx in a folder that stands for /opt/sscnet."""
    os.chmod(folder, 0o755)
    files = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/fullchain.pem"]
    steps.run_quietly("certificate", ["openssl", "req", *CERTIFICATE, *files], os.environ)
    file = Path(folder, "nginx.conf")
    file.write_text(NGINX.format(folder=folder, site=site_of(folder, port)))
    process = processes.start(["nginx", "-c", str(file)], os.environ)
    try:
        if not processes.wait_until(lambda: answers(port), seconds=10):
            raise DevError("nginx did not start.")
        yield
    finally:
        processes.stop([process])


def site_of(folder: str, port: int) -> str:
    """Return what `deploy/install` puts, with ports and a folder of our own."""
    changes = {
        "@NODES@": f"server {HOST}:{port + 3};",
        "unix:/run/sscnet/gunicorn.sock": f"{HOST}:{port + 3}",
        "listen 80;": f"listen {HOST}:{port + 1};",
        "listen 443 ssl;": f"listen {HOST}:{port} ssl;",
        "listen [::]:80;": "",
        "listen [::]:443 ssl;": "",
        "127.0.0.1:9117": f"{HOST}:{port + 2}",
        "/etc/sscnet/tls": folder,
        "/opt/sscnet": folder,
        "snippets/sscnet-proxy.conf": str(CHECKOUT / "deploy/nginx/proxy.conf"),
        "/var/log/nginx": folder,
        "@HOST@": HOST,
        "@HSTS@": "max-age=31536000",
    }
    site = (CHECKOUT / "deploy/nginx/site.conf").read_text()
    for text, own in changes.items():
        site = site.replace(text, own)
    return site


def pages():
    """Name a page of each kind that partners come to, and that robots may look at."""
    from meetings.models import Meeting
    from members.models import Institution
    from projects.models import Project

    return {
        "home": "/",
        "projects": "/projects/",
        "project": Project.objects.published().order_by("pk").first().get_absolute_url(),
        "institutions": "/members/",
        "institution": Institution.objects.published().listed().first().get_absolute_url(),
        "meetings": "/meetings/",
        "meeting": Meeting.objects.published().order_by("pk").first().get_absolute_url(),
        "calls": "/calls/",
        "countries": "/countries/",
        "country": "/countries/VN/",
        "goal": "/sdgs/7/",
        "sectors": "/sectors/",
        "about": "/about/",
        "data": "/about/data/",
    }


def median(options, path):
    """Return the scores of a page, 0 to 100, and what is amiss, in the run of median speed.

    Where more than half of the runs gave 100, the others need not be asked.
    """
    runs, full = [], 0
    while len(runs) < options.runs and full <= options.runs // 2:
        runs.append(audit(options, path))
        full += runs[-1][0]["performance"] == 100
    runs.sort(key=speed_of)
    scores, amiss, _index = runs[-(options.runs // 2 + 1)]
    indexes = [round(index) for _scores, _amiss, index in runs]
    print(path, scores, "speed", [speed_of(run) for run in runs], "of", indexes, flush=True)
    return scores, amiss


def speed_of(run) -> int:
    scores, _amiss, _index = run
    return scores["performance"]


def audit(options, path):
    """Return the scores of a page in one run, what is amiss, and Lighthouse's BenchmarkIndex.

    Its phone profile is four times as slow as the machine, meant for an index of 1500 to 2000.
    """
    words = [
        *shlex.split(options.lighthouse),
        f"https://{HOST}:{options.port}{path}",
        "--output=json",
        "--quiet",
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless=new --no-sandbox --ignore-certificate-errors",
    ]
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), "")
    env = os.environ | ({"CHROME_PATH": chromium} if chromium else {})
    for _try in range(TRIES):
        done = subprocess.run(words, capture_output=True, text=True, env=env, check=False)
        if not done.returncode:
            break
    else:
        raise DevError(f"Lighthouse failed on {path}:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    scores = {name: round(100 * (found["categories"][name]["score"] or 0)) for name in CATEGORIES}
    amiss = [
        f"{path}: {found['audits'][ref['id']]['title']}"
        for name in CATEGORIES
        if scores[name] < 100
        for ref in found["categories"][name]["auditRefs"]
        if ref["weight"] and (found["audits"][ref["id"]]["score"] or 0) < 1
    ]
    return scores, amiss, found["environment"]["benchmarkIndex"]


def report(found):
    print(f"| Page | Language | {' | '.join(CATEGORIES)} |")
    print(f"| --- | --- |{' ---: |' * len(CATEGORIES)}")
    for (page, language), (scores, _amiss) in found.items():
        print(f"| {page} | {language} | {' | '.join(str(scores[name]) for name in CATEGORIES)} |")
    amiss = [line for _scores, lines in found.values() for line in lines]
    for line in amiss:
        print(line)
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
