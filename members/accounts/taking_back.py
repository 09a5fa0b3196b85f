"""Taking back a change of an account by the link in the mail that told of it."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from sscnet.core.personal_data.security_log import log_security

from .. import mails
from ..models import AccountChange, User
from .adapters import forget_other_addresses
from .security.notices import tell_administrators
from .sessions.ending import end_others


@transaction.atomic
def take_back(change: AccountChange) -> bool:
    """Give an account back to the address it had, and put out whoever changed it.

    Its sessions end, no password works, and the second factors that came with the change or after
    it go, as do recovery codes, which may have been read. Who has the address signs in by a code.
    The links of later changes, which went to others, end with it. False where it was used before.
    """
    user = User.objects.select_for_update().filter(pk=change.user_id).first()
    if not user or not AccountChange.objects.open().filter(pk=change.pk).exists():
        return False
    if not User.objects.filter(email=change.email).exclude(pk=user.pk).exists():
        user.email = change.email
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])
    forget_other_addresses(user)
    # Changed and confirmed together, they belong together.
    since = change.changed_at - timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    of_intruder = Q(created_at__gte=since) | Q(type=Authenticator.Type.RECOVERY_CODES)
    Authenticator.objects.filter(of_intruder, user=user).delete()
    user.changes.filter(changed_at__gte=change.changed_at).delete()
    log_security("account_taken_back", account=user.pk)
    end_others(user)
    if user.is_staff:
        tell_administrators(user, mails.TAKEN_BACK, besides=[user])
    return True
