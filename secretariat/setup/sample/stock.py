"""Writing the made-up records, a hundred thousand in minutes, and taking all of them away."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import batched

import pgtrigger
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models.expressions import DatabaseDefault

from meetings.models import Meeting
from members.models import Institution, InstitutionSector
from projects.calls.models import Call
from projects.models import Project
from sscnet.codelists.models import SDG, Country, PGTFArea, Sector
from sscnet.core.history import HistoryPart, parts_of
from sscnet.core.models import OldSlug, PublicRecord, Source
from sscnet.search import renewal as search_index

from .call import remove_proposals
from .institutions import HOW_MANY, make_institutions
from .meeting import OF_MEETING, remove_delegations
from .projects import Lists, make_project
from .words import SampleWords

BATCH = 4000
SOURCE = "Sample data, made by the command make_sample"


class CodeListsMissing(Exception):
    pass


def make_sample(projects: int, seed: int = 1) -> int:
    """Make those of the sample projects 1 to `projects` that are missing; say how many that was.

    Their texts, countries and so on depend on number and seed only: a sample of 1,000 is the first
    part of one of 10,000.
    """
    if not all(model.objects.exists() for model in (Country, Sector, SDG, PGTFArea)):
        raise CodeListsMissing
    there = set(Project.objects.filter(is_sample=True).values_list("code", flat=True))
    numbers = [n for n in range(1, projects + 1) if f"SAMPLE-{n:06}" not in there]
    if numbers:
        write_projects(numbers, seed)
        search_index.refresh_all()
        analyze()
    return len(numbers)


@transaction.atomic
def write_projects(numbers: list[int], seed: int) -> None:
    words = SampleWords()
    lists = Lists.load(words, sample_institutions(words, seed))
    for batch in batched(numbers, BATCH):
        keys = reserve_keys(Project, len(batch))
        made = (make_project(lists, seed, n, key) for n, key in zip(batch, keys, strict=True))
        write(row for rows in made for row in rows)


def sample_institutions(words: SampleWords, seed: int) -> dict[int, set[int]]:
    """Return the sample institutions' keys, each with its sectors'; make them if there are none."""
    sample = Institution.objects.filter(is_sample=True).order_by("pk")
    sample = sample.exclude(slug__startswith=OF_MEETING)
    if not sample.exists():
        write(make_institutions(words, seed, reserve_keys(Institution, HOW_MANY)))
    sectors = {key: set() for key in sample.values_list("pk", flat=True)}
    links = InstitutionSector.objects.filter(institution__is_sample=True)
    for institution, sector in links.values_list("institution", "sector"):
        sectors[institution].add(sector)
    return sectors


def remove_sample() -> dict[str, int]:
    """Remove the sample records with all that hangs on them; say how many of each there were.

    Raises ProtectedError, and removes nothing, while a real record points to one of them.
    """
    with transaction.atomic():
        remove_delegations()
        remove_proposals()
        removed = {model: remove_all(model) for model in (Call, Meeting, Project, Institution)}
    if any(removed.values()):
        # Not just what changed: words that only the sample had must not be suggested any more.
        search_index.rebuild()
        analyze()
    return {str(model._meta.verbose_name_plural): count for model, count in removed.items()}


def remove_all(model: type[PublicRecord]) -> int:
    """Remove the sample records of one model."""
    keys = list(model._base_manager.filter(is_sample=True).values_list("pk", flat=True))
    for batch in batched(keys, BATCH):
        remove_history(model, batch)
        OldSlug.objects.filter(model=model._meta.label_lower, object_id__in=batch).delete()
        with pgtrigger.ignore():
            model._base_manager.filter(pk__in=batch).delete()
    return len(keys)


def remove_history(model: type[PublicRecord], keys: Iterable[int]) -> None:
    for part in reversed(parts_of(model)):
        events_of(part, model, keys).delete()


def events_of(part: HistoryPart, model: type[PublicRecord], keys: Iterable[int]) -> models.QuerySet:
    """Return the events of several records' own rows, or of what hangs on them."""
    events = part.event.objects
    if part.is_own:
        return events.filter(pgh_obj_id__in=keys)
    if part.model is Source:
        kind = ContentType.objects.get_for_model(model)
        return events.filter(content_type=kind, object_id__in=[str(key) for key in keys])
    if part.owner:
        owners = events_of(part.owner, model, keys).values("pgh_obj_id")
        return events.filter(**{f"{part.key}__in": owners})
    return events.filter(**{f"{part.key}__in": keys})


# ------------------------------------------------------------------ writing many rows


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    sequence = "nextval(pg_get_serial_sequence(%s, 'id'))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {sequence} FROM generate_series(1, %s)",  # noqa: S608 -- a constant
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor]


def write(rows: Iterable[models.Model]) -> None:
    """Copy the rows into their tables, records before what hangs on them.

    The triggers of a row are passed over: a row of history for each of 17 rows a project, and the
    project's stamp touched by each, would take ten times as long, and nobody asks who changed what
    nobody wrote. Those of a statement, for the catalogue and the search, see each COPY as a whole.
    """
    by_model = defaultdict(list)
    for row in rows:
        by_model[type(row)].append(row)
        if isinstance(row, PublicRecord):
            by_model[Source].append(source_of(row))
    for model, of_model in by_model.items():
        copy(model, of_model)
    # Foreign keys are checked at the end of a transaction; a million at once would fill the memory.
    connection.check_constraints()


def source_of(record: PublicRecord) -> Source:
    kind = ContentType.objects.get_for_model(record)
    return Source(content_type=kind, object_id=str(record.pk), name=SOURCE)


def copy(model: type[models.Model], rows: list[models.Model]) -> None:
    fields = [f for f in model._meta.concrete_fields if is_given(f, rows[0])]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with pgtrigger.ignore(), connection.cursor() as cursor:
        # COPY goes past the cursor's wrapper, by which pgtrigger says what to ignore.
        cursor.execute("SELECT 1")
        with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as stream:
            for row in rows:
                stream.write_row(
                    [
                        field.get_db_prep_save(getattr(row, field.attname), connection)
                        for field in fields
                    ]
                )


def is_given(field: models.Field, row: models.Model) -> bool:
    """Return whether the row has a value for the field, rather than leaving it to the database."""
    value = getattr(row, field.attname)
    return not isinstance(value, DatabaseDefault) and not (field.primary_key and value is None)


def analyze() -> None:
    """Bring up to date what PostgreSQL knows about its tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
