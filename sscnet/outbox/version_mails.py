"""Who proposed a version is told what became of it; institutions have mails of their own."""

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from sscnet.core.models import ProposedVersion
from sscnet.core.versions.pages import address_of_version
from sscnet.core.versions.releasing import version_decided

from . import post
from .wordings import Wording, register

State = ProposedVersion.State
WORDS = {
    "record": _("the record that was to change"),
    "number": _("the number of the version"),
    "person": _("who decided on it"),
    "answer": _("the remark; a dash where there is none"),
}
LOOK_AT_VERSION = _("View the version")

register(
    Wording(
        key="version-returned",
        label=_("A version was returned"),
        subject=_("{record}: please revise your changes"),
        body=_(
            "{person} returned your changes to {record} (version no. {number}). Nothing is lost: "
            "you can continue with it.\n\nRemark: {answer}"
        ),
        words=WORDS,
        link_label=LOOK_AT_VERSION,
    )
)
register(
    Wording(
        key="version-released",
        label=_("A version was released"),
        subject=_("{record}: your changes are public"),
        body=_(
            "{person} has decided on your changes to {record} (version no. {number}): "
            "{decision}.\n\nRemark: {answer}"
        ),
        words=WORDS | {"decision": _("released, or released in part")},
        link_label=LOOK_AT_VERSION,
    )
)
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
