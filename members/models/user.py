"""People who sign in."""

import pghistory
import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from sscnet.core.forms.persons import validate_latin


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """Make an active user with this e-mail address; without a password none works."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def administrators(self):
        """Return who may do everything, and give and take rights."""
        return self.filter(is_active=True, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


def refuse_officers_alone():
    """Refuse to make an officer of who acts for an institution, unless an officer gave that."""
    return pgtrigger.Trigger(
        name="refuse_officers_alone",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("is_staff"),
        condition=pgtrigger.Condition("NEW.is_staff AND NOT OLD.is_staff"),
        func="""
            IF EXISTS (
                SELECT FROM members_affiliation held
                LEFT JOIN members_user giver ON giver.id = held.given_by_id AND giver.is_staff
                WHERE held.user_id = NEW.id AND giver.id IS NULL
                    AND (held.until IS NULL OR held.until > current_date)
            ) THEN
                RAISE EXCEPTION 'an affiliation of an officer is given by a second officer'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


# Neither secrets nor what somebody did last are part of anybody's history.
@pghistory.track(exclude=["password", "last_login", "language", "unused_notified_at"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, known by e-mail address."""

    email = models.EmailField(
        _("email"),
        unique=True,
        error_messages={"unique": _("There is already an account with this email address.")},
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    latin_name = models.CharField(
        _("name in Latin letters"),
        max_length=150,
        blank=True,
        default="",
        db_default="",
        validators=[validate_latin],
        help_text=_("For papers in English. Left empty, the pinyin of a Chinese name is taken."),
    )
    is_staff = models.BooleanField(
        _("works at the Secretariat"), default=False, help_text=_("Can open the admin.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Untick this instead of deleting an account.")
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    # In which the person signed in last: it comes first in mails.
    language = models.CharField(max_length=10, blank=True, editable=False)
    # When a mail said that the account goes, as nobody makes use of it.
    unused_notified_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        triggers = [refuse_officers_alone()]
        constraints = [
            # Upper and lower case name the same mailbox; kept in one form, it is unique as such.
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_lower"
            )
        ]

    def __str__(self):
        return self.name or self.email

    def clean(self):
        super().clean()
        self.email = self.email.lower()

    def save(self, **kwargs):
        self.email = self.email.lower()
        super().save(**kwargs)

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)
