"""The protection taken out: a sender that marks a mail as sent, commits, and sends it then."""

import django

django.setup()

from django.core.mail import mailers  # noqa: E402

from sscnet.outbox.models import Message  # noqa: E402
from sscnet.outbox.sending import as_email  # noqa: E402

while message := Message.objects.due().order_by("pk").first():
    message.mark_sent()
    message.save()
    mailers.default.send_messages([as_email(message)])
