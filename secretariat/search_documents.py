"""By what the Secretariat's pages and publications are found."""

from sscnet.core.database.stamps import PAGES, PROJECTS
from sscnet.search.documents import Documents, in_each_language, register

from .models import Page, Publication


@register
class PageDocuments(Documents):
    kind = "page"
    topics = (PAGES,)
    is_answer = False

    def records(self):
        return Page.objects.published()

    def write(self, page, document):
        document.add_titles(*in_each_language(page, "title"))
        document.add_texts(*in_each_language(page, "summary", "body"))


@register
class PublicationDocuments(Documents):
    kind = "publication"
    topics = (PROJECTS,)
    linked = ("institution",)

    def records(self):
        return Publication.objects.published().prefetch_related("publication_institutions")

    def write(self, publication, document):
        links = publication.publication_institutions.all()
        document.add_titles(*in_each_language(publication, "title"))
        document.add_texts(*in_each_language(publication, "publisher", "summary"))
        document.add_texts(publication.dated[:4])
        document.add_links("institution", (link.institution_id for link in links))
