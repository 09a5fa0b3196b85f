"""A project in the words of schema.org, for search engines."""


def describe(project, address: str) -> dict:
    """Give what is stated of a project; its own page is the address."""
    numbers = [number.number for number in project.fund_numbers.all()]
    title = project.title_i18n
    names = {project.title, project.title_zh_hans} - {title, "", None}
    return {
        "@type": "Project",
        "name": title,
        "alternateName": sorted(names),
        "description": project.summary_i18n or project.outcome_i18n,
        "identifier": [project.code, *numbers],
        "url": address,
        "areaServed": [str(link.country) for link in project.project_countries.all()],
        "member": [
            {"@type": "Organization", "name": str(link.institution)}
            for link in project.project_institutions.all()
        ],
        "knowsAbout": [str(sector) for sector in project.sectors.all()],
    }
