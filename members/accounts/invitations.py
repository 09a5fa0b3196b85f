"""Invitations to act for an institution: sent, sent again, withdrawn, accepted.

An officer's waits until a second person has confirmed it: for seven days the focal point of the
institution alone, then, or where it has none whose address takes mail, another officer. It is sent
afterwards. All people of the institution are told.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data.security_log import log_security
from sscnet.outbox import due, post
from sscnet.outbox.models import Message

from .. import mails
from ..models import INVITATION_DAYS, Affiliation, Institution, Invitation, User
from .four_eyes import SecondPerson

# One officer invites, a focal point of the institution or another officer confirms.
AFFILIATION = SecondPerson(
    "affiliation",
    _("invitation to act for an institution"),
    ("members.add_invitation",),
    lambda invitation: invitation.invited_by_id,
)


def invite(
    institution: Institution,
    *,
    email: str,
    role: str,
    by: User,
    hands_over: Affiliation | None = None,
    confirmed_by: User | None = None,
) -> Invitation:
    """Invite a person by mail; where there is an open invitation, even just now, give that.

    What expired unused makes room. An officer's waits, unless a second officer has confirmed it
    already (`confirmed_by`).
    """
    unused = institution.invitations.unused().filter(email=email.lower())
    invitation = Invitation(
        institution=institution, email=email, role=role, invited_by=by, hands_over=hands_over
    )
    if confirmed_by:
        invitation.needs_confirmation = True
        invitation.confirmed_by, invitation.confirmed_at = confirmed_by, timezone.now()
    try:
        with transaction.atomic():
            expired = unused.in_state(Invitation.State.EXPIRED)
            expired.update(withdrawn_at=timezone.now())
            begin(invitation)
    except IntegrityError as error:
        if "invitation_open_once" not in str(error):
            raise
        return unused.get()
    return invitation


def begin(invitation: Invitation) -> None:
    """Send a new invitation, or ask for the confirmation that an officer's needs."""
    by = invitation.invited_by
    if invitation.confirmed_at or not by.is_staff:
        send(invitation)
        return
    invitation.needs_confirmation = True
    invitation.new_token()
    invitation.save()
    # The database gives the moment.
    invitation.refresh_from_db(fields=["created_at"])
    ask_people(invitation)
    tell_officers(confirmable_by_officers().filter(pk=invitation.pk))


# ------------------------------------------------------------------ confirmed by a second person


def confirmable_by_officers() -> QuerySet[Invitation]:
    """Keep of those that wait the ones that an officer may confirm.

    Those of institutions without a focal point whose address takes mail, and those that the focal
    point left for seven days.
    """
    refused = Message.objects.failed().filter(
        kind=mails.INVITATION_ASKED.key,
        to=OuterRef("user__email"),
        created_at__gte=OuterRef(OuterRef("created_at")),
    )
    leads = Affiliation.objects.receiving_mail().filter(
        ~Exists(refused), institution=OuterRef("institution"), role=Affiliation.Role.FOCAL_POINT
    )
    long_ago = timezone.now() - timedelta(days=INVITATION_DAYS)
    return Invitation.objects.waiting().filter(~Exists(leads) | Q(created_at__lte=long_ago))


@transaction.atomic
def confirm(invitation: Invitation, by: User) -> bool:
    """Confirm and send what an officer began; False where it waits no longer.

    `by` is a focal point of the institution or an officer with the right. Raise ValidationError for
    who invited or is invited, and for an officer while it is the focal point's turn.
    """
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not locked.is_waiting:
        return False
    AFFILIATION.check(locked, by)
    if locked.email == by.email:
        raise ValidationError(gettext("Nobody confirms what is given to himself or herself."))
    focal_points = locked.institution.affiliations.current().filter(
        user=by, role=Affiliation.Role.FOCAL_POINT
    )
    if not (focal_points.exists() or confirmable_by_officers().filter(pk=locked.pk).exists()):
        text = gettext(
            "The focal point of %(institution)s confirms this invitation or refuses it; from"
            " %(day)s on a second officer may."
        )
        day = date_format(locked.focal_point_until)
        raise ValidationError(text % {"institution": locked.institution, "day": day})
    locked.confirmed_at, locked.confirmed_by = timezone.now(), by
    send(locked)
    return True


