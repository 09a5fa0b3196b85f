"""Text that the Secretariat writes in Markdown."""

from django import template
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

register = template.Library()

# HTML in the text is shown as text, and only web and mail addresses become links.
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


@register.filter
def markdown(text):
    return mark_safe(PARSER.render(str(text)))
