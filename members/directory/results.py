"""What lists of institutions show, by one statement that is written once."""

from functools import cache

from sscnet.core.pages.statements import RecordReader, row, rows_of

from ..models import Institution


@cache
def reading() -> RecordReader[Institution]:
    rows = {
        "memberships": rows_of(Institution, "memberships").values_list(row("state", "until")),
        "names": rows_of(Institution, "names").values_list(row("name", "kind")),
        "sectors": rows_of(Institution, "sectors").values_list(row("slug", "name", "i18n")),
        "services": rows_of(Institution, "services").values_list(row("kind", "title", "i18n")),
    }
    return RecordReader.of(Institution.objects.published().listed(), rows)
