"""The tables of the tests, kept between runs until the code changes that makes them."""

import hashlib
import os
import re

import psycopg
from psycopg.sql import SQL, Identifier

from sscnet.dev import CHECKOUT, steps

OURS = ["sscnet", "members", "projects", "meetings", "secretariat"]
PLACES = {"migrations", "models"}
FILES = {"models", "apps", "groups", "settings"}
# What `migrate` installs besides is declared with one of these.
WORDS = re.compile(r"pgtrigger|pghistory|post_migrate|Trigger|models\.Model\b")


def kept(env, anew=False):
    """Return the name of the database that holds the tables, made if it is missing or old."""
    server = env["DATABASE_URL"].rpartition("/")[0]
    name = f"tables_{digest()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        # Another command may be making the same.
        connection.execute("SELECT pg_advisory_lock(1)")
        query = "SELECT datname FROM pg_database WHERE datname LIKE 'tables_%'"
        present = [found for (found,) in connection.execute(query).fetchall()]
        if anew or name not in present:
            new = f"new_{os.getpid()}"
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(new)))
            address = {"DATABASE_URL": f"{server}/{new}"}
            steps.run_quietly("Making the tables", steps.manage("migrate"), env | address)
            for old in present:
                connection.execute(SQL("DROP DATABASE {}").format(Identifier(old)))
            rename = SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(Identifier(new), Identifier(name)))
    return name


def digest():
    """Return a digest of the files that decide what the tables are like."""
    paths = [path for app in OURS for path in sorted((CHECKOUT / app).rglob("*.py"))]
    found = hashlib.sha256()
    for path in [*paths, *sorted(CHECKOUT.glob("requirements*.lock"))]:
        content = path.read_bytes()
        if path.suffix == ".lock" or decides(path.relative_to(CHECKOUT), content.decode()):
            found.update(f"{path.relative_to(CHECKOUT)} {len(content)} ".encode() + content)
    return found.hexdigest()[:16]


def decides(path, text):
    return bool(PLACES.intersection(path.parts) or path.stem in FILES or WORDS.search(text))
