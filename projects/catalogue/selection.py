"""The list of projects a visitor asked for.

selection = Selection(request.GET)
page = selection.page(request.GET.get("page"))      # a Django page of ids
projects = selection.projects(page.object_list)     # the rows, in that order
"""

import logging

from django.conf import settings
from django.db import DataError
from django.utils.translation import ngettext

from sscnet.catalogue import selection

from ..models import Project
from . import index
from .given import Given
from .reference import Reference

logger = logging.getLogger(__name__)


def engine():
    """Give what counts: the index in memory, or SQL where it is turned off or cannot be built."""
    if not settings.CATALOGUE_IN_MEMORY:
        return Reference()
    try:
        return index.current()
    except (OverflowError, DataError, MemoryError):
        # An id beyond 32 bits, say: slower numbers are better than none.
        logger.exception("The catalogue's index cannot be built; counting in SQL.")
        return Reference()


class Selection(selection.Selection):
    given_class = Given

    @staticmethod
    def current_engine():
        return engine()

    @staticmethod
    def counted(n, is_described):
        if is_described:
            return ngettext("%(n)d project %(phrases)s", "%(n)d projects %(phrases)s", n)
        return ngettext("%(n)d project", "%(n)d projects", n)

    @staticmethod
    def queryset():
        return Project.objects.published().for_list()

    def projects(self, ids, queryset=None) -> list[Project]:
        return self.records(ids, queryset)
