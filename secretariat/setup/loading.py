"""Loading the Network's records from files: what `manage.py load_network` does.

The files are those an officer imports, read by the same resources; the bundle of the open data,
unpacked, is such files too. They fill what is empty: a kind of which there is any record belongs to
staff, and is left as it is.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from meetings.programme.fields import MeetingResource
from members.resources import InstitutionResource
from projects.models.project import go_on_after_last_code
from projects.resources import ProjectResource
from sscnet.codelists.fields import AREAS, COUNTRIES, DAC_SECTORS, SDGS, SECTORS, TOPICS
from sscnet.core.models import State
from sscnet.exchange import RecordResource, read_sheet
from sscnet.exchange.sheets import Sheet

from ..fields import FIGURES, PAGES, PUBLICATIONS, SYNONYMS

FOLDER = Path(__file__).resolve().parent.parent / "data"
# Of a bundle: institutions that have no page, but that published records name.
NAMED = "named_institutions.csv"


class CannotLoad(Exception):
    """The files hold problems; nothing was loaded."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass
class LoadingOutcome:
    """What a run did: how many records of each kind are new, and which kinds were there before."""

    new: Counter = field(default_factory=Counter)
    left: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def cannot_read(self, file: Path, line: int, cure: str, column="", value="") -> None:
        self.problems.append(f"{file.name}, line {line}, {column}: “{value}”. {cure}")


def resources(*, of_bundle=True) -> list[tuple[str, RecordResource]]:
    """List the files in the order in which one needs the other, each with its resource."""
    return [
        ("countries.csv", RecordResource(COUNTRIES, "iso2")),
        ("dac_categories.csv", RecordResource(DAC_SECTORS, "code")),
        ("dac_purposes.csv", RecordResource(DAC_SECTORS, "code")),
        ("topics.csv", RecordResource(TOPICS, "slug")),
        ("sectors.csv", RecordResource(SECTORS, "slug")),
        ("sdgs.csv", RecordResource(SDGS, "number")),
        ("areas.csv", RecordResource(AREAS, "slug")),
        *([(NAMED, InstitutionResource())] if of_bundle else []),
        ("institutions.csv", InstitutionResource()),
        ("projects.csv", ProjectResource()),
        ("meetings.csv", MeetingResource()),
        ("publications.csv", RecordResource(PUBLICATIONS, "slug")),
        # A bundle has them with the meetings.
        *([] if of_bundle else [("activities.csv", MeetingResource())]),
        ("figures.csv", RecordResource(FIGURES, "figure", "as_of")),
        ("synonyms.csv", RecordResource(SYNONYMS, "slug")),
        ("pages.csv", RecordResource(PAGES, "slug")),
    ]


@transaction.atomic
def load_network(folder: Path = FOLDER) -> LoadingOutcome:
    """Load the records of each kind of which there are none, from the files of `folder`.

    Return what was new, and which kinds were left. Raise CannotLoad with every problem found; then
    nothing is stored.
    """
    outcome = LoadingOutcome()
    # Records and output name themselves in English, whoever runs this.
    with translation.override("en"), pghistory.context(command="load_network"):
        is_bundle = (folder / "datapackage.json").exists()
        files = resources(of_bundle=is_bundle)
        models = {resource.field_list.model for _name, resource in files}
        filled = {model for model in models if model._base_manager.exists()}
        outcome.left = sorted(str(model._meta.verbose_name_plural) for model in filled)
        for name, resource in files:
            if resource.field_list.model not in filled:
                load_file(folder / name, resource, outcome, is_bundle=is_bundle)
        if outcome.problems:
            raise CannotLoad(outcome.problems)
        if is_bundle:
            go_on_after_last_code()
    return outcome


def load_file(path: Path, resource: RecordResource, outcome: LoadingOutcome, *, is_bundle) -> None:
    if not (sheet := read(path, resource.fields, outcome, is_bundle=is_bundle)):
        return
    if is_bundle and "state" in resource.fields:
        for row in sheet.rows:
            row.cells["state"] = State.DRAFT if path.name == NAMED else State.PUBLISHED
    import_rows(path, sheet, resource, outcome, keys_are_given=is_bundle)


def import_rows(path, sheet, resource, outcome: LoadingOutcome, *, keys_are_given: bool) -> None:
    """Import a sheet that says the state of its records, and may say their codes."""
    for column in resource.fields.values():
        column.is_given = keys_are_given
    if state := resource.fields.get("state"):
        state.readonly = False
    kinds = str(resource.field_list.model._meta.verbose_name_plural)
    for row in resource.import_data(sheet, file_name=path.name):
        for refusal in row.refusals:
            outcome.cannot_read(path, row.number, refusal.message, refusal.column, refusal.value)
        outcome.new[kinds] += not row.refusals


# ------------------------------------------------------------------ reading


def read(path: Path, columns, outcome: LoadingOutcome, *, is_bundle=False) -> Sheet | None:
    """Read a file; what cannot be read is a problem of the outcome."""
    try:
        content = path.read_bytes()
        content.decode()
        if is_bundle and len(content.splitlines()) == 1:
            return None  # A bundle has every table, even one without rows.
        sheet = read_sheet(content, columns)
    except OSError:
        cures = ["The file is missing."]
    except UnicodeDecodeError:
        cures = ["Save the file as UTF-8."]
    except ValidationError as error:
        cures = error.messages
    else:
        if not sheet.notices:
            return sheet
        cures = sheet.notices
    for cure in cures:
        outcome.cannot_read(path, 1, cure)
    return None
