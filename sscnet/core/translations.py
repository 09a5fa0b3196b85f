"""Words of packages that have no Chinese of their own: named here, they come into our catalogue.

Our catalogue is asked before those of packages.
"""

from django.utils.translation import gettext_noop

DJANGO = [gettext_noop("- Select an option -")]
DJANGO_TASKS_DB = [gettext_noop("Task Result"), gettext_noop("Task Results")]
