"""The fields of a record, each declared once: `FieldList`, made in the module `fields` of each app.

A field's label, help and kind stand in its model. From the kind follow its columns in files (those
of imports, exports, public files and the bundle are the same), its type in the API, and its place
in the admin's form. What follows from no field of the model (links, totals) is declared with its
columns.
"""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.addresses import address_of
from sscnet.core.i18n.labels import each_language, translated_fields, with_language
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models import State
from sscnet.core.models.fields import PartialDateField
from sscnet.core.records import basis, completeness
from sscnet.core.records.basis import Fact, How, NumberedSources
from sscnet.core.records.completeness import Requirement

from .codes import CodeList
from .columns import (
    AmountColumn,
    ChoiceColumn,
    CodeColumn,
    DateColumn,
    FieldColumn,
    NamesColumn,
    NumberColumn,
    PartialDateColumn,
    ShownColumn,
    TextColumn,
    WebsiteColumn,
    YesNoColumn,
)
from .links import LinkColumn, SourcesColumn, what_is_tied

# The languages of a file and of the API, as their columns name them.
LANGUAGES = {"en": "en", "zh": "zh-hans"}


# What the value of a field of a model is, and its usual column: `Model` is a record of a code list.
KINDS = [
    (ArrayField, list[str], None),
    (PartialDateField, str, PartialDateColumn),
    (models.DateTimeField, datetime, None),
    (models.DateField, date, DateColumn),
    (models.BooleanField, bool, YesNoColumn),
    (models.DecimalField, Decimal, AmountColumn),
    (models.IntegerField, int, NumberColumn),
    (models.ForeignKey, Model, CodeColumn),
    (models.URLField, str, WebsiteColumn),
    (models.Field, str, TextColumn),
]


def kind_of(field: models.Field) -> tuple[type, type[FieldColumn] | None]:
    kind, column = next((kind, column) for base, kind, column in KINDS if isinstance(field, base))
    is_choice = field.choices and not isinstance(field, ArrayField)
    return kind, ChoiceColumn if is_choice else column


@dataclass(eq=False)
class PublicField:
    """A field of a record. What is not given follows from the model's field of that name.

    What the model's table has no column for is in the API if it has a kind, and in the admin's form
    if it has a `form_field`.
    """

    name: str
    _: KW_ONLY
    # The type of its value; `list[Model]` for several records of a code list.
    kind: type | None = None
    value: Callable[[Any], Any] | None = None
    # Its columns in files, by name, or the one of its own name; {} for what they do not hold.
    columns: dict[str, FieldColumn] | FieldColumn | None = None
    # What an office's own sheets call them besides.
    also_called: dict[str, tuple[str, ...]] | None = None
    # Whether public files hold them; officers get them all.
    is_public: bool = True
    # Whether records in the API have it; those in lists too.
    api: bool = True
    in_lists: bool = False
    # Of the admin's form, None for none; in the line of the field before it.
    section: str | None = ""
    beside: bool = False
    form_field: str = ""
    # It stands on the record's page as its label and its value, nothing else.
    own_line: bool = False
    # Where neither the model nor a column gives one.
    label: Any = ""
    example: Any = ""
    # The code list of its column; the field that names a coded record.
    codes: Callable[[], CodeList] | None = None
    key: str = "slug"
    description: str | None = None
    # What a record lacks when this is blank.
    requires: Iterable[Requirement] = ()
    # How a value is known that no source states, or a function of the record; see `usually`.
    how: How | Callable[[Any], How | None] | None = None
    # Not so for what the portal gives itself.
    is_fact: bool = True

    def bind(self, model: type[models.Model]) -> None:
        """Take from the model what was not given."""
        self.choices, self.is_translated = None, False
        names = {field.name: field for field in model._meta.get_fields()}
        field = names.get(self.name)
        if field is None or field.one_to_many or field.many_to_many:
            # What is made by us is there, unless it is said to be of a kind that may be unknown.
            self.is_required = self.kind is bool
            self.api = self.api and self.kind is not None
            self.section = self.section if self.form_field else None
        else:
            self.kind = self.kind or kind_of(field)[0]
            self.is_translated = self.name in translated_fields(model)
            is_choice = kind_of(field)[1] is ChoiceColumn
            self.choices = tuple(field.choices) if is_choice else None
            # An empty slug is filled in when the record is stored.
            self.is_required = isinstance(field, models.SlugField) or not (
                field.blank or field.null
            )
        self.form_field = self.form_field or self.name
        # The values that sources tell apart: of a text one in each language.
        self.values = {self.name: self.plain_value}
        if self.is_translated:
            # Files have columns in two languages; a third one of pages stands after these.
            names = zip(LANGUAGES, each_language(self.name), strict=False)
            self.values = {f"{self.name}_{end}": attrgetter(name) for end, name in names}
        if self.columns is None:
            self.columns = self.usual_columns(field)
        if isinstance(self.columns, FieldColumn):
            self.columns = {self.name: self.columns}
        for name, column in self.columns.items():
            column.column_name, column.model, column.is_public = name, model, self.is_public
            column.also_called = (self.also_called or {}).get(name, ())
        if self.value is None:
            tied = {n: one for n, one in self.columns.items() if isinstance(one, LinkColumn)}
            tied = [tied[self.name]] if self.name in tied else list(tied.values())
            self.value = partial(what_is_tied, tied) if tied else attrgetter(self.name)

    def usual_columns(self, field: models.Field) -> dict[str, FieldColumn]:
        _kind, make = kind_of(field)
        if self.choices:
            return {
                self.name: make(
                    self.name, partial(CodeList.of_choices, self.choices), example=self.example
                )
            }
        if self.kind is Model:
            return {self.name: make(f"{self.name}_id", self.codes, example=self.example)}
        if make is None:
            return {}
        if not self.is_translated:
            column = make(self.name, example=self.example)
            if self.kind is bool and field.null:
                column.empty = None
            return {self.name: column}
        english, chinese = self.example or ("", "")
        return {
            f"{self.name}_en": make(self.name, example=english),
            f"{self.name}_zh": make(f"{self.name}_zh_hans", example=chinese),
        }

    def usually(self, record) -> How | None:
        """Return how the value of a record is known that no source states."""
        return self.how(record) if callable(self.how) else self.how

    def plain_value(self, record):
        """Return the value; of a code the code alone."""
        if self.kind is Model and not self.is_named_code:
            return getattr(record, f"{self.name}_id")
        value = self.value(record)
        return list(value) if self.kind == list[Model] else value

    @property
    def is_named_code(self) -> bool:
        """Return whether the API names the coded record beside its code."""
        return self.kind is Model and self.key == "slug"

    @property
    def form_fields(self) -> tuple[str, ...]:
        return each_language(self.form_field) if self.is_translated else (self.form_field,)


