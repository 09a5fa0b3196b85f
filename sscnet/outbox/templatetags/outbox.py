"""Mails on the record they are about, and their texts by language."""

from django import template

from .. import rendering
from ..models import Message

register = template.Library()

MOST = 20


@register.simple_tag
def messages_about(record):
    """Return the newest mails about a record."""
    return Message.objects.about(record).for_list()[:MOST] if record and record.pk else []


@register.filter
def texts(message):
    """Return the text of a mail in each language, with the language's code."""
    return rendering.text_by_language(message.text)
