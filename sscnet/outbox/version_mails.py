"""Who proposed a version is told what became of it; institutions have mails of their own."""

from django.dispatch import receiver

from sscnet.admin.version_pages import address_of_version
from sscnet.changes.versions import version_decided
from sscnet.core.models import ProposedVersion

from . import post
from .wordings import register

State = ProposedVersion.State
register("version-returned", "record", "number", "person", "answer")
register("version-released", "record", "number", "person", "answer", "decision")
KINDS = {
    State.RETURNED: "version-returned",
    State.RELEASED: "version-released",
    State.PARTLY_RELEASED: "version-released",
}


@receiver(version_decided, dispatch_uid="tell_author_of_version")
def after_decision(version: ProposedVersion, **kwargs) -> None:
    if version.origin != ProposedVersion.Origin.PROFILE:
        tell_author(version, version.record, address_of_version(version))


def tell_author(version: ProposedVersion, about, link: str) -> None:
    """Tell who made the version, if it was released or returned by another person."""
    kind, author = KINDS.get(version.state), version.made_by
    if kind is None or author in (None, version.decided_by) or not author.is_active:
        return
    words = {
        "record": version.record,
        "number": str(version.pk),
        "person": str(version.decided_by),
        "answer": version.answer or "–",
        "decision": State(version.state).label,
    }
    post.write(
        kind,
        to=author.email,
        key=f"version-{version.pk}-{version.state}",
        about=about,
        words=words,
        link=link,
    )
