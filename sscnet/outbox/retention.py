"""How long mails are kept: first the texts go, then the rows; other housekeeping of `run_due`."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.changes import versions
from sscnet.core.database import stamps
from sscnet.core.database.cache import JSONDatabaseCache
from sscnet.core.personal_data import retention

from . import due
from .models import Attachment, Message

due.register(retention.run_all)
due.register(versions.release_due)
# The log of changes is read as a whole.
due.register(stamps.trim)


def done_before(moment: datetime):
    """Return the mails that were sent or given up before this moment."""
    mails = Message.objects.alias(done_at=Coalesce("sent_at", "failed_at"))
    return mails.filter(done_at__lt=moment)


@retention.rule("mail_texts", _("texts of emails"))
def forget_texts() -> int:
    mails = done_before(timezone.now() - timedelta(days=settings.MAIL_TEXT_DAYS))
    with_text = mails.exclude(text="", html="", last_error="")
    with_files = Q(pk__in=Attachment.objects.values("message"))
    old = list(mails.filter(Q(pk__in=with_text) | with_files).values_list("pk", flat=True))
    Attachment.objects.filter(message__in=old).delete()
    return Message.objects.filter(pk__in=old).update(text="", html="", last_error="")


@retention.rule("mails", _("emails"))
def delete_mails() -> int:
    mails = done_before(timezone.now() - timedelta(days=settings.MAIL_DAYS))
    _all, numbers = mails.delete()
    return numbers.get(Message._meta.label, 0)


@due.register
def forget_old_tasks():
    """Delete results of tasks that are weeks old."""
    call_command("prune_db_task_results", verbosity=0)


@due.register
def forget_expired_counts():
    """Delete what has expired in the cache of the database; Valkey does so itself."""
    if isinstance(caches["default"], JSONDatabaseCache):
        caches["default"].delete_expired()
