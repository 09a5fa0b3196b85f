"""What a question and an answer of every kind have: an app adds to whom they belong."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.i18n.labels import each_language, own_language_first
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models import TranslatedModel
from sscnet.core.models.fields import InSomeLanguage
from sscnet.core.personal_data import fields
from sscnet.core.personal_data.sealed import SealedFileField
from sscnet.core.uploads.documents import MAX_DOCUMENT_BYTES, check_file
from sscnet.core.uploads.scans import check_scan
from sscnet.core.uploads.storage import throw_away
from sscnet.core.uploads.validators import is_stored

from .tables import MOST_COLUMNS, TableColumn, columns_of, in_words

LONGEST = 10_000
MEGABYTE = 1024**2
MOST_MEGABYTES = MAX_DOCUMENT_BYTES // MEGABYTE


class AnswerKind(models.TextChoices):
    TEXT = "text", _("text")
    CHOICE = "choice", _("choice")
    NUMBER = "number", _("number")
    DATE = "date", _("date")
    FILE = "file", _("file")
    TABLE = "table", _("table")


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF"
    WORD = "word", "Word"
    EXCEL = "excel", "Excel"
    PICTURE = "picture", _("picture")


EXTENSIONS = {
    FileKind.PDF: ["pdf"],
    FileKind.WORD: ["docx", "odt"],
    FileKind.EXCEL: ["xlsx"],
    FileKind.PICTURE: ["jpg", "png"],
}


class QuestionQuerySet(models.QuerySet):
    def asked(self):
        return self.filter(is_asked=True)


class AbstractQuestion(TranslatedModel):
    """A question. Choices are known by their number: a line each, from 1 on.

    A subclass adds what it is asked in.
    """

    Kind = AnswerKind

    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(
        _("kind of answer"), max_length=10, choices=AnswerKind, default=AnswerKind.TEXT
    )
    text = models.CharField(
        _("question"),
        max_length=300,
        blank=True,
        help_text=_(
            "Do not ask about health or belief: there are separate fields for diet and access"
            " needs."
        ),
    )
    choices = models.TextField(
        _("choices or columns"),
        max_length=2000,
        blank=True,
        help_text=_(
            "One per line, as many in each language. Once answered, only their words change. The"
            " columns of a table say what they take: Year (number), Start (date), State (choice:"
            " planned; finished); a column without it takes text."
        ),
    )
    takes_several = models.BooleanField(_("several choices may be ticked"), default=False)
    length = models.PositiveSmallIntegerField(
        _("signs at most, for a text"),
        default=1000,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )
    file_kinds = ArrayField(
        models.CharField(max_length=10, choices=FileKind),
        verbose_name=_("kinds of file"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_("None ticked: PDF, picture, and Word where no seal is asked for."),
    )
    megabytes = models.PositiveSmallIntegerField(
        _("megabytes at most, for a file"),
        default=MOST_MEGABYTES,
        db_default=MOST_MEGABYTES,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MEGABYTES)],
    )
    has_seal = models.BooleanField(
        _("with seal"),
        default=False,
        db_default=False,
        help_text=_("The file is a scan of what was sealed."),
    )
    is_required = models.BooleanField(_("answer required"), default=False)
    is_asked = models.BooleanField(
        _("is asked"),
        default=True,
        help_text=_(
            "Untick this to stop asking; answers are kept. An answered question cannot be deleted."
        ),
    )
    i18n = TranslationField(fields=["text", "choices"])

    objects = QuestionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "id"]
        constraints = [InSomeLanguage(field="text", name="%(class)s_in_some_language")]

    def __str__(self):
        return self.text_i18n

    def clean(self):
        super().clean()
        own = own_language_first(each_language("choices"))[0]
        english, chinese = lines(self.choices), lines(self.choices_zh_hans)
        number = len(english or chinese)
        if self.kind == self.Kind.CHOICE and number < 2:
            raise ValidationError({own: _("Give at least two choices, one per line.")})
        if english and chinese and len(chinese) != len(english):
            text = _("Give as many choices in Chinese as in English, in the same order.")
            raise ValidationError({"choices_zh_hans": text})
        if self.kind == self.Kind.TABLE:
            self.check_columns(own, english, chinese)
        self.check_answered()

    def check_columns(self, own: str, english: list[str], chinese: list[str]) -> None:
        kinds = [[column.kind for column in columns_of(texts)] for texts in (english, chinese)]
        if not 1 <= len(english or chinese) <= MOST_COLUMNS:
            text = _("Give the columns of the table, one per line, at most %(most)d.")
            raise ValidationError({own: text % {"most": MOST_COLUMNS}})
        if all(kinds) and kinds[0] != kinds[1]:
            text = _("A column takes the same in both languages: text, number, date or choice.")
            raise ValidationError({"choices_zh_hans": text})

    def check_answered(self) -> None:
        """Refuse what would change the meaning of answers that are there."""
        stored = type(self).objects.filter(pk=self.pk, answers__isnull=False).first()
        if not stored:
            return
        if stored.kind != self.kind:
            text = _("There are already answers, so the kind of answer cannot change.")
            raise ValidationError({"kind": text})
        if stored.takes_several != self.takes_several:
            text = _("There are already answers, so the kind of answer cannot change.")
            raise ValidationError({"takes_several": text})
        for name in each_language("choices"):
            if choices_differ(getattr(stored, name), getattr(self, name)):
                text = _(
                    "There are already answers: correct the words of a choice alone; none is added,"
                    " taken out or moved."
                )
                raise ValidationError({name: text})

    @property
    def options(self) -> list[tuple[int, str]]:
        """Return the choices by their numbers, in the page's language."""
        return list(enumerate(lines(self.choices_i18n), 1))

    @property
    def columns(self) -> list[TableColumn]:
        """Return the columns of a table, in the page's language."""
        return columns_of(lines(self.choices_i18n))

    @property
    def taken_kinds(self) -> list[FileKind]:
        """Return the kinds of file it takes; what is sealed is scanned."""
        usual = [FileKind.PDF, FileKind.PICTURE, *([] if self.has_seal else [FileKind.WORD])]
        return [FileKind(kind) for kind in self.file_kinds] or usual

    @property
    def file_hint(self) -> str:
        """Return which files it takes, in words."""
        kinds = comma_separated(kind.label for kind in self.taken_kinds)
        text = _("%(kinds)s; at most %(megabytes)d MB.")
        seal = _("A scan or photograph of what was signed and sealed.") if self.has_seal else ""
        return f"{text % {'kinds': kinds, 'megabytes': self.megabytes}} {seal}".strip()

    def check_file(self, file) -> None:
        """Refuse a file of another kind, or larger, than the question takes."""
        if is_stored(file):
            return
        kind = check_file(file, self.megabytes * MEGABYTE)
        if not any(kind.extension in EXTENSIONS[taken] for taken in self.taken_kinds):
            text = _("What was found: %(found)s. Accepted: %(hint)s")
            found = kind.extension.upper()
            raise ValidationError(text % {"found": found, "hint": self.file_hint})
        if self.has_seal:
            check_scan(file)


def lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def choices_differ(before: str | None, after: str | None) -> bool:
    """Return whether choices were added, taken out, or changed places; not where there were none.

    Answers are kept by their number, so other words of a choice are no difference.
    """
    old, new = lines(before), lines(after)
    is_moved = any(
        old_line == new_line and old_number != new_number
        for old_number, old_line in enumerate(old)
        for new_number, new_line in enumerate(new)
    )
    return bool(old) and (len(old) != len(new) or is_moved)


class WithFilesQuerySet(models.QuerySet):
    def throw_away_files(self, field: str = "file"):
        throw_away(*self.exclude(**{field: ""}).values_list(field, flat=True))

    def forget(self):
        self.throw_away_files()
        self.delete()


class AnswerQuerySet(WithFilesQuerySet):
    def erase(self):
        """Empty what may name people; the choice stays, as figures count it."""
        fields.erase(self)


class AbstractAnswer(models.Model):
    """An answer; of these fields one holds it. A subclass adds `question`, and whose it is."""

    text = models.TextField(_("answer"), max_length=LONGEST, blank=True)
    # The numbers of the choices ticked.
    chosen = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("choice"), default=list)
    number = models.DecimalField(_("number"), max_digits=15, decimal_places=2, null=True)
    day = models.DateField(_("date"), null=True)
    # A list a row: texts, as the table's columns take them.
    rows = models.JSONField(_("rows"), default=list)
    file = SealedFileField(_("file"), blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["question", "id"]

    def __str__(self):
        kind, value = self.question.kind, self.value
        if value is None:
            return ""
        if kind == AnswerKind.CHOICE:
            options = dict(self.question.options)
            return comma_separated(options.get(number, "") for number in self.chosen)
        if kind == AnswerKind.FILE:
            return self.file.name.rpartition(".")[2].upper()
        if kind == AnswerKind.TABLE:
            return "\n".join(" | ".join(row) for row in self.rows_in_words)
        written = {AnswerKind.NUMBER: number_format, AnswerKind.DATE: date_format}
        return str(written.get(kind, str)(value))

    @property
    def value(self):
        """Return the answer as its form and a cell of a sheet take it; None where there is none."""
        kind = self.question.kind
        if kind == AnswerKind.CHOICE:
            return self.chosen if self.question.takes_several else next(iter(self.chosen), None)
        return getattr(self, FIELD_OF[kind]) or None

    @property
    def rows_in_words(self) -> list[list[str]]:
        """Return the rows of a table with its choices in the page's language."""
        return [in_words(self.question.columns, row) for row in self.rows]


FIELD_OF = {
    AnswerKind.TEXT: "text",
    AnswerKind.CHOICE: "chosen",
    AnswerKind.NUMBER: "number",
    AnswerKind.DATE: "day",
    AnswerKind.FILE: "file",
    AnswerKind.TABLE: "rows",
}
