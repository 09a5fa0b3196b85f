"""By what meetings are found."""

from sscnet.core.database.stamps import MEETINGS
from sscnet.search.documents import Documents, in_each_language, register

from ..models import Meeting

TEXTS = (
    *("theme", "description", "city", "venue"),
    *("host_as_stated", "organiser_as_stated"),
)


@register
class MeetingDocuments(Documents):
    kind = "meeting"
    topics = (MEETINGS,)
    linked = ("institution",)

    def records(self):
        return Meeting.objects.published().prefetch_related(
            "meeting_institutions", "workshops", "agenda_items"
        )

    def write(self, meeting, document):
        institutions = (link.institution_id for link in meeting.meeting_institutions.all())
        document.add_titles(*in_each_language(meeting, "title"))
        document.add_texts(*in_each_language(meeting, *TEXTS))
        document.add_texts(str(meeting.year or ""))
        for session in (*meeting.workshops.all(), *meeting.agenda_items.all()):
            document.add_texts(*in_each_language(session, "title"))
        document.add_links("institution", institutions)
