"""What mails hold of persons."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.privacy import declare, nobody

from . import wordings
from .models import Attachment, Message

OF_RECEIVERS = {
    "whose": _("receivers of mails"),
    "why": _("to send a mail, and to show that it went out"),
    "kept": _("no end is set"),
}


def sees_all_addresses(user) -> bool:
    return not wordings.with_hidden_address(user)


# What a mail server answers may repeat the address; keys of mails to many end in it.
declare(Message, "to", "last_error", "key", permission=sees_all_addresses, **OF_RECEIVERS)
# Texts hold codes and links while they wait: they are shown mail by mail, and never searched.
declare(Message, "text", "html", permission=nobody, **OF_RECEIVERS)
declare(Attachment, "content", permission=nobody, **OF_RECEIVERS)
