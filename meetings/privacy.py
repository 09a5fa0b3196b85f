"""What is held of people who come to meetings."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.privacy import declare

from .models import Attendance, ChangeRequest, Delegate, Delegation
from .models.delegation import SEES_NEEDS

OF_DELEGATES = {
    "whose": _("delegates"),
    "kept": _("until it is erased after the meeting’s retention day"),
}
# They decide who comes, and have to know whom they admit.
DECIDES = "meetings.change_delegate"

declare(
    Delegate,
    "family_name",
    "given_names",
    "chinese_name",
    "role",
    why=_("to know who comes: places, name tags, letters of invitation"),
    permission="meetings.view_delegate",
    **OF_DELEGATES,
)
declare(
    Delegate,
    "email",
    why=_("to tell the person about the place"),
    permission=SEES_NEEDS,
    **OF_DELEGATES,
)
declare(
    Delegate,
    "diet",
    "access_needs",
    why=_("to prepare meals, rooms and help"),
    permission=SEES_NEEDS,
    **OF_DELEGATES,
)
declare(
    Delegate,
    "gender",
    why=_("to count how many women and men come"),
    permission=DECIDES,
    **OF_DELEGATES,
)
declare(
    Delegate,
    "decision",
    why=_("to give the reason of a decision"),
    permission="meetings.view_delegate",
    **OF_DELEGATES,
)
declare(
    Delegation,
    "nomination_letter",
    why=_("to show that the institution sends these people"),
    permission="meetings.change_delegation",
    **OF_DELEGATES,
)
declare(
    ChangeRequest,
    "before",
    "after",
    why=_("to make the change that was asked for"),
    permission=SEES_NEEDS,
    **OF_DELEGATES,
)
declare(
    Attendance,
    "name",
    "institution_as_stated",
    whose=_("people who come unannounced"),
    why=_("to know who was there"),
    kept=_("until it is erased after the meeting’s retention day"),
    permission="meetings.view_attendance",
)
