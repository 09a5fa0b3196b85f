"""Records to and from files (CSV, XLSX, JSON): what imports and files of all of them share."""

from .codes import CodeList, names_of
from .columns import DateColumn, FieldColumn, KeyColumn, ShownColumn, SlugColumn, line
from .fields import (
    FieldKind,
    FieldList,
    PublicField,
    for_officers,
    internal,
    publication_state,
    sources_field,
)
from .links import LinkColumn, Links
from .resource import RecordResource
from .sheets import read_sheet

__all__ = [
    "CodeList",
    "DateColumn",
    "FieldColumn",
    "FieldKind",
    "FieldList",
    "KeyColumn",
    "LinkColumn",
    "Links",
    "PublicField",
    "RecordResource",
    "ShownColumn",
    "SlugColumn",
    "for_officers",
    "internal",
    "line",
    "names_of",
    "publication_state",
    "read_sheet",
    "sources_field",
]
