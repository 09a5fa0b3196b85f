"""What the search reads instead of the records; written by `projects.search.index` only.

A project's entry holds its own words. Countries, institutions, sectors, goals and areas stand in it
by their keys (`c=VN`, `i=12`), and their names in a table of their own: renaming a country that
takes part in 30,000 projects changes one row.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """The words of a published project, and the keys of what it is linked to.

    No foreign key of the database: a change is noted in `SearchChange`, and whoever searches next
    removes the entry of a project that is gone.
    """

    project = models.OneToOneField(
        "projects.Project",
        models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="+",
    )
    words = SearchVectorField()
    titles = SearchVectorField()

    class Meta:
        # Without a list of entries still to be sorted in: each search would go through it.
        indexes = [
            GinIndex(fields=["words"], name="search_words", fastupdate=False),
            GinIndex(fields=["titles"], name="search_titles", fastupdate=False),
        ]

    def __str__(self):
        return str(self.project_id)


class SearchName(models.Model):
    """The names of something that projects are linked to, with the lexeme that stands for it."""

    class Kind(models.TextChoices):
        COUNTRY = "country"
        SECTOR = "sector"
        SDG = "sdg"
        AREA = "area"
        INSTITUTION = "institution"

    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=20)
    lexeme = models.CharField(max_length=30, unique=True)
    words = SearchVectorField()
    pinyin = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_name_once")]

    def __str__(self):
        return self.lexeme


class SearchWord(models.Model):
    """A word that stands in some entry or name, as people may type or mistype it."""

    # Compared byte by byte, so that its index finds beginnings.
    word = models.CharField(max_length=60, primary_key=True, db_collation="C")
    lexeme = models.CharField(max_length=60, db_collation="C")

    def __str__(self):
        return self.word


class SearchChange(models.Model):
    """A record that changed since its words were written; a trigger notes it, once a transaction.

    Rows are only added and, once read, deleted: a row that another transaction may still be about
    to commit is then never lost, which a mark on one row a record could be.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=20)
    xid = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "xid"], name="search_change_once")
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"
