"""Reminders of action points after a meeting, by the clock."""

from datetime import timedelta
from operator import attrgetter

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy

from members.mails import write_to_institution
from sscnet.core.i18n.dates import BEIJING
from sscnet.outbox import due
from sscnet.outbox.wordings import register

from ..models import ActionPoint

# Days before an action point is due, and after (as a negative number), on which is written.
REMIND_DAYS = (14, -1)
WORDS = ("action", "meeting", "institution", "due")
register("action-point-due", *WORDS, is_weekly=True)
register("action-point-late", *WORDS)


@due.register
def remind_of_action_points() -> None:
    """Write about each action point that is due or late, once on each day that was reached."""
    today = timezone.localdate(timezone=BEIJING)
    soon = ActionPoint.objects.to_do().filter(due_on__lte=today + timedelta(days=max(REMIND_DAYS)))
    for action_point in soon.select_related("meeting", "institution"):
        left = (action_point.due_on - today).days
        reached = min(number for number in REMIND_DAYS if left <= number)
        kind = "action-point-late" if reached < 0 else "action-point-due"
        tell(kind, action_point, f"{action_point.due_on}:{reached}")


@transaction.atomic
def tell(kind: str, action_point: ActionPoint, key: str) -> None:
    institution = action_point.institution
    write_to_institution(
        kind,
        institution,
        f"{action_point.pk}:{key}",
        link=action_point.meeting.get_absolute_url(),
        words={
            "action": text_of(action_point),
            "meeting": action_point.meeting,
            "institution": institution,
            "due": action_point.due_on,
        },
    )


# In the language in which the mail is being made.
text_of = lazy(attrgetter("text_i18n"), str)
