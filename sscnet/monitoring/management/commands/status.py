from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from sscnet.monitoring import status


class Command(BaseCommand):
    help = "Say how the portal and its machine are, and what is to do."
    # Some ask the database, which may be what is wrong.
    requires_system_checks = ()

    def add_arguments(self, parser):
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)

    def handle(self, *, language, **options):
        with override(language):
            found = list(status.lines())
            for line in found:
                self.stdout.write(f"{line.grade}\t{line.name}: {line.shows}")
                if line.to_do:
                    self.stdout.write(f"\t-> {line.to_do}")
            to_do = [line for line in found if line.to_do]
            said = _("%(n)d to do.") % {"n": len(to_do)} if to_do else _("Nothing is to do.")
            if any(line.is_wrong for line in to_do):
                raise CommandError(said)
            self.stdout.write(said)
