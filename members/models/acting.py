"""Who may act for an institution: affiliations, and the invitations they come from."""

import secrets
from datetime import timedelta

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.core.database.triggers import read_only
from sscnet.core.models.fields import by_user

from .account_change import hash_token
from .institution import Institution
from .user import User

INVITATION_DAYS = 7
# So long after its end an affiliation is still a conflict of interest.
CONFLICT_DAYS = 365


class AffiliationQuerySet(models.QuerySet):
    def current(self):
        """Keep those that hold today. One that ends today has ended: rights go at once."""
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gt=today), since__lte=today)

    def recent(self):
        """Keep those that hold, will hold, or held in the last twelve months."""
        day = timezone.localdate() - timedelta(days=CONFLICT_DAYS)
        return self.filter(Q(until=None) | Q(until__gt=day))

    def receiving_mail(self):
        """Keep those to whom the institution's mails go: who hands over still reads them."""
        return self.current().filter(role__in=Affiliation.EDITING, user__is_active=True)

    def editing(self):
        """Keep those that let a person change things; who hands over only reads on."""
        handed_over = Invitation.objects.open().values("hands_over")
        return (
            self.current()
            .filter(role__in=Affiliation.EDITING)
            .exclude(pk__in=handed_over.filter(hands_over__isnull=False))
        )


