"""The models of the core; the abstract ones are what the records of all apps are made of."""

from ..proposed import ProposedVersion
from .files import UploadedDocument, UploadedPicture, document_path
from .logs import Change, ImportBatch, LoadedValue, RetentionRun
from .records import OldSlug, PublicRecord, PublicRecordQuerySet, Source, State, Withdrawal
from .translated import TranslatedModel

__all__ = [
    "Change",
    "ImportBatch",
    "LoadedValue",
    "OldSlug",
    "ProposedVersion",
    "PublicRecord",
    "PublicRecordQuerySet",
    "RetentionRun",
    "Source",
    "State",
    "TranslatedModel",
    "UploadedDocument",
    "UploadedPicture",
    "Withdrawal",
    "document_path",
]
