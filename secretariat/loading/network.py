"""All files, in the order in which one needs the other, in one transaction."""

from pathlib import Path

import pghistory
from django.db import transaction
from django.utils import translation

from .codelists import load_countries, load_dac_sectors, load_pgtf_areas, load_sdgs, load_sectors
from .facts import LoadingOutcome
from .files import CannotLoad, Files
from .meetings import load_meetings
from .members import load_institutions, load_supporters
from .pages import load_figures, load_pages
from .projects import load_projects

FOLDER = Path(__file__).resolve().parent.parent / "data"


@transaction.atomic
def load_network(folder: Path = FOLDER) -> LoadingOutcome:
    """Load the Network's records from the files of `folder`; loading them again changes nothing.

    Gives what was new, changed, same, and what was left to staff. Raises CannotLoad with every
    problem found; then nothing is stored. Rules of the files: `data/README.md` beside them.
    """
    files, outcome = Files(folder), LoadingOutcome()
    # Records and output name themselves in English, whoever runs this.
    with translation.override("en"), pghistory.context(command="load_network"):
        for load in (load_countries, load_dac_sectors, load_sectors, load_sdgs, load_pgtf_areas):
            load(files, outcome)
        institutions = load_institutions(files, outcome)
        load_supporters(files, outcome)
        load_projects(files, outcome, institutions)
        load_meetings(files, outcome, institutions)
        load_figures(files, outcome)
        load_pages(files, outcome)
        if files.problems:
            raise CannotLoad(files.problems)
    return outcome
