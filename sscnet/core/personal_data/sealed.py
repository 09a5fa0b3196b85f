"""Fields whose texts and files lie encrypted in the database and in the storage.

Neither a dump nor a backup shows them without a key of the settings. The database cannot look
anything up in them. What none of the keys opens is read as an `Unreadable` value, which says so
where it is printed, and is stored again as it was.
"""

import contextlib
import io
from collections.abc import Iterator

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, default_storage
from django.db import models, transaction
from django.db.models.query_utils import DeferredAttribute
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext, override

from ..uploads.documents import check_file, document_name
from ..uploads.validators import validate_letter
from . import encryption

# Raised where none of the keys wrote it, or where there is no key at all.
NOT_OPENED = (InvalidToken, ValueError)


# ------------------------------------------------------------------ what no key opens


class Unreadable:
    """A value that none of the keys opens, with the cipher text that stays in the database."""

    cipher_text: str | bytes


class UnreadableText(Unreadable, str):
    def __new__(cls, cipher_text: str):
        value = super().__new__(cls, gettext("cannot be read"))
        value.cipher_text = cipher_text
        return value


class UnreadableBytes(Unreadable, bytes):
    """Empty as a file, so that nobody is handed the cipher text."""

    def __new__(cls, cipher_text: bytes):
        value = super().__new__(cls)
        value.cipher_text = cipher_text
        return value

    def __str__(self):
        return gettext("cannot be read")


def says_unreadable(value) -> bool:
    """Return whether this is an unreadable value, or its words as a form sends them back."""
    return isinstance(value, Unreadable) or value in words_in_all_languages()


def words_in_all_languages() -> set[str]:
    words = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            words.add(gettext("cannot be read"))
    return words


# ------------------------------------------------------------------ texts


def seal_text(text: str) -> str:
    """Return a text as the database keeps it; an unreadable one as it is there already."""
    if isinstance(text, Unreadable):
        return text.cipher_text
    return encryption.encrypt(text) if text else text


def open_text(cipher_text: str) -> str:
    """Return the text, or an unreadable value where none of the keys opens it."""
    try:
        return encryption.decrypt(cipher_text) if cipher_text else cipher_text
    except NOT_OPENED:
        return UnreadableText(cipher_text)


class SealedAttribute(DeferredAttribute):
    """Keeps an unreadable value where a form gives back the words that stood in its box."""

    def __set__(self, instance, value):
        name = self.field.attname
        is_unreadable = isinstance(instance.__dict__.get(name), Unreadable)
        if is_unreadable and not isinstance(value, Unreadable) and says_unreadable(value):
            return
        instance.__dict__[name] = value


class SealedTextField(models.TextField):
    """A text that is encrypted on its way to the database; empty stays empty."""

    descriptor_class = SealedAttribute

    def get_prep_value(self, value):
        return seal_text(super().get_prep_value(value))

    def from_db_value(self, value, expression, connection):
        return open_text(value)

    def run_validators(self, value):
        if not says_unreadable(value):
            super().run_validators(value)


# ------------------------------------------------------------------ files


class SealedBinaryField(models.BinaryField):
    """A file in the database, encrypted on its way there; empty stays empty."""

    def get_prep_value(self, value):
        content = super().get_prep_value(value)
        if isinstance(content, Unreadable):
            return content.cipher_text
        return encryption.fernet().encrypt(bytes(content)) if content else content

    def from_db_value(self, value, expression, connection):
        try:
            return encryption.fernet().decrypt(bytes(value)) if value else value
        except NOT_OPENED:
            return UnreadableBytes(bytes(value))


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


# ------------------------------------------------------------------ the first key


def fields_of(kind: type) -> Iterator[tuple[type[models.Model], str]]:
    """Return the fields of a kind in all models."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, kind):
                yield model, field.name


def encrypt_again() -> int:
    """Encrypt all such texts and files with the first key; return how many.

    What none of the keys opens stays as it is.
    """
    count = 0
    for model, name in fields_of(SealedFileField):
        for stored in model._base_manager.exclude(**{name: ""}).values_list(name, flat=True):
            with contextlib.suppress(InvalidToken):
                SealedStorage().encrypt_again(stored)
                count += 1
    for kind, empty in ((SealedTextField, ""), (SealedBinaryField, b"")):
        for model, name in fields_of(kind):
            rows = model._base_manager.exclude(**{name: empty})
            count += sum(write_again(model, name, pk) for pk in rows.values_list("pk", flat=True))
    return count


@transaction.atomic
def write_again(model: type[models.Model], name: str, pk: int) -> bool:
    """Write a value with the first key; return whether one of the keys opened it."""
    # Locked: what is changed or erased meanwhile must not come back.
    rows = model._base_manager.filter(pk=pk)
    row = rows.select_for_update(no_key=True).only(name).first()
    value = row and getattr(row, name)
    if isinstance(value, Unreadable):
        return False
    return bool(value and rows.update(**{name: value}))
