from .files import Document, Picture
from .links import (
    FundNumber,
    ProjectCountry,
    ProjectInstitution,
    ProjectSDG,
    ProjectSector,
)
from .project import Project, ProjectQuerySet

__all__ = [
    "Document",
    "FundNumber",
    "Picture",
    "Project",
    "ProjectCountry",
    "ProjectInstitution",
    "ProjectQuerySet",
    "ProjectSDG",
    "ProjectSector",
]
