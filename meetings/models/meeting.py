"""A meeting: what it is about, when and where, and how an institution may register for it."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.database.stamps import MEETINGS, REGISTRATIONS
from sscnet.core.database.triggers import LogsChange, keep_old_slug, read_only, stamp_updated_at
from sscnet.core.i18n.dates import ZONES
from sscnet.core.models import PublicRecord, PublicRecordQuerySet, State
from sscnet.core.models.fields import Bound, PartialDateField

from .activity import activity_checks, languages_field, not_over
from .approval import OPENS, is_open, reason_not_to_invite, refuse_without_approval
from .triggers import ANNOUNCED_OF_MEETING, keep_unannounced, outdate_letters_of_moved

TRANSLATED = [
    "title",
    "theme",
    "dates_as_stated",
    "city",
    "venue",
    "host_as_stated",
    "organiser_as_stated",
    "members_present_as_stated",
    "description",
    "report",
    "signature",
    *("sponsor", "open_to", "costs"),
]
EMPTY = {"blank": True, "default": "", "db_default": ""}
AS_KNOWN = _("A year, a month or a day: 2019, 2019-05 or 2019-05-21.")
# What calendars show of a meeting: a change of these is a new version of its calendar file.
IN_CALENDAR = ["title", "i18n", "starts_on", "ends_on", "time_zone", "city", "venue"]
# Counted by `meetings.places`, hundreds of times in a rush: no part of the record's history.
COUNTED = ["taken", "last_in_line"]
# Written by the portal itself; a change of these is none of the record.
INTERNAL = [
    *(*COUNTED, "unannounced_change", "opening_announced_at"),
    *("erasure_told_for", "erasure_told_at"),
]


def validate_time_zone(value):
    if value not in ZONES:
        raise ValidationError(_("This is not the name of a time zone, such as Asia/Shanghai."))


def raise_sequence(*fields):
    """Make the trigger that counts the versions of what calendars show (RFC 5545, SEQUENCE)."""
    return pgtrigger.Trigger(
        name="raise_sequence",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*fields),
        func="NEW.sequence = OLD.sequence + 1; RETURN NEW;",
    )


def never_over_capacity(name):
    """Make the constraint behind `meetings.places`: no place is given that is not there.

    A counter with a check, not a trigger that counts: the check costs nothing, needs no lock of its
    own, and holds for every writer.
    """
    return models.CheckConstraint(
        condition=Q(taken__lte=F("capacity")) | Q(capacity=None, taken=0),
        name=f"{name}_never_over_capacity",
        violation_error_message=_("There would be fewer places than are already taken."),
    )


class MeetingQuerySet(PublicRecordQuerySet):
    def coming(self, today=None):
        """Return the meetings that are not over, the next one first.

        One whose days are not known is not over before its month or year is.
        """
        to_come = not_over(today or timezone.localdate())
        return self.filter(to_come).order_by("year", F("starts_on").asc(nulls_last=True), "id")

    def past(self, today=None):
        """Return the meetings that are over, the last one first."""
        over = ~not_over(today or timezone.localdate()) & Q(year__isnull=False)
        known = Greatest("start_as_known", "end_as_known")
        newest = Coalesce(Cast("starts_on", models.TextField()), known).desc()
        return self.filter(over).order_by("-year", newest, "-id")

    def own(self):
        """Return the Network's own meetings; the others are what institutions do for others."""
        return self.filter(Q(kind__in=Meeting.OWN_KINDS) | Q(capacity__isnull=False))

    def open_for_registration(self, now=None):
        now = now or timezone.now()
        return self.published().filter(
            registration_opens_at__lte=now,
            registration_closes_at__gt=now,
            capacity__isnull=False,
            cancelled_at=None,
        )

    def with_dates(self):
        return self.filter(starts_on__isnull=False)

    def for_file(self):
        return self.select_related("country").prefetch_related(
            "sources", "meeting_institutions__institution", "meeting_countries__country"
        )


