"""Meetings on the pages of others that are Django's templates."""

from django import template

from .. import related
from ..times import days_of

register = template.Library()
register.filter(days_of)
register.simple_tag(related.meetings_of)
register.simple_tag(related.meetings_with)
register.simple_tag(related.meetings_about)
