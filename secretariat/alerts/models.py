"""Filters of the list of projects that somebody is told of by mail when they match new ones."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.catalogue.filters import ProjectFilter
from sscnet.core.i18n.languages import Language
from sscnet.core.records import samples
from sscnet.facets.listing import Listing
from sscnet.facets.params import PAGE, SORT, VIEW

WEEK = timedelta(days=7)
# A project is in sight once its transaction has ended: the last minutes are left to the next look.
SETTLED = timedelta(minutes=10)


def listing_of(params: QueryDict) -> Listing:
    """Return the list of an address, however it was sorted and shown, without samples."""
    params = params.copy()
    for name in (SORT, PAGE, VIEW, samples.SAMPLES):
        params.pop(name, None)
    return ProjectFilter.listing(params)


def is_expired() -> models.Q:
    """Return the condition of those whose address was not confirmed in time."""
    last = timezone.now() - timedelta(days=settings.ALERT_CONFIRM_DAYS)
    return models.Q(confirmed_at=None, asked_at__lte=last)


class AlertQuerySet(models.QuerySet):
    def expired(self):
        return self.filter(is_expired())

    def with_page(self):
        return self.exclude(is_expired())

    def due(self):
        """Keep those confirmed that were looked at a week ago."""
        return self.filter(looked_at__lte=timezone.now() - SETTLED - WEEK)


class Alert(models.Model):
    email = models.EmailField(_("e-mail"))
    query = models.CharField(
        _("filter"), max_length=2000, blank=True, help_text=_("The end of the list's address.")
    )
    language = models.CharField(_("language"), max_length=10, choices=Language)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    # What was published before is told, or was there when the address was confirmed.
    looked_at = models.DateTimeField(_("looked for new projects"), null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("new projects by e-mail")
        verbose_name_plural = _("new projects by e-mail")
        ordering = ["-asked_at", "-id"]
        default_permissions = ["view", "delete"]
        constraints = [models.UniqueConstraint(fields=["email", "query"], name="alert_once")]

    def __str__(self):
        return str(self.listing.heading)

    @property
    def listing(self) -> Listing:
        return listing_of(QueryDict(self.query.removeprefix("?")))

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    def new_projects(self, until):
        """Return the projects of the list that were first published since the last look.

        A value that is gone would widen the list: without it the list is not what was asked for.
        """
        listing = self.listing
        if listing.unknown:
            return []
        projects = listing.filterset.listed().filter(
            published_at__gt=self.looked_at, published_at__lte=until
        )
        matching = ProjectFilter(QueryDict(self.query.removeprefix("?")), queryset=projects).qs
        return list(matching.order_by("published_at", "pk"))
