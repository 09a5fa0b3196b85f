from collections.abc import Iterator

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db.models import FileField
from pghistory.models import Event


class Command(BaseCommand):
    help = "Check that every file which a record names is there."

    def add_arguments(self, parser):
        parser.add_argument(
            "--names", action="store_true", help="print the names of those that are missing, only"
        )

    def handle(self, *, names, **options):
        missing = [found for field in file_fields() for found in missing_files(field)]
        if names:
            self.stdout.write("".join(f"{name}\n" for _record, name in missing), ending="")
            return
        if missing:
            lines = [f"{record}: {name}" for record, name in missing]
            raise CommandError("\n".join(["files are missing:", *lines]))
        self.stdout.write(self.style.SUCCESS("Every file that a record names is there."))


def file_fields() -> Iterator[FileField]:
    """Yield them without those of the history, whose files may have gone."""
    for model in apps.get_models():
        if not issubclass(model, Event):
            yield from (one for one in model._meta.local_fields if isinstance(one, FileField))


def missing_files(field: FileField) -> Iterator[tuple[str, str]]:
    records = field.model._base_manager.exclude(**{f"{field.name}__in": ["", None]})
    for number, name in records.order_by("pk").values_list("pk", field.name):
        if not field.storage.exists(name):
            yield f"{field.model._meta.label} {number}", name
