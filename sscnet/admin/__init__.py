"""What the admin of all records shares: forms in two languages, history, publication, sources."""

from .fields import PartInline, ReadOnlyInline, SourceInline, visible_fieldsets
from .lists import CaseFilter, CompletenessFilter, link, related_column
from .public import PublicRecordAdmin
from .records import RecordAdmin
from .tabs import Tab