@transaction.atomic
def refuse(invitation: Invitation, by: User) -> bool:
    """Withdraw what an officer began, for the institution, and tell who began it."""
    if not invitation.is_waiting or not withdraw(invitation):
        return False
    if inviter := invitation.invited_by:
        post.write(
            mails.INVITATION_REFUSED.key,
            to=inviter.email,
            key=f"invitation-refused:{invitation.pk}",
            about=invitation.institution,
            words=about(invitation) | {"person": str(by)},
            link=reverse("admin:members_invitation_change", args=[invitation.pk]),
        )
    return True


def about(invitation: Invitation) -> dict:
    return {
        "institution": invitation.institution,
        "email": invitation.email,
        "role": Affiliation.Role(invitation.role).label,
    }


def ask_people(invitation: Invitation) -> None:
    """Tell all people of the institution that an officer invites somebody, and who decides."""
    words = about(invitation) | {
        "inviter": str(invitation.invited_by),
        "day": invitation.focal_point_until,
    }
    write_to_all(mails.INVITATION_ASKED.key, invitation, words)


def write_to_all(kind: str, invitation: Invitation, words: dict, besides: str = "") -> None:
    """Write to everybody who acts for the institution today, viewers too."""
    institution = invitation.institution
    acting = institution.affiliations.current().filter(user__is_active=True)
    people = User.objects.filter(affiliations__in=acting).exclude(email=besides).distinct()
    for user in people.order_by("email"):
        post.write(
            kind,
            to=user.email,
            key=f"{kind}:{invitation.pk}:{user.pk}",
            about=institution,
            words=words,
            link=reverse("members:people", args=[institution.slug]),
        )


def tell_officers(waiting: QuerySet[Invitation]) -> None:
    """Write to those who could be the second person, once a day of all that one officer began."""
    today = timezone.localdate()
    page = reverse("admin:members_invitation_changelist")
    for invitation in waiting.filter(officers_told_at=None).select_related("invited_by"):
        by = invitation.invited_by
        key = f"{by.pk if by else ''}:{today}"
        AFFILIATION.tell_others(invitation, by, f"{page}?standing=to_confirm", key)
    waiting.update(officers_told_at=timezone.now())


@due.register
def tell_officers_of_late() -> None:
    """Tell officers of those that the focal point left for seven days, or never received."""
    tell_officers(confirmable_by_officers().filter(officers_told_at=None))


# ------------------------------------------------------------------ sent


@transaction.atomic
def send_again(invitation: Invitation) -> bool:
    """Send a new link, seven days from now; the old one is dead.

    False where it was used, and where it waits for a second person.
    """
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at or locked.withdrawn_at or locked.is_waiting:
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
    handed over. Who works at the Secretariat takes up that of an officer alone.
    """
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not locked.is_open or not may_accept(locked, user):
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
        defaults={
            "since": timezone.localdate(),
            "given_by": locked.invited_by,
            "confirmed_by": locked.confirmed_by,
        },
    )
    if locked.hands_over_id:
        end(Affiliation.objects.current().filter(pk=locked.hands_over_id))
    tell_inviter(locked, user)
    if locked.needs_confirmation:
        words = about(locked) | {
            "person": str(user),
            "inviter": str(locked.invited_by),
            "confirmer": str(locked.confirmed_by),
        }
        write_to_all(mails.AFFILIATION_GIVEN.key, locked, words, besides=user.email)
    return affiliation


def may_accept(invitation: Invitation, user: User) -> bool:
    """Return whether the invitation is this person's, and not given by himself or herself.

    An officer's affiliation is given by another officer and confirmed by a second person.
    """
    if invitation.email != user.email or user in (invitation.invited_by, invitation.confirmed_by):
        return False
    by = invitation.invited_by
    return not user.is_staff or bool(by and by.is_staff and invitation.confirmed_by)


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
