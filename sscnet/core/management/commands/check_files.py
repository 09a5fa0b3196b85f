from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError
from django.db.models import FileField, Model
from pghistory.models import Event

from sscnet.core.personal_data.sealed import fields_of


class Command(BaseCommand):
    help = "Check that every file which a record names is there."

    def add_arguments(self, parser):
        parser.add_argument(
            "--names", action="store_true", help="print the names of those that are missing, only"
        )

    def handle(self, *, names, **options):
        # Not of the history, whose files may have gone.
        fields = [one for one in fields_of(FileField) if not issubclass(one[0], Event)]
        missing = [found for field in fields for found in missing_files(*field)]
        if names:
            self.stdout.write("".join(f"{name}\n" for _record, name in missing), ending="")
            return
        if missing:
            lines = [f"{record}: {name}" for record, name in missing]
            raise CommandError("\n".join(["files are missing:", *lines]))
        self.stdout.write(self.style.SUCCESS("Every file that a record names is there."))


def missing_files(model: type[Model], field: str) -> Iterator[tuple[str, str]]:
    storage = model._meta.get_field(field).storage
    records = model._base_manager.exclude(**{f"{field}__in": ["", None]})
    for number, name in records.order_by("pk").values_list("pk", field):
        if not storage.exists(name):
            yield f"{model._meta.label} {number}", name
