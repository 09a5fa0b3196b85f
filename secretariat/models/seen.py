"""How often public pages are asked for: by day and kind, of nobody."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DailyCount(models.Model):
    """How often one kind of thing was asked for on a day; `figures/seen.py` writes it."""

    class Kind(models.TextChoices):
        PAGE = "page", _("Pages")
        FILE = "file", _("Files")
        FEED = "feed", _("Feeds and calendars")
        UNANSWERED = "unanswered", _("Questions without a good answer")

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    by_robots = models.BooleanField(_("by robots"))
    count = models.PositiveIntegerField(_("requests"))

    class Meta:
        verbose_name = _("what visitors asked for")
        verbose_name_plural = _("what visitors asked for")
        ordering = ["-day", "kind", "by_robots"]
        constraints = [
            models.UniqueConstraint(fields=["day", "kind", "by_robots"], name="count_of_day")
        ]

    def __str__(self):
        return f"{self.day} {self.get_kind_display()}"
