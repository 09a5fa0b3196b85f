from .files import Document, Picture
from .links import (
    FundNumber,
    ProjectCountry,
    ProjectInstitution,
    ProjectPurpose,
    ProjectSDG,
    ProjectSector,
)
from .project import Project
