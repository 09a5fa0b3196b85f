"""What the outbox tidies up by itself."""

from django.core.management import call_command

from . import due


@due.register
def forget_old_tasks():
    """Nudges that were done weeks ago are of no use to anybody."""
    call_command("prune_db_task_results", verbosity=0)
