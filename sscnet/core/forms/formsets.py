"""Forms that say beside its field what a constraint refuses; formsets that check their rows."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _


def holds_for(constraint: UniqueConstraint, row) -> bool:
    """Return whether the constraint applies to the row; it compares fields with values."""
    condition = constraint.condition
    return condition is None or all(getattr(row, name) == v for name, v in condition.children)


def as_constraint(field) -> UniqueConstraint:
    """Return a unique field as a constraint with a message for rows of a formset."""
    message = _("This has already been added.")
    return UniqueConstraint(fields=[field.name], name=field.name, violation_error_message=message)


def lookups(condition: Q) -> list:
    """List the lookups of a condition, however nested: their names and values."""
    found = []
    for child in condition.children:
        found += lookups(child) if isinstance(child, Q) else [child]
    return found


def field_of(constraint, names) -> str | None:
    """Return which of a form's fields a constraint is about: the last one that it compares.

    "The end is not before the beginning" is about the end, "the year is from 1983 on" the year.
    """
    if isinstance(constraint, UniqueConstraint):
        own = constraint.fields
    else:
        found = lookups(constraint.condition)
        found.sort(key=lambda lookup: hasattr(lookup[1], "resolve_expression"))
        own = [lookup.split("__")[0] for lookup, _value in found]
    return next((name for name in reversed(own) if name in names), None)


class RecordForm(forms.ModelForm):
    """A form that says beside its field what a constraint of the model refuses."""

    def add_error(self, field, error):
        """Say of the whole form what is about a field that it does not hold, as of another tab."""
        for name, found in getattr(error, "error_dict", {field: error}).items():
            super().add_error(name if name in self.fields else None, found)

    def validate_constraints(self):
        fields = self.instance._meta.fields
        is_stored = self.instance.pk is not None
        exclude = {
            field.name
            for field in fields
            if field.name in self.errors or not (is_stored or field.name in self.fields)
        }
        for constraint in self.constraints():
            try:
                constraint.validate(type(self.instance), self.instance, exclude)
            except ValidationError as error:
                self.add_error(field_of(constraint, self.fields), error)

    def constraints(self):
        return self.instance._meta.constraints


class RowForm(RecordForm):
    """A row whose unique constraints are left to the formset, which knows the other rows."""

    def constraints(self):
        return [c for c in super().constraints() if not isinstance(c, UniqueConstraint)]


class UniqueRows:
    """A formset that says beside its field what another row has already.

    It has `model`, and `fk` to the record whose rows they are; `remaining_forms` are those of the
    rows that will be there after saving, without errors; `rows_elsewhere` gives the rows for which
    a constraint holds and that have no such form.
    """

    def clean(self):
        super().clean()
        for constraint in self.constraints():
            taken = {self.value(constraint, row) for row in self.rows_elsewhere(constraint)}
            for form in self.remaining_forms():
                if not holds_for(constraint, form.instance):
                    continue
                value = self.value(constraint, form.instance)
                if value in taken:
                    self.refuse(form, constraint)
                taken.add(value)

    def constraints(self):
        fields = [field for field in self.model._meta.fields if field.unique]
        return [
            *(c for c in self.model._meta.constraints if isinstance(c, UniqueConstraint)),
            *(as_constraint(field) for field in fields if not field.primary_key),
        ]

    def value(self, constraint, row):
        fields = [name for name in constraint.fields if name != self.fk.name]
        return tuple(getattr(row, row._meta.get_field(name).attname) for name in fields)

    def refuse(self, form, constraint):
        own = [name for name in constraint.fields if name != self.fk.name]
        named = own or [name for name, _ in constraint.condition.children]
        field = named[-1] if named[-1] in form.fields else None
        form.add_error(field, constraint.get_violation_error_message())


class RowFormSet(UniqueRows, forms.BaseInlineFormSet):
    """Rows of one record, two of which may exchange values in a single save."""

    is_saving = False

    def validate_unique(self):
        """Do nothing: `clean` puts the messages of the constraints beside their fields."""

    def remaining_forms(self):
        """Return the forms of the rows that will be there after saving, those without errors."""
        deleted = set(self.deleted_forms)
        return [
            form
            for form in self.forms
            if form not in deleted and not form.errors and (form.has_changed() or form.instance.pk)
        ]

    def rows_elsewhere(self, constraint):
        """Return rows that others added since the form was opened."""
        if not self.instance.pk:
            return []
        known = [form.instance.pk for form in self.initial_forms]
        others = self.model._base_manager.filter(**{self.fk.name: self.instance})
        return [row for row in others.exclude(pk__in=known) if holds_for(constraint, row)]

    @property
    def initial_forms(self):
        # A row makes room before another takes its place: an index cannot wait for the end. Only
        # the order of saving changes, for Django knows deleted forms by their places in `forms`.
        forms = super().initial_forms
        return sorted(forms, key=self.rank) if self.is_saving else forms

    def save(self, commit=True):
        self.is_saving = True
        return super().save(commit)

    def rank(self, form):
        claims = [c for c in self.constraints() if c.condition and holds_for(c, form.instance)]
        return (form not in self.deleted_forms, bool(claims))
