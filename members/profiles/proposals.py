"""What becomes of the changes to a profile that an institution proposes.

A draft keeps whatever is there; sent, it waits as a version of the institution and is released or
returned like any other. The record stays as it is until then.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy

from sscnet.admin.version_pages import address_of_version
from sscnet.changes import versions
from sscnet.changes.parts import parts_in_form
from sscnet.changes.state import Change
from sscnet.changes.trial import try_out
from sscnet.changes.versions import compare, version_decided
from sscnet.changes.words import Difference, compare_states
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models import ProposedVersion, Source
from sscnet.core.records.basis import How
from sscnet.outbox import post

from ..fields import FIELDS
from ..models import (
    Institution,
    InstitutionName,
    InstitutionSector,
    Logo,
    ProfileProposal,
    Service,
    User,
)
from .fields import profile_of, write

PUBLIC_PARTS = {InstitutionName, InstitutionSector, Service, Logo}


def proposed_form(institution: Institution) -> dict[str, Any]:
    """Return the values of the form: the profile as it is proposed, and the remark beside it."""
    proposal = institution.open_proposal or ProfileProposal()
    return profile_of(institution) | proposal.values | {"remark": proposal.remark}


def differences(proposal: ProfileProposal) -> list[Difference]:
    """Return what the proposal would change, before and after."""
    return compare_states(changes_of(proposal), Institution)


# ------------------------------------------------------------------ the institution


def save_draft(
    institution: Institution, values: dict, *, by: User, remark: str = "", logo: Logo | None = None
) -> ProfileProposal | None:
    """Keep what differs from the record as the open proposal; None where one waits already.

    The institution is locked.
    """
    proposal = institution.open_proposal or ProfileProposal(institution=institution)
    if proposal.is_sent:
        return None
    if logo:
        logo.save()
        proposal.logo = logo
    if proposal.logo:
        values = values | {"logo": proposal.logo.pk}
    now = profile_of(institution)
    proposal.values = {name: value for name, value in values.items() if value != now[name]}
    proposal.remark = remark
    proposal.proposed_by = by
    proposal.save()
    return proposal


@transaction.atomic
def send(proposal: ProfileProposal, by: User) -> bool:
    """Hand the proposal over as a version; return whether there was something to hand over.

    Raise ValidationError where the record would refuse a value.
    """
    proposal = locked(proposal)
    changes = changes_of(proposal) if proposal and not proposal.is_sent else []
    if not changes:
        return False
    proposal.version = versions.propose(
        proposal.institution,
        changes,
        by,
        origin=ProposedVersion.Origin.PROFILE,
        remark=proposal.remark,
        replaces=proposal.version,
    )
    proposal.proposed_by = by
    proposal.save()
    post.write_to_secretariat(
        "profile-proposed",
        key=f"profile-proposed-{proposal.version.pk}",
        about=proposal.institution,
        words={"institution": proposal.institution, "person": str(by)},
        link=address_of_version(proposal.version),
        reply_to=by.email,
    )
    return True


def changes_of(proposal: ProfileProposal) -> list[Change]:
    """Return what the proposal would change of the record and its rows."""
    institution = Institution.objects.get(pk=proposal.institution_id)

    def store():
        for name, value in proposal.values.items():
            write(institution, name, value)
        institution.full_clean()
        institution.save()

    parts = parts_in_form(Institution, PUBLIC_PARTS)
    return try_out([institution], parts, store)[institution.pk]


def take_back(proposal: ProfileProposal, by: User) -> bool:
    """Make a sent proposal a draft again, unless an officer was quicker."""
    if proposal.version is None:
        return False
    try:
        versions.take_back(proposal.version, by)
    except ValidationError:
        return False
    return True


@transaction.atomic
def discard(proposal: ProfileProposal, by: User) -> bool:
    proposal = locked(proposal)
    if proposal is None or proposal.is_sent:
        return False
    if proposal.is_returned:
        versions.decide(proposal.version, ProposedVersion.State.TAKEN_BACK, by)
    proposal.delete()
    return True


def locked(proposal: ProfileProposal) -> ProfileProposal | None:
    """Lock the institution, as who decides on its versions does; None once it was released."""
    Institution.objects.select_for_update(no_key=True).get(pk=proposal.institution_id)
    rows = ProfileProposal.objects.select_related("institution", "version")
    return rows.filter(pk=proposal.pk).first()


def confirm(institution: Institution, by: User) -> None:
    """Note that the institution says its profile is still correct, and so its services."""
    institution.profile_confirmed_on = timezone.localdate()
    institution.profile_confirmed_by = by
    institution.save(update_fields=["profile_confirmed_on", "profile_confirmed_by"])
    institution.services.update(as_of=institution.profile_confirmed_on)


# ------------------------------------------------------------------ the Secretariat

OF_ROWS = {
    InstitutionSector: ("sectors",),
    InstitutionName: ("acronyms", "other_names", "former_names"),
}
KINDS = {
    ProposedVersion.State.RELEASED: "profile-accepted",
    ProposedVersion.State.PARTLY_RELEASED: "profile-partly-accepted",
    ProposedVersion.State.RETURNED: "profile-returned",
}


@receiver(version_decided, dispatch_uid="end_proposal_of_profile")
def after_decision(version: ProposedVersion, **kwargs) -> None:
    """Tell who proposed it; what is released is no proposal any more, and confirms the profile."""
    is_profile = version.origin == ProposedVersion.Origin.PROFILE
    if not is_profile or version.state not in KINDS or not isinstance(version.record, Institution):
        return
    if version.released:
        day = timezone.localdate(version.made_at)
        Institution.objects.filter(pk=version.object_id).update(
            profile_confirmed_on=day, profile_confirmed_by=version.made_by
        )
        Service.objects.filter(institution=version.object_id).update(as_of=day)
        ProfileProposal.objects.filter(version=version).delete()
        note_source(version)
    if version.made_by:
        tell(version, KINDS[version.state])


def note_source(version: ProposedVersion) -> None:
    """Make the institution, on the day of its proposal, the source of what was released of it."""
    institution = version.record
    changes = [Change.read(version.changes[place]) for place in version.released]
    columns = {change.field.replace("_zh_hans", "_zh") for change in changes if change.field}
    names = {name for change in changes for name in OF_ROWS.get(change.model, ())}
    names |= {one for name in columns for one in (name, f"{name}_en") if one in FIELDS.source_names}
    source = institution.sources.filter(how=How.GIVEN).first()
    source = source or Source(record=institution, how=How.GIVEN)
    source.name = institution.name or institution.name_zh_hans
    source.name_zh_hans = institution.name_zh_hans
    source.fields = [one for one in FIELDS.source_names if one in names.union(source.fields)]
    source.read_on = timezone.localdate(version.made_at)
    if source.fields:
        source.save()


def tell(version: ProposedVersion, kind: str) -> None:
    institution = version.record
    post.write(
        kind,
        to=version.made_by.email,
        key=f"{kind}-{version.pk}",
        about=institution,
        words={
            "institution": institution,
            "word": version.answer or "–",
            "changes": labels_in_words(version),
        },
        link=reverse("members:profile", args=[institution.slug]),
    )


def labels_of(version: ProposedVersion) -> str:
    """Return what a version changes, or what was released of it, by the names of the fields."""
    changes = compare(version)
    released = [change for change in changes if change.is_released] or changes
    return comma_separated(dict.fromkeys(change.label for change in released))


# In the language in which the mail is being made.
labels_in_words = lazy(labels_of, str)
