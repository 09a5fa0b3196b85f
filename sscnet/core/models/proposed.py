"""Changes of a public record that wait beside it; what is done with them: `changes.versions`."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .fields import by_user


class ProposedVersionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=ProposedVersion.State.WAITING)

    def due(self, now):
        """Keep those whose set time has come, the earliest first."""
        return self.waiting().filter(release_at__lte=now).order_by("release_at", "id")

    def of_kind(self, model):
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def of_record(self, record):
        return self.of_kind(record).filter(object_id=str(record.pk))


class ProposedVersion(models.Model):
    """Changes of a public record, kept until somebody who may publish releases or returns them.

    `changes` lists what would be different, each with the value it was made from
    (`changes.state.Change`); `released` holds the places of those in this list that were released.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("version", "waiting")
        RELEASED = "released", _("released")
        PARTLY_RELEASED = "partly_released", _("released in part")
        RETURNED = "returned", _("returned")
        TAKEN_BACK = "taken_back", _("taken back")
        REPLACED = "replaced", _("replaced by a newer version")

    class Origin(models.TextChoices):
        FORM = "form", _("written in the form")
        IMPORT = "import", _("imported")
        RESTORED = "restored", _("an older state")
        PROFILE = "profile", _("proposed by the institution")

    content_type = models.ForeignKey(ContentType, models.CASCADE, verbose_name=_("kind of record"))
    object_id = models.CharField(_("record"), max_length=20)
    record = GenericForeignKey()
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)
    changes = models.JSONField(_("changes"), default=list)
    released = models.JSONField(_("released changes"), default=list)

    origin = models.CharField(_("origin"), max_length=20, choices=Origin, default=Origin.FORM)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    state_of = models.DateTimeField(_("restores the record of"), null=True)
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", verbose_name=_("replaces")
    )
    made_by = by_user(_("proposed by"))
    made_at = models.DateTimeField(_("proposed"), db_default=Now(), editable=False)
    remark = models.TextField(_("remark"), blank=True)

    release_at = models.DateTimeField(_("to be released"), null=True, blank=True)
    scheduled_by = by_user(_("time set by"), blank=True)
    # Why it was not released at the time that was set.
    obstacle = models.TextField(_("why it was not released"), blank=True)

    decided_by = by_user(_("decided by"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = ProposedVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-id"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="versions_of_record")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False),
                name="version_decided_at",
                violation_error_message=_("Once decided, it needs the time of the decision."),
            )
        ]

    def __str__(self):
        return gettext("Version no. %(number)d") % {"number": self.pk}

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING
