"""Bring the database of `make run` up to date: python -m sscnet.dev.prepare, in its environment.

One process for four commands, because each start of Django takes more than a second.
"""

import os
import sys

import django
from django.core.management import CommandError, call_command

from sscnet.dev.steps import echo


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sscnet.settings")
    django.setup()
    echo("Bringing the tables up to date ...")
    # The first time it takes a minute or two: its lines are a sign of life.
    call_command("migrate")
    echo("Loading the Network's records ...")
    call_command("load_network")
    echo("Making demo accounts ...")
    call_command("make_demo_accounts")
    echo("Making sample records ...")
    call_command("make_sample")


if __name__ == "__main__":
    try:
        main()
    except CommandError as error:
        # It was written for the reader, unlike a traceback.
        sys.exit(str(error))
