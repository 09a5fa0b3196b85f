from .files import Document, Picture
from .links import (
    FundNumber,
    ProjectCountry,
    ProjectInstitution,
    ProjectSDG,
    ProjectSector,
)
from .project import Project
