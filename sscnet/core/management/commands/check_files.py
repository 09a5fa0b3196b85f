from collections.abc import Iterator

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db.models import FileField
from pghistory.models import Event


class Command(BaseCommand):
    help = "Check that every file which a record names is there."

    def handle(self, **options):
        fields = list(file_fields())
        missing = [line for field in fields for line in missing_files(field)]
        if missing:
            raise CommandError("\n".join(["files are missing:", *missing]))
        self.stdout.write(self.style.SUCCESS("Every file that a record names is there."))


def file_fields() -> Iterator[FileField]:
    """Yield them without those of the history, whose files may have gone."""
    for model in apps.get_models():
        if not issubclass(model, Event):
            yield from (one for one in model._meta.local_fields if isinstance(one, FileField))


def missing_files(field: FileField) -> Iterator[str]:
    records = field.model._base_manager.exclude(**{f"{field.name}__in": ["", None]})
    for number, name in records.order_by("pk").values_list("pk", field.name):
        if not field.storage.exists(name):
            yield f"{field.model._meta.label} {number}: {name}"
