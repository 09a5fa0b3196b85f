"""The numbers of a list's pages."""

from django import template

register = template.Library()


@register.filter
def page_numbers(page):
    """Give the numbers to link to: the first, the last and those around this one."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
