"""Words of packages that have no Chinese of their own: named here, they come into our catalogue.

Our catalogue is asked before those of packages.
"""

from django.utils.translation import gettext_noop

# Of Django's own Chinese, what no officer would say.
DJANGO = [
    gettext_noop("- Select an option -"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("Action:"),
    gettext_noop("Add"),
    gettext_noop("Add %s"),
    gettext_noop("Add %(name)s"),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Change %s"),
    gettext_noop("Filter by %(field_name)s"),
    gettext_noop("Log out"),
    gettext_noop("My actions"),
    gettext_noop("None available"),
    gettext_noop("Recent actions"),
    gettext_noop("Run"),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("Start typing to filter…"),
    gettext_noop("View %s"),
    gettext_noop("View site"),
]
