"""What a record should have: each requirement stated once, asked of one record or of many.

Each app registers the requirements of its models in its module `fields`. `gaps` of a record lists
what it lacks, some of which blocks publishing; the lists of the admin filter by `lacking`, and the
start page counts the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet, TextField
from django.utils.translation import gettext_lazy as _

from ..i18n.labels import is_translation

REQUIREMENTS: dict[str, list["Requirement"]] = {}


@dataclass(frozen=True)
class Requirement:
    """A record lacks it when all of `blank` are blank and none of `given` is.

    `field` is where a form mends it. A requirement with a `name` is a filter of the admin's list,
    called `label` there and `title` on the start page; one with a `condition` is asked of many
    records only.
    """

    field: str = ""
    message: Any = ""
    blocks: bool = False
    blank: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    condition: Q | None = None
    name: str = ""
    label: Any = ""
    title: Any = ""

    def is_lacked_by(self, record: Model) -> bool:
        return (
            self.condition is None
            and all(is_blank(record, name) for name in self.blank)
            and not any(is_blank(record, name) for name in self.given)
        )

    def lacked(self, model: type[Model]) -> Q:
        """Return the condition under which records of this model lack it."""
        if self.condition is not None:
            return self.condition
        found = Q()
        for name in self.blank:
            found &= is_blank_in(model, name)
        for name in self.given:
            found &= ~is_blank_in(model, name)
        return found


def missing(message, *blank: str, **options) -> Requirement:
    """State that a record should have one of these fields; the first is where a form mends it."""
    return Requirement(**{"field": blank[0], "message": message, "blank": blank} | options)


def chinese_title(title) -> Requirement:
    """State that a record should have a Chinese title; `title` names those without on lists."""
    return missing(
        _("The Chinese title is missing."),
        "title_zh_hans",
        name="chinese_title",
        label=_("no Chinese title"),
        title=title,
    )


class SourceRequirement(Requirement):
    """Lacked as well where rows say only how values are known, and name no source."""

    def is_lacked_by(self, record: Model) -> bool:
        return not any(source.is_named for source in record.rows("sources"))


def sourced() -> Requirement:
    """State that a record needs a source before it is published."""
    return SourceRequirement(
        field="sources", message=_("It has no source."), blank=("sources",), blocks=True
    )


def register(model: type[Model], requirements: Iterable[Requirement]) -> None:
    REQUIREMENTS[model._meta.label] = list(requirements)


def requirements_of(model: type[Model]) -> list[Requirement]:
    return REQUIREMENTS.get(model._meta.label, [])


def counted(model: type[Model]) -> list[Requirement]:
    """List the requirements by which lists are filtered and that the start page counts."""
    return [requirement for requirement in requirements_of(model) if requirement.name]


def gaps(record: Model) -> list[Requirement]:
    """List what the record lacks, in the order of its form."""
    return [one for one in requirements_of(type(record)) if one.is_lacked_by(record)]


def relations(model: type[Model]) -> list[str]:
    """Name the relations that `gaps` looks at, to be loaded for many records at once."""
    names = (name for one in requirements_of(model) for name in (*one.blank, *one.given))
    return sorted({name for name in names if is_relation_to_many(model, name)})


def lacking(queryset: QuerySet, requirement: Requirement) -> QuerySet:
    """Keep the records that lack it; what is withdrawn is not completed."""
    return queryset.filter(requirement.lacked(queryset.model)).exclude(state="withdrawn")


def is_relation_to_many(model: type[Model], name: str) -> bool:
    field = model._meta.get_field(name)
    return bool(field.one_to_many or field.many_to_many)


def is_blank(record: Model, name: str) -> bool:
    read = getattr(record, "rows_read", {})
    if name in read:
        return not read[name]
    value = getattr(record, name)
    if is_relation_to_many(type(record), name):
        return not value.exists()
    return value in (None, "", [])


def is_blank_in(model: type[Model], name: str) -> Q:
    field = model._meta.get_field(name)
    condition = Q(**{name: None})
    if is_translation(field) or isinstance(field, CharField | TextField):
        condition |= Q(**{name: ""})
    return condition


def chinese_is_older(title, model: type[Model], *fields: str) -> Requirement:
    """State that no English text was changed after its Chinese one.

    The history tells: the Chinese text of today stood there already beside another English one.
    """
    events = apps.get_model(f"{model._meta.label}Event").objects.order_by()
    found = Q(pk=None)
    for name in fields:
        chinese = f"i18n__{name}_zh_hans"
        before = events.filter(pgh_obj=OuterRef("pk"), **{chinese: OuterRef(chinese)})
        before = before.exclude(**{name: ""}).exclude(**{name: OuterRef(name)})
        found |= Q(Exists(before)) & ~Q(**{name: ""})
    label = _("Chinese older than English")
    return Requirement(name="chinese", label=label, title=title, condition=found)
