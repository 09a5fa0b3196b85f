"""What is tidied up by itself."""

from django.core.management import call_command

from sscnet.core import changes

from . import due


@due.register
def forget_old_tasks():
    """Nudges that were done weeks ago are of no use to anybody."""
    call_command("prune_db_task_results", verbosity=0)


@due.register
def trim_log_of_changes():
    """What is kept beside the records looks at the whole log, so it stays short."""
    changes.trim()
