"""The models of the core; the abstract ones are what the records of all apps are made of."""

from .files import UploadedDocument, UploadedPicture, document_path
from .logs import ImportBatch, LoggedChange, RetentionRun
from .proposed import ProposedVersion
from .records import OldSlug, PublicRecord, PublicRecordQuerySet, Source, State, Withdrawal
from .translated import TranslatedModel
