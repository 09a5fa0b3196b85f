"""Addresses of pages that stood elsewhere, as on the Network's former site."""

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

# A path of the portal, not `//host` or `/\host`, which browsers take for another site.
OWN_PATH = r"/(?![/\\])[^\s\\]*"


@pghistory.track()
class Redirect(models.Model):
    """Where an address leads that the portal has no page for."""

    old_path = models.CharField(
        _("old address"),
        max_length=200,
        unique=True,
        validators=[RegexValidator(rf"^{OWN_PATH}\Z", _("Write it from its first slash on."))],
        help_text=_("From the first slash on, without the host: /page/aboutus.html"),
    )
    new_address = models.CharField(
        _("new address"),
        max_length=500,
        validators=[
            RegexValidator(
                rf"^({OWN_PATH}|https?://[^\s\\]+)\Z",
                _("Write it from its first slash on, or with https:// where it is another site."),
            )
        ],
        help_text=_("On the portal: /about/. On another site: the whole address."),
    )

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects of old addresses")
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(old_path=F("new_address")),
                name="redirect_leads_elsewhere",
                violation_error_message=_("The new address is the old one."),
            )
        ]

    def __str__(self):
        return self.old_path
