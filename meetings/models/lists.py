"""Lists of people that officers make for hotel, cars, catering, paper and door."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from sscnet.core.fields import by_user

from .delegation import Delegate
from .meeting import Meeting


class SavedList(models.Model):
    """Columns and filters under a name, for any meeting. It holds no names of persons."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    columns = ArrayField(models.CharField(max_length=30), verbose_name=_("columns"))
    # Parameters of the address: {"diet": "has", "place": "confirmed"}.
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    saved_at = models.DateTimeField(_("saved"), db_default=Now())
    saved_by = by_user(_("saved by"))

    class Meta:
        verbose_name = _("saved list")
        verbose_name_plural = _("saved lists")
        ordering = ["name"]

    def __str__(self):
        return self.name


class PersonExport(models.Model):
    """Who took which list of persons out of the portal, and when. Rows are only added."""

    at = models.DateTimeField(_("when"), db_default=Now())
    by = by_user(_("who"))
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="person_exports", verbose_name=_("meeting")
    )
    # The list's name or kind, and the columns that were in it.
    what = models.CharField(_("which list"), max_length=80)
    format = models.CharField(_("format"), max_length=10)
    columns = ArrayField(models.CharField(max_length=30), verbose_name=_("columns"))
    people = models.PositiveIntegerField(_("people"))
    # Who was in it, for those who ask what became of their data.
    delegates = models.ManyToManyField(
        Delegate, related_name="exports", verbose_name=_("delegates")
    )

    class Meta:
        verbose_name = _("export of persons")
        verbose_name_plural = _("exports of persons")
        ordering = ["-at", "-id"]
        default_permissions = ["view"]

    def __str__(self):
        return self.what
