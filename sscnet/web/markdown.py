"""Text that the Secretariat writes in Markdown."""

from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

# HTML in the text is shown as text, and only web and mail addresses become links.
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


def framed_table(renderer, tokens, n, options, env):
    """A wide table scrolls in a frame of its own, not with the page."""
    is_start = tokens[n].nesting == 1
    return '<div class="table-frame"><table>\n' if is_start else "</table></div>\n"


PARSER.add_render_rule("table_open", framed_table)
PARSER.add_render_rule("table_close", framed_table)


def markdown(text):
    return mark_safe(PARSER.render(str(text)))
