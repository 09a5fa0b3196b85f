"""Mails on the record they are about: `{% messages_about original as mails %}`."""

from django import template

from ..models import Message

register = template.Library()

MOST = 20


@register.simple_tag
def messages_about(record):
    """Give the newest mails about a record."""
    return Message.objects.about(record).for_list()[:MOST] if record and record.pk else []
