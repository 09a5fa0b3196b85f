"""What a meeting asks of those who travel to it, and what it gives them."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TravelSettings(models.Model):
    """The fields of a meeting about travel."""

    class AskedOfTravellers(models.TextChoices):
        PASSPORT = "passport", _("passport")
        JOURNEY = "journey", _("arrival and departure")
        HOTEL = "hotel", _("hotel")
        ROOM = "room", _("single or shared room")

    travel_asks = ArrayField(
        models.CharField(max_length=20, choices=AskedOfTravellers),
        verbose_name=_("asked of travellers"),
        default=list,
        blank=True,
    )
    passport_months = models.PositiveSmallIntegerField(
        _("months a passport must be valid after the meeting"),
        default=6,
        validators=[MaxValueValidator(60)],
    )
    slip_due_on = models.DateField(
        _("day of the return slip"),
        null=True,
        blank=True,
        help_text=_(
            "Until then each institution uploads its delegation on paper, signed and sealed. "
            "Empty: none is wanted."
        ),
    )
    gives_letters = models.BooleanField(_("letters of invitation can be asked for"), default=False)
    signature = models.TextField(
        _("signature block"),
        max_length=500,
        blank=True,
        help_text=_(
            "Who signs letters and certificates: name, office and institution, one per line. "
            "Without it none can be issued."
        ),
    )

    class Meta:
        abstract = True

    @property
    def asks_travellers(self):
        return bool(self.travel_asks) or self.gives_letters

    @property
    def has_travel_pages(self):
        """Whether people have something to state, or once it began perhaps a certificate."""
        has_begun = self.starts_on and self.starts_on <= timezone.localdate()
        return self.asks_travellers or bool(has_begun)


def travel_needs_days():
    return models.CheckConstraint(
        condition=Q(travel_asks=[], gives_letters=False) | Q(ends_on__isnull=False),
        name="meeting_travel_with_days",
        violation_error_message=_(
            "Passports and travel dates are checked against the dates of the meeting: give "
            "those first."
        ),
    )


def outdate_letters_of_moved():
    """Make the trigger that outdates the letters of a meeting that is moved."""
    return pgtrigger.Trigger(
        name="outdate_letters",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("starts_on", "ends_on"),
        func="""
            UPDATE meetings_issueddocument SET outdated_at = now()
            WHERE meeting_id = NEW.id AND kind = 'letter' AND paper_id IS NOT NULL
            AND outdated_at IS NULL AND withdrawn_at IS NULL;
            RETURN NULL;
        """,
    )


def outdate_documents_of_renamed():
    """Make the trigger beside a delegate's names and place: what was issued is no longer right."""
    return pgtrigger.Trigger(
        name="outdate_documents",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("family_name", "given_names", "chinese_name", "place"),
        func="""
            IF NEW.place IN ('withdrawn', 'declined') AND NEW.place <> OLD.place THEN
                UPDATE meetings_issueddocument SET withdrawn_at = now()
                WHERE delegate_id = NEW.id AND kind = 'letter'
                AND outdated_at IS NULL AND withdrawn_at IS NULL;
            END IF;
            IF (NEW.family_name, NEW.given_names, NEW.chinese_name)
                IS DISTINCT FROM (OLD.family_name, OLD.given_names, OLD.chinese_name) THEN
                UPDATE meetings_issueddocument SET outdated_at = now()
                WHERE delegate_id = NEW.id AND paper_id IS NOT NULL
                AND outdated_at IS NULL AND withdrawn_at IS NULL;
            END IF;
            RETURN NULL;
        """,
    )
