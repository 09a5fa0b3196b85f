"""What becomes of the changes to a profile that an institution proposes.

A draft keeps whatever is there; sent, it waits for an officer, who accepts it, whole or in part, or
returns it with a word. The record stays as it is until then.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models import ProposedVersion
from sscnet.core.stale import Stale, parts_in_form
from sscnet.core.versions import releasing
from sscnet.core.versions.states import try_out
from sscnet.outbox import post

from ..models import Institution, Logo, ProfileProposal, User
from .conflicts import PUBLIC_PARTS, version_of
from .fields import BY_NAME, PARTS, profile_of

State = ProfileProposal.State


@dataclass(frozen=True)
class ProposedDifference:
    """A part of the profile as it was when the change was proposed, as proposed, and as it is."""

    name: str
    label: Any
    before: list[str]
    after: list[str]
    now: list[str]
    logo: Logo | None
    has_changed: bool
    is_accepted: bool


def open_proposal(institution: Institution) -> ProfileProposal | None:
    return institution.proposals.open().select_related("logo", "decided_by").first()


def proposed_profile(institution: Institution) -> dict[str, Any]:
    """Return today's profile with the open proposal's values in it."""
    proposal = open_proposal(institution)
    return profile_of(institution) | (proposal.values if proposal else {})


def proposed_form(institution: Institution) -> dict[str, Any]:
    """Return the values of the form: the proposed profile, and the remark that goes with it."""
    proposal = open_proposal(institution)
    return proposed_profile(institution) | {"remark": proposal.remark if proposal else ""}


def differences(proposal: ProfileProposal) -> list[ProposedDifference]:
    now = profile_of(proposal.institution)
    return [
        ProposedDifference(
            part.name,
            part.label,
            part.show(proposal.before.get(part.name) or []),
            part.show(proposal.values[part.name] or []),
            part.show(now[part.name] or []),
            proposal.logo if part.name == "logo" else None,
            has_changed=now[part.name] != proposal.before.get(part.name),
            is_accepted=part.name in proposal.accepted_fields,
        )
        for part in PARTS
        if part.name in proposal.values
    ]


# ------------------------------------------------------------------ the institution


@transaction.atomic
def save_draft(
    institution: Institution,
    values: dict,
    *,
    by: User,
    version: str,
    remark: str = "",
    logo: Logo | None = None,
) -> ProfileProposal | None:
    """Keep what differs from the record as the open proposal; None where one waits already.

    Raise Stale where somebody changed the record or the proposal since `version`.
    """
    Institution.objects.select_for_update().get(pk=institution.pk)
    if version != str(version_of(institution)):
        raise Stale
    proposal = open_proposal(institution) or ProfileProposal(institution=institution)
    if proposal.state == State.SENT:
        return None
    if logo:
        logo.save()
        proposal.logo = logo
    if proposal.logo:
        values = values | {"logo": proposal.logo.pk}
    now = profile_of(institution)
    proposal.values = {name: value for name, value in values.items() if value != now[name]}
    proposal.before = {name: now[name] for name in proposal.values}
    proposal.remark = remark
    proposal.proposed_by = by
    proposal.save()
    return proposal


@transaction.atomic
def send(proposal: ProfileProposal, by: User) -> bool:
    """Hand the proposal to the Secretariat; say whether there was something to hand over."""
    proposal = locked(proposal)
    if proposal.state not in (State.DRAFT, State.RETURNED) or not proposal.values:
        return False
    proposal.state, proposal.sent_at, proposal.proposed_by = State.SENT, timezone.now(), by
    proposal.save()
    if settings.SECRETARIAT_MAILBOX:
        post.write(
            "profile-proposed",
            to=settings.SECRETARIAT_MAILBOX,
            key=key_of(proposal, "proposed", proposal.sent_at),
            about=proposal.institution,
            words={"institution": proposal.institution, "person": str(by)},
            link=reverse("admin:members_profileproposal_change", args=[proposal.pk]),
            reply_to=by.email,
        )
    return True


def take_back(proposal: ProfileProposal) -> bool:
    """Make a sent proposal a draft again, unless an officer was quicker."""
    return move(proposal, State.SENT, State.DRAFT)


def discard(proposal: ProfileProposal) -> bool:
    return move(proposal, State.DRAFT, State.WITHDRAWN) or move(
        proposal, State.RETURNED, State.WITHDRAWN
    )


@transaction.atomic
def move(proposal: ProfileProposal, start: State, end: State) -> bool:
    proposal = locked(proposal)
    if proposal.state != start:
        return False
    proposal.state = end
    proposal.save(update_fields=["state"])
    return True


def confirm(institution: Institution, by: User) -> None:
    """Note that the institution says its profile is still correct."""
    institution.profile_confirmed_on = timezone.localdate()
    institution.profile_confirmed_by = by
    institution.save(update_fields=["profile_confirmed_on", "profile_confirmed_by"])


# ------------------------------------------------------------------ the Secretariat


@transaction.atomic
def accept(proposal: ProfileProposal, names: list[str], word: str, by: User) -> ProfileProposal:
    """Write these parts into the record and tell the institution.

    Raises ValidationError when nothing is chosen, the proposal waits no more, or the record refuses
    a value.
    """
    proposal = waiting(proposal)
    chosen = [part.name for part in PARTS if part.name in names and part.name in proposal.values]
    if not chosen:
        raise ValidationError(gettext("Tick what is accepted, or return the proposal."))
    institution = Institution.objects.select_for_update().get(pk=proposal.institution_id)
    release_as_version(institution, proposal, chosen, word, by)
    institution.refresh_from_db()
    institution.profile_confirmed_on = timezone.localdate(proposal.sent_at)
    institution.profile_confirmed_by = proposal.proposed_by
    institution.save()
    is_whole = len(chosen) == len(proposal.values)
    proposal.accepted_fields = chosen
    decide(proposal, State.ACCEPTED if is_whole else State.PARTLY_ACCEPTED, word, by)
    tell(proposal, "profile-accepted" if is_whole else "profile-partly-accepted")
    return proposal


def release_as_version(institution, proposal, names: list[str], word: str, by: User) -> None:
    """Release these parts as any version of a record: by who may, judged, told in the history."""

    def store():
        for name in names:
            BY_NAME[name].write(institution, proposal.values[name])
        institution.full_clean()
        institution.save()

    changes = try_out([institution], parts_in_form(Institution, PUBLIC_PARTS), store)
    origin = {"origin": ProposedVersion.Origin.PROFILE, "remark": proposal.remark}
    if found := changes[institution.pk]:
        version = releasing.propose(institution, found, proposal.proposed_by, **origin)
        releasing.release(version, by, answer=word)


@transaction.atomic
def give_back(proposal: ProfileProposal, word: str, by: User) -> ProfileProposal:
    """Return the proposal with a word; ValidationError without one, or when it waits no more."""
    proposal = waiting(proposal)
    if not word.strip():
        raise ValidationError(gettext("Say in a word why it is returned."))
    decide(proposal, State.RETURNED, word, by)
    tell(proposal, "profile-returned")
    return proposal


def decide(proposal: ProfileProposal, state: State, word: str, by: User) -> None:
    proposal.state, proposal.word = state, word.strip()
    proposal.decided_by, proposal.decided_at = by, timezone.now()
    proposal.save()


def tell(proposal: ProfileProposal, kind: str) -> None:
    """Write to the person who proposed the change."""
    if not proposal.proposed_by:
        return
    post.write(
        kind,
        to=proposal.proposed_by.email,
        key=key_of(proposal, kind, proposal.decided_at),
        about=proposal.institution,
        words={
            "institution": proposal.institution,
            "word": proposal.word or "–",
            "changes": Labels(proposal.accepted_fields or list(proposal.values)),
        },
        link=reverse("members:profile", args=[proposal.institution.slug]),
    )


class Labels:
    """The names of some parts of a profile, in the reader's language."""

    def __init__(self, names: list[str]):
        self.names = names

    def __str__(self):
        return comma_separated(BY_NAME[name].label for name in self.names)


def waiting(proposal: ProfileProposal) -> ProfileProposal:
    proposal = locked(proposal)
    if proposal.state != State.SENT:
        raise ValidationError(gettext("This proposal does not wait any more."))
    return proposal


def locked(proposal: ProfileProposal) -> ProfileProposal:
    rows = ProfileProposal.objects.select_for_update(of=("self",))
    return rows.select_related("institution", "proposed_by").get(pk=proposal.pk)


def key_of(proposal: ProfileProposal, what: str, moment) -> str:
    return f"profile-{proposal.pk}-{what}-{moment.isoformat()}"
