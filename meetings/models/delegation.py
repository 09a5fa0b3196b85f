"""Delegations: whom an institution sends to a meeting, and the places they ask for.

Persons are named here and nowhere else. These models have no history of the whole row, which would
keep a name after it was erased; what happened to a place stands in `PlaceEvent`, without names.
"""

import secrets
import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Institution, RosterEntry
from sscnet.codelists.nationalities import crosses_border
from sscnet.core.database.stamps import REGISTRATIONS
from sscnet.core.database.triggers import LogsChange
from sscnet.core.forms.persons import validate_mobile, validate_name
from sscnet.core.i18n.names import both_names
from sscnet.core.models.fields import by_user
from sscnet.core.personal_data.sealed import SealedFileField, SealedTextField
from sscnet.questions.models import WithFilesQuerySet

from .meeting import Meeting
from .programme import Workshop
from .triggers import outdate_documents_of_renamed

# Whose right it is to see e-mail, diet and needs of delegates.
SEES_NEEDS = "meetings.see_needs_delegate"
# What tells of health or belief: held only by a consent of its own.
SENSITIVE = ("diet", "access_needs")
# Without signs that are mistaken for others when a reference is read out.
REFERENCE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_reference():
    """Return a reference that can be read out and not be guessed: K7QM-3XWD."""
    signs = "".join(secrets.choice(REFERENCE_SIGNS) for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"


class PlaceState(models.TextChoices):
    """The state of a place that was asked for. Confirmed and offered places are taken."""

    NOT_ASKED = "", _("not requested yet")
    CONFIRMED = "confirmed", _("confirmed")
    OFFERED = "offered", _("offered")
    WAITING = "waiting", _("waiting")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("delegation", "withdrawn")


TAKEN = (PlaceState.CONFIRMED, PlaceState.OFFERED)
ACTIVE = (*TAKEN, PlaceState.WAITING)


class Reason(models.TextChoices):
    """Why a place is not given, or was taken back."""

    NONE = "", ""
    # Reasons to wait.
    FULL = "full", _("no place is free")
    TOGETHER = "together", _("not enough places for everyone together")
    QUOTA = "quota", _("the institution’s quota is used up")
    APPROVAL = "approval", _("not approved yet")
    MEETING = "meeting", _("no confirmed place at the meeting yet")
    CLOSED = "closed", _("the waiting list has closed")
    # Reasons why a place was given up or taken back.
    OWN_WISH = "own_wish", _("at the institution’s own request")
    UNNAMED = "unnamed", _("no name was given in time")
    OFFICER = "officer", _("by decision of the Secretariat")
    UNANSWERED = "unanswered", _("the offer was not answered in time")
    REFUSED = "refused", _("the offer was declined")
    WITH_MEETING = "with_meeting", _("together with the place at the meeting")


class PlaceQuerySet(models.QuerySet):
    """Of delegates, each with a place at the meeting, or of places at workshops."""

    def taken(self):
        return self.filter(place__in=TAKEN)

    def waiting(self):
        """Return those who wait, the first in line first."""
        return self.filter(place=PlaceState.WAITING).order_by("line", "id")

    def active(self):
        return self.filter(place__in=ACTIVE)

    def not_asked(self):
        return self.filter(place=PlaceState.NOT_ASKED)


class Place(models.Model):
    """A place that was asked for. Only `meetings.places` writes these fields."""

    place = models.CharField(
        _("place"),
        max_length=10,
        choices=PlaceState,
        blank=True,
        default=PlaceState.NOT_ASKED,
        editable=False,
    )
    reason = models.CharField(
        _("reason"), max_length=15, choices=Reason, blank=True, default=Reason.NONE, editable=False
    )
    # Numbers of a meeting's lines are given once and grow: who comes back keeps the former place.
    line = models.PositiveIntegerField(_("position on the waiting list"), null=True, editable=False)
    declined_at = models.DateTimeField(
        pgettext_lazy("moment", "declined"), null=True, editable=False
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_taken(self):
        return self.place in TAKEN

    @property
    def is_confirmed(self):
        return self.place == PlaceState.CONFIRMED

    @property
    def is_waiting(self):
        return self.place == PlaceState.WAITING

    @property
    def is_active(self):
        return self.place in ACTIVE


class DelegationQuerySet(models.QuerySet):
    def with_places(self):
        """Return those that come: submitted, and at least one person has a confirmed place."""
        confirmed = Delegate.objects.filter(place=PlaceState.CONFIRMED, delegation=OuterRef("pk"))
        return self.filter(Exists(confirmed), state=Delegation.State.SUBMITTED)

    def with_counts(self):
        """Count the people of each by their places; of those confirmed some wait for a workshop."""
        confirmed = Q(delegates__place=PlaceState.CONFIRMED)
        for_workshop = Q(delegates__workshop_places__place=PlaceState.WAITING)
        counts = {
            "people": Q(),
            "confirmed": confirmed,
            "offered": Q(delegates__place=PlaceState.OFFERED),
            "waiting": Q(delegates__place=PlaceState.WAITING),
            "waiting_for_workshop": confirmed & for_workshop,
        }
        return self.annotate(
            **{n: Count("delegates", filter=which, distinct=True) for n, which in counts.items()}
        )

    def lacking_slip(self):
        """Return those sent to meetings that want a return slip, without one."""
        wanted = self.filter(meeting__slip_due_on__isnull=False, meeting__cancelled_at=None)
        return wanted.filter(
            state=Delegation.State.SUBMITTED, slip_waived_at=None, return_slips=None
        )


class Delegation(models.Model):
    """Whom an institution sends to a meeting: a draft until it is submitted."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        WITHDRAWN = "withdrawn", pgettext_lazy("delegation", "withdrawn")

    class Rule(models.TextChoices):
        AS_MANY_AS_FIT = "as_many_as_fit", _("as many as fit")
        ALL_TOGETHER = "all_together", _("all together")

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="delegations", verbose_name=_("meeting")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="delegations", verbose_name=_("institution")
    )
    reference = models.CharField(
        _("reference"), max_length=9, unique=True, default=new_reference, editable=False
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    rule = models.CharField(
        _("rule for the waiting list"), max_length=15, choices=Rule, default=Rule.AS_MANY_AS_FIT
    )
    submitted_at = models.DateTimeField(
        pgettext_lazy("moment", "submitted"), null=True, editable=False
    )
    withdrawn_at = models.DateTimeField(
        pgettext_lazy("moment of a delegation", "withdrawn"), null=True, editable=False
    )
    # Spent by the submission that carries it: the same form sent again finds another one here.
    submission_token = models.UUIDField(default=uuid.uuid4, editable=False)
    # Raised by each saving, so that the second of two who save at once is refused.
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    saved_by = by_user(_("saved by"), editable=False)
    saved_at = models.DateTimeField(_("saved"), db_default=Now(), editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    # Where an officer takes the delegation without the return slip that the meeting wants.
    slip_waived_at = models.DateTimeField(
        _("accepted without a return slip"), null=True, editable=False
    )
    # Since when people asked for places without a mail that confirms it.
    confirmation_due_at = models.DateTimeField(null=True, editable=False)
    draft_reminded_at = models.DateTimeField(null=True, editable=False)
    names_reminded_at = models.DateTimeField(null=True, editable=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["meeting", "submitted_at", "id"]
        permissions = [("enter_delegation", _("Can enter delegations for institutions"))]
        triggers = [LogsChange(REGISTRATIONS)]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "institution"],
                name="delegation_once",
                violation_error_message=_("The institution has a delegation at this meeting."),
            )
        ]

    def __str__(self):
        return self.reference

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_all_together(self):
        return self.rule == self.Rule.ALL_TOGETHER


class ReturnSlip(models.Model):
    """A page of the return slip: the delegation on paper, signed and sealed, as a photograph."""

    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="return_slips")
    file = SealedFileField(_("file"))
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now(), editable=False)
    uploaded_by = by_user(_("uploaded by"), editable=False)

    objects = WithFilesQuerySet.as_manager()

    class Meta:
        verbose_name = _("return slip")
        verbose_name_plural = _("return slips")
        ordering = ["id"]
        default_permissions = []
        triggers = [LogsChange(REGISTRATIONS)]

    def __str__(self):
        return self.file.name.rpartition(".")[2].upper()


class DelegateQuerySet(PlaceQuerySet):
    def listed(self):
        """Return those whom the public may see: they come, and agreed to be named."""
        return self.filter(
            may_be_listed=True, place=PlaceState.CONFIRMED, to_be_named=False, erased_at=None
        )


def kept_by_consent(name):
    return models.CheckConstraint(
        condition=Q(**{name: ""}) | Q(consented_to__contains=[name]),
        name=f"delegate_{name}_by_consent",
        violation_error_message=_("Without the person’s consent this is not kept."),
    )


def stamp_consent():
    """Make the trigger that notes when a consent was given, for every way of writing."""
    return pgtrigger.Trigger(
        name="stamp_consent",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NEW.consented_to = '{}' THEN NEW.consented_at = NULL;
            ELSIF TG_OP = 'INSERT' OR NEW.consented_to IS DISTINCT FROM OLD.consented_to
            THEN NEW.consented_at = now();
            END IF;
            RETURN NEW;
        """,
    )


def keep_while_passport():
    """Refuse to take back the consent by which a passport is kept before that is deleted."""
    return pgtrigger.Trigger(
        name="keep_while_passport",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "'passport' = ANY (OLD.consented_to) AND NOT 'passport' = ANY (NEW.consented_to)"
        ),
        func="""
            IF EXISTS (SELECT FROM meetings_passport WHERE delegate_id = NEW.id) THEN
                RAISE EXCEPTION 'a passport is kept by this consent'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


class Delegate(Place):
    """A person of a delegation, or a place kept for one to be named; `place` is at the meeting."""

    class Gender(models.TextChoices):
        WOMAN = "woman", _("woman")
        MAN = "man", _("man")
        OTHER = "other", _("other")
        NOT_STATED = "", _("not stated")

    delegation = models.ForeignKey(
        Delegation, models.CASCADE, related_name="delegates", verbose_name=_("delegation")
    )
    position = models.PositiveSmallIntegerField(default=0)
    to_be_named = models.BooleanField(_("to be named"), default=False)
    chinese_name = models.CharField(
        _("name in Chinese"), max_length=60, blank=True, validators=[validate_name]
    )
    family_name = models.CharField(
        _("family name"),
        max_length=100,
        blank=True,
        validators=[validate_name],
        help_text=_("In Latin letters, as in the passport."),
    )
    given_names = models.CharField(
        _("given names"),
        max_length=100,
        blank=True,
        validators=[validate_name],
        help_text=_("In Latin letters, as in the passport. Empty if there is none."),
    )
    role = models.CharField(pgettext_lazy("of a delegate", "role"), max_length=150, blank=True)
    email = models.EmailField(_("email"), blank=True)
    mobile = SealedTextField(
        _("mobile number"), max_length=30, blank=True, validators=[validate_mobile]
    )
    nationality = models.CharField(_("nationality"), max_length=2, blank=True)
    gender = models.CharField(
        _("gender"), max_length=10, choices=Gender, blank=True, default=Gender.NOT_STATED
    )
    diet = models.CharField(_("diet"), max_length=300, blank=True)
    access_needs = models.CharField(_("access needs"), max_length=300, blank=True)
    may_be_listed = models.BooleanField(
        _("may be listed"),
        default=False,
        help_text=_("The person agrees to be named on the public page of the meeting."),
    )
    may_be_kept = models.BooleanField(
        _("may be kept"),
        default=False,
        help_text=_(
            "The person agrees to stay in the institution’s list, for future registrations."
        ),
    )
    roster_entry = models.ForeignKey(
        RosterEntry,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="delegates",
        verbose_name=_("in the institution’s list"),
    )
    consented_to = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("agreed that this is kept"),
        default=list,
        blank=True,
        help_text=_(
            "Information that reveals health or belief is kept only with the person’s consent."
        ),
    )
    # Empty beside what was stated before the portal asked for this consent.
    consented_at = models.DateTimeField(_("agreed on"), null=True, editable=False)
    refused = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("did not agree that this is kept"),
        default=list,
        blank=True,
    )
    consent_version = models.CharField(
        _("version of the text agreed to"), max_length=10, blank=True, editable=False
    )
    # What was signed on paper; an officer entered it.
    consent_scan = SealedFileField(_("scan of the signed consent"), blank=True)
    approved_at = models.DateTimeField(
        pgettext_lazy("moment", "approved"), null=True, editable=False
    )
    decision = models.CharField(
        _("reason of the decision"), max_length=500, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    erased_at = models.DateTimeField(_("personal data erased"), null=True, editable=False)

    objects = DelegateQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["position", "id"]
        triggers = [
            LogsChange(REGISTRATIONS),
            stamp_consent(),
            keep_while_passport(),
            outdate_documents_of_renamed(),
        ]
        permissions = [("see_needs_delegate", _("Can see e-mail, diet and needs of delegates"))]
        constraints = [
            models.CheckConstraint(
                # A draft keeps whatever is there.
                condition=Q(place="")
                | Q(to_be_named=True)
                | Q(erased_at__isnull=False)
                | ~Q(family_name="", given_names="", chinese_name=""),
                name="delegate_named_or_to_be_named",
                violation_error_message=_("Give a name, or mark the place to be named."),
            ),
            models.CheckConstraint(
                condition=Q(place="") | Q(line__isnull=False), name="delegate_has_a_line"
            ),
            *(kept_by_consent(name) for name in SENSITIVE),
        ]

    def __str__(self):
        return self.name or str(
            pgettext_lazy("person", "erased") if self.is_erased else _("to be named")
        )

    @property
    def is_erased(self):
        """Whether there was a person here whose data are erased; a place may never have had one."""
        return self.erased_at is not None and not self.to_be_named

    @property
    def is_asked_for_passport(self):
        meeting = self.delegation.meeting
        nationality = self.nationality or self.delegation.institution.country_id or ""
        return "passport" in meeting.travel_asks and crosses_border(nationality, meeting.country_id)

    @property
    def name(self):
        """Return the name as the page's language writes it: 李伟, and Wei LI."""
        return next(iter(both_names(self)), "")

    @property
    def other_name(self):
        """Return the name as the other language writes it; empty where there is none."""
        return "".join(both_names(self)[1:])


class WorkshopPlace(Place):
    """A place at a workshop that a delegate asked for."""

    delegate = models.ForeignKey(
        Delegate,
        models.CASCADE,
        related_name="workshop_places",
        verbose_name=_("delegate"),
        db_index=False,  # The constraint's own index begins with it.
    )
    workshop = models.ForeignKey(
        Workshop, models.PROTECT, related_name="workshop_places", verbose_name=_("workshop")
    )

    class Meta:
        verbose_name = _("place at a workshop")
        verbose_name_plural = _("places at workshops")
        ordering = ["workshop", "line", "id"]
        triggers = [LogsChange(REGISTRATIONS)]
        indexes = [
            models.Index(
                fields=["workshop", "line"], name="workshop_line", condition=Q(place="waiting")
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["delegate", "workshop"],
                name="workshop_place_once",
                violation_error_message=_("The delegate has already asked for this workshop."),
            ),
            models.CheckConstraint(
                condition=Q(place="") | Q(line__isnull=False), name="workshop_place_has_a_line"
            ),
        ]

    def __str__(self):
        return f"{self.delegate}, {self.workshop}"
