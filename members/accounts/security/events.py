"""What happens to accounts, written into the security log."""

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from django.contrib.auth import signals as auth_signals
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver

from members.models import Affiliation, User
from sscnet.core.personal_data.security_log import log_security

# What of an account gives rights.
RIGHTS = ["is_active", "is_staff", "is_superuser"]


def log_when(signal, event):
    """Write a line about the account that a signal is about."""

    def write(user=None, authenticator=None, **kwargs):
        details = {"factor": authenticator.type} if authenticator else {}
        log_security(event, account=user.pk if user else None, **details)

    signal.connect(write, weak=False, dispatch_uid=f"log {event}")


log_when(auth_signals.user_logged_in, "signed_in")
log_when(auth_signals.user_logged_out, "signed_out")
log_when(account_signals.login_code_rejected, "code_wrong")
log_when(account_signals.password_set, "password_set")
log_when(account_signals.password_changed, "password_changed")
log_when(account_signals.password_reset, "password_reset")
log_when(factor_signals.authentication_failed, "second_factor_wrong")
log_when(factor_signals.authenticator_added, "second_factor_added")
log_when(factor_signals.authenticator_removed, "second_factor_removed")
log_when(factor_signals.authenticator_reset, "second_factor_renewed")


def log_failure(event: str, email: str) -> None:
    """Write a line about an attempt to sign in; an address without an account is not written."""
    user = User.objects.filter(email=email.lower()).only("pk").first()
    log_security(event, account=user.pk if user else None)


@receiver(auth_signals.user_login_failed, dispatch_uid="log failures")
def log_wrong_password(credentials, **kwargs):
    log_failure("password_wrong", credentials.get("email") or "")


# ------------------------------------------------------------------ rights


@receiver(m2m_changed, sender=User.groups.through, dispatch_uid="log groups")
@receiver(m2m_changed, sender=User.user_permissions.through, dispatch_uid="log permissions")
@receiver(m2m_changed, sender=Group.permissions.through, dispatch_uid="log rights of groups")
def log_rights(instance, action, model, pk_set, **kwargs):
    if action in ("post_add", "post_remove", "pre_clear") and pk_set != set():
        kind, change = model._meta.model_name, action.partition("_")[2]
        account = {"account": instance.pk} if isinstance(instance, User) else {}
        group = {} if account else {instance._meta.model_name: instance.pk}
        log_security(f"{kind}_{change}", ids=sorted(pk_set or []), **account, **group)


@receiver(pre_save, sender=User, dispatch_uid="log rights of users")
def log_rights_of_user(instance, **kwargs):
    old = User.objects.filter(pk=instance.pk).values(*RIGHTS).first() if instance.pk else None
    if old:
        new = {name: getattr(instance, name) for name in RIGHTS}
        if changed := {name: value for name, value in new.items() if old[name] != value}:
            log_security("rights_changed", account=instance.pk, **changed)


@receiver(post_save, sender=User, dispatch_uid="log accounts")
def log_new_account(instance, created, **kwargs):
    if created:
        rights = {name: getattr(instance, name) for name in RIGHTS}
        log_security("account_added", account=instance.pk, **rights)


@receiver(post_delete, sender=User, dispatch_uid="log deletions")
def log_deleted_account(instance, **kwargs):
    log_security("account_deleted", account=instance.pk)


@receiver(post_save, sender=Affiliation, dispatch_uid="log affiliations")
def log_affiliation(instance, created, **kwargs):
    log_security(
        "affiliation_added" if created else "affiliation_changed",
        account=instance.user_id,
        institution=instance.institution_id,
        role=instance.role,
        until=str(instance.until or ""),
    )
