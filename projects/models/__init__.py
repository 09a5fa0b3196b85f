from .files import Document, Picture
from .links import (
    FactBasis,
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
    "FactBasis",
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
