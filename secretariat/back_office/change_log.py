"""The audit log in the admin: all changes by person, kind of record and day."""

from collections import defaultdict
from datetime import date, datetime, time
from functools import cache

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db.models import CharField, Model, Q, Value
from django.db.models.functions import Cast
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from meetings.models import Meeting
from members.models import Institution, User
from projects.calls.models import Call
from projects.models import Project
from sscnet.changes.context import USER
from sscnet.changes.log import LogLine, LogParts, log_lines, log_parts
from sscnet.changes.parts import parts_of
from sscnet.codelists.models import SDG, Country, PGTFArea, Sector, Topic
from sscnet.core.database.triggers import tracked_models
from sscnet.core.forms.fields import IsoDateInput
from sscnet.core.i18n.texts import comma_separated

from ..models import DatedFigure, Page

TITLE = _("All changes")
PER_PAGE = 50
# Far beyond what anybody turns: older changes are found by their day.
MOST_PAGES = 100_000
# Kinds whose records are named on the log, and by which field; others may be persons.
NAMED_BY = dict.fromkeys((Project, Call, Meeting, Page), "title") | {
    **dict.fromkeys((Institution, Country, Sector, SDG, PGTFArea, Topic), "name"),
    DatedFigure: "label",
}


@cache
def record_kinds() -> tuple[type[Model], ...]:
    """Return the models with a history in the admin that are not parts of another's records."""
    models = [model for model in tracked_models() if admin.site.is_registered(model)]
    parts = {part.model for model in models for part in parts_of(model) if not part.is_own}
    return tuple(model for model in models if model not in parts)


def kinds_for(request) -> list[type[Model]]:
    """Return the kinds whose records this officer may look at."""
    may_look = {kind: admin.site.get_model_admin(kind) for kind in record_kinds()}
    return [kind for kind, one in may_look.items() if one.has_view_permission(request)]


def day_field(label):
    return forms.DateField(
        required=False, label=label, widget=IsoDateInput, input_formats=["%Y-%m-%d"]
    )


class LogFilterForm(forms.Form):
    """What the address of the log limits it to."""

    person = forms.ModelChoiceField(
        None, required=False, label=_("Person"), empty_label=_("everybody")
    )
    kind = forms.ChoiceField(required=False, label=_("Kind of record"))
    since = day_field(_("From"))
    until = day_field(_("To"))
    page = forms.IntegerField(
        required=False, min_value=1, max_value=MOST_PAGES, widget=forms.HiddenInput
    )

    def __init__(self, data, *, kinds: list[type[Model]]):
        super().__init__(data)
        # A person of an institution is chosen by a link.
        asked = data.get("person", "")
        is_asked = Q(pk=asked) if asked.isdecimal() and len(asked) < 19 else Q()
        people = User.objects.filter(Q(is_staff=True) | is_asked)
        self.fields["person"].queryset = people.order_by("name", "email")
        names = sorted(
            (str(capfirst(kind._meta.verbose_name_plural)), kind._meta.label_lower)
            for kind in kinds
        )
        self.fields["kind"].choices = [
            ("", _("all")),
            *((label, name) for name, label in names),
        ]

    def limits(self) -> dict:
        """Return the conditions of the events."""
        chosen = self.cleaned_data
        limits = {}
        if chosen.get("person"):
            limits[f"pgh_context__metadata__{USER}"] = chosen["person"].pk
        if chosen.get("since"):
            limits["pgh_created_at__gte"] = moment(chosen["since"], time.min)
        if chosen.get("until"):
            limits["pgh_created_at__lte"] = moment(chosen["until"], time.max)
        return limits


def moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


@require_safe
def changes(request):
    kinds = kinds_for(request)
    form = LogFilterForm(request.GET, kinds=kinds)
    form.is_valid()
    parts = parts_for(request.user, kinds, form.cleaned_data.get("kind"))
    page = form.cleaned_data.get("page") or 1
    # One more than is shown tells whether there are older ones: to count would be to read all.
    found = log_lines(parts, (page - 1) * PER_PAGE, PER_PAGE + 1, **form.limits())
    lines = found[:PER_PAGE]
    names = names_of(lines)
    context = {
        **admin.site.each_context(request),
        "title": TITLE,
        "form": form,
        "lines": [(line, *in_words(line, names)) for line in lines],
        "newer": page - 1,
        "older": page + 1 if len(found) > PER_PAGE else None,
    }
    return TemplateResponse(request, "admin/secretariat/changes.html", context)


def parts_for(user, kinds: list[type[Model]], asked: str | None) -> LogParts:
    """Return the parts of these kinds, or of the one asked for, of which the officer may know."""
    return [
        (kind, part)
        for kind, part in log_parts(record_kinds())
        if kind in kinds
        and (not asked or asked == kind._meta.label_lower)
        and (part.is_own or part.may_be_read_by(user))
    ]


def names_of(lines: list[LogLine]) -> dict[tuple[type[Model], str], str]:
    """Read what the records are called, in one query; who is gone, or a person, has no name."""
    keys = defaultdict(set)
    for line in lines:
        if line.kind in NAMED_BY:
            keys[line.kind].add(line.key)
    rows = [
        kind.objects.filter(pk__in=keys[kind])
        .order_by()
        .values_list(Value(kind._meta.label), Cast("pk", CharField()), f"{NAMED_BY[kind]}_i18n")
        for kind in keys
    ]
    found = rows[0].union(*rows[1:], all=True).order_by() if rows else []
    return {(apps.get_model(label), key): name for label, key, name in found}


def in_words(line: LogLine, names: dict) -> tuple[str, str, str]:
    """Return the record's name, the address of its history (none if it is gone), what was done."""
    opts, record = line.kind._meta, (line.kind, line.key)
    name = names.get(record) or gettext("no. %(key)s") % {"key": line.key}
    is_gone = line.kind in NAMED_BY and record not in names
    page = f"admin:{opts.app_label}_{opts.model_name}_history"
    address = "" if is_gone else reverse(page, args=[quote(line.key)])
    return name, address, what_was_done(line)


def what_was_done(line: LogLine) -> str:
    if "delete" in line.operations:
        return gettext("Deleted")
    if "insert" in line.operations:
        return gettext("Entered")
    touched = [gettext("the record itself")] if line.operations else []
    touched += [str(model._meta.verbose_name_plural) for model in line.parts]
    return gettext("Changed: %(parts)s") % {"parts": comma_separated(touched)}
