"""The fields of a record, each declared once: `FieldList`, made in the module `fields` of each app.

A field's label, help and kind stand in its model. From the kind follow its columns in files (those
of imports, exports, public files and the bundle are the same), its type in the API, and its place
in the admin's form. What follows from no field of the model (links, totals) is declared with its
columns.
"""

from collections.abc import Callable, Iterable
from copy import copy
from enum import Enum, auto
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.labels import each_language, translated_fields, with_language
from sscnet.core.models.fields import PartialDateField
from sscnet.core.records import completeness
from sscnet.core.records.basis import Fact, How
from sscnet.core.records.completeness import Requirement

from .codes import CodeList
from .columns import (
    AmountColumn,
    ChoiceColumn,
    DateColumn,
    FieldColumn,
    NamesColumn,
    NumberColumn,
    PartialDateColumn,
    RelationColumn,
    ShownColumn,
    TextColumn,
    WebsiteColumn,
    YesNoColumn,
)

# The languages of a file and of the API, as their columns name them.
LANGUAGES = {"en": "en", "zh": "zh-hans"}


class FieldKind(Enum):
    TEXT = auto()
    CHOICE = auto()
    NUMBER = auto()
    AMOUNT = auto()
    DATE = auto()
    PARTIAL_DATE = auto()
    MOMENT = auto()
    YES_NO = auto()
    # A record of a code list, or several; a list of words.
    CODE = auto()
    CODES = auto()
    WORDS = auto()


KINDS = [
    (ArrayField, FieldKind.WORDS),
    (PartialDateField, FieldKind.PARTIAL_DATE),
    (models.DateTimeField, FieldKind.MOMENT),
    (models.DateField, FieldKind.DATE),
    (models.BooleanField, FieldKind.YES_NO),
    (models.DecimalField, FieldKind.AMOUNT),
    (models.IntegerField, FieldKind.NUMBER),
    (models.ForeignKey, FieldKind.CODE),
]
COLUMNS = {
    FieldKind.TEXT: TextColumn,
    FieldKind.NUMBER: NumberColumn,
    FieldKind.AMOUNT: AmountColumn,
    FieldKind.DATE: DateColumn,
    FieldKind.PARTIAL_DATE: PartialDateColumn,
    FieldKind.YES_NO: YesNoColumn,
}


def kind_of(field: models.Field) -> FieldKind:
    if field.choices and not isinstance(field, ArrayField):
        return FieldKind.CHOICE
    return next((kind for base, kind in KINDS if isinstance(field, base)), FieldKind.TEXT)


class PublicField:
    """A field of a record. What is not given follows from the model's field of that name.

    `columns`: its columns in files, by name; {} for what they do not hold.
    `is_public`: whether public files hold them; officers get them all.
    `api`: whether records in the API have it; `in_lists`: those in lists too.
    `section`: of the admin's form; `beside`: in the line of the field before it.
    `own_line`: it stands on the record's page as its label and its value, nothing else.
    `codes`: the code list of its column; `key`: the field that names a coded record.
    `requires`: what a record lacks when this is blank.
    `how`: how a value is known that no source states, or a function of the record that says so.
    `is_fact`: not so for what the portal gives itself, and for texts in the Network's own words.
    """

    def __init__(
        self,
        name: str,
        *,
        kind: FieldKind | None = None,
        value: Callable[[Any], Any] | None = None,
        columns: dict[str, FieldColumn] | None = None,
        is_public: bool = True,
        api: bool = True,
        in_lists: bool = False,
        section: str = "",
        beside: bool = False,
        own_line: bool = False,
        form_field: str = "",
        example="",
        codes: str = "",
        key: str = "slug",
        description: str | None = None,
        requires: Iterable[Requirement] = (),
        how: How | Callable[[Any], How | None] | None = None,
        is_fact: bool = True,
    ):
        self.name, self.kind = name, kind
        self.how, self.is_fact = how, is_fact
        self.value = value or (lambda record: getattr(record, name))
        self.columns, self.is_public, self.api, self.in_lists = columns, is_public, api, in_lists
        self.section, self.beside, self.form_field = section, beside, form_field or name
        self.own_line = own_line
        self.example, self.codes, self.key = example, codes, key
        self.description, self.requires = description, list(requires)
        self.choices, self.is_translated, self.is_required = None, False, False

    def bind(self, model: type[models.Model]) -> None:
        """Take from the model what was not given."""
        names = {field.name: field for field in model._meta.get_fields()}
        field = names.get(self.name)
        if field is None or field.one_to_many or field.many_to_many:
            # What is made by us is there, unless it is said to be of a kind that may be unknown.
            self.is_required = self.kind is FieldKind.YES_NO
        else:
            self.kind = self.kind or kind_of(field)
            self.is_translated = self.name in translated_fields(model)
            self.choices = tuple(field.choices) if self.kind is FieldKind.CHOICE else None
            # An empty slug is filled in when the record is stored.
            self.is_required = isinstance(field, models.SlugField) or not (
                field.blank or field.null
            )
        if self.columns is None:
            self.columns = self.usual_columns(field)
        for name, column in self.columns.items():
            column.column_name, column.model, column.is_public = name, model, self.is_public

    def usual_columns(self, field: models.Field) -> dict[str, FieldColumn]:
        if self.kind is FieldKind.CHOICE:
            return {self.name: ChoiceColumn(self.name, self.name, example=self.example)}
        if self.kind is FieldKind.CODE:
            return {self.name: RelationColumn(f"{self.name}_id", self.codes, example=self.example)}
        if self.kind is FieldKind.MOMENT:
            return {}
        make = WebsiteColumn if isinstance(field, models.URLField) else COLUMNS[self.kind]
        if not self.is_translated:
            column = make(self.name, example=self.example)
            if self.kind is FieldKind.YES_NO and field.null:
                column.empty = None
            return {self.name: column}
        english, chinese = self.example or ("", "")
        return {
            f"{self.name}_en": make(self.name, example=english),
            f"{self.name}_zh": make(f"{self.name}_zh_hans", example=chinese),
        }

    def how_known(self, record, otherwise: dict[str, str]) -> How | None:
        """Return how the value is known, if it has one; None where a source states it."""
        if self.name in otherwise:
            return How(otherwise[self.name])
        return self.how(record) if callable(self.how) else self.how

    def fact(self, record, otherwise: dict[str, str]) -> Fact:
        return Fact.of(self.plain_value(record), self.how_known(record, otherwise))

    def plain_value(self, record):
        """Return the value; of a text the one in either language, of a code the code alone."""
        if self.kind is FieldKind.CODE and not self.is_named_code:
            return getattr(record, f"{self.name}_id")
        value = self.value(record)
        if self.is_translated and not value:
            return getattr(record, f"{self.name}_zh_hans")
        return list(value) if self.kind is FieldKind.CODES else value

    @property
    def is_named_code(self) -> bool:
        """Return whether the API names the coded record beside its code."""
        return self.kind is FieldKind.CODE and self.key == "slug"

    @property
    def form_fields(self) -> tuple[str, ...]:
        return each_language(self.form_field) if self.is_translated else (self.form_field,)


