"""Action points after a meeting: reported by their institutions, and reminded of by the clock."""

from datetime import timedelta
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from members.mails import write_to_institution
from members.models import User
from sscnet.core.i18n.dates import BEIJING
from sscnet.outbox import due
from sscnet.outbox.wordings import register

from ..models import ActionPoint, ActionReport

# Days before an action point is due, and after (as a negative number), on which is written.
REMIND_DAYS = (14, -1)
WORDS = ("action", "meeting", "institution", "due")
register("action-point-due", *WORDS, is_weekly=True)
register("action-point-late", *WORDS)
register("action-point-returned", *WORDS)


# ------------------------------------------------------------------ what is done with them


@transaction.atomic
def report(action_point: ActionPoint, words: str, by: User) -> None:
    """Keep what the institution says was done; an officer then changes the state."""
    action_point = ActionPoint.objects.select_for_update(of=("self",)).get(pk=action_point.pk)
    if not action_point.waits_for_institution:
        raise ValidationError(_("This action point has already been reported or closed."))
    action_point.reports.create(words=words, reported_by=by)


@transaction.atomic
def give_back(action_point: ActionPoint) -> bool:
    """Ask the institution again, as the report does not show that it is done."""
    in_force = ActionReport.objects.filter(action_point=action_point, returned_at=None)
    found = in_force.select_for_update().first()
    if found is None or action_point.state != ActionPoint.State.OPEN:
        return False
    found.returned_at = timezone.now()
    found.save(update_fields=["returned_at"])
    tell("action-point-returned", action_point, str(found.pk))
    return True


def close(action_point: ActionPoint) -> bool:
    """Call done what the institution reported; of a published meeting the public sees it."""
    reported = ActionPoint.objects.reported().filter(pk=action_point.pk)
    return bool(reported.update(state=ActionPoint.State.DONE))


# ------------------------------------------------------------------ reminders


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
        link=reverse("meetings:my_action_point", args=[institution.slug, action_point.pk]),
        words={
            "action": text_of(action_point),
            "meeting": action_point.meeting,
            "institution": institution,
            "due": action_point.due_on,
        },
    )


# In the language in which the mail is being made.
text_of = lazy(attrgetter("text_i18n"), str)
