"""The portal installed by `deploy/install` on a Debian of its own, asked through nginx with TLS."""

import io
import json
import random
import re

import lxml.html
import pikepdf
import pytest
from PIL import Image

from tests.deploy.documented import documented
from tests.deploy.machine import wait_for
from tests.deploy.portal import FILLED, MAIL_PORT, PASSWORD, certificate, query
from tests.deploy.visitors import PORTAL, READ, Visitor, follow, one_person, register, slip_of

INSTALL = "/root/sscnet/deploy/install"
LIST = "/projects/?samples=1"
TEXT = re.compile("text/|[/+](?:json|xml|javascript)|svg")


# ------------------------------------------------------------------ installing


def test_check_says_what_is_missing_and_changes_nothing(machine):
    before = machine.run("find /etc /opt /usr/local -newer /root/sscnet/manage.py | wc -l").stdout
    done = machine.run(f"{INSTALL} --check", check=False)
    after = machine.run("find /etc /opt /usr/local -newer /root/sscnet/manage.py | wc -l").stdout
    assert (done.returncode, before) == (1, after)
    assert "missing:   packages" in done.stdout


REFUSED = {
    "--host": "What is the value of --host?",
    "--host https://portal.example.org": "is no name of a host",
    "--mail operator": "is no e-mail address",
    "--acme": "Say one of",
    "--key /etc/hosts": "--key is for --certificate",
}


def test_it_refuses_what_it_cannot_use_before_it_changes_anything(machine):
    install = documented("docs/operate.md", "deploy/install --host", FILLED).rstrip()
    for option, said in REFUSED.items():
        done = machine.run(f"cd /root/sscnet && {install} {option}", check=False)
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr
    assert machine.run("ls /etc/sscnet", check=False).stdout == ""


def test_it_is_installed_by_one_command(machine):
    install = documented("docs/operate.md", "deploy/install --host", FILLED)
    done = machine.run(f"cd /root/sscnet && {install}")
    assert "changed:   services" in done.stdout


def test_settings_are_taken_over(machine):
    machine.run(f"sed -i s/^MAIL_PORT=.*/MAIL_PORT={MAIL_PORT}/ /etc/sscnet/portal.env")
    machine.run(documented("docs/operate.md", "systemctl restart"))


def test_a_second_run_changes_nothing(machine):
    done = machine.run(INSTALL)
    assert re.search(r"^0 changed, \d+ unchanged\.$", done.stdout, re.MULTILINE), done.stdout
    assert machine.run(f"{INSTALL} --check").returncode == 0


CERTIFICATE = """
openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=localhost 2>/dev/null \\
    -addext subjectAltName=DNS:localhost -keyout /root/yearly.key -out /root/yearly.pem
"""


def test_the_certificate_of_the_next_year_is_taken_from_a_file(machine, visitor):
    machine.run(CERTIFICATE)
    by_file = f"{INSTALL} --certificate /root/yearly.pem --key /root/yearly.key"
    assert "changed:   certificate" in machine.run(by_file).stdout
    assert "0 changed" in machine.run(by_file).stdout
    wait_for(lambda: answers(machine))
    other = machine.run(f"{by_file.replace('yearly.key', 'sscnet/manage.py')}", check=False)
    assert (other.returncode, "is not the key of" in other.stderr) == (1, True)


def answers(machine):
    try:
        return Visitor(machine.root / "root/yearly.pem").get("/healthz").status_code == 200
    except OSError:
        return False


def test_another_name_is_taken_and_options_that_would_be_ignored_are_refused(machine):
    refused = machine.run(f"{INSTALL} --mail other@example.org", check=False)
    assert (refused.returncode, "OPERATOR_MAIL" in refused.stderr) == (1, True)
    machine.run(f"{INSTALL} --host other.example.org --self-signed")
    site = machine.run("nginx -T 2>/dev/null; openssl x509 -in /etc/sscnet/tls/fullchain.pem -text")
    assert "server_name other.example.org" in site.stdout
    assert "DNS:other.example.org" in site.stdout
    machine.run(f"{INSTALL} --host localhost")
    assert machine.run(f"{INSTALL} --check").returncode == 0


