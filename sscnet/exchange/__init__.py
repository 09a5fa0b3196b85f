"""Records to and from files (CSV, XLSX, JSON): what imports and files of all of them share."""

from .codes import CodeList, names_of
from .columns import DateColumn, FieldColumn, KeyColumn, ShownColumn, SlugColumn, line
from .fields import (
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
