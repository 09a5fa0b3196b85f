"""What every public record shares: publication, old slugs, sources, uploaded files."""

import pghistory
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.text import slugify
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslatedVirtualField, TranslationField
from pypinyin import lazy_pinyin

from . import completeness, samples
from .changes import SOURCES
from .fields import PartialDateField
from .i18n.languages import Language
from .pictures import store_picture
from .proposed import ProposedVersion  # noqa: F401 -- a model of this app
from .triggers import LogsChange
from .uploads import (
    DOCUMENT_KINDS,
    check_document,
    document_name,
    is_stored,
    picture_names,
    safe_download_name,
    validate_document,
    validate_picture,
)


class TranslatedModel(models.Model):
    """A record with translated fields (`i18n`).

    `<field>_i18n` reads through to the other language and writes the current one: cleaning it would
    copy a Chinese name into an empty English one, so it is left out.
    """

    class Meta:
        abstract = True

    def save(self, **kwargs):
        # An empty text is no translation: kept beside the others, it would count as a change.
        if "i18n" in self.__dict__:
            self.i18n = {name: text for name, text in (self.i18n or {}).items() if text} or None
        super().save(**kwargs)

    def clean_fields(self, exclude=None):
        current = {
            field.name
            for field in self._meta.private_fields
            if isinstance(field, TranslatedVirtualField) and field.language is None
        }
        super().clean_fields(exclude=current | set(exclude or ()))


@pghistory.track()
class Source(TranslatedModel):
    """Where a fact of a record comes from."""

    class Confidence(models.TextChoices):
        HIGH = "high", _("high")
        MEDIUM = "medium", _("medium")
        LOW = "low", _("low")
        NOT_STATED = "", _("not stated")

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.CharField(max_length=20)
    record = GenericForeignKey()
    name = models.CharField(_("name"), max_length=500)
    address = models.URLField(_("address"), max_length=1000, blank=True)
    supports = models.CharField(
        _("what it supports"), max_length=500, blank=True, help_text=_("Empty: the whole record.")
    )
    confidence = models.CharField(
        _("confidence"),
        max_length=10,
        choices=Confidence,
        blank=True,
        default=Confidence.NOT_STATED,
    )
    read_on = models.DateField(_("consulted on"), null=True, blank=True)
    i18n = TranslationField(fields=["name", "supports"])

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["id"]
        indexes = [models.Index(fields=["content_type", "object_id"])]
        triggers = [LogsChange(SOURCES)]

    def __str__(self):
        return self.name


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


class Change(models.Model):
    """A row of the log of changes; only `changes` reads it."""

    topic = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.topic} {self.pk}"


class LoadedValue(models.Model):
    """What `load_network` last wrote into a record; any other value is staff's own.

    `key` names the record as the file does; `values` holds field by field what was loaded.
    """

    model = models.CharField(max_length=100)
    key = models.CharField(max_length=500)
    object_id = models.CharField(max_length=20)
    values = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="loaded_once")]

    def __str__(self):
        return f"{self.model} {self.key}"


class ImportBatch(models.Model):
    """One file that was imported, by its number; the history of each record names it."""

    batch = models.UUIDField(unique=True, editable=False)
    model = models.CharField(max_length=100)
    file_name = models.CharField(_("file"), max_length=200)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    # The newest event of each table of history before it: later ones, its own aside, came since.
    reached = models.JSONField(default=dict)
    imported_at = models.DateTimeField(pgettext_lazy("moment", "imported"), db_default=Now())
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["model", "-id"], name="imports_of_model")]

    def __str__(self):
        return gettext("Import no. %(number)d") % {"number": self.pk}


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

    class Meta:
        abstract = True

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


def document_path(document, filename):
    """Return a file name of our own; nothing of the sender's is kept."""
    return document_name(check_document(document.file))


class UploadedDocument(TranslatedModel):
    """A paper of a record. Its content decides what it is; it is served as a download."""

    file = models.FileField(_("file"), upload_to=document_path, validators=[validate_document])
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    title = models.CharField(_("title"), max_length=250, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language, blank=True)
    dated = PartialDateField(_("date"), blank=True, help_text=_("2019, 2019-05 or 2019-05-21."))
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now(), editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.title_i18n or self.get_kind_display()

    def save(self, **kwargs):
        self.size = self.file.size
        super().save(**kwargs)

    @property
    def format(self):
        """Return the format as its usual abbreviation: PDF, DOCX ..."""
        return self.extension.upper()

    @property
    def extension(self):
        return self.file.name.rpartition(".")[2]

    @property
    def content_type(self):
        return DOCUMENT_KINDS[self.extension].content_type

    @property
    def download_name(self):
        return safe_download_name(str(self), self.extension)


class UploadedPicture(TranslatedModel):
    """A picture of a record, re-encoded in the widths the pages use; the largest is named here."""

    class Licence(models.TextChoices):
        CC_BY = "cc-by-4.0", "CC BY 4.0"
        CC_BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
        CC_BY_NC = "cc-by-nc-4.0", "CC BY-NC 4.0"
        PUBLIC_DOMAIN = "public-domain", _("public domain")
        BY_PERMISSION = "by-permission", _("used by permission, all rights reserved")

    image = models.FileField(_("picture"), max_length=200, validators=[validate_picture])
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        help_text=_("What the picture shows, for people who cannot see it."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(
        _("credit"),
        max_length=200,
        blank=True,
        help_text=_("Who took it: “Photo: CICETE”."),
    )
    licence = models.CharField(
        _("licence"),
        max_length=20,
        choices=Licence,
        blank=True,
        help_text=_("How others may use it. Empty: not stated."),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now(), editable=False)

    # What pages show of it.
    SHOWN = ("image", "width", "height", "alt", "caption", "credit", "licence", "i18n")

    class Meta:
        abstract = True

    def __str__(self):
        return self.alt_i18n

    def save(self, **kwargs):
        if not is_stored(self.image):
            self.image, self.width, self.height = store_picture(self.image.file)
        super().save(**kwargs)

    @property
    def names_by_width(self):
        return picture_names(self.image.name)

    @property
    def address(self):
        """Return the address as JPEG in a middle width, for what does not know WebP."""
        names = [*self.names_by_width.values()][:2]
        return default_storage.url(names[-1]).replace(".webp", ".jpg")

    @property
    def licence_address(self):
        """Return where a Creative Commons licence can be read; "" for the others."""
        kind, _, version = self.licence.removeprefix("cc-").rpartition("-")
        is_cc = self.licence.startswith("cc-")
        return f"https://creativecommons.org/licenses/{kind}/{version}/" if is_cc else ""

    @property
    def srcset(self):
        """Return the addresses of all widths, as an img element's srcset wants them."""
        names = self.names_by_width.items()
        return ", ".join(f"{default_storage.url(name)} {width}w" for width, name in names)


class RetentionRun(models.Model):
    """The protocol of the clock: what kind went, how many, and when. It holds no names."""

    kind = models.CharField(_("kind"), max_length=50)
    count = models.PositiveIntegerField(_("how many"))
    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("erasing by schedule")
        verbose_name_plural = _("erasing by schedule")
        ordering = ["-at", "-id"]
        default_permissions = ["view"]

    def __str__(self):
        return f"{self.kind}: {self.count}"
