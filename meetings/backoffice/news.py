"""Officers see who would be told of a change of a meeting before it is saved."""

from ..models import Meeting
from ..news import concerned, news_of, tell
from ..places import mails
from .dry_run import dry_run, shown

# What the form carries once its mails were seen: the number of what they tell.
TOLD = "_told"


class MailsToSee(Exception):
    """Saving this would tell delegations of it; what was saved is rolled back."""

    def __init__(self, meeting: Meeting, version: int, context: dict):
        self.meeting, self.version, self.context = meeting, version, context
        super().__init__(str(meeting))


def look_at_mails(request, meeting: Meeting) -> None:
    """Raise MailsToSee where what was just saved tells somebody, and the mails were not seen."""
    meeting = Meeting.objects.get(pk=meeting.pk)
    news = news_of(meeting)
    if news is None or request.POST.get(TOLD) == str(news.version):
        return
    seen = dry_run([meeting], lambda: tell(news))
    nobody = [d for d in concerned(news) if not mails.acting_addresses(d)]
    if seen.mails or nobody:
        context = shown(request, seen) | {"nobody": nobody}
        raise MailsToSee(meeting, news.version, context)
