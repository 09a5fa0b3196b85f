"""Mails on the record they are about, and their texts by language."""

from django import template

from .. import rendering
from ..models import Message

register = template.Library()

MOST = 20


@register.simple_tag(takes_context=True)
def messages_about(context, record):
    """Return the newest mails about a record that the officer may see."""
    if not record or not record.pk:
        return []
    mails = Message.objects.about(record).shown_to(context["request"].user)
    return mails.for_list()[:MOST]


@register.filter
def texts(message):
    """Return the text of a mail in each language, with the language's code."""
    return rendering.text_by_language(message)
