"""A database of its own, a meeting in a rush, and servers: for places.py and faults/."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from benchmarks.servers import HOST, Program, set_environment, wait_for_answer
from sscnet.dev import postgres, processes

# As many threads as ask at a time, so that all meet at the lock; few of them share a Python.
THREADS = 2
RUSH = Program("rush", settings="benchmarks.settings", options=f"--workers 8 --threads {THREADS}")
# Of the 4,000 people of 1,000 delegations some wait; of the workshops' 12,000 wishes most.
CAPACITY, WORKSHOPS = 3000, (300, 1000, 3000)
NGINX = """
worker_processes 1; daemon off; {user}
error_log {home}/error.log; pid {home}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;
  proxy_http_version 1.1; proxy_buffers 16 16k; proxy_buffer_size 16k; proxy_connect_timeout 1s;
  proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto https;
  proxy_set_header X-Forwarded-For $remote_addr;
  upstream portal {{ {nodes} }} {zones}
  server {{ listen {listen}; location / {{ {limits} proxy_pass http://portal; }} }}
}}
"""


@contextlib.contextmanager
def database():
    """A PostgreSQL that is as careful as a real one."""
    base = postgres.base_folder()
    postgres.make_folder(base)
    postgres.forget_libpq_variables()
    server = postgres.Server(Path(tempfile.mkdtemp(prefix="places-", dir=base)))
    try:
        with server.in_use():
            server.create_database("places")
            yield server
    finally:
        shutil.rmtree(server.home, ignore_errors=True)


def prepare(static_root, threads=THREADS, **env):
    """Set up Django on this database, in this process and for those it starts, and migrate."""
    env["DATABASE_POOL_SIZE"] = str(threads)
    set_environment(static_root, "benchmarks.settings", **env)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)


def make_meeting(institutions):
    """Make the meeting and so many institutions, each with a focal point who gets mail."""
    from meetings.models import Meeting
    from members.models import Affiliation, Institution, User

    meeting = Meeting.objects.create(title="Rush", capacity=CAPACITY, is_sample=True)
    for n, capacity in enumerate(WORKSHOPS):
        meeting.workshops.create(title=f"Workshop {n}", capacity=capacity)
    made = Institution.objects.bulk_create(
        Institution(name=f"Institution {n}", slug=f"institution-{n}", is_sample=True)
        for n in range(institutions)
    )
    users = User.objects.bulk_create(
        User(email=f"person{n}@example.org", password="!") for n in range(institutions)
    )
    Affiliation.objects.bulk_create(
        Affiliation(user=user, institution=institution, role="focal_point", since="2024-01-01")
        for user, institution in zip(users, made, strict=True)
    )
    return meeting, made


@contextlib.contextmanager
def nginx(port, ports, limits=("", "")):
    """Start an nginx before some nodes: it asks another where one left something open.

    `limits` are its zones, and what heeds them. Gives the number of the process.
    """
    nodes = " ".join(f"server {HOST}:{node} max_fails=1 fail_timeout=2s;" for node in ports)
    with tempfile.TemporaryDirectory() as home:
        file, user = Path(home, "nginx.conf"), "user root;" if os.geteuid() == 0 else ""
        given = dict(zip(("zones", "limits"), limits, strict=True), listen=f"{HOST}:{port}")
        file.write_text(NGINX.format(home=home, user=user, nodes=nodes, **given))
        process = processes.start(["nginx", "-p", home, "-c", str(file)], os.environ)
        try:
            wait_for_answer(port)
            yield process.pid
        finally:
            processes.stop([process])


def check(meeting):
    """Return what is wrong with the meeting's places: nothing, if all is well."""
    from meetings.places.audit import disagreements

    meeting.refresh_from_db()
    found = disagreements(meeting)
    for holder in (meeting, *meeting.workshops.all()):
        if holder.taken > holder.capacity:
            found.append(f"{holder} is oversold: {holder.taken} of {holder.capacity}")
    return found
