"""By what the Secretariat's pages are found."""

from sscnet.core.database.stamps import PAGES
from sscnet.search.documents import Documents, in_each_language, register

from .models import Page


@register
class PageDocuments(Documents):
    kind = "page"
    topics = (PAGES,)

    def records(self):
        return Page.objects.published()

    def write(self, page, document):
        document.add_titles(*in_each_language(page, "title"))
        document.add_texts(*in_each_language(page, "summary", "body"))
