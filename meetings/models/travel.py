"""What travellers state, and what they are given: letters of invitation and certificates.

Passport data stand in a table of their own, encrypted. None of these tables has a history.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.core.models.fields import by_user
from sscnet.core.personal_data import erasure_log
from sscnet.core.personal_data.sealed import SealedTextField, Unreadable
from sscnet.core.uploads.storage import throw_away
from sscnet.papers.models import Paper

from .approval import refuse_without_approval
from .delegation import Delegate
from .meeting import Meeting
from .office import Attendance
from .personal_data import DelegateLink


class Traveller(models.Model):
    """How a person comes and goes, and where he or she stays."""

    class Hotel(models.TextChoices):
        NOT_STATED = "", _("not stated")
        WANTED = "wanted", _("a room is wanted")
        OWN = "own", _("has a room, or does not need one")

    class Room(models.TextChoices):
        NOT_STATED = "", _("not stated")
        SINGLE = "single", _("a room alone")
        SHARED = "shared", _("a room shared with a colleague")

    delegate = models.OneToOneField(Delegate, models.CASCADE, related_name="traveller")
    arrives_on = models.DateField(_("arrives on"), null=True, blank=True)
    arrives_at = models.TimeField(_("time of arrival"), null=True, blank=True)
    arrives_by = models.CharField(
        _("arrives by"), max_length=100, blank=True, help_text=_("Flight or train.")
    )
    leaves_on = models.DateField(_("leaves on"), null=True, blank=True)
    leaves_at = models.TimeField(_("time of departure"), null=True, blank=True)
    leaves_by = models.CharField(
        _("leaves by"), max_length=100, blank=True, help_text=_("Flight or train.")
    )
    hotel = models.CharField(
        _("hotel"), max_length=10, choices=Hotel, blank=True, default=Hotel.NOT_STATED
    )
    hotel_name = models.CharField(
        _("name of the hotel"), max_length=200, blank=True, help_text=_("If there is one already.")
    )
    room = models.CharField(
        _("room"), max_length=10, choices=Room, blank=True, default=Room.NOT_STATED
    )
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        verbose_name = _("traveller")
        verbose_name_plural = _("travellers")
        default_permissions = []

    def __str__(self):
        return str(self.delegate)


# ------------------------------------------------------------------ passports


@dataclass(frozen=True)
class PassportData:
    name: str
    number: str
    # The two letters of a country.
    nationality: str
    expires_on: date


class PassportQuerySet(models.QuerySet):
    def erase(self):
        """Delete these, so that a restored backup deletes them again; return how many."""
        return erasure_log.delete(self, "passport")


def refuse_without_consent():
    """Refuse a passport of a person who did not agree that it is kept."""
    return pgtrigger.Trigger(
        name="refuse_without_consent",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NOT EXISTS (
                SELECT FROM meetings_delegate
                WHERE id = NEW.delegate_id AND 'passport' = ANY (consented_to)
            ) THEN
                RAISE EXCEPTION 'the person did not agree that the passport is kept'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


class Passport(models.Model):
    """A traveller's passport: what is in it can be read with a key of the settings only."""

    delegate = models.OneToOneField(Delegate, models.CASCADE, related_name="passport")
    sealed = SealedTextField(_("passport: name, number, nationality, expiry"), editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects = PassportQuerySet.as_manager()

    class Meta:
        verbose_name = _("passport")
        verbose_name_plural = _("passports")
        default_permissions = []
        permissions = [("see_passport", _("Can see passports of travellers"))]
        triggers = [refuse_without_consent()]

    def __str__(self):
        return str(self.delegate)

    @property
    def data(self):
        """Return what is in the passport; None where none of the keys opens it."""
        if not self.sealed or isinstance(self.sealed, Unreadable):
            return None
        values = json.loads(self.sealed)
        return PassportData(**values | {"expires_on": date.fromisoformat(values["expires_on"])})

    @data.setter
    def data(self, data):
        self.sealed = json.dumps(asdict(data), default=str)


class PassportLook(models.Model):
    """That somebody looked at a person's passport: shown to that person."""

    delegate = models.ForeignKey(Delegate, models.CASCADE, related_name="passport_looks")
    at = models.DateTimeField(_("when"), db_default=Now())
    by = by_user(_("who"))

    class Meta:
        verbose_name = _("look at a passport")
        verbose_name_plural = _("looks at passports")
        ordering = ["-at", "-id"]
        default_permissions = []

    def __str__(self):
        return str(self.delegate)


# ------------------------------------------------------------------ letters and certificates


class IssuedDocumentQuerySet(models.QuerySet):
    def letters(self):
        return self.filter(kind=IssuedDocument.Kind.LETTER)

    def current(self):
        """Return those neither outdated nor withdrawn: of a person and kind, one."""
        return self.filter(outdated_at=None, withdrawn_at=None)

    def issued(self):
        return self.exclude(paper=None)

    def with_paper(self):
        """Read each with what the register says of it, but for the files."""
        return self.select_related("paper").defer(*(f"paper__{name}" for name in Paper.FILES))

    def outdate(self):
        """Mark what was issued as outdated, and forget what was only asked for."""
        self.filter(paper=None).delete()
        return self.current().update(outdated_at=timezone.now())

    def withdraw(self):
        self.filter(paper=None).delete()
        return self.current().update(withdrawn_at=timezone.now())


class IssuedDocument(models.Model):
    """A letter of invitation or a certificate of attendance: asked for, issued.

    What was issued stands in the register of papers. Its files go as soon as this is out of date,
    withdrawn or deleted, as letters show the number of the passport; the number stays.
    """

    class Kind(models.TextChoices):
        LETTER = "letter", _("letter of invitation")
        CERTIFICATE = "certificate", _("certificate of attendance")

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        VALID = "valid", pgettext_lazy("letter or certificate", "valid")
        OUTDATED = "outdated", pgettext_lazy("letter or certificate", "out of date")
        WITHDRAWN = "withdrawn", pgettext_lazy("letter or certificate", "withdrawn")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="issued_documents")
    delegate = models.ForeignKey(
        Delegate, models.CASCADE, null=True, related_name="issued_documents"
    )
    # Of a walk-in.
    attendance = models.ForeignKey(
        Attendance, models.CASCADE, null=True, related_name="issued_documents"
    )
    paper = models.OneToOneField(
        Paper, models.PROTECT, null=True, related_name="issued_document", editable=False
    )
    asked_at = models.DateTimeField(pgettext_lazy("moment", "asked for"), null=True)
    sent_at = models.DateTimeField(_("told by mail"), null=True)
    outdated_at = models.DateTimeField(_("out of date since"), null=True)
    outdated_notified_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(pgettext_lazy("moment", "withdrawn"), null=True)

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter or certificate")
        verbose_name_plural = _("letters and certificates")
        ordering = ["-pk"]
        default_permissions = []
        permissions = [("issue_issueddocument", _("Can issue letters and certificates"))]
        triggers = [
            refuse_without_approval(
                "NEW.meeting_id",
                "NEW.kind = 'letter' AND NEW.paper_id IS NOT NULL "
                "AND (TG_OP = 'INSERT' OR OLD.paper_id IS NULL)",
                pgtrigger.Insert | pgtrigger.Update,
            ),
            pgtrigger.Trigger(
                name="keep_paper",
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' THEN
                        UPDATE papers_paper SET erased_at = now(), subject = '', recipient = '',
                            word = '', pdf = '', sealed = '' WHERE id = OLD.paper_id;
                    ELSIF COALESCE(NEW.outdated_at, NEW.withdrawn_at) IS NOT NULL THEN
                        UPDATE papers_paper SET outdated_at = NEW.outdated_at,
                            taken_back_at = NEW.withdrawn_at, word = '', pdf = '', sealed = ''
                            WHERE id = NEW.paper_id;
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(delegate=None) ^ Q(attendance=None), name="issued_document_of_one"
            ),
            models.CheckConstraint(
                condition=Q(kind="certificate") | Q(attendance=None),
                name="issued_document_letters_to_delegates",
            ),
            *(
                models.UniqueConstraint(
                    fields=["kind", whose],
                    condition=Q(outdated_at=None, withdrawn_at=None),
                    name=f"issued_document_once_a_{whose}",
                )
                for whose in ("delegate", "attendance")
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.paper or ''}".strip()

    @property
    def code(self):
        return self.paper.code if self.paper else ""

    @property
    def is_letter(self):
        return self.kind == self.Kind.LETTER

    @property
    def is_current(self):
        return not (self.outdated_at or self.withdrawn_at)

    @property
    def person(self):
        return self.delegate or self.attendance

    @property
    def state(self):
        if self.withdrawn_at or self.lost_its_reason:
            return self.State.WITHDRAWN
        if self.outdated_at:
            return self.State.OUTDATED
        return self.State.VALID if self.paper_id else self.State.ASKED

    @property
    def is_valid(self):
        return self.state == self.State.VALID

    @property
    def lost_its_reason(self):
        """Whether the meeting was cancelled, or the person noted as absent after all."""
        return self.meeting.is_cancelled or not (self.is_letter or was_present(self))


def was_present(document):
    noted = document.attendance or getattr(document.delegate, "attendance", None)
    return noted is not None and noted.state == Attendance.State.PRESENT


class MeetingPaper(models.Model):
    """A paper of a meeting that goes to institutions, such as its notice."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="papers")
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="meeting_paper")

    class Meta:
        verbose_name = _("paper of a meeting")
        verbose_name_plural = _("papers of a meeting")
        default_permissions = []

    def __str__(self):
        return str(self.paper)


# ------------------------------------------------------------------ another person's place


def forget_travel(delegates):
    """Forget what the person stated who had this place before: another person comes.

    The own link ends too, or it would open the passport of the other.
    """
    Traveller.objects.filter(delegate__in=delegates).delete()
    Passport.objects.filter(delegate__in=delegates).erase()
    PassportLook.objects.filter(delegate__in=delegates).delete()
    IssuedDocument.objects.filter(delegate__in=delegates).outdate()
    links = DelegateLink.objects.filter(delegate__in=delegates, revoked_at=None)
    links.update(revoked_at=timezone.now())
    signed = Delegate.objects.filter(pk__in=delegates).exclude(consent_scan="")
    throw_away(*signed.values_list("consent_scan", flat=True))
    signed.update(consent_scan="")
