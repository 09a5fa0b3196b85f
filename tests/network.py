"""The Network's real records in the tables of a test."""

from django.db import connection, transaction

from projects.models.project import go_on_after_last_code
from secretariat.setup.loading import load_network

# What every migration leaves as it is, and no test changes: emptied, it would be made again after
# each test with transactions of its own.
KEPT = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
# The rows of each table once the records are loaded.
LOADED = {}


def fill_with_network():
    """Load the records into empty tables; after the first time in a process, copy their rows.

    No trigger fires for a copy: what they wrote is copied too. A sequence never goes back, so none
    comes to the number of a copied row.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not LOADED:
            load_network()
            for table in {*connection.introspection.django_table_names()} - KEPT:
                with cursor.copy(f"COPY {table} TO STDOUT") as rows:
                    LOADED[table] = b"".join(map(bytes, rows))
            return
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, rows in LOADED.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        go_on_after_last_code()
