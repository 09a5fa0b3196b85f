"""Loading the Network's records from files: what `manage.py load_network` does.

The files are those an officer imports, read by the same resources; the bundle of the open data,
unpacked, is such files too, and fills an empty database. Beside each record the cells last loaded
are kept (`core.LoadedValue`): a field that still holds them is brought up to date, one
that holds something else belongs to staff; it is left, and named.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation

from meetings.programme.fields import meeting_resource
from members.files.lookups import institution_codes
from members.files.resources import InstitutionResource
from members.models import Institution
from projects.files.lookups import project_codes
from projects.files.resources import ProjectResource
from projects.models.project import go_on_after_last_code
from sscnet.codelists.fields import AREAS, COUNTRIES, DAC_SECTORS, SDGS, SECTORS, TOPICS
from sscnet.codelists.lists import dac_codes, topic_codes
from sscnet.core.models import LoadedValue, State
from sscnet.core.parsing.sheet_rows import is_blank
from sscnet.exchange import Draft, KeyedResource, RecordResource, read_sheet
from sscnet.exchange.fields import LANGUAGES
from sscnet.exchange.sheets import Sheet, as_text

from ..fields import FIGURES, PAGES, PUBLICATIONS, SYNONYMS

FOLDER = Path(__file__).resolve().parent.parent / "data"
# Of a bundle: institutions that have no page, but that published records name.
NAMED = "named_institutions.csv"
PAGES_IN_ORDER = ("about", "pgtf", "contact", "privacy", "accessibility")


class CannotLoad(Exception):
    """The files hold problems; nothing was loaded."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass
class LoadingOutcome:
    """What a run did: how many records were new, changed and same, and what belongs to staff."""

    counts: dict[str, Counter] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def cannot_read(self, file: Path, line: int, cure: str, column="", value="") -> None:
        self.problems.append(f"{file.name}, line {line}, {column}: “{value}”. {cure}")


def resources(*, of_bundle=True) -> list[tuple[str, RecordResource]]:
    """List the files in the order in which one needs the other, each with its resource."""
    sectors = {"lists": lambda: {"dac_sectors": dac_codes(), "topics": topic_codes()}}

    def lists():
        return {"institutions": institution_codes(), "projects": project_codes()}

    return [
        ("countries.csv", KeyedResource(COUNTRIES, "iso2")),
        ("dac_categories.csv", KeyedResource(DAC_SECTORS, "code", **sectors)),
        ("dac_purposes.csv", KeyedResource(DAC_SECTORS, "code", **sectors)),
        ("topics.csv", KeyedResource(TOPICS, "slug")),
        ("sectors.csv", KeyedResource(SECTORS, "slug", **sectors)),
        ("sdgs.csv", KeyedResource(SDGS, "number")),
        ("areas.csv", KeyedResource(AREAS, "slug")),
        *([(NAMED, InstitutionResource())] if of_bundle else []),
        ("institutions.csv", InstitutionResource()),
        ("projects.csv", ProjectResource()),
        ("meetings.csv", meeting_resource()),
        ("publications.csv", KeyedResource(PUBLICATIONS, "slug", lists=lists)),
        # A bundle has them with the meetings.
        *([] if of_bundle else [("activities.csv", meeting_resource())]),
        ("figures.csv", KeyedResource(FIGURES, "figure", "as_of")),
        ("synonyms.csv", KeyedResource(SYNONYMS, "slug")),
        ("pages.csv", KeyedResource(PAGES, "slug")),
    ]


@transaction.atomic
def load_network(folder: Path = FOLDER) -> LoadingOutcome:
    """Load the Network's records from the files of `folder`; loading them again changes nothing.

    Return what was new, changed, same, and what was left to staff. Raise CannotLoad with every
    problem found; then nothing is stored.
    """
    outcome = LoadingOutcome()
    # Records and output name themselves in English, whoever runs this.
    with translation.override("en"), pghistory.context(command="load_network"):
        is_bundle = (folder / "datapackage.json").exists()
        for name, resource in resources(of_bundle=is_bundle):
            if sheet := read(folder / name, resource.fields, outcome, is_bundle=is_bundle):
                FileLoading(folder / name, resource, outcome, is_bundle=is_bundle).load(sheet)
        if outcome.problems:
            raise CannotLoad(outcome.problems)
        if is_bundle:
            go_on_after_last_code()
    return outcome


