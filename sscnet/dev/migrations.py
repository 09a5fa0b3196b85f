"""Lint the migrations of the next version, with a database; for `sscnet.dev.django_checks`.

`deploy/upgrade` migrates while the version before still serves, and `deploy/rollback` lets it serve
again. So no migration may rewrite a table, hold a long lock, or take away what that version needs:
its INSERTs do not know a new column, which therefore is nullable or has a `db_default`.
"""

from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from sscnet.dev import CHECKOUT

OURS = ("sscnet.", "members.", "projects.", "meetings.", "secretariat.")
# The newest migration of each of our apps in the last version; a release writes it anew. What must
# break a rule is raised here too, and the CHANGELOG says that pages stop meanwhile.
RELEASED = CHECKOUT / "sscnet" / "dev" / "released_migrations.txt"


def lint():
    """Print what is wrong, and return it in a sentence."""
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
