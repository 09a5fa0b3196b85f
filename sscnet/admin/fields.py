"""Fields of forms in the admin, in two languages, and the rows that belong to a record."""

from decimal import Decimal

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.contenttypes.admin import GenericStackedInline
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from sscnet.core.forms.fields import LongText
from sscnet.core.forms.formsets import RowForm, RowFormSet
from sscnet.core.i18n.labels import (
    each_language,
    field_label,
    is_translation,
    own_language_first,
    translated_fields,
)
from sscnet.core.i18n.numbers import read_number
from sscnet.core.i18n.texts import comma_separated, guessed
from sscnet.core.models import Source
from sscnet.core.personal_data import fields as privacy
from sscnet.core.records.basis import names_of


class AmountField(forms.DecimalField):
    """An amount as people type it: 35,000, 35 000 or US$ 35,000."""

    default_error_messages = {"invalid": _("Write an amount such as 35,000 or 35,000.50.")}

    def to_python(self, value):
        return super().to_python(typed_number(value))

    def prepare_value(self, value):
        return f"{value:,.2f}".removesuffix(".00") if isinstance(value, Decimal) else value


class WholeNumber(forms.IntegerField):
    """A whole number as people type it: 35,000 or 35 000."""

    default_error_messages = {"invalid": _("Write a whole number, such as 29000.")}

    def to_python(self, value):
        return super().to_python(typed_number(value))


def typed_number(value):
    """Return the number that a text is; what is none is left for Django to refuse."""
    number = read_number(value) if isinstance(value, str) else None
    return value if number is None else number


class TimeOfMoment(admin.widgets.BaseAdminTimeWidget):
    """Hours and minutes; seconds only where there are some, so that none are lost."""

    def format_value(self, value):
        return str(value) if getattr(value, "second", 0) else super().format_value(value)


class TimeOfDay(TimeOfMoment):
    template_name = admin.widgets.AdminTimeWidget.template_name


class AdminMomentInput(admin.widgets.AdminSplitDateTime):
    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.widgets[1] = TimeOfMoment()


FORM_FIELDS = {
    models.DecimalField: {
        "form_class": AmountField,
        "widget": forms.TextInput(attrs={"class": "vAmountField", "inputmode": "decimal"}),
    },
    models.IntegerField: {
        "form_class": WholeNumber,
        "widget": forms.TextInput(attrs={"class": "vIntegerField", "inputmode": "numeric"}),
    },
    models.TimeField: {"widget": TimeOfDay},
    models.TextField: {
        "form_class": LongText,
        "widget": admin.widgets.AdminTextareaWidget(attrs={"rows": 4}),
    },
    models.DateField: {"error_messages": {"invalid": _("Write the date as 2019-05-12.")}},
    models.DateTimeField: {
        "error_messages": {"invalid_date": _("Write the date as 2019-05-12.")},
        "widget": AdminMomentInput,
    },
}


def adapted(field, db_field, model):
    """Return Django's field of a form as our records have it: both languages are named."""
    if isinstance(db_field, ArrayField):
        return forms.TypedMultipleChoiceField(
            choices=db_field.base_field.choices,
            coerce=db_field.base_field.to_python,
            required=not db_field.blank,
            label=capfirst(db_field.verbose_name),
            help_text=db_field.help_text,
            widget=forms.CheckboxSelectMultiple,
        )
    if isinstance(field.widget, admin.widgets.RelatedFieldWidgetWrapper):
        # To change or delete what others point to, one goes there on purpose.
        field.widget.can_change_related = field.widget.can_delete_related = False
    if is_translation(db_field) or db_field.name in translated_fields(model):
        field.label = capfirst(str(field_label(db_field)))
    return field


def in_words(model, name):
    """Return a column for a list of codes, by their names, or a text, with its language marked."""
    if not isinstance(name, str):
        return tuple(in_words(model, one) for one in name)
    field = next((one for one in model._meta.concrete_fields if one.name == name), None)
    is_text = type(field) in (models.CharField, models.TextField) and not field.choices
    if not (is_text or isinstance(field, ArrayField)):
        return name
    choices = {} if is_text else dict(field.base_field.flatchoices)
    for one in () if choices else model._meta.get_fields():
        named = one.related_model._meta if one.auto_created and one.is_relation else one
        choices[one.name] = getattr(named, "verbose_name", one.name)

    @admin.display(description=field_label(field))
    def shown(record):
        value = getattr(record, name) or ""
        if is_text:
            return format_html("<div{}>{}</div>", guessed(value).lang, linebreaksbr(value or "-"))
        return comma_separated(choices.get(code, code) for code in value)

    shown.__name__ = name
    return shown


def visible_fieldsets(request, model, fieldsets, *, is_new=False, is_fixed=False):
    """Return the fieldsets as this person may see them, the own language first.

    What somebody enters anew is hidden from nobody; what cannot be changed is shown in words.
    """
    kept = []
    for title, options in fieldsets:
        fields = options["fields"]
        fields = fields if is_new else privacy.visible_fields(request.user, model, fields)
        fields = own_language_first(fields)
        if is_fixed:
            fields = [in_words(model, name) for name in fields]
        if fields:
            kept.append((title, options | {"fields": fields}))
    return kept


class PartInline:
    """For the inlines of rows that belong to a record."""

    formfield_overrides = FORM_FIELDS
    form = RowForm
    formset = RowFormSet
    extra = 0
    # Empty rows of a new record, so that nobody has to ask for them.
    rows_at_first = 0
    # What the first row of a new record is, unless something else is chosen.
    first_row: dict = {}
    # Right after the first section of the form, instead of after the last.
    is_near_top = False
    # The records one may add without leaving the form.
    addable = []

    def get_extra(self, request, obj=None, **kwargs):
        return self.extra if obj else self.rows_at_first

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related(*self.autocomplete_fields) if self.autocomplete_fields else rows

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        is_fixed = not self.has_change_permission(request, obj)
        return visible_fieldsets(request, self.model, fieldsets, is_fixed=is_fixed)

    def get_formset(self, request, obj=None, **kwargs):
        if "fields" not in kwargs:
            names = flatten_fieldsets(self.get_fieldsets(request, obj))
            kwargs["fields"] = [name for name in names if isinstance(name, str)]
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        field = adapted(field, db_field, self.model)
        if db_field.is_relation and db_field.name not in self.addable:
            field.widget.can_add_related = field.widget.can_view_related = False
        return field


class ReadOnlyInline(PartInline, admin.TabularInline):
    """For rows that pages and code write, and the admin only shows."""

    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_add_permission


class SourceInline(PartInline, GenericStackedInline):
    """Near the top: without a source nothing is published."""

    model = Source
    rows_at_first = 2
    is_near_top = True
    form = GenericStackedInline.form
    formset = GenericStackedInline.formset
    fields = [
        each_language("name"),
        "address",
        ("confidence", "read_on", "how"),
        "fields",
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "fields":
            field.choices = list(names_of(self.parent_model).items())
            field.widget.attrs["class"] = "ticks"
        return field
