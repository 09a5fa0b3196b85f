"""Links that open pages for one person, who needs no account: seal, expiry, revoking, wrong tries.

An address holds a token with its seal, which is not stored: the database alone opens nothing. Where
such addresses begin stands in `SECRET_ADDRESSES` of the settings, for no log to hold one.
"""

import secrets
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from .throttles import count_wrong


def with_seal(name: str, purpose: str) -> str:
    """Return the name with a seal that nobody makes without a key, for an address."""
    return f"{name}-{seal(name, purpose, settings.ENCRYPTION_KEYS[0])}"


def without_seal(text: str, purpose: str) -> str | None:
    """Return the name that was sealed; None where no key of ours made the seal."""
    name, _dash, given = text.rpartition("-")
    seals = [seal(name, purpose, key) for key in settings.ENCRYPTION_KEYS]
    return name if any(constant_time_compare(given, one) for one in seals) else None


def seal(name: str, purpose: str, key: str) -> str:
    return salted_hmac(purpose, name, secret=key, algorithm="sha256").hexdigest()[:32]


def new_token():
    return secrets.token_urlsafe(24)


def link_ends_at():
    return timezone.now() + timedelta(days=settings.PERSONAL_LINK_DAYS)


class PersonalLinkQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def revoke(self):
        return self.filter(revoked_at=None).update(revoked_at=timezone.now())


class PersonalLink(models.Model):
    token = models.CharField(max_length=50, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"), default=link_ends_at)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = PersonalLinkQuerySet.as_manager()
    # The name of the page it opens, in the namespace of the app.
    page = ""
    # What is read with a link that is opened.
    related: tuple[str, ...] = ()
    closed_template = ""

    class Meta:
        abstract = True
        default_permissions = []

    @property
    def is_valid(self):
        return self.revoked_at is None and self.expires_at > timezone.now()

    def path(self, page: str = "", *more) -> str:
        """Return the path of the page it opens, or of another one."""
        sealed = with_seal(self.token, self._meta.label)
        return reverse(f"{self._meta.app_label}:{page or self.page}", args=[sealed, *more])

    @classmethod
    def has_seal(cls, text: str) -> bool:
        return without_seal(text, cls._meta.label) is not None

    @classmethod
    def find(cls, text: str):
        """Return the link whose address has this text, unless it has ended or was revoked."""
        links = cls.objects.valid().select_related(*cls.related)
        return links.filter(token=without_seal(text, cls._meta.label)).first()


def opened_by(kind: type[PersonalLink]):
    """Give a view the link of its address; wrong ones are told what to do, and slowed."""

    def decorate(view):
        @never_cache
        @wraps(view)
        def wrapped(request, token, **kwargs):
            link = kind.find(token)
            response = view(request, link, **kwargs) if link else refuse(request, kind)
            response["X-Robots-Tag"] = "noindex"
            return response

        return wrapped

    return decorate


def refuse(request, kind: type[PersonalLink]):
    is_slowed = count_wrong(request, "links") > settings.WRONG_LINKS_AN_HOUR
    context = {"is_slowed": is_slowed, "forms": []}
    return render(request, kind.closed_template, context, status=429 if is_slowed else 404)
