"""What every public record shares: publication, old slugs, sources, withdrawal."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import pghistory
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField
from pypinyin import lazy_pinyin

from ..database.stamps import SOURCES
from ..database.triggers import LogsChange
from ..records import basis, completeness, samples
from .translated import TranslatedModel


def validate_readable_name(name: str) -> None:
    if re.fullmatch(r"(https?://)?[\w-]+(\.[\w-]+)+(/\S*)?", name, re.ASCII):
        raise ValidationError(_("Write who published it, in words; the address has its own box."))


@pghistory.track()
class Source(TranslatedModel):
    """Where values of a record come from; numbered in the order in which they were entered.

    A row without a name says only how they are known: translated by us, worked out.
    """

    class Confidence(models.TextChoices):
        HIGH = "high", _("high")
        MEDIUM = "medium", _("medium")
        LOW = "low", _("low")
        NOT_STATED = "", _("not stated")

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.CharField(max_length=20)
    record = GenericForeignKey()
    name = models.CharField(
        _("name"),
        max_length=500,
        blank=True,
        validators=[validate_readable_name],
        help_text=_("Who published it, what it is and when, in words."),
    )
    address = models.URLField(_("address"), max_length=1000, blank=True)
    fields = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("what it is for"),
        default=list,
        blank=True,
        help_text=_("None: all that no other source is for."),
    )
    how = models.CharField(
        _("how it is known"),
        max_length=30,
        choices=[("", _("stated by the source")), *basis.OF_SOURCES],
        blank=True,
    )
    confidence = models.CharField(
        _("confidence"),
        max_length=10,
        choices=Confidence,
        blank=True,
        default=Confidence.NOT_STATED,
    )
    read_on = models.DateField(_("consulted on"), null=True, blank=True)
    i18n = TranslationField(fields=["name"])

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["id"]
        indexes = [models.Index(fields=["content_type", "object_id"])]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name="")
                | ~models.Q(models.Q(how="") | models.Q(fields=[]))
                | models.Q(i18n__isnull=False, i18n__has_key="name_zh_hans"),
                name="source_named_or_basis",
            )
        ]
        triggers = [LogsChange(SOURCES)]

    def __str__(self):
        return self.name_i18n or str(self.get_how_display())

    @property
    def is_named(self):
        return bool(self.name or self.name_zh_hans)

    def clean(self):
        super().clean()
        # A form has no field `i18n`, and so passes by the constraint.
        if not (self.is_named or (self.how and self.fields)):
            raise ValidationError({"name": basis.NAME_OR_BASIS})


class OldSlug(models.Model):
    """An address that a record had before; written by a trigger, read by redirects."""

    model = models.CharField(max_length=100)
    slug = models.CharField(max_length=200)
    object_id = models.BigIntegerField()
    replaced_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "slug"], name="old_slug_once")]

    def __str__(self):
        return self.slug


class Withdrawal(TranslatedModel):
    """What the page of a withdrawn record says: why, and what replaces it.

    Written with the step, and deleted when the record is published again.
    """

    model = models.CharField(max_length=100)
    object_id = models.BigIntegerField()
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    # A record of the same model.
    replacement_key = models.BigIntegerField(null=True)
    is_duplicate = models.BooleanField(default=False)
    i18n = TranslationField(fields=["reason"])

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["model", "object_id"], name="withdrawal_once")
        ]

    def __str__(self):
        return f"{self.model} {self.object_id}"

    @cached_property
    def replacement(self):
        """Return the record that replaces it, if the public may see that one."""
        records = apps.get_model(self.model).objects.published()
        return records.filter(pk=self.replacement_key).first()


class State(models.TextChoices):
    """The state of publication."""

    DRAFT = "draft", _("draft")
    READY = "ready", _("ready")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", pgettext_lazy("record", "withdrawn")


class PublicRecordQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)

    def public(self):
        """Return what public lists, counts and figures are made of: no samples, unless shown.

        See `samples`. A record read by its own address, or by an id of such a list, is
        `published`.
        """
        published = self.published()
        return published if samples.are_shown() else published.filter(is_sample=False)

    def with_address(self):
        """Return the records with a public page: a withdrawn one shows a notice.

        It does so too while it is a draft again.
        """
        public = models.Q(state__in=[State.PUBLISHED, State.WITHDRAWN])
        return self.filter(public | models.Q(published_at__isnull=False))

    def visible_to(self, user):
        """Return the records whose page this user may open; staff who may view see drafts too."""
        permission = f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"
        return self if user.has_perm(permission) else self.with_address()

    def for_gaps(self):
        """Load with the records the relations that `gaps` looks at."""
        return self.prefetch_related(*completeness.relations(self.model))

    def for_slug(self, slug):
        """Return the record of this slug, now or before; the present owner of a slug wins."""
        now = self.order_by().filter(slug=slug).values("pk")
        old = OldSlug.objects.filter(model=self.model._meta.label_lower, slug=slug)
        # Either is looked up in an index of its own, the old slugs only if no record has it now.
        return self.filter(pk=Coalesce(Subquery(now), Subquery(old.values("object_id"))))


# Addresses below the lists of records and /about/ that are no records.
RESERVED_SLUGS = frozenset({"calendar", "compare", "data", "export", "feed", "values"})


class PublicRecord(TranslatedModel):
    """A record with a page of its own: an address, a state of publication, sources, history."""

    State = State

    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        blank=True,
        help_text=_("Last part of the page’s address. Old addresses keep working."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    is_sample = models.BooleanField(
        _("sample"),
        default=False,
        editable=False,
        help_text=_("Made up, for trying out the portal."),
    )
    note = models.TextField(
        _("note for staff"), blank=True, help_text=_("Never shown to the public.")
    )
    published_at = models.DateTimeField(_("first published"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(
        pgettext_lazy("moment of a record", "withdrawn"), null=True, editable=False
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("last changed"), db_default=Now(), editable=False)
    sources = GenericRelation(Source)

    objects = PublicRecordQuerySet.as_manager()
    # What a page's statement read with the record, by link; see `sscnet.core.pages.statements`.
    rows_read: Mapping[str, list] = MappingProxyType({})

    class Meta:
        abstract = True

    def rows(self, link: str) -> Iterable[models.Model]:
        """Return the rows of a link as they were read with the record, or else by the ORM."""
        return self.rows_read[link] if link in self.rows_read else getattr(self, link).all()

    def save(self, **kwargs):
        if not self.slug:
            self.slug = self.free_slug()
        super().save(**kwargs)

    def clean(self):
        super().clean()
        if self.slug in RESERVED_SLUGS:
            message = _("Another page of the portal has this address.")
            raise ValidationError({"slug": message})
        if self.slug and self.slug_was_another_records(self.slug):
            message = _(
                "Another record had this address before, and links to it must keep working."
            )
            raise ValidationError({"slug": message})

    def name_for_slug(self):
        """Return the text the address is made of; Chinese is written in pinyin."""
        raise NotImplementedError

    def free_slug(self):
        """Return an address made of the record's name that no other record has or had."""
        text = self.name_for_slug()
        base = slugify(text)[:100] or slugify(" ".join(lazy_pinyin(text)))[:100]
        base = base.strip("-") or self._meta.model_name
        base = f"{base}-{self._meta.model_name}" if base in RESERVED_SLUGS else base
        slug, n = base, 1
        others = type(self)._base_manager.exclude(pk=self.pk)
        while others.filter(slug=slug).exists() or self.slug_was_another_records(slug):
            n += 1
            slug = f"{base}-{n}"
        return slug

    def slug_was_another_records(self, slug):
        old = OldSlug.objects.filter(model=self._meta.label_lower, slug=slug)
        return old.exclude(object_id=self.pk or 0).exists()

    @property
    def is_published(self):
        return self.state == State.PUBLISHED

    @property
    def is_withdrawn(self):
        """Return whether the public may no longer see what it once saw."""
        return self.state == State.WITHDRAWN or (self.was_public and not self.is_published)

    @cached_property
    def withdrawal(self):
        if not self.is_withdrawn:
            return None
        found = Withdrawal.objects.filter(model=self._meta.label_lower, object_id=self.pk)
        return found.first()

    @property
    def was_public(self):
        return self.published_at is not None

    @property
    def has_address(self):
        """Return whether the public sees it, or a notice in its place; see `with_address`."""
        return self.state in (State.PUBLISHED, State.WITHDRAWN) or self.was_public

    def reason_to_leave(self, model, field):
        """Return why no version may change this field of the record or its rows; "" if it may."""
        return ""

    def gaps(self) -> list[completeness.Requirement]:
        """List what the record lacks, in the order of its fields."""
        return completeness.gaps(self)
