"""Invitations to act for an institution: sent, sent again, withdrawn, accepted."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data.security_log import log_security
from sscnet.outbox import post

from .. import mails
from ..models import INVITATION_DAYS, Affiliation, Institution, Invitation, User


def invite(
    institution: Institution,
    *,
    email: str,
    role: str,
    by: User,
    hands_over: Affiliation | None = None,
) -> Invitation:
    """Invite a person by mail; where there is an open invitation, even just now, give that.

    What expired unused makes room.
    """
    unused = institution.invitations.unused().filter(email=email.lower())
    invitation = Invitation(
        institution=institution, email=email, role=role, invited_by=by, hands_over=hands_over
    )
    try:
        with transaction.atomic():
            unused.filter(expires_at__lte=timezone.now()).update(withdrawn_at=timezone.now())
            send(invitation)
    except IntegrityError as error:
        if "invitation_open_once" not in str(error):
            raise
        return unused.get()
    return invitation


@transaction.atomic
def send_again(invitation: Invitation) -> bool:
    """Send a new link, seven days from now; the old one is dead. False where it was used."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at or locked.withdrawn_at:
        return False
    send(locked)
    return True


def send(invitation: Invitation) -> None:
    token, by = invitation.new_token(), invitation.invited_by
    invitation.save()
    office = _("The Secretariat of the China South-South Cooperation Network")
    post.write(
        mails.INVITATION.key,
        to=invitation.email,
        key=f"invitation:{invitation.pk}:{invitation.token_hash[:20]}",
        about=invitation.institution,
        words={
            "institution": invitation.institution,
            "role": Affiliation.Role(invitation.role).label,
            "inviter": office if by is None or by.is_staff else str(by),
            "days": INVITATION_DAYS,
        },
        language="zh-hans" if invitation.institution.country_id == "CN" else "",
        link=reverse("members:invitation", args=[token]),
    )


@transaction.atomic
def withdraw(invitation: Invitation) -> bool:
    """Make the link useless. False where it was used or withdrawn before."""
    unused = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    return bool(unused.update(withdrawn_at=timezone.now()))


def make_account(invitation: Invitation) -> User:
    """Return the account of the person invited; a new one has no password, only codes by mail.

    Who has the link has the mailbox.
    """
    user, _is_new = User.objects.get_or_create(email=invitation.email)
    if not user.password:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    address, _is_new = EmailAddress.objects.get_or_create(user=user, email=user.email)
    if address.set_verified():
        address.set_as_primary(conditional=True)
    return user


@transaction.atomic
def accept(invitation: Invitation, user: User) -> Affiliation | None:
    """Let the person act for the institution from today; None where the invitation is not open.

    Another role of the same person there has ended with it, and so has that of a focal point who
    handed over. Who works at the Secretariat takes up none: a second officer enters that.
    """
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not locked.is_open or locked.email != user.email:
        return None
    if user.is_staff or locked.invited_by == user:
        return None
    locked.accepted_at, locked.accepted_by = timezone.now(), user
    locked.save()
    current = user.affiliations.current().filter(institution=locked.institution)
    end(current.exclude(role=locked.role))
    affiliation, _is_new = Affiliation.objects.get_or_create(
        user=user,
        institution=locked.institution,
        role=locked.role,
        until=None,
        defaults={"since": timezone.localdate(), "given_by": locked.invited_by},
    )
    if locked.hands_over_id:
        end(Affiliation.objects.current().filter(pk=locked.hands_over_id))
    tell_inviter(locked, user)
    return affiliation


def invite_colleague(user: User, by: User) -> None:
    """Write to a new colleague of the Secretariat how to sign in."""
    post.write(
        mails.COLLEAGUE_INVITED.key,
        to=user.email,
        key=f"colleague-invited:{user.pk}",
        words={"inviter": str(by)},
        link=reverse("admin:index"),
    )


def end(affiliations) -> int:
    """End affiliations today, which ends their rights at the next click; return how many."""
    for affiliation in affiliations:
        log_security(
            "affiliation_ended",
            account=affiliation.user_id,
            institution=affiliation.institution_id,
            role=affiliation.role,
        )
    return affiliations.update(until=timezone.localdate())


def tell_inviter(invitation: Invitation, user: User) -> None:
    if inviter := invitation.invited_by:
        post.write(
            mails.INVITATION_ACCEPTED.key,
            to=inviter.email,
            key=f"invitation-accepted:{invitation.pk}",
            about=invitation.institution,
            words={
                "person": str(user),
                "institution": invitation.institution,
                "role": Affiliation.Role(invitation.role).label,
            },
            link=reverse("secretariat:my_institution", args=[invitation.institution.slug]),
        )
