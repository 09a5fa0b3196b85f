"""What hangs on a row: all that points to it, by a key of the database or by model and number.

Whatever deletes rows by itself (a merge, an undo, an import) looks here first.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from pghistory.models import Event


def keys_to(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    """Return every foreign key to a model, those without a way back too; not the history's."""
    for relation in model._meta.get_fields(include_hidden=True):
        key = getattr(relation, "field", None)
        is_key = relation.auto_created and isinstance(key, models.ForeignKey)
        if is_key and not issubclass(key.model, Event):
            yield key


def generic_keys() -> Iterator[GenericForeignKey]:
    for model in apps.get_models():
        for key in model._meta.private_fields:
            if isinstance(key, GenericForeignKey) and not issubclass(model, Event):
                yield key


def hanging_on(model: type[models.Model], keys: Iterable) -> dict[Any, list[models.Model]]:
    """Return the rows that point to rows of this model, by the keys of those.

    A log that outlives its records (`DO_NOTHING`) does not hang on them.
    """
    found = defaultdict(list)
    keys = list(keys)
    for key in keys_to(model) if keys else ():
        if key.remote_field.on_delete is not models.DO_NOTHING:
            for row in key.model._base_manager.filter(**{f"{key.name}__in": keys}):
                found[getattr(row, key.attname)].append(row)
    for key in generic_keys() if keys else ():
        of_kind = {key.ct_field: ContentType.objects.get_for_model(model)}
        numbers = {f"{key.fk_field}__in": [str(one) for one in keys]}
        for row in key.model._base_manager.filter(**of_kind, **numbers):
            found[model._meta.pk.to_python(getattr(row, key.fk_field))].append(row)
    return found
