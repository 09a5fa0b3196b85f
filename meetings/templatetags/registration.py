"""Words for what a registration would give."""

from django import template

from meetings.models import Reason
from meetings.registration.answers import summary

register = template.Library()


@register.filter
def line_summary(line):
    return summary(line)


@register.filter
def reason_label(reason):
    return Reason(reason).label
