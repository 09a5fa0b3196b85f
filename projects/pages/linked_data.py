"""A project in the words of schema.org, for search engines."""

from ..iati import words
from ..models import Project
from .project import ProjectPage

FUND = {
    "@type": "Organization",
    "name": words.FUND[0],
    "alternateName": ["PGTF", words.FUND[1]],
    "sameAs": "https://unsouthsouth.org/pgtf/",
}


def describe(page: ProjectPage, address: str) -> dict:
    """Return what is stated of a project; its own page is the address."""
    project = page.project
    title = str(project)
    names = {project.title, project.title_zh_hans} - {title, "", None}
    return {
        "@type": "Project",
        "name": title,
        "alternateName": sorted(names),
        "description": project.summary_i18n or project.outcome_i18n,
        "identifier": [project.code, *map(str, project.rows("fund_numbers"))],
        "url": address,
        "sameAs": sorted(
            {
                one.address
                for one in project.rows("sources")
                if "g77.org/pgtf/project.php?id=" in one.address
            }
        ),
        "funder": FUND if project.programme == Project.Programme.PGTF else {},
        "areaServed": [] if page.is_lead_alone else [str(link.country) for link in page.countries],
        "member": [
            {"@type": "Organization", "name": str(link.institution)}
            for link in project.rows("project_institutions")
        ],
        "knowsAbout": [str(sector) for sector in project.rows("sectors")],
    }
