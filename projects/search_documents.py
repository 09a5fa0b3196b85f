"""By what projects are found: `tests/search/search_cases.csv` has the cases."""

from django.db.models import Q

from sscnet.core.database.stamps import PROJECTS
from sscnet.search.documents import Documents, in_each_language, register

from .models import Project

TITLES = ("title", "subtitle")
TEXTS = ("summary", "challenge", "approach", "outcome", "gender_evidence", "beneficiaries")


@register
class ProjectDocuments(Documents):
    kind = "project"
    topics = (PROJECTS,)
    linked = ("institution", "country", "sector", "sdg", "area")
    leading = "institution"

    def records(self):
        return Project.objects.published().prefetch_related(
            "fund_numbers",
            "project_countries",
            "project_institutions",
            "project_sdgs",
            "project_sectors",
        )

    def write(self, project, document):
        goals = sorted(project.project_sdgs.all(), key=lambda goal: goal.place)
        institutions = (link.institution_id for link in project.project_institutions.all())
        document.add_numbers(
            project.code, *sorted(number.number for number in project.fund_numbers.all())
        )
        document.add_titles(*in_each_language(project, *TITLES))
        document.add_links("institution", institutions, weight="C")
        document.add_links("country", (c.country_id for c in project.project_countries.all()))
        document.add_links("sector", (s.sector_id for s in project.project_sectors.all()))
        document.add_links("sdg", (goal.sdg_id for goal in goals))
        document.add_links("area", [project.area_id] if project.area_id else [])
        document.add_texts(*in_each_language(project, *TEXTS, "approval_meeting"))
        document.add_texts(str(project.year_approved or ""))
        for goal in goals:
            document.add_texts(*in_each_language(goal, "reason"))

    def exact(self, code, fund_number):
        """Return the project's id; one that was withdrawn has a page too."""
        has_page = Q(state__in=["published", "withdrawn"]) | Q(published_at__isnull=False)
        is_it = Q(code=code) if code else Q(fund_numbers__number=fund_number)
        found = Project.objects.filter(has_page, is_it).values_list("pk", flat=True)
        return found.first()