@pghistory.track(exclude=["updated_at", "sequence", *INTERNAL])
class Meeting(PublicRecord):
    """A meeting of the Network, or an activity: what an institution organised for others.

    Dates may be unknown: then `dates_as_stated` says what is known of them.
    """

    class Kind(models.TextChoices):
        ANNUAL_MEETING = "annual_meeting", _("annual meeting")
        THEMATIC_WORKSHOP = "thematic_workshop", _("thematic workshop")
        SEMINAR = "seminar", _("seminar")
        EXCHANGE_VISIT = "exchange_visit", _("exchange visit")
        RELATED_FORUM = "related_forum", _("related forum")
        TRAINING_COURSE = "training_course", _("training course")
        STUDY_TOUR = "study_tour", _("study tour")
        WORKSHOP = "workshop", _("workshop")
        FORUM = "forum", _("forum")
        EXPERT_MISSION = "expert_mission", _("expert mission")
        DEMONSTRATION = "demonstration", _("demonstration")

    # What the Secretariat runs; with the meetings that take registrations.
    OWN_KINDS = (
        *(Kind.ANNUAL_MEETING, Kind.THEMATIC_WORKSHOP),
        *(Kind.EXCHANGE_VISIT, Kind.RELATED_FORUM),
    )

    class Giving(models.TextChoices):
        """How a freed place comes to the first in line."""

        AT_ONCE = "at_once", _("at once")
        OFFERS = "offers", _("as an offer, to be answered in time")

    class Approval(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        OFFICER = "officer", _("by an officer")

    class Asked(models.TextChoices):
        """What a meeting may ask of each delegate, beyond name and role."""

        MOBILE = "mobile", _("mobile number, required")
        GENDER = "gender", _("gender")
        DIET = "diet", _("diet")
        ACCESS = "access_needs", _("access needs")

    class Mode(models.TextChoices):
        PLACE = "place", _("in one place")
        ONLINE = "online", _("online")
        BOTH = "both", _("in one place and online")
        NOT_STATED = "", _("not stated")

    class AskedOfTravellers(models.TextChoices):
        PASSPORT = "passport", _("passport")
        JOURNEY = "journey", _("arrival and departure")
        HOTEL = "hotel", _("hotel")
        ROOM = "room", _("single or shared room")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.ANNUAL_MEETING)
    ordinal = models.PositiveSmallIntegerField(
        _("ordinal"),
        null=True,
        blank=True,
        help_text=_("28 for the 28th meeting. It does not depend on the year."),
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    theme = models.CharField(_("theme"), max_length=500, blank=True)
    description = models.TextField(_("description"), blank=True)
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("Empty: not known.")
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    dates_as_stated = models.CharField(
        _("dates in the source"),
        max_length=300,
        blank=True,
        help_text=_("What the source says if the dates are not known."),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    city = models.CharField(_("city"), max_length=100, blank=True)
    venue = models.CharField(_("venue"), max_length=300, blank=True)
    host_as_stated = models.CharField(
        _("host in words"),
        max_length=300,
        blank=True,
        help_text=_("Where no institution of the directory is the host."),
    )
    organiser_as_stated = models.CharField(
        _("organiser in words"),
        max_length=300,
        blank=True,
        help_text=_("Where no institution of the directory is the organiser."),
    )
    participants_number = models.PositiveIntegerField(
        _("participants in the source"), null=True, blank=True
    )
    participants_bound = models.CharField(
        _("how exact the number is"), max_length=10, choices=Bound, blank=True, default=Bound.EXACT
    )
    members_present_as_stated = models.CharField(
        _("members present, in the source"), max_length=100, blank=True
    )
    report = models.TextField(
        _("report"), blank=True, help_text=_("The results, written afterwards.")
    )
    shows_action_points = models.BooleanField(
        _("action points are published"),
        default=False,
    )
    shows_numbers = models.BooleanField(
        _("numbers of those present are published"),
        default=False,
        help_text=_("People, institutions, countries and women, as recorded at check-in."),
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    unannounced_change = models.JSONField(null=True, editable=False)

    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    name_by_on = models.DateField(
        _("deadline for names"),
        null=True,
        blank=True,
        help_text=_("Places without a name after this day are released."),
    )
    freeze_on = models.DateField(
        _("deadline for changes"),
        null=True,
        blank=True,
        help_text=_("After this day changes have to be requested from the Secretariat."),
    )
    waiting_list_ends_at = models.DateTimeField(
        _("end of the waiting list"),
        null=True,
        blank=True,
        help_text=_("From then on nobody is moved up."),
    )
    capacity = models.PositiveIntegerField(
        _("places"), null=True, blank=True, help_text=_("Empty: no registration on the portal.")
    )
    quota = models.PositiveIntegerField(
        _("places per institution"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    giving = models.CharField(
        _("freed places are given"), max_length=10, choices=Giving, default=Giving.AT_ONCE
    )
    answer_hours = models.PositiveSmallIntegerField(_("hours to answer an offer"), default=72)
    approval = models.CharField(
        _("delegates are approved"), max_length=10, choices=Approval, default=Approval.AT_ONCE
    )
    asks = ArrayField(
        models.CharField(max_length=20, choices=Asked),
        verbose_name=_("asked of delegates"),
        default=list,
        blank=True,
    )
    tells_opening = models.BooleanField(
        _("tell members when registration opens"),
        default=False,
        help_text=_("By email, to everyone who acts for a member institution, once."),
    )
    opening_announced_at = models.DateTimeField(null=True, editable=False)
    registration_contact = models.EmailField(
        _("contact address"), blank=True, help_text=_("An office’s address, shown to the public.")
    )
    retain_until = models.DateField(
        _("retention day"),
        null=True,
        blank=True,
        help_text=_(
            "After this day the portal erases the delegates’ personal data. Officers are told in "
            "advance. Empty: some time after the last day."
        ),
    )
    # Of which retention day the officers were told, and when; another day is told anew.
    erasure_told_for = models.DateField(null=True, editable=False)
    erasure_told_at = models.DateTimeField(null=True, editable=False)

    # As an activity: who paid, who came from where, how to take part, when.
    sponsor = models.CharField(_("paid for by"), max_length=300, blank=True)
    mode = models.CharField(_("place or online"), max_length=10, choices=Mode, **EMPTY)
    country = models.ForeignKey(
        "codelists.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("country of the place"),
    )
    languages = languages_field(_("working languages"))
    start_as_known = PartialDateField(_("start, as far as known"), help_text=AS_KNOWN, **EMPTY)
    end_as_known = PartialDateField(_("end, as far as known"), **EMPTY)
    countries_number = models.PositiveSmallIntegerField(
        _("number of countries in the source"), null=True, blank=True
    )
    countries_are_complete = models.BooleanField(
        _("all countries are named"), default=False, db_default=False
    )
    women_number = models.PositiveIntegerField(_("women among them"), null=True, blank=True)
    open_to = models.CharField(_("open to"), max_length=500, blank=True)
    apply_until = models.DateField(_("last day to apply"), null=True, blank=True)
    costs = models.CharField(_("who pays"), max_length=500, blank=True)
    apply_at = models.URLField(_("where to apply"), max_length=500, **EMPTY)

    # What is asked of those who travel to it, and given to them.
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

    taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)
    last_in_line = models.PositiveIntegerField(default=0, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    projects = models.ManyToManyField(
        "projects.Project",
        through="MeetingProject",
        related_name="meetings",
        verbose_name=_("related projects"),
    )
    institutions = models.ManyToManyField(
        "members.Institution",
        through="MeetingInstitution",
        related_name="meetings",
        verbose_name=_("institutions"),
    )
    countries = models.ManyToManyField(
        "codelists.Country",
        through="MeetingCountry",
        related_name="meetings_joined",
        verbose_name=_("countries of participants"),
    )
    i18n = TranslationField(fields=TRANSLATED)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = [F("starts_on").desc(nulls_last=True), F("year").desc(nulls_last=True), "-id"]
        permissions = [("publish_meeting", _("Can publish and withdraw meetings"))]
        triggers = [
            LogsChange(MEETINGS, without=INTERNAL),
            # Which places are free.
            LogsChange(REGISTRATIONS, only=["taken"]),
            stamp_updated_at("sequence", *INTERNAL),
            keep_old_slug(),
            # Else a real meeting, called a sample, could lose the log of its places.
            read_only("is_sample"),
            raise_sequence(*IN_CALENDAR, "cancelled_at", "state"),
            outdate_letters_of_moved(),
            keep_unannounced(*ANNOUNCED_OF_MEETING, translated=["city", "venue"]),
            refuse_without_approval(
                *("NEW.id", is_open("NEW")),
                pgtrigger.Update,
                pgtrigger.AnyChange(*OPENS),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                # Without the second word on the last day, an unknown one would pass.
                condition=Q(starts_on=None, ends_on=None)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="meeting_ends_after_start",
                violation_error_message=_("Give both days; the last is not before the first."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(year=F("starts_on__year")),
                name="meeting_year_of_first_day",
                violation_error_message=_("The year is that of the first day."),
            ),
            models.CheckConstraint(
                condition=Q(registration_opens_at=None)
                | Q(registration_closes_at=None)
                | Q(registration_closes_at__gt=F("registration_opens_at")),
                name="meeting_closes_after_opening",
                violation_error_message=_("Registration closes before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(answer_hours__gt=0),
                name="meeting_time_to_answer",
                violation_error_message=_("Allow at least one hour to answer an offer."),
            ),
            *activity_checks(),
            never_over_capacity("meeting"),
            models.CheckConstraint(
                condition=Q(travel_asks=[], gives_letters=False) | Q(ends_on__isnull=False),
                name="meeting_travel_with_days",
                violation_error_message=_(
                    "Passports and travel dates are checked against the dates of the meeting: give "
                    "those first."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(retain_until__isnull=False),
                name="meeting_published_with_retention_day",
                violation_error_message=_("Give the day after which personal data are erased."),
            ),
        ]

    def __str__(self):
        return self.title_i18n or str(_("Meeting without a title"))

    def get_absolute_url(self):
        return reverse(self.page_name, args=[self.slug])

    @property
    def is_own(self):
        """Whether it is a meeting of the Network's own; see `MeetingQuerySet.own`."""
        return self.kind in self.OWN_KINDS or self.capacity is not None

    @property
    def page_name(self):
        return "meetings:detail" if self.is_own else "meetings:activities:detail"

    def save(self, **kwargs):
        self.settle()
        super().save(**kwargs)

    def settle(self):
        """Fill in what follows: days, year, and the retention day, which no activity is asked."""
        first, last = self.start_as_known, self.end_as_known
        if first or last:
            self.year = int((first or last)[:4])
            days = [date.fromisoformat(one) for one in (first, last) if len(one) == 10]
            # Both days or neither.
            self.starts_on, self.ends_on = days if len(days) == 2 else (None, None)
        if self.starts_on:
            self.year = self.starts_on.year
        day = self.retain_until
        if not day or (not self.is_own and self.ends_on and day < self.ends_on):
            self.retain_until = self.default_retention_day

    def clean(self):
        super().clean()
        self.settle()
        day = self.retain_until
        if day is None and self.is_published:
            text = _("Give the day after which personal data are erased.")
            raise ValidationError({"retain_until": text})
        if day and self.ends_on and day < self.ends_on:
            text = _("The retention day is before the last day of the meeting.")
            raise ValidationError({"retain_until": text})
        if self.pk and self.is_published and (reason := self.reason_not_to_open()):
            as_before = {name: getattr(self, name) for name in OPENS}
            if not Meeting.objects.filter(pk=self.pk, **as_before).exists():
                raise ValidationError(reason)

    @property
    def default_retention_day(self):
        """Return a day so long after the last one, or after the year, or after today.

        None where people register for a meeting whose days are not known.
        """
        last = self.ends_on or (date(self.year, 12, 31) if self.year else None)
        if last is None and self.capacity is None:
            last = timezone.localdate()
        return last and last + timedelta(days=settings.MEETING_RETENTION_DAYS)

    @property
    def last_known(self) -> str:
        """The end as far as it is known, else the start, else the year."""
        last = self.ends_on.isoformat() if self.ends_on else self.end_as_known
        return last or self.start_as_known or str(self.year or "")

    @property
    def days(self) -> int | None:
        """How many days it lasts, the first and the last counted."""
        return (self.ends_on - self.starts_on).days + 1 if self.starts_on else None

    @property
    def is_open_to_apply(self) -> bool:
        """Whether one may apply for it today: it says how, and neither it nor the time is past."""
        says_how = self.open_to or self.open_to_zh_hans or self.apply_at or self.apply_until
        in_time = self.apply_until is None or self.apply_until >= timezone.localdate()
        return bool(says_how) and in_time and not (self.is_over or self.is_cancelled)

    def name_for_slug(self):
        return self.title or self.title_zh_hans or ""

    @property
    def zone(self):
        return ZoneInfo(self.time_zone)

    def reason_to_leave(self, model, field):
        if field in ("capacity", "quota") and self.delegations.exists():
            return gettext("Numbers of places are changed with “Change places”.")
        return super().reason_to_leave(model, field)

    def institutions_in(self, role):
        """Return the institutions of the directory that have this part in the meeting."""
        links = self.rows("meeting_institutions")
        return [link.institution for link in links if link.role == role]

    def reason_not_to_open(self, more=()):
        """Return why its registration may not be published yet; empty where it may be."""
        is_ahead = self.takes_registrations and not self.is_over
        return reason_not_to_invite(self, more) if is_ahead else ""

    @property
    def is_cancelled(self):
        return self.cancelled_at is not None

    @property
    def takes_registrations(self):
        return self.capacity is not None and not self.is_cancelled

    @property
    def is_open_for_registration(self):
        opens, closes = self.registration_opens_at, self.registration_closes_at
        return bool(
            self.takes_registrations and opens and closes and opens <= timezone.now() < closes
        )

    @property
    def registration_stage(self):
        """The stage of registration: planned, opens, open, closed, or an empty string."""
        opens, closes = self.registration_opens_at, self.registration_closes_at
        if not self.takes_registrations:
            return ""
        if self.is_open_for_registration:
            return "open"
        if closes and closes <= timezone.now():
            return "closed"
        return "opens" if opens and closes else "planned"

    @property
    def is_over(self):
        """Whether the end, as far as it is known, is past where the meeting is."""
        known, today = self.last_known, timezone.localdate(timezone=self.zone).isoformat()
        return bool(known) and known < today[: len(known)]

    @property
    def places_left(self):
        return None if self.capacity is None else self.capacity - self.taken

    @property
    def is_frozen(self):
        """Whether the freeze day is past, where the meeting is."""
        return bool(self.freeze_on) and timezone.localdate(timezone=self.zone) > self.freeze_on

    @property
    def takes_changes(self):
        """Whether registered institutions may still change something: until the meeting is over."""
        today = timezone.localdate(timezone=self.zone)
        return self.takes_registrations and not (self.ends_on and self.ends_on < today)

    @property
    def asks_travellers(self):
        return bool(self.travel_asks) or self.gives_letters

    @property
    def has_travel_pages(self):
        """Whether people have something to state, or once it began perhaps a certificate."""
        has_begun = self.starts_on and self.starts_on <= timezone.localdate()
        return self.asks_travellers or bool(has_begun)
