"""What is held about people who come to meetings."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data.fields import Ground, days, declare, no_one

from ..models import (
    Attendance,
    ChangeRequest,
    Delegate,
    DelegateAnswer,
    DelegateLink,
    PaperRequest,
    Passport,
    PassportLook,
    ReturnSlip,
    Traveller,
)
from ..models.delegation import SEES_NEEDS

UNTIL_RETENTION_DAY = _(
    "until the meeting’s retention day, when the portal erases it automatically"
)
TO_THE_MEETING = _(
    "in lists that officers export: the host of the meeting, the hotel, caterers and drivers, in "
    "the country of the meeting"
)
OF_DELEGATES = {"whose": _("delegates"), "kept": UNTIL_RETENTION_DAY}
BY_INSTITUTION = _("the person; the institution that registered the person")
REGISTERED = OF_DELEGATES | {
    "ground": Ground.ASKED_FOR,
    "seen_by": BY_INSTITUTION,
    "goes_to": TO_THE_MEETING,
}
# They decide who comes, and have to know whom they admit.
DECIDES = "meetings.change_delegate"
# They prepare the journeys.
ISSUES = "meetings.issue_issueddocument"
WHO_COMES = {"why": _("to know who will attend: places, name tags, letters of invitation")}

declare(Delegate, "family_name", "given_names", "chinese_name", **WHO_COMES, **REGISTERED)
declare(
    Delegate,
    "role",
    stays=_("without the name it identifies nobody; the meeting’s figures need it"),
    **WHO_COMES,
    **REGISTERED,
)
declare(
    Delegate,
    "email",
    why=_("to tell the person about the place"),
    permission=SEES_NEEDS,
    **REGISTERED,
)
declare(
    Delegate,
    "mobile",
    why=_("to reach the person on the way and at the meeting: station, airport, hotel"),
    permission=SEES_NEEDS,
    **REGISTERED,
)
declare(
    Delegate,
    "nationality",
    why=_("to know who needs a passport and a letter for the border"),
    **REGISTERED,
)
declare(
    Delegate,
    "diet",
    "access_needs",
    why=_("to prepare meals, rooms and help"),
    permission=SEES_NEEDS,
    ground=Ground.CONSENT,
    seen_by=BY_INSTITUTION,
    goes_to=TO_THE_MEETING,
    is_sensitive=True,
    **OF_DELEGATES,
)
declare(
    Delegate,
    *("consented_to", "consented_at", "refused", "consent_version", "consent_scan"),
    why=_("to show that the person agreed, to what and when"),
    permission=SEES_NEEDS,
    ground=Ground.ACCOUNT_OF,
    seen_by=BY_INSTITUTION,
    **OF_DELEGATES,
)
declare(
    Delegate,
    "may_be_listed",
    why=_("to name on the public page of the meeting those who agreed, and nobody else"),
    ground=Ground.CONSENT,
    seen_by=_("the person; the institution; for those who agreed, everybody sees name and role"),
    goes_to=_("with consent, everybody on the internet, in all countries"),
    **OF_DELEGATES,
)
declare(
    Delegate,
    "may_be_kept",
    "roster_entry",
    why=_("to keep in the institution’s list those who agreed, and nobody else"),
    ground=Ground.CONSENT,
    seen_by=BY_INSTITUTION,
    **OF_DELEGATES,
)
declare(
    Delegate,
    "gender",
    why=_("to count how many women and men attend"),
    permission=DECIDES,
    **REGISTERED,
)
declare(
    Delegate,
    "decision",
    why=_("to give the reason of a decision"),
    ground=Ground.ACCOUNT_OF,
    seen_by=BY_INSTITUTION,
    **OF_DELEGATES,
)
ANSWERS = REGISTERED | {"why": _("to prepare the meeting, by its own questions to delegates")}
declare(DelegateAnswer, "text", "number", "day", "rows", "file", **ANSWERS)
declare(
    DelegateAnswer,
    "chosen",
    stays=_("without the name it identifies nobody; the meeting’s figures need it"),
    **ANSWERS,
)
declare(
    DelegateLink,
    "token",
    called=_("part of the person’s personal link"),
    why=_("to recognise the link by which a person sees, corrects and erases this"),
    permission=no_one,
    ground=Ground.SAFETY,
    **OF_DELEGATES,
)
declare(
    ReturnSlip,
    "file",
    why=_("to show that the institution’s leader agreed to these people attending"),
    permission="meetings.change_delegation",
    ground=Ground.ASKED_FOR,
    seen_by=_("the institution"),
    **OF_DELEGATES,
)
declare(
    PaperRequest,
    "asked_by",
    whose=_("people who request a registration by fax, WeChat or email"),
    why=_("to show at whose request the Secretariat entered a delegation"),
    kept=UNTIL_RETENTION_DAY,
    permission="meetings.view_delegation",
    ground=Ground.ACCOUNT_OF,
    seen_by=_("the institution"),
)
ASKED_TO_CHANGE = OF_DELEGATES | {
    "why": _("to make the change that was requested"),
    "ground": Ground.ASKED_FOR,
    "seen_by": BY_INSTITUTION,
}
declare(ChangeRequest, "before", "after", permission=SEES_NEEDS, **ASKED_TO_CHANGE)
declare(ChangeRequest, "words", "answer", **ASKED_TO_CHANGE)
WALK_INS = {"whose": _("people who come without registration"), "kept": UNTIL_RETENTION_DAY}
declare(
    Attendance,
    "name",
    "institution_as_stated",
    why=_("to know who attended, and for the certificate"),
    ground=Ground.CONSENT,
    **WALK_INS,
)
declare(
    Attendance,
    "consented_at",
    why=_("to show that the person agreed, and when"),
    ground=Ground.ACCOUNT_OF,
    **WALK_INS,
)
declare(
    Traveller,
    *("arrives_on", "arrives_at", "arrives_by", "leaves_on", "leaves_at", "leaves_by"),
    *("hotel", "hotel_name", "room"),
    why=_("to meet people on arrival, and to book rooms"),
    permission=ISSUES,
    **REGISTERED,
)
declare(
    Passport,
    "sealed",
    whose=_("delegates"),
    why=_("to write letters of invitation, for those who cross a border"),
    kept=days(_("{days} days after the meeting, when the portal deletes it"), "PASSPORT_DAYS"),
    permission="meetings.see_passport",
    ground=Ground.CONSENT,
    seen_by=BY_INSTITUTION,
    goes_to=_("in the letter, which the person shows: embassies and border police"),
    is_sensitive=True,
)
declare(
    PassportLook,
    "by",
    why=_("to show the person who looked at the passport, and when"),
    permission=no_one,
    ground=Ground.ACCOUNT_OF,
    seen_by=_("the person"),
    **OF_DELEGATES,
)
