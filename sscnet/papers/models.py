"""The register of papers: what was issued, under which number, and the sealed copy that came back.

Files are encrypted, as letters show numbers of passports; they lie in the database, where erasing a
person takes them along in one transaction. Papers and templates have no history: what was issued
is not changed, and each step says when and by whom.
"""

import secrets
from datetime import timedelta

import pghistory
import pgtrigger
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from sscnet.core.database.triggers import read_only
from sscnet.core.i18n.languages import portal_languages
from sscnet.core.models.fields import by_user
from sscnet.core.personal_data import retention
from sscnet.core.personal_data.sealed import SealedBinaryField

from . import layout
from .fields import PaperKind

# Without those that look alike.
CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# So long a scan waits for who says which paper it is.
SCAN_DAYS = 30


# ------------------------------------------------------------------ what papers look like


class PaperTemplateQuerySet(models.QuerySet):
    def current(self, kind: str, language: str):
        """Return the template that officers use for this; None where it is ours."""
        return self.filter(kind=kind, language=language).order_by("-pk").first()

    def content_of(self, kind: str, language: str) -> bytes:
        found = self.current(kind, language)
        return bytes(found.content) if found else layout.ours(kind, language)


class PaperTemplate(models.Model):
    """A Word template that officers uploaded; the newest of a kind and language is used."""

    kind = models.CharField(_("kind"), max_length=15, choices=PaperKind)
    language = models.CharField(_("language"), max_length=10, choices=portal_languages)
    content = models.BinaryField(_("Word file"))
    uploaded_by = by_user(_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now())

    objects = PaperTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("template of papers")
        verbose_name_plural = _("templates of papers")
        ordering = ["-pk"]
        default_permissions = ["add", "view"]

    def __str__(self):
        version = f"{self.get_kind_display()} ({self.get_language_display()})"
        return f"{version}, {self.uploaded_at:%Y-%m-%d}" if self.pk else version


@pghistory.track(exclude=["logo"])
class PaperSettings(models.Model):
    """What all papers of the house have in common; there is one row at most."""

    # What stands before year and number: 机关代字.
    series = RegexValidator(r"^[^\s〔〕\[\]()]{1,20}$", _("Without spaces and brackets."))

    issuer = models.CharField(
        _("issuer"),
        max_length=200,
        default="Secretariat of the China South-South Cooperation Network",
        help_text=_("Stands in the letterhead and above the date."),
    )
    contact = models.CharField(
        _("contact"),
        max_length=200,
        blank=True,
        help_text=_("Name and telephone number of who answers questions about papers."),
    )
    logo = models.BinaryField(_("logo"), default=b"", blank=True)
    letters = models.CharField(
        _("code of letters"), max_length=20, default="南南网函", validators=[series]
    )
    notices = models.CharField(
        _("code of notices"), max_length=20, default="南南网发", validators=[series]
    )
    certificates = models.CharField(
        _("code of certificates"), max_length=20, default="南南网证", validators=[series]
    )
    i18n = TranslationField(fields=["issuer", "contact"], required_languages=())

    class Meta:
        verbose_name = _("settings of papers")
        verbose_name_plural = _("settings of papers")
        default_permissions = ["change", "view"]
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="papersettings_one_row")]

    def __str__(self):
        return str(self._meta.verbose_name)

    @classmethod
    def load(cls) -> "PaperSettings":
        return cls.objects.filter(pk=1).first() or cls(pk=1, issuer_zh_hans="中国南南合作网秘书处")

    def series_of(self, kind: str) -> str:
        if kind in {PaperKind.NOTICE, PaperKind.REQUEST}:
            return self.notices
        return self.certificates if kind == PaperKind.CERTIFICATE else self.letters


# ------------------------------------------------------------------ the register


def new_check_code():
    """Return a code that can be read out and not be guessed: K7QM-3XWD-9FHT."""
    signs = "".join(secrets.choice(CODE_SIGNS) for _sign in range(12))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


class NumberSeries(models.Model):
    """The last number of a code and year; whoever issues a paper waits for who does so already."""

    series = models.CharField(_("code"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="numberseries_once_a_year")
        ]

    def __str__(self):
        return f"{self.series}〔{self.year}〕"

    @classmethod
    @transaction.atomic
    def next(cls, series: str, year: int) -> int:
        """Return the next number. If what the caller does is rolled back, so is the number."""
        cls.objects.bulk_create([cls(series=series, year=year)], ignore_conflicts=True)
        row = cls.objects.select_for_update().get(series=series, year=year)
        row.last += 1
        row.save(update_fields=["last"])
        return row.last


