"""Action points after a meeting: reported by their institutions, and reminded of by the clock."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from members.models import Affiliation, Institution, User
from sscnet.core.i18n.dates import BEIJING
from sscnet.outbox import due, post
from sscnet.outbox.wordings import Wording, register

from ..models import ActionPoint, ActionReport

# Days before an action point is due, and after (as a negative number), on which is written.
REMIND_DAYS = (14, -1)
WORDS = {
    "action": gettext_lazy("what is to be done"),
    "meeting": gettext_lazy("the meeting"),
    "institution": gettext_lazy("the institution"),
    "due": gettext_lazy("the day on which it is due"),
}
REPORT = gettext_lazy("Report it as done")


def wording(key, label, subject, body):
    register(Wording(key, label, subject, body, WORDS, link_label=REPORT))


wording(
    "action-point-due",
    gettext_lazy("action point due"),
    gettext_lazy("Due on {due}: action point of {meeting}"),
    gettext_lazy(
        "{meeting} agreed that {institution} will do the following by {due}. Please report when "
        "it is done.\n\n{action}"
    ),
)
wording(
    "action-point-late",
    gettext_lazy("action point overdue"),
    gettext_lazy("Overdue since {due}: action point of {meeting}"),
    gettext_lazy(
        "{meeting} agreed that {institution} would do the following by {due}, and no report has "
        "arrived. Please report when it is done, or reply to this email if it cannot be "
        "done.\n\n{action}"
    ),
)
wording(
    "action-point-returned",
    gettext_lazy("report on an action point returned"),
    gettext_lazy("Please add to your report: action point of {meeting}"),
    gettext_lazy(
        "The Secretariat has returned the report of {institution} on the following action point "
        "because it does not seem to be done. Please report again, or reply to this "
        "email.\n\n{action}"
    ),
)


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
    standing = ActionReport.objects.filter(action_point=action_point, returned_at=None)
    found = standing.select_for_update().first()
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
    """Write to everybody who may act for the institution, each once for this key."""
    institution = action_point.institution
    # The outbox makes the Chinese address out of the English one.
    with override("en"):
        link = reverse("meetings:my_action_point", args=[institution.slug, action_point.pk])
    for user, address in people_of(institution):
        post.write(
            kind,
            to=address,
            key=f"{kind}:{action_point.pk}:{key}:{user}",
            about=institution,
            link=link,
            words={
                "action": text_of(action_point),
                "meeting": action_point.meeting,
                "institution": institution,
                "due": action_point.due_on,
            },
        )


def what_is_to_be_done(action_point: ActionPoint) -> str:
    return action_point.text_i18n


# In the language in which the mail is being made.
text_of = lazy(what_is_to_be_done, str)


def people_of(institution: Institution) -> list[tuple[int, str]]:
    acting = Affiliation.objects.editing().filter(institution=institution, user__is_active=True)
    return list(acting.order_by("user").values_list("user", "user__email").distinct())
