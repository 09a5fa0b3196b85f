"""What of an account was changed lately, so that its owner can take it back."""

import hashlib
import secrets
from datetime import timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TAKE_BACK_HOURS = 72


def hash_token(token):
    """Return what is kept of a link's secret: who reads the database cannot use the links."""
    return hashlib.sha256(token.encode()).hexdigest()


class AccountChangeQuerySet(models.QuerySet):
    def open(self):
        """Keep those that can still be taken back."""
        since = timezone.now() - timedelta(hours=TAKE_BACK_HOURS)
        return self.filter(changed_at__gt=since)

    def of_token(self, token):
        return self.filter(token_hash=hash_token(token))

    def note(self, user, email):
        """Note that an account of this address was changed; return the secret of the link."""
        token = secrets.token_urlsafe(24)
        self.create(user=user, email=email, token_hash=hash_token(token))
        return token

    def reserving(self, email, user=None):
        """Keep those of other accounts that may get this address back."""
        gone = self.open().exclude(user__email=models.F("email"))
        return gone.filter(email=email.lower()).exclude(user_id=user and user.pk)


class AccountChange(models.Model):
    """A change of address, password or second factor: its link goes to the address of before."""

    RESERVED = _(
        "Another account had this address until recently. It is free three days after the change."
    )

    user = models.ForeignKey("members.User", models.CASCADE, related_name="changes")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    changed_at = models.DateTimeField(db_default=Now())

    objects = AccountChangeQuerySet.as_manager()

    class Meta:
        ordering = ["changed_at"]

    def __str__(self):
        return f"{self.user_id}, {self.changed_at}"
