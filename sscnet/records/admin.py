"""What the admin of all records shares: labels in two languages, sources, publication, history."""

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.admin import GenericTabularInline
from django.db import models
from django.utils.text import capfirst, normalize_newlines

from .labels import field_label, is_translation, translated_fields
from .models import Source


class LongText(forms.CharField):
    """A text of several lines, kept as it was: browsers send line ends of their own."""

    def to_python(self, value):
        return super().to_python(normalize_newlines(value) if value else value)


class InTwoLanguages:
    """For an admin or inline: names both languages of a field; an empty one stays out of `i18n`."""

    formfield_overrides = {
        models.TextField: {"form_class": LongText, "widget": admin.widgets.AdminTextareaWidget}
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if is_translation(db_field):
            # An empty translation is no translation, and no change to note in the history.
            field.empty_value = None
        if is_translation(db_field) or db_field.name in translated_fields(self.model):
            field.label = capfirst(str(field_label(db_field)))
        return field


class RecordAdmin(InTwoLanguages):
    """For the admin of every record that has a history."""

    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50


class PublicRecordAdmin(RecordAdmin):
    """For the admin of records with a page of their own."""

    readonly_fields = ["published_at", "withdrawn_at", "updated_at"]


class SourceInline(GenericTabularInline):
    model = Source
    fields = ["name", "address", "supports", "confidence", "read_on"]
    ct_field = "content_type"
    ct_fk_field = "object_id"
    extra = 0
