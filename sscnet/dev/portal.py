"""`make run`: the portal on this machine, with its database, until Ctrl-C."""

import contextlib
import os
import subprocess
import sys

import psycopg
from environs import Env

from sscnet.dev import CHECKOUT, DevError, ports, postgres, processes, steps, translations

DATABASE = "sscnet"
# So that IATI files can be looked at; their names say that nobody of the kind is registered.
EXAMPLE_PUBLISHER = {
    "IATI_REGISTRATION_AGENCY": "XI-ROR",
    "IATI_REPORTING_ORG_REF": "XI-ROR-EXAMPLE",
    "IATI_REPORTING_ORG_NAME": "Example organisation, not registered",
    "IATI_REPORTING_ORG_NAME_ZH": "示例组织（未注册）",
    "IATI_REPORTING_ORG_TYPE": "10",
    "IATI_SECONDARY_REPORTER": "true",
}


def run(port_argument=None):
    port = ports.chosen_port(port_argument)
    ports.check_free(port)
    try:
        with environment() as env:
            prepare(env)
            serve(port, env)
    except SystemExit:
        steps.echo("\nStopped, and the database too.")
    return 0


def manage(*arguments):
    """Run any command of manage.py, on the database of `make run`."""
    # Ctrl-C is the command's: in a shell it only drops the line.
    with environment() as env, processes.signals_ignored():
        command = steps.manage(*arguments)
        return subprocess.run(command, check=False, cwd=CHECKOUT, env=env).returncode


@contextlib.contextmanager
def environment():
    """Yield the variables for Django: DEBUG, and DATABASE_URL of a database that answers."""
    Env().read_env(CHECKOUT / ".env", recurse=False)
    with database(postgres.development_server) as url:
        # Among the accounts its lines would hide them.
        defaults = {"SECURITY_LOG": str(CHECKOUT / ".local" / "security.log")}
        defaults |= publisher(os.environ)
        yield defaults | os.environ | {"DATABASE_URL": url, "DEBUG": "true"}


def publisher(given):
    """Return an example of who reports to IATI, if the settings name nobody."""
    is_named = any(name.startswith("IATI_") and value for name, value in given.items())
    return {} if is_named else EXAMPLE_PUBLISHER


@contextlib.contextmanager
def database(private_server, name=DATABASE):
    """Yield the address of the database that DATABASE_URL names, else of a private one."""
    given = os.environ.get("DATABASE_URL")
    if given:
        check_reachable(given)
        yield given
        return
    postgres.forget_libpq_variables()
    steps.echo("Starting the private database ...")
    with private_server() as server:
        server.create_database(name)
        yield server.url(name)


def check_reachable(url):
    """Connect once with a short patience, where Django and its pool would try for long."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise DevError("DATABASE_URL must begin with postgresql:// (see .env.example).")
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise DevError(
            f"The database that DATABASE_URL names cannot be reached ({reason}): "
            "start it, correct the address (special characters of its password as %xx), or unset "
            "DATABASE_URL for a private one."
        ) from error


def prepare(env):
    # What the sample records write is written in both languages.
    translations.compile_all()
    command = [sys.executable, "-m", "sscnet.dev.prepare"]
    if subprocess.run(command, check=False, cwd=CHECKOUT, env=env).returncode != 0:
        raise DevError("The records could not be prepared: the lines above say why.")


def programs(port):
    """Return the commands that run side by side."""
    return [
        steps.manage("runserver", f"{ports.HOST}:{port}"),
        steps.manage("worker", "--verbosity", "0"),
    ]


def serve(port, env):
    env = {"PORTAL_ADDRESS": f"http://{ports.HOST}:{port}"} | env
    env |= {"DJANGO_RUNSERVER_HIDE_WARNING": "true"}
    children = [processes.start(command, env) for command in programs(port)]
    try:
        announce(port, children)
        ended = processes.wait_for_first(children)
    finally:
        processes.stop(children)
    if ended.returncode != 0:
        raise DevError("The portal stopped by itself: the lines above say why.")


def announce(port, children):
    """Print the address once it answers."""

    def settled():
        return ports.answers(port) or any(child.poll() is not None for child in children)

    processes.wait_until(settled, seconds=60)
    if all(child.poll() is None for child in children):
        here = f"http://{ports.HOST}:{port}"
        steps.echo(
            f"\nThe portal is at {here}/ and its office at {here}/admin/\n"
            f"中文：网站 {here}/zh-hans/，工作台 {here}/zh-hans/admin/\n"
            'Accounts to sign in with: above, under "Making demo accounts".\n'
            "Mails are shown here.\n"
            "Ctrl-C stops the portal and its database.\n"
        )
