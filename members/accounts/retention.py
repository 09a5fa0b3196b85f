"""What goes when its time is over: sessions, invitations, unused accounts, people known."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core import roles
from sscnet.core.personal_data import erasure_log, retention
from sscnet.outbox import due, post
from sscnet.outbox.models import Message

from .. import mails
from ..models import (
    TAKE_BACK_HOURS,
    AccountChange,
    Affiliation,
    Invitation,
    RosterEntry,
    User,
)

roles.may_forget(Invitation, User)


@retention.rule("sessions", _("sessions that have ended"))
def clear_sessions() -> int:
    """Delete sessions that have expired, and what is left of those that were signed out."""
    count, _numbers = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    open_ones = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.exclude(Exists(open_ones)).delete()
    return count


@retention.rule("account_changes", _("links that take back changes of accounts"))
def delete_changes() -> int:
    over = timezone.now() - timedelta(hours=TAKE_BACK_HOURS)
    count, _numbers = AccountChange.objects.filter(changed_at__lte=over).delete()
    return count


@retention.rule("invitations", _("invitations"))
def delete_invitations() -> int:
    """Delete invitations that ended long ago, with their history."""
    ended_at = Coalesce("accepted_at", "withdrawn_at", "expires_at")
    before = timezone.now() - timedelta(days=settings.INVITATION_RETENTION_DAYS)
    old = Invitation.objects.alias(ended_at=ended_at).filter(ended_at__lt=before)
    numbers = list(roles.settled(old).values_list("pk", flat=True))
    Invitation.objects.filter(pk__in=numbers).delete()
    roles.forget_history(Invitation, numbers)
    return len(numbers)


# ------------------------------------------------------------------ accounts without any use


def unused() -> QuerySet[User]:
    """Return the accounts that nobody signed in to, and that acted for nobody, for long.

    Those of the Secretariat are its own business.
    """
    before = timezone.now() - timedelta(days=settings.ACCOUNT_UNUSED_DAYS)
    acting = Affiliation.objects.filter(Q(until=None) | Q(until__gte=before.date()))
    users = User.objects.filter(is_staff=False, is_superuser=False)
    users = users.alias(used_at=Coalesce("last_login", "created_at")).filter(used_at__lt=before)
    return users.exclude(pk__in=acting.values("user"))


@due.register
@transaction.atomic
def tell_owners() -> None:
    """Tell the owners of unused accounts, each once, that these will go."""
    waiting = unused().exclude(unused_notified_at__gt=F("used_at"))
    now = timezone.now()
    day = timezone.localdate(now + timedelta(days=settings.ACCOUNT_NOTICE_DAYS))
    for user in waiting.select_for_update(skip_locked=True):
        User.objects.filter(pk=user.pk).update(unused_notified_at=now)
        post.write(
            mails.ACCOUNT_UNUSED.key,
            to=user.email,
            key=f"account-unused:{user.pk}:{day}",
            words={"day": day},
            link=reverse("account_login"),
        )


@retention.rule("accounts", _("unused accounts"))
def delete_unused_accounts() -> int:
    notified_before = timezone.now() - timedelta(days=settings.ACCOUNT_NOTICE_DAYS)
    notified = unused().filter(
        unused_notified_at__gt=F("used_at"), unused_notified_at__lt=notified_before
    )
    return delete_accounts(notified)


@erasure_log.repeats("account", User, "created_at")
def delete_again(user: User, _at: datetime) -> int:
    return delete_accounts(User.objects.filter(pk=user.pk))


def delete_accounts(users: QuerySet[User]) -> int:
    numbers = [user.pk for user in roles.settled(users).select_for_update(of=("self",))]
    kind = ContentType.objects.get_for_model(User)
    logged = LogEntry.objects.filter(content_type=kind, object_id__in=map(str, numbers))
    logged.update(object_repr="", change_message="")
    # They greet by name.
    addresses = User.objects.filter(pk__in=numbers).values("email")
    Message.objects.filter(to__in=addresses).delete()
    User.objects.filter(pk__in=numbers).delete()
    roles.forget_history(User, numbers)
    for number in numbers:
        erasure_log.note("account", number)
    return len(numbers)


# ------------------------------------------------------------------ people whom institutions know


@retention.rule("roster", _("people that institutions know"))
def forget_unused_people() -> int:
    """Forget people whom nobody registered for long."""
    before = timezone.now() - timedelta(days=settings.ROSTER_DAYS)
    return RosterEntry.objects.filter(registered_at__lt=before).forget()


@erasure_log.repeats("roster", RosterEntry, "created_at")
def forget_again(entry: RosterEntry, _at: datetime) -> int:
    return RosterEntry.objects.filter(pk=entry.pk).forget()
