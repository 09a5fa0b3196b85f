"""The portal's languages: collected with gettext, compiled with Babel, checked with both.

A language is a folder below `locale`; how to add one says docs/languages.md.

Compiling must work for everybody, so it needs no gettext; collecting is a developer's job.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from sscnet.dev import CHECKOUT, Problem, steps

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
NOT_OURS = [".venv", ".local", ".git", ".ci", "tests", "media", "staticfiles", "node_modules"]
NAMED_AT_MOST = 20


def collect():
    """Write the strings of code and templates into the catalogues (`make messages`)."""
    if not shutil.which("xgettext"):
        raise Problem("Collecting strings needs gettext: on Debian, apt install gettext.")
    make_messages(CHECKOUT)


def make_messages(folder):
    """Run makemessages there, without settings: where the strings are does not depend on them."""
    command = [sys.executable, "-m", "django", "makemessages", "--no-obsolete", "--no-wrap"]
    command += ["--add-location=never", "--verbosity=0"]
    command += [f"--locale={language}" for language in languages(folder)]
    command += [f"--ignore={name}" for name in NOT_OURS]
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, check=False, cwd=folder, env=env, text=True, capture_output=True)
    if done.returncode != 0:
        raise steps.failed("Collecting strings", done.stdout + done.stderr)


def languages(folder):
    """List the languages that have a folder, as gettext writes them."""
    return sorted(path.name for path in (folder / "locale").iterdir() if path.is_dir())


def compile_all(folder=CHECKOUT):
    """Compile each catalogue that is newer than what was compiled from it."""
    for source in (folder / "locale").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            _compile(source, target)


def _compile(source, target):
    """Write beside and rename, for a server may read the file at this moment."""
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".tmp", delete=False) as unfinished:
        write_mo(unfinished, read_catalogue(source))
    Path(unfinished.name).chmod(0o644)
    Path(unfinished.name).replace(target)


def check():
    """Raise a Problem that names each string that is missing, stale, untranslated or unsure."""
    steps.say("translations ...")
    findings = [finding for code in languages(CHECKOUT) for finding in _findings(code)]
    for finding in findings[:NAMED_AT_MOST]:
        steps.say(f"  {finding}")
    if findings:
        raise Problem(
            f"Stopped at this step: translations ({len(findings)} to do; "
            "`make messages` collects the strings)."
        )


def _findings(language):
    catalogue = read_catalogue(catalogue_path(CHECKOUT, language))
    findings = [f"untranslated: {text}" for text in untranslated(catalogue)]
    findings += [f"a placeholder is lost in: {text}" for text in losing(catalogue)]
    if shutil.which("xgettext"):
        return findings + differences(catalogue, collected_afresh(language))
    steps.say("  (gettext is not installed: whether every string was collected is left unchecked)")
    return findings


def untranslated(catalogue):
    """The strings that have no translation, or only a guessed one."""
    return [describe(message) for message in catalogue if message.id and is_open(message)]


def is_open(message):
    strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return message.fuzzy or not all(strings)


def losing(catalogue):
    """The strings whose translation lacks a placeholder; of two forms the English plural counts.

    Chinese has one form: translated from the English singular alone, it would say "one" of five.
    """
    return [
        describe(message)
        for message in catalogue
        if message.id and not is_open(message) and lost(message)
    ]


def lost(message):
    if isinstance(message.id, str):
        return placeholders(message.id) - placeholders(message.string)
    return placeholders(message.id[1]) - placeholders(message.string[-1])


def placeholders(text):
    return set(PLACEHOLDER.findall(text))


def differences(catalogue, fresh):
    """What the code asks for and the catalogue lacks, and the other way round."""
    kept = {describe(message) for message in catalogue if message.id}
    wanted = {describe(message) for message in fresh if message.id}
    missing = [f"missing: {text}" for text in sorted(wanted - kept)]
    return missing + [f"no longer used: {text}" for text in sorted(kept - wanted)]


def describe(message):
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"{text!r} ({message.context})" if message.context else repr(text)


def collected_afresh(language):
    """A catalogue of what code and templates ask for now, collected from a copy of them."""
    with tempfile.TemporaryDirectory(prefix="sscnet-messages-") as folder:
        copy = Path(folder) / "sources"
        # The kept catalogue comes along for its header, which tells gettext the plural forms.
        ignore = shutil.ignore_patterns(*NOT_OURS, "__pycache__")
        shutil.copytree(CHECKOUT, copy, ignore=ignore)
        make_messages(copy)
        return read_catalogue(catalogue_path(copy, language))


def catalogue_path(folder, language):
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(path):
    """The catalogue of a file; an empty one where nothing was collected yet."""
    if not path.exists():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file)
