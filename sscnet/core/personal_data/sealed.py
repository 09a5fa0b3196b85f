"""Fields whose texts and files lie encrypted in the database and in the storage.

Neither a dump nor a backup shows them without a key of the settings. The database cannot look
anything up in them.
"""

import io
from collections.abc import Iterator

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import Storage, default_storage
from django.db import models, transaction
from django.utils.deconstruct import deconstructible

from ..uploads.documents import check_file, document_name
from ..uploads.validators import validate_letter
from . import encryption


class SealedTextField(models.TextField):
    """A text that is encrypted on its way to the database; empty stays empty."""

    def get_prep_value(self, value):
        text = super().get_prep_value(value)
        return encryption.encrypt(text) if text else text

    def from_db_value(self, value, expression, connection):
        try:
            return encryption.decrypt(value) if value else value
        except InvalidToken:
            return ""


class SealedBinaryField(models.BinaryField):
    """A file in the database, encrypted on its way there; empty stays empty."""

    def get_prep_value(self, value):
        content = super().get_prep_value(value)
        return encryption.fernet().encrypt(bytes(content)) if content else content

    def from_db_value(self, value, expression, connection):
        try:
            return encryption.fernet().decrypt(bytes(value)) if value else value
        except InvalidToken:
            return b""


@deconstructible
class SealedStorage(Storage):
    """Keeps files encrypted in the default storage."""

    def _open(self, name, mode="rb"):
        with default_storage.open(name) as file:
            return File(io.BytesIO(encryption.fernet().decrypt(file.read())), name)

    def _save(self, name, content):
        sealed = io.BytesIO(encryption.fernet().encrypt(content.read()))
        return default_storage.save(name, File(sealed, name))

    def delete(self, name):
        default_storage.delete(name)

    def exists(self, name):
        return default_storage.exists(name)

    def size(self, name):
        with self.open(name) as file:
            return file.size

    def encrypt_again(self, name: str) -> None:
        """Write the file with the first key; a copy lies beside it until that is certain."""
        copy = f"{name}.again"
        if not self.exists(copy):
            with self.open(name) as file:
                self.save(copy, file)
        with self.open(copy) as file:
            self.delete(name)
            self.save(name, file)
        self.delete(copy)


class SealedFileField(models.FileField):
    """An uploaded file that names people; nothing of the sender's file name is kept."""

    default_validators = [validate_letter]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs | {"storage": SealedStorage()})

    def generate_filename(self, instance, filename):
        return document_name(check_file(getattr(instance, self.attname).file))


def fields_of(kind: type) -> Iterator[tuple[type[models.Model], str]]:
    """Return the fields of a kind in all models."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, kind):
                yield model, field.name


def encrypt_again() -> int:
    """Encrypt all such texts and files with the first key; return how many."""
    count = 0
    for model, name in fields_of(SealedFileField):
        for stored in model._base_manager.exclude(**{name: ""}).values_list(name, flat=True):
            SealedStorage().encrypt_again(stored)
            count += 1
    for kind, empty in ((SealedTextField, ""), (SealedBinaryField, b"")):
        for model, name in fields_of(kind):
            rows = model._base_manager.exclude(**{name: empty})
            count += sum(write_again(model, name, pk) for pk in rows.values_list("pk", flat=True))
    return count


@transaction.atomic
def write_again(model: type[models.Model], name: str, pk: int) -> bool:
    """Write a value with the first key; what none of the keys reads stays as it is."""
    # Locked: what is changed or erased meanwhile must not come back.
    rows = model._base_manager.filter(pk=pk)
    row = rows.select_for_update(no_key=True).only(name).first()
    value = row and getattr(row, name)
    return bool(value and rows.update(**{name: value}))
