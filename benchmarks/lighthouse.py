"""python -m benchmarks.lighthouse: what Lighthouse says of the portal on a phone, by language.

Needs Node.js, Chromium, an npm registry, openssl and nginx with Brotli, so it is no part of the
tests. It measures the real records and the sample on a database of its own, served as in
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

from benchmarks.servers import HOST, PORTAL, running, set_environment, wait_for_answer
from sscnet.dev import CHECKOUT, DevError, postgres, processes, steps

LIGHTHOUSE = "npx --yes lighthouse@13.5.0"
CATEGORIES = ("accessibility", "best-practices", "seo", "performance")
# Of each kind that partners come to, and that robots may look at.
LISTS = "/ /projects/ /members/ /meetings/ /calls/ /countries/ /topics/ /about/ /about/data/"
NGINX = """
daemon off; user root; pid {folder}/nginx.pid; error_log {folder}/error.log;
include /etc/nginx/modules-enabled/*.conf;
events {{}}
http {{ include /etc/nginx/mime.types; {site} }}
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
    with tempfile.TemporaryDirectory() as folder, postgres.server_of_tests() as server:
        server.create_database("test_lighthouse")
        prepare(server.url("test_lighthouse"), f"{folder}/current/staticfiles")
        with running([(PORTAL, {})], options.port + 3), proxy(folder, options.port):
            paths = [path for page in pages() for path in (page, f"/zh-hans{page}")]
            amiss = [line for path in paths for line in median(options, path)]
    print("\n".join(amiss))
    return 1 if amiss else 0


def prepare(url, static_root):
    set_environment(static_root, DATABASE_URL=url, ALLOWED_HOSTS=HOST)
    sample, static = ["make_sample", "--in-production"], ["collectstatic", "--noinput"]
    for words in (["migrate"], ["load_network"], sample, static):
        steps.run_quietly(words[0], steps.manage(*words), os.environ)
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
        wait_for_answer(port)
        yield
    finally:
        processes.stop([process])


def site_of(folder: str, port: int) -> str:
    """Return what `deploy/install` puts, with ports and a folder of our own."""
    site = (CHECKOUT / "deploy/nginx/site.conf").read_text()
    for text, own in {
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
    }.items():
        site = site.replace(text, own)
    return site


def pages() -> list[str]:
    from meetings.models import Meeting
    from members.models import Institution
    from projects.models import Project

    records = [
        rows.filter(state="published", is_sample=False).order_by("pk").first().get_absolute_url()
        for rows in (Project.objects, Institution.objects.listed(), Meeting.objects)
    ]
    return [*LISTS.split(), "/countries/VN/", "/sdgs/7/", *records]


def median(options, path):
    """Print the scores of a page, 0 to 100, and return what is amiss, in the run of median speed.

    Where more than half of the runs gave 100, the others need not be asked.
    """
    runs, full = [], 0
    while len(runs) < options.runs and full <= options.runs // 2:
        runs.append(audit(options, path))
        full += runs[-1][0]["performance"] == 100
    runs.sort(key=lambda run: run[0]["performance"])
    speeds = [(scores["performance"], round(index)) for scores, _amiss, index in runs]
    scores, amiss, _index = runs[-(options.runs // 2 + 1)]
    print(path, scores, "speed and index of each run:", speeds, flush=True)
    return amiss


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
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or ""
    env = {"CHROME_PATH": chromium} | os.environ
    done = subprocess.run(words, capture_output=True, text=True, env=env, check=False)
    if done.returncode:
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


if __name__ == "__main__":
    sys.exit(main())
