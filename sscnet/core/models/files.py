"""Documents and pictures of a record."""

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from PIL import Image

from ..i18n.languages import Language
from ..uploads.documents import DOCUMENT_KINDS, check_document, document_name, safe_download_name
from ..uploads.pictures import clean_picture, picture_names
from ..uploads.validators import is_stored, validate_document, validate_picture
from .fields import InSomeLanguage, PartialDateField
from .translated import TranslatedModel


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
    # The field of its record.
    belongs_to = ""

    class Meta:
        abstract = True
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["kind", "id"]

    def __str__(self):
        return self.title_i18n or self.get_kind_display()

    @property
    def is_public(self):
        return getattr(self, self.belongs_to).is_published

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
        blank=True,
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
    # The field of its record.
    belongs_to = ""

    class Meta:
        abstract = True
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["id"]
        constraints = [InSomeLanguage(field="alt", name="%(class)s_alt_in_some_language")]

    def __str__(self):
        return self.alt_i18n

    @property
    def is_public(self):
        return getattr(self, self.belongs_to).is_published

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


def store_picture(file: File) -> tuple[str, int, int]:
    """Store a picture in all its widths; return the name, width and height of the largest.

    Raises ValidationError when the file is no picture the portal takes.
    """
    by_width = clean_picture(file)
    try:
        for picture in by_width.values():
            default_storage.save(picture.name, picture)
    except OSError:
        for picture in by_width.values():
            default_storage.delete(picture.name)
        raise
    largest = by_width[max(by_width)]
    with Image.open(largest) as image:
        return (largest.name, *image.size)