def refuse_officers_alone():
    """Refuse what one officer alone gives, and to officers what no officer gave.

    An affiliation that an officer gives needs a second person who confirmed it: a focal point of
    the institution, or another officer. To end one is free.
    """
    return pgtrigger.Trigger(
        name="refuse_officers_alone",
        when=pgtrigger.Before,
        # Not of the institution: a merge moves what somebody was given.
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("user_id", "role", "since", "until"),
        condition=pgtrigger.Condition("NEW.until IS NULL OR NEW.until > current_date"),
        declare=[("is_by_officer", "boolean")],
        func="""
            IF TG_OP = 'UPDATE'
                AND (NEW.user_id, NEW.role, NEW.since) = (OLD.user_id, OLD.role, OLD.since)
                AND NEW.until <= coalesce(OLD.until, 'infinity')
            THEN
                RETURN NEW;
            END IF;
            is_by_officer := EXISTS (
                SELECT FROM members_user WHERE id = NEW.given_by_id AND is_staff
            );
            IF NOT is_by_officer
                AND EXISTS (SELECT FROM members_user WHERE id = NEW.user_id AND is_staff)
            THEN
                RAISE EXCEPTION 'an affiliation of an officer is given by a second officer'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF is_by_officer AND NEW.confirmed_by_id IS NULL THEN
                RAISE EXCEPTION 'what an officer gives is confirmed by a second person'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


@pghistory.track()
class Affiliation(models.Model):
    """From when until when a person acts for an institution, and as what."""

    class Role(models.TextChoices):
        FOCAL_POINT = "focal_point", _("focal point")
        DEPUTY = "deputy", _("deputy")
        VIEWER = "viewer", _("viewer")

    EDITING = (Role.FOCAL_POINT, Role.DEPUTY)

    user = models.ForeignKey(
        User, models.CASCADE, related_name="affiliations", verbose_name=_("user")
    )
    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="affiliations", verbose_name=_("institution")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    given_by = by_user(_("given by"), editable=False)
    # The second person, where an officer gave it.
    confirmed_by = by_user(_("confirmed by"), editable=False)
    # Whether the person wants emails about needs that fit the institution.
    wants_needs = models.BooleanField(default=True, db_default=True, editable=False)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["institution", "since"]
        triggers = [refuse_officers_alone()]
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=F("user")),
                name="affiliation_given_by_another",
                violation_error_message=_("Nobody gives an affiliation to himself or herself."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("given_by")) & ~Q(confirmed_by=F("user"))),
                name="affiliation_confirmed_by_another",
                violation_error_message=_("A second person confirms it."),
            ),
            models.UniqueConstraint(
                fields=["user", "institution", "role"],
                condition=Q(until=None),
                name="affiliation_current_once",
                violation_error_message=_("This person already has this role at the institution."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="affiliation_until_after_since",
                violation_error_message=_("The end is before the beginning."),
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}, {self.institution}"


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Keep those that can still be accepted."""
        return self.in_state(Invitation.State.OPEN)

    def waiting(self):
        """Keep those of officers that no second person has confirmed yet."""
        return self.unused().filter(needs_confirmation=True, confirmed_at=None)

    def in_state(self, state):
        """Keep those that stand so: one of `Invitation.State`."""
        now = timezone.now()
        if state == Invitation.State.WAITING:
            return self.waiting()
        kept = {
            Invitation.State.OPEN: Q(expires_at__gt=now),
            Invitation.State.EXPIRED: Q(expires_at__lte=now),
        }
        if state in kept:
            confirmed = Q(needs_confirmation=False) | Q(confirmed_at__isnull=False)
            return self.unused().filter(kept[state], confirmed)
        return self.exclude(**{f"{state}_at": None})

    def unused(self):
        """Keep those neither accepted nor withdrawn; some may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def withdrawable_by(self, user):
        """Keep those of the institutions whose focal point this person is, handing over or not."""
        leads = user.affiliations.current().filter(role=Affiliation.Role.FOCAL_POINT)
        return self.filter(institution__in=leads.values("institution"))

    def of_token(self, token):
        return self.filter(token_hash=hash_token(token))


@pghistory.track(exclude=["token_hash"])
class Invitation(models.Model):
    """A letter that lets one person act for an institution: seven days long, and once.

    One of an officer waits, unsent, until a second person has confirmed it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("to be confirmed")
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="invitations", verbose_name=_("institution")
    )
    email = models.EmailField(_("email"))
    role = models.CharField(_("role"), max_length=20, choices=Affiliation.Role)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    hands_over = models.ForeignKey(
        Affiliation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="handovers",
        verbose_name=_("ends the affiliation"),
        help_text=_("The person invited takes over from this person."),
    )
    invited_by = by_user(_("invited by"))
    created_at = models.DateTimeField(_("invited"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(pgettext_lazy("moment", "accepted"), null=True, blank=True)
    accepted_by = by_user(_("accepted by"), blank=True)
    withdrawn_at = models.DateTimeField(pgettext_lazy("moment", "withdrawn"), null=True, blank=True)
    needs_confirmation = models.BooleanField(default=False, db_default=False, editable=False)
    confirmed_at = models.DateTimeField(
        pgettext_lazy("moment", "confirmed"), null=True, blank=True, editable=False
    )
    confirmed_by = by_user(_("confirmed by"), editable=False)
    # When the officers who may confirm it were told that it waits for them.
    officers_told_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-id"]
        # What was confirmed stays: another role is another invitation.
        triggers = [read_only("email", "role", "needs_confirmation")]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="invitation_email_lower"
            ),
            models.UniqueConstraint(
                fields=["institution", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once",
                violation_error_message=_("This person already has an open invitation."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("invited_by")),
                name="invitation_confirmed_by_another",
                violation_error_message=_("A second person confirms it."),
            ),
            models.CheckConstraint(
                condition=Q(needs_confirmation=False)
                | Q(confirmed_at__isnull=False)
                | Q(accepted_at=None),
                name="invitation_accepted_when_confirmed",
            ),
        ]

    def __str__(self):
        return f"{self.email}, {self.get_role_display()}, {self.institution}"

    def save(self, **kwargs):
        self.email = self.email.lower()
        super().save(**kwargs)

    def new_token(self):
        """Give the link a new secret and seven days; return the secret, which is not kept."""
        token = secrets.token_urlsafe(24)
        self.token_hash = hash_token(token)
        self.expires_at = timezone.now() + timedelta(days=INVITATION_DAYS)
        return token

    @property
    def state(self):
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        if self.needs_confirmation and not self.confirmed_at:
            return self.State.WAITING
        is_over = self.expires_at <= timezone.now()
        return self.State.EXPIRED if is_over else self.State.OPEN

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def focal_point_until(self):
        """Return the day until which the institution's focal point alone may confirm it."""
        return timezone.localdate(self.created_at) + timedelta(days=INVITATION_DAYS)
