"""What mails hold of persons."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data.fields import Ground, days, declare, no_one

from .models import Attachment, Message

OF_RECEIVERS = {
    "whose": _("recipients of emails"),
    "why": _("to send an email, and to show that it was sent"),
    "ground": Ground.ASKED_FOR,
    "goes_to": _("the mail servers of the recipient, whichever country they are in"),
}
SEES_MAILS = "outbox.view_message"
TEXT_KEPT = days(_("{days} days after it was sent"), "MAIL_TEXT_DAYS")
ROW_KEPT = days(_("{days} days after it was sent"), "MAIL_DAYS")


# Keys of mails to many end in the address.
declare(Message, "to", "key", permission=SEES_MAILS, kept=ROW_KEPT, **OF_RECEIVERS)
# What a mail server answers may repeat the address.
declare(Message, "last_error", permission=SEES_MAILS, kept=TEXT_KEPT, **OF_RECEIVERS)
# Texts hold codes and links while they wait: they are shown mail by mail, and never searched.
declare(
    Message,
    "text",
    "html",
    permission=no_one,
    seen_by=_(
        "officers who may open emails, one at a time; nobody if they contain a code or a link"
    ),
    kept=TEXT_KEPT,
    **OF_RECEIVERS,
)
declare(Attachment, "content", permission=no_one, kept=TEXT_KEPT, **OF_RECEIVERS)
