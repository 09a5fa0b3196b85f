"""The institutions a visitor asked for."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from sscnet.catalogue import given, selection

from ..models import Institution
from .declaration import ORDERS
from .engine import Engine


@dataclass(frozen=True)
class Given(given.Given):
    orders = ORDERS


class Selection(selection.Selection):
    given_class = Given

    @staticmethod
    def current_engine():
        return Engine()

    @staticmethod
    def counted(n, is_described):
        if is_described:
            return ngettext("%(n)d institution %(phrases)s", "%(n)d institutions %(phrases)s", n)
        return ngettext("%(n)d institution", "%(n)d institutions", n)

    @staticmethod
    def queryset():
        return Institution.objects.published().listed().for_list().prefetch_related("services")