class FileLoading:
    """The loading of one file: which cells are stored, and which are staff's to leave."""

    def __init__(self, path: Path, resource: RecordResource, outcome: LoadingOutcome, *, is_bundle):
        self.path, self.resource, self.outcome = path, resource, outcome
        self.is_bundle = is_bundle
        self.model = resource.field_list.model
        self.name = str(self.model._meta.verbose_name)
        self.loaded = dict_of_loaded(self.model)
        keys = {loaded.object_id for loaded in self.loaded.values()}
        self.records = {str(r.pk): r for r in resource.get_queryset().filter(pk__in=keys)}
        # Cells that belong to staff keep what was loaded before, by the key of their row.
        self.kept: dict[str, dict[str, str]] = {}
        self.slugs = present_slugs()

    def load(self, sheet: Sheet) -> None:
        for column in self.resource.fields.values():
            if column.attribute == "state":
                column.readonly = False
            column.is_given = self.is_bundle
        self.name_present_institutions(sheet)
        self.leave_out_deleted(sheet)
        found_otherwise = self.resource.find
        self.resource.find = lambda row: self.record_of(row) or found_otherwise(row)
        self.resource.choose = self.choose
        rows = self.resource.import_data(sheet, file_name=self.path.name)
        kinds = str(self.model._meta.verbose_name_plural)
        counts = self.outcome.counts.setdefault(kinds, Counter())
        for row in rows:
            for refusal in row.refusals:
                self.outcome.cannot_read(
                    self.path, row.number, refusal.message, refusal.column, refusal.value
                )
            if not row.refusals:
                counts[row.kind.value] += 1
                self.remember(row.cells, row.draft.instance)

    def name_present_institutions(self, sheet: Sheet) -> None:
        """Name institutions by the slugs they have now, and leave out those that staff deleted."""
        for cells in (row.cells for row in sheet.rows):
            for name in cells:
                if names_institutions(self.resource.fields[name]):
                    cells[name] = renamed(as_text(cells[name]), self.slugs)

    def leave_out_deleted(self, sheet: Sheet) -> None:
        """Leave out the rows whose record staff deleted."""
        for row in list(sheet.rows):
            loaded = self.loaded.get(self.resource.file_key(row.cells))
            if loaded and loaded.object_id not in self.records:
                self.outcome.left.append(f"{self.name} {loaded.key}: deleted by staff")
                sheet.rows.remove(row)

    def record_of(self, cells: dict):
        loaded = self.loaded.get(self.resource.file_key(cells))
        return self.records[loaded.object_id] if loaded else None

    def choose(self, cells: dict, draft: Draft, given: dict) -> dict:
        """Return the cells to store: those of fields that are as they were loaded, or empty."""
        key = self.resource.file_key(cells)
        before = self.loaded[key].values if key in self.loaded else {}
        # A cell that was emptied in the file empties the field.
        given = given | {
            name: self.resource.fields[name].empty
            for name in before
            if before[name] and is_blank(cells.get(name, "-"))
        }
        if self.is_bundle and draft.is_new and "state" in self.resource.fields:
            given["state"] = State.DRAFT if self.path.name == NAMED else State.PUBLISHED
        chosen = {}
        for name, value in given.items():
            column = self.resource.fields[name]
            present = column.get(draft)
            loaded = before.get(name, "")
            if names_institutions(column):
                loaded = renamed(loaded, self.slugs)
            is_ours = column.same(present, column.read(loaded, draft) if loaded else column.empty)
            if draft.is_new or is_ours or column.same(present, value):
                chosen[name] = value
            else:
                self.kept.setdefault(key, {})[name] = before.get(name, "")
                self.outcome.left.append(
                    f"{self.name} {draft.instance}: {name} is staff's own"
                    f" ({self.resource.cell_text(name, present, draft)})"
                )
        if chosen.get("state") == State.PUBLISHED:
            draft.instance.published_at = draft.instance.published_at or timezone.now()
        return chosen

    def remember(self, cells: dict, record) -> None:
        """Keep what was loaded; of a cell left to staff keep what was loaded before."""
        key = self.resource.file_key(cells)
        values = {
            name: as_text(cell)
            for name, cell in cells.items()
            if not self.resource.fields[name].readonly
        } | self.kept.get(key, {})
        loaded = self.loaded.get(key) or LoadedValue(model=self.model._meta.label_lower, key=key)
        if (loaded.values, loaded.object_id) != (values, str(record.pk)):
            loaded.values, loaded.object_id = values, str(record.pk)
            loaded.save()


def dict_of_loaded(model) -> dict[str, LoadedValue]:
    values = LoadedValue.objects.filter(model=model._meta.label_lower)
    return {value.key: value for value in values}


# ------------------------------------------------------------------ reading


def read(path: Path, columns, outcome: LoadingOutcome, *, is_bundle=False) -> Sheet | None:
    """Read a file; what cannot be read is a problem of the outcome."""
    if path.name == "pages.csv" and not is_bundle:
        return read_pages(path.parent, outcome)
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


def present_slugs() -> dict[str, str | None]:
    """Return the slug that each institution of the files has now; None where it was deleted."""
    present = {str(pk): slug for pk, slug in Institution.objects.values_list("pk", "slug")}
    loaded = dict_of_loaded(Institution).values()
    return {value.key: present.get(value.object_id) for value in loaded}


def names_institutions(column) -> bool:
    return getattr(column, "codes", None) == "institutions"


def renamed(cell: str, slugs: dict[str, str | None]) -> str:
    return "; ".join(filter(None, (slugs.get(slug, slug) for slug in cell.split("; "))))


def read_pages(folder: Path, outcome: LoadingOutcome) -> Sheet:
    """Read the Secretariat's pages, each a file a language, as rows of one sheet."""
    rows = []
    for position, slug in enumerate(PAGES_IN_ORDER):
        row = {"slug": slug, "position": str(position), "state": State.PUBLISHED}
        for end, language in LANGUAGES.items():
            page = read_page(folder / "pages" / f"{slug}.{language}.md", outcome)
            row |= {f"{name}_{end}": page[name] for name in ("title", "summary", "body")}
            row.setdefault("sources", "\n".join(page["source"]))
        rows.append(row)
    return Sheet.of_rows(rows)


def read_page(path: Path, outcome: LoadingOutcome) -> dict:
    """Read a page: lines `title:`, `summary:`, `source: ` as a cell has it, then the text."""
    try:
        head, _blank, body = path.read_text(encoding="utf-8").partition("\n\n")
    except (OSError, UnicodeDecodeError):
        head, body = "", ""
        outcome.cannot_read(path, 0, "The file is missing, or not UTF-8.")
    page = {"title": "", "summary": "", "source": [], "body": body}
    for number, text in enumerate(head.splitlines(), start=1):
        key, colon, value = text.partition(":")
        if key == "source":
            page["source"].append(value.strip())
        elif colon and key in page:
            page[key] = value.strip()
        else:
            cure = "Write title:, summary: or source: and a text, then an empty line and the text."
            outcome.cannot_read(path, number, cure, "head", text)
    return page