MODES = {
    "640 root:sscnet": "/etc/sscnet/portal.env",
    "600 root:root": "/etc/sscnet/root.env /etc/sscnet/backup.key",
    "755 root:root": "/var/lib/sscnet",
    "750 sscnet:sscnet": "/var/lib/sscnet/media",
    "640 sscnet:sscnet": "/var/lib/sscnet/erasures.jsonl",
    "710 root:sscnet": "/var/log/sscnet-requests",
    "620 root:sscnet": "/var/log/sscnet-requests/requests.log",
    "700 root:root": "/var/log/sscnet-requests/old",
}


def test_who_may_what(machine):
    for mode, paths in MODES.items():
        found = machine.run(f"stat --format='%a %U:%G' {paths}").stdout
        assert set(found.splitlines()) == {mode}, paths
    roles = """
        SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'sscnet%'
        AND NOT rolsuper AND NOT rolcreatedb AND NOT rolcreaterole AND NOT rolbypassrls
    """
    assert query(machine, roles) == "sscnet sscnet_owner sscnet_reader"
    written = machine.run("find /opt/sscnet -user sscnet -o -perm /o+w ! -type l | wc -l")
    assert written.stdout.strip() == "0"


@pytest.fixture(scope="module")
def units(machine):
    return machine.run(
        "cd /root/sscnet/deploy/units && ls *.service *.socket *.timer"
    ).stdout.split()


def test_each_unit_starts_and_ends_well(machine, units, inbox):
    for unit in units:
        # It fails where a unit of type oneshot does.
        machine.run(f"systemctl start {unit}")
    shown = f"systemctl show --property=Id,ConditionResult,Result {' '.join(units)}"
    ended = machine.run(shown).stdout
    for good in ("ConditionResult=yes", "\nResult=success"):
        assert f"\n{ended}".count(good) == len(units), ended
    assert "Drill of a restore: equal" in [str(mail["Subject"]) for mail in inbox.mails]


def test_each_unit_is_sound_and_shut_off(machine, units):
    verified = machine.run(f"systemd-analyze verify {' '.join(units)} 2>&1", check=False)
    assert verified.stdout == ""
    for service in (unit for unit in units if unit.endswith(".service")):
        said = machine.run(f"systemd-analyze security --no-pager {service}").stdout
        exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
        assert float(exposure[1]) <= 2.5, service


def test_what_is_left_to_do_is_a_second_place_and_a_certificate(machine):
    look = documented("docs/operate.md", "sscnet status")
    # The worker, which is looked at too, has passed by then.
    said = wait_for(lambda: machine.run(look, check=False).stdout)
    assert len(re.findall("^ok", said, re.MULTILINE)) > 10, said
    assert re.findall("^(?:to do|wrong)\t(.*?):", said, re.MULTILINE) == [
        "Certificate",
        "Backup elsewhere",
    ]
    assert "no issues" in said


def test_the_night_is_made_up_for(machine):
    """A machine that was off at 02:40 backs up as soon as it is on."""
    noted = 'sed -n \'s/.*"kind": "\\([a-z]*\\).*/\\1/p\' /var/lib/sscnet/backup.json'
    for field, kind in {"finished_at": "diff", "full_at": "full"}.items():
        old = f's/"{field}": "20../"{field}": "2020/'
        machine.run(
            f"sed -i '{old}' /var/lib/sscnet/backup.json; rm -f /var/cache/sscnet-backup/tried"
        )
        machine.run("systemctl start sscnet-backup.service")
        assert machine.run(noted).stdout.strip() == kind


