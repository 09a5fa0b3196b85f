"""Which projects changed, and when: written by triggers, read by what is kept beside the records.

The triggers (migration `log_of_changes`) write a row whatever way a record changes: form, import,
bulk update, SQL. A change of a link counts as one of its project (`records.triggers.touch`).
"""

from django.db import models
from django.db.models.functions import Now


class TransactionId(models.Field):
    """PostgreSQL's own number of a transaction, the full one that never starts again."""

    def db_type(self, connection):
        return "xid8"


class CurrentTransaction(models.Func):
    function = "pg_current_xact_id"
    arity = 0
    output_field = TransactionId()


class Change(models.Model):
    """A project changed. What is newer than a snapshot: see `catalogue.changes`.

    No foreign key: a deleted project is told of too.
    """

    # Instead of a project's id: the words of a code list or an institution's name; everything;
    # something else that pages show beside the projects.
    NAMES = 0
    EVERYTHING = -1
    PAGES = -2

    project_id = models.BigIntegerField()
    xid = TransactionId(db_default=CurrentTransaction())
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["xid"], name="change_xid")]

    def __str__(self):
        return f"{self.project_id} in {self.xid}"
