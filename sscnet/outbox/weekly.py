"""One mail a week for what is due: a receiver's reminders of the week, each in a line.

Kinds of mail that are not urgent are registered with `is_weekly`: they wait for Monday. One alone
goes as it is.
"""

from collections import defaultdict

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language

from . import due, post
from .models import Message
from .wordings import register, subject_in

DUE = "due-this-week"
register(DUE, "items")


@due.register
def gather() -> None:
    """Write the mails of the week that have come due, each receiver's once."""
    waiting = Message.objects.waiting().filter(is_weekly=True, due_at__lte=timezone.now())
    with transaction.atomic():
        found: dict[str, list[Message]] = defaultdict(list)
        for message in waiting.select_for_update(skip_locked=True).order_by("pk"):
            found[message.to].append(message)
        for address, messages in found.items():
            rows = Message.objects.filter(pk__in=[message.pk for message in messages])
            if len(messages) > 1:
                said_in = post.write(
                    DUE,
                    to=address,
                    key=f"{DUE}:{messages[-1].pk}",
                    words={"items": subjects(messages)},
                    link=reverse(settings.LOGIN_REDIRECT_URL),
                    language=messages[0].first_language,
                )
                rows.update(said_in=said_in, sent_at=timezone.now())
            rows.update(is_weekly=False)


def subjects_of(messages: list[Message]) -> str:
    language = get_language()
    return "\n".join(subject_in(one.subject, language, one.first_language) for one in messages)


# In the language in which the mail is being made.
subjects = lazy(subjects_of, str)