def test_the_first_officer_sets_up_a_second_factor(machine, visitor):
    create = documented("docs/operate.md", "sscnet createsuperuser").rstrip()
    officer = "officer@example.org"
    given = {"DJANGO_SUPERUSER_EMAIL": officer, "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    machine.run(f"{create} --noinput", **given)
    page = visitor.get("/admin/")
    answer = visitor.submit(page, "/accounts/login/", login=officer, password=PASSWORD)
    assert "/accounts/2fa/" in visitor.get("/admin/").url, answer.url


# ------------------------------------------------------------------ in use


def test_somebody_signs_in_and_gets_cookies_of_this_host(visitor, people):
    page = visitor.get("/accounts/login/")
    answer = visitor.submit(page, "/accounts/login/", login=people[0]["email"], password=PASSWORD)
    assert "/my/" in answer.url
    assert [
        cookie.name for cookie in visitor.cookies if not cookie.name.startswith("__Host-")
    ] == []
    assert {"__Host-sessionid", "__Host-csrftoken"} <= {cookie.name for cookie in visitor.cookies}
    assert all(cookie.secure for cookie in visitor.cookies)


def test_a_delegation_is_registered_with_a_slip_of_20_mb(machine, people):
    person = people[1]
    visitor = Visitor(certificate(machine), person["session"])
    slip = pdf_of(20 * 1024**2)
    page = register(visitor, person["path"], ("slip.pdf", slip))
    assert "The registration has arrived" in page.text
    assert slip_of(visitor, person["path"]) == slip
    assert (
        Visitor(certificate(machine))
        .get(f"{person['path']}ready/")
        .url.startswith(f"{PORTAL}/accounts/login/")
    )


def pdf_of(size):
    """Return a letter of about that size; random bytes cannot be made smaller on the way."""
    pdf, target = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    helvetica = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = pikepdf.Dictionary({name: pikepdf.Name(value) for name, value in helvetica.items()})
    pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    words = b"We endorse the project and give what stands in the letter below."
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 12 Tf 50 700 Td (" + words + b") Tj ET")
    pdf.pages[0].obj.Attached = pdf.make_stream(random.randbytes(size))
    pdf.save(target)
    return target.getvalue()


# What has a form with files, for the delegation of the test above and another institution.
FORMS_WITH_FILES = """
import json
from datetime import timedelta
from django.urls import reverse
from django.utils import timezone
from meetings.models import Delegate, DelegateLink
from projects.calls.models import Call, Proposal

person = Delegate.objects.get(delegation__institution__slug="sample-institute-1")
institution, meeting, key = person.delegation.institution, person.delegation.meeting, person.pk
meeting.questions.create(kind="file", text="Your paper?")
call = Call.objects.create(
    title="Seed money", year=2027, state="published", languages=["en"], binding_rules=[],
    closes_at=timezone.now() + timedelta(days=30), ceiling_usd=35_000, least_countries=3,
    least_other_inputs_percent=100,
)
call.required_papers.create(name="Letter")
call.required_papers.create(name="Plan")
draft = Proposal.objects.create(call=call, institution=institution, title="Biogas")
begun = Proposal.objects.create(call=call, institution=institution, title="Bamboo")
begun.reference, begun.sent_at, begun.state = "P-2027-1", timezone.now(), "under_way"
begun.save()
final = begun.reports_due.create(kind="final", due_on=timezone.localdate())
proposals = f"/my/{institution.slug}/proposals/"
link = DelegateLink.renew(person)
made = {
    "papers": f"{proposals}{draft.pk}/endorsements/",
    "report": f"{proposals}{begun.pk}/reports/",
    "spent": {f"final-{final.pk}-spent_usd": "26,000", f"final-{final.pk}-spent_on": "2026-11-01"},
    "profile": f"/my/{institution.slug}/profile/",
    "answers": reverse("meetings:register_answers", args=[meeting.slug, institution.slug, key]),
    "own answers": link.path("own_answers"),
}
print("MADE", json.dumps(made))
"""
FILES_KEPT = """
SELECT (SELECT count(*) FROM calls_endorsement WHERE file <> ''),
(SELECT count(*) FROM calls_reportdue WHERE file <> ''),
(SELECT count(*) FROM meetings_delegateanswer WHERE file <> ''),
(SELECT count(*) FROM members_logo WHERE alt = 'A leaf')
"""


def test_every_kind_of_form_takes_its_files(machine, people):
    """Each 20 MB, two at once where there are several; 9 MB of a picture and of a sheet."""
    said = machine.run("sscnet shell", stdin=FORMS_WITH_FILES).stdout
    made = json.loads(said.partition("MADE ")[2])
    tls, scan = certificate(machine), ("scan.pdf", pdf_of(20 * 1024**2))
    logo = ("logo.png", noise(1750))
    visitor, nobody, other = Visitor(tls, people[1]["session"]), Visitor(tls), people[2]

    send_files(visitor, made["papers"], scan)
    send_files(visitor, made["report"], scan, **made["spent"])
    send_files(visitor, made["profile"], logo, logo_alt="A leaf")
    send_files(visitor, made["answers"], scan)
    send_files(nobody, made["own answers"], scan)
    visitor = Visitor(tls, other["session"])
    page = follow(visitor.get(f"{other['path']}people/"))
    follow(visitor.submit(page, "people/", **one_person("Li")))
    send_files(visitor, f"{other['path']}questions/", scan)
    assert query(machine, FILES_KEPT) == "2|2|2|1"

    sheet = send_files(visitor, f"{other['path']}people/sheet/", ("a.csv", b"a,b\n" * 2_300_000))
    assert "error-summary" in sheet.text
    page = visitor.post("/admin/projects/project/add/", data=b"x" * (50 * 1024**2))
    assert page.status_code == 403


def noise(width):
    content = io.BytesIO()
    Image.frombytes("RGB", (width, width), random.randbytes(3 * width**2)).save(content, "PNG")
    return content.getvalue()


def send_files(visitor, path, file, **values):
    """Send the first form with files of a page, each of them this one."""
    page = follow(visitor.get(path))
    document = lxml.html.fromstring(page.content, base_url=page.url)
    form = next(form for form in document.forms if form.get("enctype"))
    files = dict.fromkeys(form.xpath('.//input[@type="file"]/@name'), file)
    return follow(visitor.submit(page, form.action or page.url, files, **values))


def test_too_large_a_body_is_refused_before_it_is_read(visitor):
    answer = visitor.post("/accounts/login/", data=b"x" * (2 * 1024**2))
    assert answer.status_code == 413
    assert "提交的内容过大" in answer.content.decode()


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_list_is_compressed_and_not_sent_again_to_who_has_it(visitor, encoding):
    first = visitor.get(LIST, headers={"Accept-Encoding": encoding})
    assert first.headers["Content-Encoding"] == encoding
    known = {"Accept-Encoding": encoding, "If-None-Match": first.headers["ETag"]}
    again = visitor.get(LIST, headers=known)
    assert (again.status_code, again.content) == (304, b"")


def test_64_public_pages_and_files_are_sent_as_they_should(visitor):
    answers = {path: visitor.get(path) for path in public_addresses(visitor)}
    assert {path: a.status_code for path, a in answers.items() if a.status_code != 200} == {}
    wrong = {path: found for path, a in answers.items() if (found := list(faults(path, a)))}
    assert wrong == {}
    kinds = {answer.headers["Content-Type"].partition(";")[0] for answer in answers.values()}
    assert {"text/html", "text/csv", "application/json", "application/atom+xml"} <= kinds
    assert {"text/css", "image/svg+xml", "application/xml", "text/calendar"} <= kinds


def public_addresses(visitor):
    """Return 64 addresses: those of READ, and what they lead to, by turns."""
    links = [links_of(visitor, path) for path in [*READ, "/meetings/sample-annual-meeting/"]]
    found = [*READ, "/api/v1/projects", "/sitemap.xml", "/robots.txt", "/meetings/calendar.ics"]
    for n in range(64):
        found += [page[n] for page in links if n < len(page)]
    return list(dict.fromkeys(found))[:64]


def links_of(visitor, path):
    """Return the addresses that a page names, of files first."""
    document = lxml.html.fromstring(visitor.get(path).content)
    document.make_links_absolute(PORTAL + path)
    named = [link.partition("#")[0] for _, _, link, _ in document.iterlinks()]
    ours = [link.removeprefix(PORTAL) for link in named if link.startswith(f"{PORTAL}/")]
    public = [link for link in ours if not re.match("(/zh-hans)?/(accounts|admin|my)/", link)]
    return sorted(dict.fromkeys(public), key=lambda link: "." not in link)


def faults(path, answer):
    headers = answer.headers
    kind = headers["Content-Type"]
    is_static = path.startswith("/static/")
    if TEXT.search(kind) and len(answer.content) > 1024 and "Content-Encoding" not in headers:
        yield f"{kind} is not compressed"
    if "Set-Cookie" in headers:
        yield "sets a cookie"
    if headers.get("Strict-Transport-Security") != "max-age=31536000; includeSubDomains":
        yield "HSTS is missing or there twice"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "nosniff is missing"
    if is_static and "immutable" not in headers["Cache-Control"]:
        yield f"is kept too short: {headers['Cache-Control']}"
    if not is_static and not {"Content-Security-Policy", "Permissions-Policy"} <= headers.keys():
        yield "no Content-Security-Policy or Permissions-Policy"
    if kind.startswith("text/html") and not {"ETag", "Cache-Control"} & headers.keys():
        yield "says nothing about keeping it"


def test_an_address_that_is_made_up_is_not_believed(machine, visitor):
    """Who fails to sign in is noted with the address that nginx sees."""
    page = visitor.get("/accounts/login/")
    visitor.headers["X-Forwarded-For"] = "203.0.113.7"
    visitor.submit(page, "/accounts/login/", login="nobody@example.org", password="wrong")
    noted = machine.run("journalctl -u sscnet; cat /var/log/sscnet/*.log 2>/dev/null", check=False)
    assert "203.0.113" not in noted.stdout
    assert "127.0.0" in noted.stdout


def test_without_tls_pages_lead_on_and_the_api_refuses(visitor):
    page = visitor.get("http://localhost/about/", allow_redirects=False)
    assert (page.status_code, page.headers["Location"]) == (301, f"{PORTAL}/about/")
    assert visitor.get("http://localhost/api/v1/projects").status_code == 403


# ------------------------------------------------------------------ being told


def test_slow_pages_are_found_in_the_journal(machine):
    machine.run("apt-get install --yes --no-install-recommends jq")
    question = documented("docs/machine.md", "journalctl -u sscnet", {"1000": "0"})
    lines = [json.loads(line) for line in machine.run(question).stdout.splitlines()]
    assert {"/about/", "/members/"} <= {line["path"] for line in lines}
    assert all(line["milliseconds"] > 0 for line in lines)


def test_in_mainland_china_requests_are_kept_for_190_days_and_only_root_reads_them(
    machine, visitor
):
    log, env = "/var/log/sscnet-requests", "/etc/sscnet/portal.env"
    machine.run(f"echo MAINLAND=true >>{env} && systemctl restart sscnet")
    visitor.get("/projects/?q=bamboo&pass=geheim")
    for days in (180, 200):
        old = f"{log}/old/requests.log-$(date -d '-{days} days' +%Y%m%d-%s).gz"
        machine.run(f"echo '{{}}' | gzip >{old} && touch -d '-{days} days' {old}")
    machine.run("logrotate --force /etc/logrotate.d/sscnet")
    visitor.get("/about/")

    ages = machine.run(f"find {log}/old -mtime +100 -printf '%Cs %Ts\\n'").stdout.splitlines()
    assert len(ages) == 1
    said = machine.run("sscnet requests --address 127.0.0.0/8").stdout
    assert re.search(r"GET /projects/\?q=bamboo&pass=… 200\n(.*\n)*.*GET /about/ 200", said)
    as_portal = "setpriv --reuid=sscnet --regid=sscnet --clear-groups"
    for act in (f"cat {log}/requests.log", f"mv {log}/requests.log /tmp", f"ls {log}"):
        assert machine.run(f"{as_portal} {act}", check=False).returncode != 0, act
    machine.run(f"sed -i /^MAINLAND=/d {env} && systemctl restart sscnet")


# ------------------------------------------------------------------ bad days


def test_while_the_portal_is_down_a_page_in_both_languages_says_so(machine, visitor):
    machine.run("systemctl stop sscnet.socket sscnet.service")
    answers = [visitor.get("/"), visitor.get("/zh-hans/projects/")]
    answers.append(visitor.post("/accounts/login/", data={"login": "a@example.org"}))
    machine.run("systemctl start sscnet.socket sscnet.service")
    for one in answers:
        assert (one.status_code, one.headers["Retry-After"]) == (503, "120")
        assert "We will be back" in one.text
        assert "网站维护中" in one.content.decode()
    wait_for(lambda: visitor.get("/").status_code == 200)


def test_a_process_that_is_killed_comes_back(machine, visitor):
    machine.run("systemctl kill --signal=KILL sscnet.service sscnet-worker.service")
    wait_for(lambda: visitor.get("/").status_code == 200, seconds=20)
    wait_for(lambda: machine.run("systemctl is-active sscnet-worker", check=False).returncode == 0)


def test_a_database_that_is_killed_comes_back(machine, visitor):
    def process():
        shown = "systemctl show --property=MainPID --value postgresql@17-main.service"
        return machine.run(shown).stdout.strip()

    killed = process()
    machine.run("systemctl kill --signal=KILL postgresql@17-main.service")
    wait_for(lambda: process() not in (killed, "0"))
    wait_for(lambda: visitor.get("/readyz").status_code == 200, seconds=20)


def test_who_asks_for_too_much_at_once_is_told_to_wait(visitor):
    """Not an office: sixty at once and five each second pass."""
    answers = [visitor.get("/accounts/", allow_redirects=False) for _ in range(200)]
    statuses = [answer.status_code for answer in answers]
    assert set(statuses[:60]) == {302}
    refused = answers[statuses.index(429)]
    assert "尝试次数过多" in refused.content.decode()
