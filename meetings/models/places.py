"""Offers of places, requests for changes after the freeze day, and the log of places."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Institution
from sscnet.codelists.nationalities import nationality_in_words
from sscnet.core.database.triggers import append_only
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models.fields import by_user, loose
from sscnet.core.personal_data.sealed import open_text, seal_text

from .delegation import Delegate, Delegation, PlaceState, Reason
from .meeting import Meeting
from .programme import Workshop


class OfferQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answer=Offer.Answer.OPEN)


class Offer(models.Model):
    """A place offered to a delegate, to be answered in time; without a workshop, at the meeting."""

    class Answer(models.TextChoices):
        OPEN = "", _("not answered yet")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", pgettext_lazy("offer", "declined")
        LAPSED = "lapsed", _("not answered in time")
        VOID = "void", _("withdrawn")

    delegate = models.ForeignKey(
        Delegate, models.CASCADE, related_name="offers", verbose_name=_("delegate")
    )
    workshop = models.ForeignKey(
        Workshop,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offers",
        verbose_name=_("workshop"),
    )
    made_at = models.DateTimeField(_("made"), db_default=Now())
    answer_by = models.DateTimeField(_("answer by"))
    answer = models.CharField(
        _("answer"), max_length=10, choices=Answer, blank=True, default=Answer.OPEN
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = by_user(_("answered by"), blank=True)
    reminded_at = models.DateTimeField(null=True, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["answer_by", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegate", "workshop"],
                condition=models.Q(answer=""),
                nulls_distinct=False,
                name="offer_open_once",
            )
        ]

    def __str__(self):
        return f"{self.delegate}: {self.get_answer_display()}"

    @property
    def is_open(self):
        return self.answer == self.Answer.OPEN


class ChangeRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=ChangeRequest.State.OPEN)


class ChangeRequest(models.Model):
    """A change asked for after the freeze day: how it is, how it should be, and the answer."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    class Change(models.TextChoices):
        EDIT = "edit", _("change a person’s details")
        SWAP = "swap", _("another person in the same place")
        ADD = "add", _("one more person")
        WORKSHOPS = "workshops", _("other workshops")

    delegation = models.ForeignKey(
        Delegation, models.CASCADE, related_name="change_requests", verbose_name=_("delegation")
    )
    delegate = models.ForeignKey(
        Delegate,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="change_requests",
        verbose_name=_("delegate"),
    )
    change = models.CharField(_("change"), max_length=10, choices=Change)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    words = models.TextField(_("why"), blank=True)
    asked_by = by_user(_("requested by"))
    asked_at = models.DateTimeField(_("asked"), db_default=Now(), editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = by_user(_("answered by"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("change request")
        verbose_name_plural = _("changes requested")
        ordering = ["-asked_at", "-id"]

    def __str__(self):
        return f"{self.delegation}: {self.get_change_display()}"

    @property
    def differences(self):
        """Return what is asked for, field by field: its label, the value before and after."""
        names = [name for name in self.after if name != "keys"]
        return [
            (label_of(name), in_words(self.before, name), in_words(self.after, name))
            for name in names
        ]

    @staticmethod
    def sealed(values: dict) -> dict:
        """Return the values with the mobile number as the database may keep it."""
        number = values.get("mobile")
        return values | {"mobile": seal_text(number)} if number else values

    @staticmethod
    def opened(values: dict) -> dict:
        number = values.get("mobile")
        return values | {"mobile": open_text(number)} if number else values


def label_of(name: str):
    labels = {"workshops": _("workshops"), "name": pgettext_lazy("of a person", "name")}
    return labels.get(name) or Delegate._meta.get_field(name).verbose_name


def in_words(values: dict, name: str) -> str:
    value = ChangeRequest.opened(values).get(name)
    if name == "nationality" and value:
        return nationality_in_words(value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return comma_separated(value)
    if name == "gender":
        return str(Delegate.Gender(value).label) if value is not None else ""
    return str(value or "")


class PlaceEvent(models.Model):
    """One thing that happened to a place, or to the number of places. Ids and counts, no names.

    The last event of a delegate and workshop that has a `place` says how that place stands, with
    reason and number in line: the log alone rebuilds every place (`meetings.places.audit`).
    """

    class Kind(models.TextChoices):
        ASKED = "asked", _("asked for")
        CONFIRMED = "confirmed", _("confirmed")
        OFFERED = "offered", _("offered")
        ACCEPTED = "accepted", _("offer accepted")
        WAITS = "waits", _("waiting for another reason")
        SKIPPED = "skipped", _("skipped")
        DECLINED = "declined", _("declined")
        LAPSED = "lapsed", _("offer lapsed")
        WITHDRAWN = "withdrawn", pgettext_lazy("delegation", "withdrawn")
        RELEASED = "released", _("released without a name")
        APPROVED = "approved", _("approved")
        UNDONE = "undone", _("decline undone")
        NAMED = "named", _("named")
        SWAPPED = "swapped", _("person swapped")
        MERGED = "merged", _("moved to another delegation")
        CAPACITY = "capacity", _("places changed")
        QUOTA = "quota", _("quota changed")

    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    meeting = loose(Meeting, _("meeting"))
    workshop = loose(Workshop, _("workshop"), db_index=False)
    institution = loose(Institution, _("institution"), db_index=False)
    delegation = loose(Delegation, _("delegation"))
    delegate = loose(Delegate, _("delegate"))
    # Empty where the event changes no place: a skip, a name, a quota.
    place = models.CharField(_("place"), max_length=10, choices=PlaceState, blank=True)
    reason = models.CharField(_("why"), max_length=15, choices=Reason, blank=True)
    line = models.PositiveIntegerField(_("position on the waiting list"), null=True)
    # Of a new capacity or quota, and how many asked together in a skip.
    count = models.PositiveIntegerField(_("number"), null=True)
    answer_by = models.DateTimeField(_("answer by"), null=True)
    actor = loose(settings.AUTH_USER_MODEL, _("who"), db_index=False)

    class Meta:
        verbose_name = _("event of a place")
        verbose_name_plural = _("log of places")
        ordering = ["id"]
        triggers = [append_only()]

    def __str__(self):
        return self.get_kind_display()
