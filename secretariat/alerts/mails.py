"""Our texts of the mails about new projects."""

from django.utils.translation import gettext_lazy as _

from sscnet.outbox.wordings import Wording, register

from .handling import path_of

# Nobody has checked the address yet: no word that was typed, such as a search, goes there.
register(
    Wording(
        key="alert-confirm",
        label=_("address for new projects to be confirmed"),
        subject=_("New projects by e-mail: please confirm your address"),
        body=_(
            "Somebody, probably you, asked for mails to this address when new projects match a"
            " filter of the portal's catalogue. Please confirm it on the page below within {days}"
            " days.\n\nIf it was not you, you need do nothing: nothing more comes, and the address"
            " is erased."
        ),
        words={"days": _("the number of days to confirm in")},
        link_label=_("Confirm the address"),
        holds_secret=True,
        is_for_anybody=True,
        address_right="secretariat.view_alert",
    )
)
register(
    Wording(
        key="alert",
        label=_("new projects that match a filter"),
        subject=_("New projects in your list: {count}"),
        body=_(
            "New since {since} in the list you asked for ({list}):\n\n{projects}\n\nThe page below"
            " leads to the list, and stops these mails with one press. They come once a week at"
            " most, and only when there is something new."
        ),
        words={
            "count": _("how many projects are new"),
            "since": _("the day since when"),
            "list": _("the list, as its heading says it"),
            "projects": _("titles and addresses of the first twenty"),
        },
        link_label=_("The list, and stopping these mails"),
        holds_secret=True,
        address_right="secretariat.view_alert",
        stopped_at=path_of,
    )
)
