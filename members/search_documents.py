"""By what institutions are found, and with them all that they take part in."""

from sscnet.core.database.stamps import INSTITUTIONS
from sscnet.core.i18n.texts import per_language
from sscnet.search.documents import Documents, in_each_language, register

from .models import Institution


@register
class InstitutionDocuments(Documents):
    kind = "institution"
    topics = (INSTITUTIONS,)

    def records(self):
        """Return all: a project is found by an institution that has no page of its own."""
        return Institution.objects.prefetch_related("names", "sectors", "services")

    def write(self, institution, document):
        document.is_public = institution.is_published and not institution.is_supporter
        others = sorted(institution.names.all(), key=lambda name: name.pk)
        names = [*in_each_language(institution, "name"), *(other.name for other in others)]
        document.add_names(*names, is_spelled=True)
        document.add_texts(*in_each_language(institution, "city", "summary", "description"))
        document.add_links("sector", (sector.pk for sector in institution.sectors.all()))
        for service in institution.services.all():
            document.add_texts(*in_each_language(service, "title", "description", "for_whom"))
        document.add_texts(*per_language(institution.get_province_display).values())
