"""Filters of several values with a number beside each, as the catalogue shows them.

The number beside a value is how many projects carry it among those that match the other filters.
"""

from dataclasses import dataclass

import django_filters
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

# In an address: the projects for which this is not stated.
NOT_STATED = "none"
IN_SIGHT = 8


class KnownValuesField(forms.MultipleChoiceField):
    """Several values; one that the list does not know is set aside and the others still count.

    A plain MultipleChoiceField refuses all of them.
    """

    unknown = ()

    def clean(self, values):
        known = dict(self.choices)
        values = dict.fromkeys(values or [])
        self.unknown = [value for value in values if value not in known]
        return super().clean([value for value in values if value in known])


@dataclass(frozen=True)
class FacetValue:
    key: str
    label: str
    count: int
    is_ticked: bool


class Facet(django_filters.Filter):
    """One filter of the catalogue.

    `labels` gives the words for each key that may stand in the address. `nothing` is what the
    database holds where the value is not stated.
    """

    def __init__(self, field_name, labels, *, nothing=None, **kwargs):
        super().__init__(field_name, **kwargs)
        self.get_labels = labels
        self.nothing = nothing

    @cached_property
    def labels(self):
        stated = {str(key): str(label) for key, label in self.get_labels() if key != self.nothing}
        return stated | {NOT_STATED: _("not stated")}

    @cached_property
    def field(self):
        return KnownValuesField(choices=self.labels.items(), label=self.label, required=False)

    def filter(self, queryset, value):
        if not value:
            return queryset
        values = [self.nothing if key == NOT_STATED else key for key in value]
        return queryset.carrying(self.field_name, values)

    def values(self, counts, ticked):
        """List the values that some project carries or that are ticked, the commonest first."""
        shown = [
            FacetValue(key, label, counts.get(key, 0), key in ticked)
            for key, label in self.labels.items()
            if counts.get(key) or key in ticked
        ]
        return sorted(shown, key=lambda value: (value.key == NOT_STATED, -value.count, value.label))


@dataclass(frozen=True)
class FacetView:
    """A facet with its values, as the page shows it."""

    name: str
    label: str
    values: list[FacetValue]

    @property
    def in_sight(self):
        """Give the first values, and every ticked one wherever it stands."""
        return [v for n, v in enumerate(self.values) if n < IN_SIGHT or v.is_ticked]

    @property
    def rest(self):
        return [v for n, v in enumerate(self.values) if n >= IN_SIGHT and not v.is_ticked]
