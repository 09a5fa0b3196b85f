"""What the search reads instead of the records, written by `renewal` only; and the synonyms."""

from collections.abc import Iterable
from datetime import timedelta

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.database.sql import execute
from sscnet.core.database.stamps import WORDS
from sscnet.core.database.triggers import LogsChange
from sscnet.core.personal_data import retention

from .synonyms import terms_of


class Document(models.Model):
    """What a record is found by.

    No foreign key: the kinds of record are those that apps register, see `documents`.
    """

    pk = models.CompositePrimaryKey("kind", "key")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=20)
    # Of the record it was made from; nothing for kinds that have none.
    updated_at = models.DateTimeField(null=True)
    # Its own words and the keys of what it is linked to; nothing when the public may not find it.
    words = SearchVectorField(null=True)
    titles = SearchVectorField(null=True)
    # By these words of a name, and its pinyin, all that is linked to it is found.
    names = SearchVectorField(null=True)
    pinyin = models.TextField(blank=True)
    # Found only where samples are shown.
    is_sample = models.BooleanField(default=False)

    class Meta:
        # Without a list of entries still to be sorted in: each search would go through it.
        indexes = [
            GinIndex(fields=["words"], name="search_words", fastupdate=False),
            GinIndex(fields=["titles"], name="search_titles", fastupdate=False),
            models.Index(fields=["kind"], name="search_names", condition=Q(names__isnull=False)),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"


class Word(models.Model):
    """A word that stands in some document, as people may type or mistype it."""

    # Compared byte by byte, so that its index finds beginnings.
    word = models.CharField(max_length=60, primary_key=True, db_collation="C")
    lexeme = models.CharField(max_length=60, db_collation="C")
    # Stands, or stood, in no document but those of samples.
    is_sample = models.BooleanField(default=False)

    def __str__(self):
        return self.word


class Renewal(models.Model):
    """The state of the records that all documents of a kind are at least as new as."""

    kind = models.CharField(max_length=20, primary_key=True)
    stamp = models.TextField()

    def __str__(self):
        return self.kind


class UnmetWord(models.Model):
    """A word of questions that found nothing good, counted by day: of nobody, and in no sentence.

    Written by searches, kept for a year.
    """

    # What a reader may make of the table in a day: one who asks for made-up words fills no more.
    MOST_A_DAY = 500
    COUNT = """
    INSERT INTO search_unmetword (day, word, count)
    SELECT %(day)s, word, 1 FROM unnest(%(words)s::text[]) AS word
    WHERE %(most)s > (SELECT count(*) FROM search_unmetword WHERE day = %(day)s)
        OR EXISTS (SELECT FROM search_unmetword AS other WHERE (day, other.word) = (%(day)s, word))
    ON CONFLICT (day, word) DO UPDATE SET count = search_unmetword.count + 1
    """

    day = models.DateField(_("day"))
    word = models.CharField(_("word"), max_length=40)
    count = models.PositiveIntegerField(_("questions"))

    class Meta:
        verbose_name = _("word of questions without an answer")
        verbose_name_plural = _("words of questions without an answer")
        ordering = ["-day", "-count", "word"]
        constraints = [models.UniqueConstraint(fields=["day", "word"], name="unmet_word")]

    def __str__(self):
        return self.word

    @classmethod
    def note(cls, words: Iterable[str]) -> None:
        """Count these words; what may be a number or an address of somebody is left out."""
        plain = sorted({word.lower() for word in words if word.isalpha() and len(word) <= 40})
        day = timezone.localdate()
        execute(cls.COUNT, {"day": day, "words": plain, "most": cls.MOST_A_DAY})


@retention.rule("unmet_words", UnmetWord._meta.verbose_name_plural)
def forget_old_words() -> int:
    old = UnmetWord.objects.filter(day__lt=timezone.localdate() - timedelta(days=365))
    return old.delete()[0]


@pghistory.track()
class Synonym(models.Model):
    """Words of any language that mean the same: who asks for one finds the others."""

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    words = models.CharField(
        _("words"),
        max_length=500,
        help_text=_("English and Chinese, with commas between them: mushroom, 蘑菇, 食用菌"),
    )
    says_nothing = models.BooleanField(
        _("left out of questions"),
        default=False,
        help_text=_("Words of need and grammar, which say nothing of a subject: who can, 有没有."),
    )

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms of the search")
        ordering = ["slug"]
        triggers = [LogsChange(WORDS)]

    def __str__(self):
        return self.words

    def clean(self):
        if len(terms_of(self.words)) < 2 and not self.says_nothing:
            message = _("Write two words or more, with commas between them.")
            raise ValidationError({"words": message})
