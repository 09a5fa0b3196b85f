"""Views of lists in the admin, kept under a name."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import by_user


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user, model):
        """Return the person's own views of this model's list, and the shared ones."""
        theirs = models.Q(owner=user) | models.Q(is_shared=True)
        return self.filter(theirs, model=model._meta.label_lower)


class SavedView(models.Model):
    """Filters, search, order and columns of a list in the admin, under a name."""

    model = models.CharField(max_length=100, editable=False)
    name = models.CharField(_("name"), max_length=80)
    # The query string of the list; whoever opens it must be allowed to ask it.
    query = models.TextField(editable=False)
    owner = by_user(editable=False)
    is_shared = models.BooleanField(_("shared with all officers"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["model", "owner", "name"], name="saved_view_once")
        ]

    def __str__(self):
        return self.name
