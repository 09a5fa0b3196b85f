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
def tell_author(version: ProposedVersion, **kwargs) -> None:
    kind, author = KINDS.get(version.state), version.made_by
    is_profile = version.origin == ProposedVersion.Origin.PROFILE
    if kind is None or is_profile or author in (None, version.decided_by) or not author.is_active:
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
        about=version.record,
        words=words,
        link=address_of_version(version),
    )
