"""What records lack, asked of many at once: a filter of the lists, numbers on the start page.

Each app lists what its records may lack in a module `lacks.py`; `gaps()` says the same of one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .models import State


@dataclass(frozen=True)
class Lack:
    """Something records may lack: its name in addresses, what to say, and how to find them."""

    name: str
    label: Any
    condition: Any


def lacking(queryset: QuerySet, lack: Lack) -> QuerySet:
    """Keep the records that lack it; what is withdrawn nobody completes."""
    return queryset.filter(lack.condition).exclude(state=State.WITHDRAWN)


class LackFilter(admin.SimpleListFilter):
    title = _("lacks")
    parameter_name = "lacks"
    lacks: Iterable[Lack] = ()

    def lookups(self, request, model_admin):
        return [(lack.name, lack.label) for lack in self.lacks]

    def queryset(self, request, queryset):
        lack = next((lack for lack in self.lacks if lack.name == self.value()), None)
        return lacking(queryset, lack) if lack else queryset


def chinese_is_older(model, *fields: str) -> Q:
    """Find records of which an English text was changed after its Chinese one.

    The history tells: the Chinese text of today stood there already beside another English one.
    """
    events = apps.get_model(f"{model._meta.label}Event").objects.order_by()
    found = Q(pk=None)
    for name in fields:
        chinese = f"i18n__{name}_zh_hans"
        before = events.filter(pgh_obj=OuterRef("pk"), **{chinese: OuterRef(chinese)})
        before = before.exclude(**{name: ""}).exclude(**{name: OuterRef(name)})
        found |= Q(Exists(before)) & ~Q(**{name: ""})
    return found
