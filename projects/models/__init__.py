from .files import Document, Picture
from .links import (
    FundNumber,
    ProjectCountry,
    ProjectInstitution,
    ProjectPurpose,
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
    "ProjectPurpose",
    "ProjectQuerySet",
    "ProjectSDG",
    "ProjectSector",
]
