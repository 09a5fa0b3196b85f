"""The links by which speakers upload papers for their item of the programme, and their release."""

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sscnet.core.personal_data import retention
from sscnet.outbox import post
from sscnet.outbox.models import Message
from sscnet.outbox.wordings import register

from ..models import AgendaItem, SpeakerLink, SpeakerPaper

MAIL = "speaker-link"
# How many papers may wait at a link: each is a file that a visitor without an account stores.
MOST_PAPERS = 10
register(MAIL, "name", "item", "meeting", "day", holds_secret=True)


def key_of(pk: int) -> str:
    return f"{MAIL}:{pk}"


@transaction.atomic
def make(item: AgendaItem, name: str, email: str = "") -> SpeakerLink:
    """Make a speaker's link, and mail it where there is an address, which that mail alone keeps."""
    link = item.speaker_links.create(name=name)
    if email:
        post.write(
            MAIL,
            to=email,
            key=key_of(link.pk),
            about=item.meeting,
            link=link.path(),
            name=name,
            words={"name": name, "item": item, "meeting": item.meeting, "day": link.expires_at},
        )
    return link


# ------------------------------------------------------------------ papers


@transaction.atomic
def upload(link: SpeakerLink, paper: SpeakerPaper) -> None:
    """Keep a paper until an officer decides; so many may wait at a link."""
    SpeakerLink.objects.select_for_update().get(pk=link.pk)
    if link.papers.count() >= MOST_PAPERS:
        raise ValidationError(
            _("You have reached the limit of papers waiting for review. Remove one first.")
        )
    paper.link = link
    paper.save()


@transaction.atomic
def release(paper: SpeakerPaper) -> bool:
    """Put a paper on the meeting's page, with its item; of two at once one does it."""
    paper = SpeakerPaper.objects.select_for_update(of=("self",)).filter(pk=paper.pk).first()
    if paper is None:
        return False
    item = paper.link.agenda_item
    names = ("kind", "title", "i18n", "language", "dated")
    values = {name: getattr(paper, name) for name in names}
    item.documents.create(meeting=item.meeting, file=paper.file.name, **values)
    paper.delete()
    return True


@transaction.atomic
def remove(paper: SpeakerPaper) -> bool:
    """Delete a paper that is not released, with its file."""
    # Released meanwhile, it is no row any more and its file stays.
    count, _numbers = SpeakerPaper.objects.filter(pk=paper.pk).delete()
    if not count:
        return False
    transaction.on_commit(lambda: default_storage.delete(paper.file.name))
    return True


@retention.rule("speaker_links", gettext_lazy("expired links of speakers"))
def delete_links() -> int:
    """Delete ended links; one by which something waits stays until that is decided.

    The mail of a link that has ended goes at once, and the speaker's address with it.
    """
    now = timezone.now()
    lasting = SpeakerLink.objects.filter(expires_at__gte=now).values_list("pk", flat=True)
    Message.objects.filter(kind=MAIL).exclude(key__in=map(key_of, lasting)).delete()
    count, _numbers = SpeakerLink.objects.filter(expires_at__lt=now, papers=None).delete()
    return count
