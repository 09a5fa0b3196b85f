"""Fields of forms in the admin, in two languages, and the rows that belong to a record."""

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.admin import GenericTabularInline
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst, normalize_newlines
from django.utils.translation import gettext_lazy as _

from .. import privacy
from ..formsets import RowForm, RowFormSet
from ..i18n.labels import each_language, field_label, is_translation, translated_fields
from ..models import Source


class LongText(forms.CharField):
    """A text of several lines, kept as it was: browsers send line ends of their own."""

    def to_python(self, value):
        return super().to_python(normalize_newlines(value) if value else value)


FORM_FIELDS = {
    models.TextField: {
        "form_class": LongText,
        "widget": admin.widgets.AdminTextareaWidget(attrs={"rows": 4}),
    },
    models.DateField: {"error_messages": {"invalid": _("Write the date as 2019-05-12.")}},
    models.DateTimeField: {"error_messages": {"invalid_date": _("Write the date as 2019-05-12.")}},
}


def adapted(field, db_field, model):
    """Return Django's field of a form as our records have it: both languages are named."""
    if isinstance(db_field, ArrayField):
        return forms.MultipleChoiceField(
            choices=db_field.base_field.choices,
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


def visible_fieldsets(request, model, fieldsets):
    """Return the fieldsets without the fields that this person may not see."""
    kept = []
    for title, options in fieldsets:
        if fields := privacy.visible_fields(request.user, model, options["fields"]):
            kept.append((title, options | {"fields": fields}))
    return kept


class PartInline:
    """For the inlines of rows that belong to a record."""

    formfield_overrides = FORM_FIELDS
    form = RowForm
    formset = RowFormSet
    extra = 0
    # The records one may add without leaving the form.
    addable = []

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related(*self.autocomplete_fields) if self.autocomplete_fields else rows

    def get_fieldsets(self, request, obj=None):
        return visible_fieldsets(request, self.model, super().get_fieldsets(request, obj))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        field = adapted(field, db_field, self.model)
        if db_field.is_relation and db_field.name not in self.addable:
            field.widget.can_add_related = field.widget.can_view_related = False
        return field


class SourceInline(PartInline, GenericTabularInline):
    model = Source
    form = GenericTabularInline.form
    formset = GenericTabularInline.formset
    fields = [
        *each_language("name"),
        "address",
        *each_language("supports"),
        "confidence",
        "read_on",
    ]