def internal(name: str, **options) -> PublicField:
    """Make a field that files hold, and no API."""
    return PublicField(name, api=False, **{"is_fact": False} | options)


def for_officers(name: str, **options) -> PublicField:
    """Make a field that officers import and export, and that nothing public holds."""
    return internal(name, is_public=False, **options)


def publication_state() -> PublicField:
    """Make the field of a record's state, which a file only shows."""
    column = ChoiceColumn("state", "state", readonly=True)
    return for_officers("state", columns={"state": column}, section=None)


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
        shown = partial(ShownColumn, is_told=False)
        pages = {
            f"page_{end}": shown(
                page_of(self.page, settings.PORTAL_ADDRESS, language),
                label=with_language(_("page"), language),
            )
            for end, language in LANGUAGES.items()
        }
        return {
            "basis": ShownColumn(self.bases_in_words),
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

    def code_lists(self) -> dict[str, CodeList]:
        """Make the code lists of the choices, by the name of their field."""
        return {f.name: CodeList.of_choices(f.choices) for f in self.fields if f.choices}

    def of_api(self, *, in_lists: bool | None = None) -> list[PublicField]:
        return [f for f in self.fields if f.api and in_lists in (None, f.in_lists)]

    def labels_of_facts(self) -> dict[str, Any]:
        """Return the facts that staff may say something of, with their labels."""
        own = {field.name: field for field in self.model._meta.get_fields()}
        labels = {}
        for field in self.fields:
            if field.is_fact and hasattr(own.get(field.name), "verbose_name"):
                labels[field.name] = own[field.name].verbose_name
            elif field.is_fact and field.columns:
                labels[field.name] = next(iter(field.columns.values())).label
        return labels

    def fact(self, record, name: str) -> Fact:
        [field] = [field for field in self.fields if field.name == name]
        return field.fact(record, known_otherwise(record))

    def facts(self, record) -> dict[str, Fact]:
        """Return the facts of a record by name, each with how it is known: for all formats."""
        otherwise = known_otherwise(record)
        return {f.name: f.fact(record, otherwise) for f in self.fields if f.is_fact}

    def not_simply_stated(self, record) -> dict[str, Fact]:
        """Return the facts that have a value which no source states as it stands."""
        otherwise = known_otherwise(record)
        known = {f.name: f for f in self.fields if f.is_fact and f.how_known(record, otherwise)}
        facts = {name: field.fact(record, otherwise) for name, field in known.items()}
        return {name: fact for name, fact in facts.items() if fact.how}

    def bases_in_words(self, record) -> list[str]:
        """Return the basis of these facts as a cell of a file holds it."""
        facts = self.not_simply_stated(record).items()
        return [f"{name}: {fact.basis.value}, {fact.how.value}" for name, fact in facts]

    def lines(self, section: str = "") -> list[tuple[str, ...]]:
        """Return the lines of a section of the admin's form."""
        lines = []
        for field in self.fields:
            if field.section == section and field.beside:
                lines[-1] += field.form_fields
            elif field.section == section:
                lines.append(field.form_fields)
        return lines


def known_otherwise(record) -> dict[str, str]:
    """Return what the record itself says of how its facts are known, by field."""
    return getattr(record, "known_otherwise", {})


# ------------------------------------------------------------------ words and addresses


def labels(choices: Iterable[tuple], language: str) -> dict:
    """Return the words of choices in one language: the API tells both, whoever asks for it."""
    with translation.override(language):
        return {value: str(label) for value, label in choices if value != ""}


def page_of(page: str, base: str, language: str) -> Callable[[Any], str]:
    with translation.override(language):
        start, end = reverse(page, args=["slug"]).split("slug")
    return lambda record: f"{base}{start}{record.slug}{end}"


# ------------------------------------------------------------------ the publication of all records

PUBLICATION = [("state", "updated_at", "is_sample"), ("published_at", "withdrawn_at")]
CONFIRMATION = ("classification_confirmed_on", "classification_confirmed_by")


def fieldsets(fields: FieldList, sections: dict[str, Any], publication: list = ()) -> list:
    """Return the sections of an admin's form: those of the list, then those of all records."""
    return [
        *((label, {"fields": fields.lines(name)}) for name, label in sections.items()),
        (_("Publication"), {"fields": [*PUBLICATION, *publication, "slug"]}),
    ]
