"""By what calls for proposals are found."""

from sscnet.core.database.stamps import CALLS
from sscnet.search.documents import Documents, in_each_language, register

from ..models import Call


@register
class CallDocuments(Documents):
    kind = "call"
    topics = (CALLS,)
    linked = ("area",)

    def records(self):
        return Call.objects.published().prefetch_related("areas")

    def write(self, call, document):
        document.add_titles(*in_each_language(call, "title"))
        document.add_texts(*in_each_language(call, "summary", "description"), str(call.year))
        document.add_links("area", (area.pk for area in call.areas.all()))
