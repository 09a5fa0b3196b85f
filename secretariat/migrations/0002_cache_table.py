from django.db import migrations

MAKE = """
CREATE TABLE IF NOT EXISTS portal_cache (
    cache_key text PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS portal_cache_expires ON portal_cache (expires);
"""


class Migration(migrations.Migration):
    """The cache lives in the database (`sscnet/core/database/cache.py`); its table has no model."""

    dependencies = [("secretariat", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, migrations.RunSQL.noop)]
