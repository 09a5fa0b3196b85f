"""Where people are signed in: which sessions there are, and what ends them."""

import ipaddress

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from allauth.usersessions.models import UserSession
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils.translation import ngettext

from members.models import User
from sscnet.core.personal_data.security_log import log_security
from sscnet.core.personal_data.throttles import NETWORK


@receiver(pre_save, sender=UserSession, dispatch_uid="shorten address")
def shorten_address(instance, **kwargs):
    """Keep the network only: enough to know a session by."""
    address = ipaddress.ip_address(instance.ip)
    network = ipaddress.ip_network((address, NETWORK[address.version]), strict=False)
    instance.ip = str(network.network_address)


def others_of(user: User, request=None):
    """Return a person's sessions, without the one of this request."""
    this_one = request.session.session_key if request else None
    return UserSession.objects.filter(user=user).exclude(session_key=this_one)


def end(sessions) -> int:
    """End sessions, each with a line in the security log; return how many were still open."""
    count = 0
    for session in sessions:
        if session.exists():
            log_security("session_ended", account=session.user_id, session=session.pk)
            count += 1
        session.end()
    return count


def ended_text(n: int) -> str:
    """Return what to tell who ended sessions."""
    return ngettext("%(n)d session ended.", "%(n)d sessions ended.", n) % {"n": n}


# ------------------------------------------------------------------ a change of factors


def end_others(user, request=None, **kwargs):
    """Who knew the old password or mailbox, or had the device, is out; who changed it stays."""
    end(others_of(user, request))


for signal in (
    account_signals.password_set,
    account_signals.password_changed,
    account_signals.password_reset,
    factor_signals.authenticator_added,
    factor_signals.authenticator_removed,
    factor_signals.authenticator_reset,
):
    signal.connect(end_others, dispatch_uid="end other sessions")


@receiver(account_signals.email_changed, dispatch_uid="end sessions of the old address")
def address_changed(user, from_email_address, request=None, **kwargs):
    # Sent also when the first code to sign in confirms the address of the account.
    if from_email_address:
        log_security("email_changed", account=user.pk)
        end_others(user, request)
