"""By what meetings are found."""

from sscnet.core.database.stamps import MEETINGS
from sscnet.search.documents import Documents, in_each_language, register

from ..models import Meeting


@register
class MeetingDocuments(Documents):
    kind = "meeting"
    topics = (MEETINGS,)
    linked = ("institution",)

    def records(self):
        return Meeting.objects.published().prefetch_related("meeting_institutions", "workshops")

    def write(self, meeting, document):
        institutions = (link.institution_id for link in meeting.meeting_institutions.all())
        document.add_titles(*in_each_language(meeting, "title"))
        document.add_texts(*in_each_language(meeting, "theme", "city", "venue"))
        document.add_texts(str(meeting.year or ""))
        for workshop in meeting.workshops.all():
            document.add_texts(*in_each_language(workshop, "title"))
        document.add_links("institution", institutions)