def internal(name: str, **options) -> PublicField:
    """Make a field that files hold, and no API."""
    return PublicField(name, api=False, **{"is_fact": False} | options)


def for_officers(name: str, **options) -> PublicField:
    """Make a field that officers import and export, and that nothing public holds."""
    return internal(name, is_public=False, **options)


def sources_field(*requires: Requirement, example: str = "", **options) -> PublicField:
    """Make the field of a record's sources, one a line."""
    return PublicField(
        "sources",
        columns=SourcesColumn(label=_("sources"), example=example),
        requires=requires,
        is_fact=False,
        **options,
    )


class StateColumn(ChoiceColumn):
    def set(self, draft, value):
        super().set(draft, value)
        draft.instance.published_at = timezone.now() if value == State.PUBLISHED else None


def publication_state() -> PublicField:
    """Make the field of a record's state, which a file only shows but where nothing is yet."""
    column = StateColumn("state", partial(CodeList.of_choices, State.choices), readonly=True)
    return for_officers("state", columns=column, section=None)


class FieldList:
    """The fields of one model, in the order of its files.

    `page`, of records with a page of their own, is the name of its address. `sheet` names the
    columns of the sheet for readers; a name in braces stands for the reader's language.
    """

    def __init__(
        self, model: type[models.Model], fields: list[PublicField], *, page: str = "", sheet=()
    ):
        self.model, self.fields, self.page, self.sheet = model, fields, page, sheet
        for field in fields:
            field.bind(model)
        requirements = [requirement for field in fields for requirement in field.requires]
        completeness.register(model, requirements)
        self.source_names = self.names_for_sources()
        basis.register(model, self.source_names)

    def columns(self) -> dict[str, FieldColumn]:
        """Return columns of a resource's own by name: those to fill in, then those only shown."""
        columns = {}
        for field in self.fields:
            columns |= {name: copy(column) for name, column in field.columns.items()}
        coded = [column for column in columns.values() if column.codes and column.is_public]
        shown = {
            f"{column.column_name}_{end}": NamesColumn(column, language)
            for column in coded
            for end, language in LANGUAGES.items()
        }
        for name, column in (shown | self.of_every_record()).items():
            column.column_name, column.model = name, self.model
            columns.setdefault(name, column)
        return dict(sorted(columns.items(), key=lambda item: item[1].readonly))

    def of_every_record(self) -> dict[str, ShownColumn]:
        """Return what files show of each record that has a page."""
        if not self.page:
            return {}
        shown = partial(ShownColumn, is_reported=False)
        pages = {
            f"page_{end}": shown(
                partial(page_of, self.page, settings.PORTAL_ADDRESS, language),
                label=with_language(_("page"), language),
            )
            for end, language in LANGUAGES.items()
        }
        return {
            "basis": ShownColumn(self.bases_in_words, label=_("how it is known")),
            **pages,
            "last_changed_on": shown(
                lambda record: timezone.localdate(record.updated_at),
                type="date",
                attribute="updated_at",
            ),
            "is_sample": ShownColumn(
                lambda record: record.is_sample, type="boolean", attribute="is_sample"
            ),
        }

    def of_api(self, *, in_lists: bool | None = None) -> list[PublicField]:
        return [f for f in self.fields if f.api and in_lists in (None, f.in_lists)]

    def names_for_sources(self) -> dict[str, Any]:
        """Return what a source may be for, with labels: a value, or all texts in a language."""
        own = {field.name: field for field in self.model._meta.get_fields()}
        labels = {}
        for field in (field for field in self.fields if field.is_fact):
            given = [field.label, *(column.given_label for column in field.columns.values())]
            label = getattr(own.get(field.name), "verbose_name", next(filter(None, given), ""))
            if field.is_translated:
                labels |= {
                    name: with_language(label, LANGUAGES[name[-2:]]) for name in field.values
                }
            elif label:
                labels[field.name] = label
        return labels | (basis.LANGUAGES if translated_fields(self.model) else {})

    def facts(self, record) -> dict[str, Fact]:
        """Return the values of a record by name, each with how it is known: for all formats."""
        sources = NumberedSources(record)
        return {
            name: Fact.of(value(record), *sources.known(name, field.usually(record)))
            for field in self.fields
            if field.is_fact
            for name, value in field.values.items()
        }

    def shown_facts(self, record) -> dict[str, Fact]:
        """Return the facts, a text's also by its bare name: that of the language a page shows."""
        facts = self.facts(record)
        ends = sorted(LANGUAGES, key=lambda end: LANGUAGES[end] != translation.get_language())
        for field in self.fields:
            if field.is_fact and field.is_translated:
                first, other = (facts[f"{field.name}_{end}"] for end in ends)
                facts[field.name] = other if first.value is None else first
        return facts

    def exceptions(self, record) -> dict[str, Fact]:
        """Return the facts that are not simply stated by the sources which are for all the rest.

        Their sources are named where they are others than those.
        """
        rest = NumberedSources(record).rest_numbers
        return {
            name: replace(fact, sources=()) if fact.sources == rest else fact
            for name, fact in self.facts(record).items()
            if fact.how or (fact.value is not None and fact.sources != rest)
        }

    def bases_in_words(self, record) -> list[str]:
        """Return the basis of these facts as a cell of a file holds it."""
        facts = self.exceptions(record).items()
        return [f"{name}: {', '.join([fact.basis, *fact.words()])}" for name, fact in facts]

    def explained(self, facts: dict[str, Fact]) -> list[tuple[str, Any]]:
        """Return which facts are our classification, and which in our words: labels, and how."""
        hows = {}
        for name, fact in facts.items():
            if fact.is_explained_below and name in self.source_names:
                hows.setdefault(fact.how, []).append(self.source_names[name])
        return [(comma_separated(labels), how.label) for how, labels in hows.items()]

    def lines(self, section: str = "") -> list[tuple[str, ...]]:
        """Return the lines of a section of the admin's form."""
        lines = []
        for field in self.fields:
            if field.section == section and field.beside:
                lines[-1] += field.form_fields
            elif field.section == section:
                lines.append(field.form_fields)
        return lines


# ------------------------------------------------------------------ words and addresses


def page_of(page: str, base: str, language: str, record) -> str:
    """Return the address of a record's page; one may name another `page_name`."""
    return base + address_of(getattr(record, "page_name", page), record.slug, language)


# ------------------------------------------------------------------ the publication of all records

PUBLICATION = [("state", "updated_at", "is_sample"), ("published_at", "withdrawn_at")]
CONFIRMATION = ("classification_confirmed_on", "classification_confirmed_by")


def parts_of_form(fields: FieldList, sections: dict[str, Any], publication: list = ()) -> dict:
    """Return the fieldsets of an admin's form by name, of which `seldom` is folded."""
    parts = {name: (label, {"fields": fields.lines(name)}) for name, label in sections.items()}
    if "seldom" in parts:
        parts["seldom"][1]["classes"] = ["collapse"]
    lines = [*PUBLICATION, *publication, "slug"]
    return parts | {"publication": (_("Publication"), {"fields": lines})}
