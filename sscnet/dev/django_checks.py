"""What Django itself checks in `make lint`: python -m sscnet.dev.django_checks, with a database.

One process for three checks, because each start of Django takes seconds. The last looks at the
migrations of the next version:
`deploy/upgrade` migrates while the version before still serves, and `deploy/rollback` lets it serve
again. So no migration may rewrite a table, hold a long lock, or take away what that version needs:
its INSERTs do not know a new column, which therefore is nullable or has a `db_default`.
"""

import os
import sys

import django
from django.core.management import CommandError, call_command
from django.db.migrations.loader import MigrationLoader

from sscnet.dev import CHECKOUT

OURS = ("sscnet.", "members.", "projects.", "meetings.", "secretariat.")
# The newest migration of each of our apps in the last version; a release writes it anew. What must
# break a rule is raised here too, and the CHANGELOG says that pages stop meanwhile.
RELEASED = CHECKOUT / "sscnet" / "dev" / "released_migrations.txt"


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sscnet.settings")
    django.setup()
    # Wants Django to be set up.
    from django_migration_linter import MigrationLinter

    try:
        call_command("check", deploy=True, fail_level="WARNING")
        call_command("makemigrations", check_changes=True, dry_run=True)
    except CommandError as error:
        return str(error)
    linter = MigrationLinter(str(CHECKOUT), no_cache=True, quiet=["ok"])
    for migration in newer(released(), MigrationLoader(None).disk_migrations):
        linter.lint_migration(migration)
    return "Migrations would stop pages (docs/machine.md)." if linter.has_errors else None


def released():
    return dict(line.split() for line in RELEASED.read_text().splitlines())


def newer(known, migrations):
    """Return the migrations of our apps that come after the known ones."""
    return [
        migration
        for (app, name), migration in sorted(migrations.items())
        if migration.__module__.startswith(OURS) and name > known.get(app, "")
    ]


if __name__ == "__main__":
    sys.exit(main())
