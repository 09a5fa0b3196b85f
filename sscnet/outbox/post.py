"""Writing a mail: a row, in the transaction of what it announces."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.validators import validate_email
from django.db import connection
from django.db.models import F, Model, Q
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sscnet.core.database.cache import count_up

from . import rendering, wordings
from .delivery.tasks import nudge_on_commit
from .models import Attachment, Message, WordingOverride

# Of mails that anybody can have sent, to an address that nobody confirmed.
MOST_A_DAY = 5
DAY = 24 * 60 * 60
WEEK_BEGINS = time(8)
CHINESE_HOST = re.compile(
    r"\.cn$|@(?:qq|foxmail|163|126|139|aliyun|sina|sohu|21cn)\.com$|@yeah\.net$"
)

_noted: ContextVar[list[Message] | None] = ContextVar("noted", default=None)


@contextmanager
def collecting() -> Iterator[list[Message]]:
    """Collect the mails written meanwhile, for a dry run that is rolled back."""
    noted: list[Message] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def write(
    kind: str,
    *,
    to: str,
    key: str,
    about: Model | None = None,
    words: dict | None = None,
    link: str = "",
    reference: str = "",
    reply_to: str = "",
    attachments: Iterable[tuple[str, bytes, str]] = (),
    due_at: datetime | None = None,
    language: str = "",
    name: Any = "",
) -> Message | None:
    """Write a mail that is sent once this transaction is committed, not before `due_at`.

    The same key again gives the message that is there. `words` has a value for each placeholder of
    the wording, plain text; records and lazy strings come out in each language. `link` is a path of
    the portal or a full address. `reply_to` is the Secretariat's mailbox unless given. Attachments
    are what Django takes: name, content, type of content.
    First in the mail comes the language in which the receiver signed in last, else `language`, else
    Chinese at a Chinese address. `name` is greeted; unless given, the owner of the account.
    None where the receiver gets no more of what anybody can have sent today.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A mail needs the transaction of what it announces.")
    if message := Message.objects.filter(key=key).first():
        return message
    wording, words = wordings.WORDINGS[kind], words or {}
    # The officers' own text may use each.
    if missing := {*wording.placeholders} - words.keys():
        raise ValueError(f"The mail {wording.key} lacks words: {', '.join(sorted(missing))}.")
    reply_to = reply_to or settings.SECRETARIAT_MAILBOX
    validate_email(to)
    if wording.is_for_anybody and not may_go(to):
        return None
    if reply_to:
        validate_email(reply_to)
    reference = rendering.one_line(reference, 100)
    account = get_user_model().objects.filter(email=to.lower()).first()
    language = (account and account.language) or language or language_of(to)
    # What is due by then would come too late.
    day = words.get("due")
    is_urgent = isinstance(day, date) and day <= next_week().date()
    is_weekly = wording.is_weekly and not is_urgent
    due_at = next_week() if is_weekly else due_at
    parts = rendering.render_parts(
        wording,
        words,
        link=link,
        reference=reference,
        reply_to=reply_to,
        override=WordingOverride.objects.filter(key=kind).first(),
        first=language,
        name=name or (account.name if account else ""),
    )
    message, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "to": to,
            "reply_to": reply_to,
            "subject": rendering.whole_subject(parts),
            "text": rendering.whole_text(parts),
            "html": rendering.whole_html(parts),
            "first_language": language,
            "holds_secret": wording.holds_secret,
            "reference": reference,
            # Given as None, it would clear the id to NULL.
            **({"about": about} if about else {}),
            "is_weekly": is_weekly,
            "due_at": due_at,
            "next_try_at": due_at or timezone.now(),
        },
    )
    if is_new:
        Attachment.objects.bulk_create(
            Attachment(message=message, name=file, content=content, content_type=content_type)
            for file, content, content_type in attachments
        )
        nudge_on_commit()
        if (noted := _noted.get()) is not None:
            noted.append(message)
    return message


def write_to_secretariat(kind: str, **options) -> None:
    """Write to the Secretariat's mailbox, where one is set."""
    if to := settings.SECRETARIAT_MAILBOX:
        write(kind, to=to, **options)


def may_go(address: str) -> bool:
    """Count a mail that anybody can have sent; return whether it goes to this address.

    Whoever has an account and showed to have the mailbox gets all: the limits of signing in hold
    there. Nobody is told, as that would tell who has an account.
    """
    accounts = get_user_model().objects.filter(email=address.lower(), is_active=True)
    verified = Q(emailaddress__email=F("email"), emailaddress__verified=True)
    is_confirmed = verified | Q(last_login__isnull=False)
    if accounts.filter(is_confirmed).exists():
        return True
    name = salted_hmac("outbox.post", address.lower(), algorithm="sha256").hexdigest()
    return count_up(f"unconfirmed:{name}", DAY) <= MOST_A_DAY


def language_of(address: str) -> str:
    """Return Chinese for a Chinese mailbox, by its host."""
    return "zh-hans" if CHINESE_HOST.search(address.lower()) else ""


def next_week() -> datetime:
    """Return when the mails of the week are sent: the next Monday, as the office begins."""
    now = timezone.localtime()
    monday = now.date() + timedelta(days=7 - now.weekday())
    return datetime.combine(monday, WEEK_BEGINS, now.tzinfo)
