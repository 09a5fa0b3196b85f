"""The people an institution knows, for its next delegation."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.core.i18n.names import both_names
from sscnet.core.personal_data import erasure_log
from sscnet.core.personal_data.sealed import SealedTextField

from .institution import Institution


class RosterEntryQuerySet(models.QuerySet):
    def forget(self):
        """Delete these, also after a restore; return how many."""
        return erasure_log.delete(self, "roster")


class RosterEntry(models.Model):
    """A person who agreed that the institution keeps these to register the person again.

    There is no history of the row, which would keep a name after it was forgotten.
    """

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="roster", verbose_name=_("institution")
    )
    chinese_name = models.CharField(_("name in Chinese"), max_length=60, blank=True)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    given_names = models.CharField(_("given names"), max_length=100, blank=True)
    role = models.CharField(pgettext_lazy("of a delegate", "role"), max_length=150, blank=True)
    email = models.EmailField(_("email"), blank=True)
    mobile = SealedTextField(_("mobile number"), max_length=30, blank=True)
    nationality = models.CharField(_("nationality"), max_length=2, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    registered_at = models.DateTimeField(_("last registered"), db_default=Now(), editable=False)

    objects = RosterEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("person the institution knows")
        verbose_name_plural = _("people the institution knows")
        ordering = ["family_name", "given_names", "chinese_name", "id"]
        default_permissions = []

    def __str__(self):
        return " ".join(both_names(self))
