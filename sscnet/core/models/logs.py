"""What the portal notes by itself: changes, imports, what was erased by schedule."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .fields import by_user
from .records import validate_readable_name


class LoggedChange(models.Model):
    """A row of the log of changes; only `changes` reads it."""

    topic = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "core_change"
        default_permissions = []

    def __str__(self):
        return f"{self.topic} {self.pk}"


class ImportBatch(models.Model):
    """One file that was imported; the history of each record names it."""

    batch = models.UUIDField(unique=True, editable=False)
    model = models.CharField(max_length=100)
    file_name = models.CharField(_("file"), max_length=200)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    # Of the new records whose row names no source.
    source_name = models.CharField(
        _("Source of the whole sheet"),
        max_length=500,
        blank=True,
        validators=[validate_readable_name],
        help_text=_(
            "Who published it, what it is and when, in words. For new records without one."
        ),
    )
    source_address = models.URLField(_("address"), max_length=1000, blank=True)
    source_read_on = models.DateField(_("consulted on"), null=True, blank=True)
    # The key of the answer whose rows they were (`secretariat.SubmittedAnswer`); it outlives that.
    answer = models.PositiveBigIntegerField(null=True, editable=False)
    # The newest event of each table of history before it: later ones, its own aside, came since.
    reached = models.JSONField(default=dict)
    imported_at = models.DateTimeField(pgettext_lazy("moment", "imported"), db_default=Now())
    imported_by = by_user()
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = by_user()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["model", "-id"], name="imports_of_model")]

    def __str__(self):
        return gettext("Import no. %(number)d") % {"number": self.pk}

    @property
    def source(self) -> dict:
        """Return the source as the values of a `Source`."""
        names = ("name", "address", "read_on")
        return {name: getattr(self, f"source_{name}") for name in names}


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
