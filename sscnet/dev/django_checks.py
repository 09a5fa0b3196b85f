"""What Django itself checks in `make lint`: python -m sscnet.dev.django_checks, with a database.

One process for three checks, because each start of Django takes seconds.
"""

import os
import sys

import django
from django.core.management import CommandError, call_command


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sscnet.settings")
    django.setup()
    # Wants Django to be set up.
    from sscnet.dev import migrations

    try:
        call_command("check", deploy=True, fail_level="WARNING")
        call_command("makemigrations", check_changes=True, dry_run=True)
    except CommandError as error:
        return str(error)
    return migrations.lint()


if __name__ == "__main__":
    sys.exit(main())
