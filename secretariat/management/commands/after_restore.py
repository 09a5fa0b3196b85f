from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.texts import per_language
from sscnet.core.personal_data import retention
from sscnet.outbox import due
from sscnet.outbox.models import Message

REASON = _("Held back after a restore: this email may have been sent before.")


class Command(BaseCommand):
    help = (
        "Make a restored database fit for use, before the portal starts: hold mails back that may"
        " have been sent, erase again, end all sessions, check places and files, renew the search."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--earlier",
            action="store_true",
            help="an earlier state was restored: what fell due since then is held back too",
        )
        parser.add_argument(
            "--incomplete", action="store_true", help="do not fail for what a check finds wrong"
        )

    def handle(self, *, earlier, incomplete, **options):
        # Nobody is signed in by a session that ended since, or by counters of then. The cache says
        # of reminders that they were looked for, in a state that is no more.
        UserSession.objects.all().delete()
        Session.objects.all().delete()
        cache.clear()
        if earlier:
            # Reminders of the time since are written now, to be held, and not at the next sweep.
            failed = due.run_registered()
        else:
            failed = []
            retention.run_all()
        held = Message.objects.hold(" ".join(per_language(REASON.__str__).values()))
        self.stdout.write(f"{held} mails are held back; what was erased is erased again.")
        if failed:
            raise CommandError(f"Failed, the log says why: {', '.join(failed)}")
        try:
            for name in ("check_places", "check_files", "rebuild_search"):
                call_command(name)
        except CommandError as error:
            if not incomplete:
                raise
            self.stderr.write(str(error))
