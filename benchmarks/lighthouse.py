"""python -m benchmarks.lighthouse: what Lighthouse says of the portal on a phone, by language.

Needs Node.js, Chromium and an npm registry, so it is no part of the tests. It measures the real
records and the sample meeting, served by gunicorn with production settings on its own database.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

from benchmarks.servers import HOST, Program, environment, running
from sscnet.dev import DevError, postgres, processes, steps
from sscnet.dev.checks import PRODUCTION

LIGHTHOUSE = "npx --yes lighthouse@13.5.0"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PORTAL = Program("portal", settings="benchmarks.lighthouse_settings")
LEAST = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 98}
# On a busy machine Chromium starts too late for it.
TRIES = 3
LANGUAGES = {"English": "", "中文": "/zh-hans"}


def main():
    processes.end_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default=8221, type=int)
    parser.add_argument("--lighthouse", default=LIGHTHOUSE, help="the command that starts it")
    options = parser.parse_args()
    postgres.forget_libpq_variables()
    with tempfile.TemporaryDirectory() as static_root, postgres.test_server() as server:
        server.create_database("lighthouse")
        prepare(server.url("lighthouse"), static_root)
        with running([(PORTAL, os.environ)], options.port):
            scores = {
                (page, language): audit(options.lighthouse, options.port, prefix + path)
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


def audit(lighthouse, port, path):
    """Return the scores of a page, 0 to 100, and what it found amiss."""
    words = [
        *shlex.split(lighthouse),
        f"http://{HOST}:{port}{path}",
        "--output=json",
        "--quiet",
        f"--only-categories={','.join(LEAST)}",
        "--chrome-flags=--headless=new --no-sandbox",
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
    scores = {name: round(100 * (found["categories"][name]["score"] or 0)) for name in LEAST}
    print(path, scores, flush=True)
    amiss = [
        f"{path}: {found['audits'][ref['id']]['title']}"
        for name, least in LEAST.items()
        if scores[name] < least
        for ref in found["categories"][name]["auditRefs"]
        if ref["weight"] and (found["audits"][ref["id"]]["score"] or 0) < 1
    ]
    return scores, amiss


def report(found):
    print(f"| Page | Language | {' | '.join(LEAST)} |")
    print(f"| --- | --- |{' ---: |' * len(LEAST)}")
    for (page, language), (scores, _amiss) in found.items():
        print(f"| {page} | {language} | {' | '.join(str(scores[name]) for name in LEAST)} |")
    amiss = [line for _scores, lines in found.values() for line in lines]
    for line in amiss:
        print(line)
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