class Paper(models.Model):
    """A paper that was issued. It keeps its number for ever, also when it is taken back."""

    class State(models.TextChoices):
        ISSUED = "issued", pgettext_lazy("paper", "issued")
        SEALED = "sealed", _("sealed copy on file")
        OUTDATED = "outdated", pgettext_lazy("letter or certificate", "out of date")
        TAKEN_BACK = "taken_back", pgettext_lazy("paper", "taken back")
        ERASED = "erased", pgettext_lazy("paper", "erased")

    FILES = ["word", "pdf", "sealed"]

    kind = models.CharField(_("kind"), max_length=15, choices=PaperKind)
    language = models.CharField(_("language"), max_length=10, choices=portal_languages)
    series = models.CharField(_("code"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    code = models.CharField(_("check code"), max_length=14, unique=True, default=new_check_code)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    recipient = models.CharField(pgettext_lazy("paper", "to"), max_length=300, blank=True)
    signer = models.TextField(_("signer"), max_length=500, blank=True)
    issued_on = models.DateField(_("date"), default=timezone.localdate)
    issued_by = by_user(_("issued by"))
    sha256 = models.CharField(_("SHA-256 of the Word file"), max_length=64)
    word = SealedBinaryField(_("Word file"), default=b"")
    pdf = SealedBinaryField(_("PDF"), default=b"")
    has_no_pdf = models.BooleanField(_("LibreOffice could not make the PDF"), default=False)
    sealed = SealedBinaryField(_("sealed copy"), default=b"")
    # Whether a file is there can be asked without reading it; a trigger counts. Django's own field
    # for this asks the database in each command, also where there is none.
    word_size = models.IntegerField(default=0, editable=False)
    pdf_size = models.IntegerField(default=0, editable=False)
    sealed_size = models.IntegerField(default=0, editable=False)
    sealed_type = models.CharField(max_length=4, blank=True)
    sealed_at = models.DateTimeField(_("sealed copy since"), null=True)
    sealed_by = by_user(_("sealed copy by"))
    outdated_at = models.DateTimeField(_("out of date since"), null=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True)
    taken_back_by = by_user(_("taken back by"))
    note = models.CharField(_("why it was taken back"), max_length=300, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("register of papers")
        ordering = ["-year", "series", "-number"]
        default_permissions = ["view"]
        permissions = [("keep_paper", _("Can take back papers and add sealed copies"))]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "number"], name="paper_number_once_a_year"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="keep_number", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="count_bytes",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    NEW.word_size = length(NEW.word);
                    NEW.pdf_size = length(NEW.pdf);
                    NEW.sealed_size = length(NEW.sealed);
                    RETURN NEW;
                """,
            ),
            read_only("kind", "series", "year", "number", "code", "issued_on", "sha256"),
        ]

    def __str__(self):
        return f"{self.series}〔{self.year}〕{self.number}号"

    @property
    def state(self):
        for moment, state in (
            (self.erased_at, self.State.ERASED),
            (self.taken_back_at, self.State.TAKEN_BACK),
            (self.outdated_at, self.State.OUTDATED),
            (self.sealed_at, self.State.SEALED),
        ):
            if moment:
                return state
        return self.State.ISSUED

    @property
    def is_valid(self):
        return self.state in {self.State.ISSUED, self.State.SEALED}

    def files(self) -> list[tuple[str, str, str]]:
        """Return name, label and extension of the files there are, the best first."""
        found = [
            (self.sealed_size, "sealed", _("sealed copy"), self.sealed_type),
            (self.pdf_size, "pdf", "PDF", "pdf"),
            (self.word_size, "word", "Word", "docx"),
        ]
        return [tuple(rest) for size, *rest in found if size]


class Scan(models.Model):
    """A scan of a sealed paper, of which nobody has said yet which one it is."""

    name = models.CharField(_("name of the file"), max_length=200)
    type = models.CharField(max_length=4)
    content = SealedBinaryField(_("scan"))
    sent_by = by_user(_("sent by"))
    sent_at = models.DateTimeField(_("sent"), db_default=Now())

    class Meta:
        verbose_name = _("scan without a paper")
        verbose_name_plural = _("scans without a paper")
        ordering = ["pk"]
        default_permissions = []

    def __str__(self):
        return self.name


@retention.rule("scans", Scan._meta.verbose_name_plural)
def forget_scans() -> int:
    """Delete scans of which nobody said the paper: a letter shows the number of a passport."""
    past = timezone.now() - timedelta(days=SCAN_DAYS)
    return Scan.objects.filter(sent_at__lt=past).delete()[0]
