"""Records to and from files (CSV and XLSX): what the import and export of all of them share."""

from .codes import CodeList, names_of
from .columns import (
    AmountColumn,
    ChoiceColumn,
    CodeColumn,
    DateColumn,
    FieldColumn,
    KeyColumn,
    NumberColumn,
    PartialDateColumn,
    RelationColumn,
    SlugColumn,
    TextColumn,
    WebsiteColumn,
    YesNoColumn,
    line,
)
from .fields import (
    FieldKind,
    FieldList,
    PublicField,
    internal,
    publication_state,
    sources_field,
)
from .links import LinkColumn, Links, OneLinkColumn
from .outcomes import Draft
from .resource import KeyedResource, RecordResource
from .sheets import read_sheet

__all__ = [
    "AmountColumn",
    "ChoiceColumn",
    "CodeColumn",
    "CodeList",
    "DateColumn",
    "Draft",
    "FieldColumn",
    "FieldKind",
    "FieldList",
    "KeyColumn",
    "KeyedResource",
    "LinkColumn",
    "Links",
    "NumberColumn",
    "OneLinkColumn",
    "PartialDateColumn",
    "PublicField",
    "RecordResource",
    "RelationColumn",
    "SlugColumn",
    "TextColumn",
    "WebsiteColumn",
    "YesNoColumn",
    "internal",
    "line",
    "names_of",
    "publication_state",
    "read_sheet",
    "sources_field",
]
