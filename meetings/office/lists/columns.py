"""Lists of a meeting's people for hotel, cars, catering, paper and door: columns and filters.

Names are sorted as people expect, Chinese ones by pinyin.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import time
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from meetings.models import (
    Attendance,
    Delegate,
    DelegateAnswer,
    Meeting,
    MeetingQuestion,
    PlaceState,
    Traveller,
    Workshop,
)
from members.models import Institution
from sscnet.codelists.models import Country
from sscnet.codelists.nationalities import nationality_in_words
from sscnet.core.forms.fields import RecordChoiceField
from sscnet.core.i18n.collation import sort_key
from sscnet.core.i18n.names import latin_name
from sscnet.core.personal_data.fields import may_see


@dataclass(frozen=True)
class ListColumn:
    label: Any
    value: Callable[[Delegate], Any]
    # Where else than in the delegate's field of the column's name it stands.
    source: tuple[type, str] | None = None

    def may_be_seen_by(self, user, name: str) -> bool:
        return may_see(user, *(self.source or (Delegate, name)))


def workshops_of(delegate: Delegate) -> str:
    confirmed = [place for place in delegate.workshop_places.all() if place.is_confirmed]
    return "; ".join(str(place.workshop) for place in confirmed)


def attendance_of(delegate: Delegate) -> str:
    attendance = getattr(delegate, "attendance", None)
    return attendance.get_state_display() if attendance else ""


def of_traveller(*names: str) -> Callable[[Delegate], str]:
    """Return what writes these fields of a traveller in one cell."""

    def value(delegate: Delegate) -> str:
        traveller = getattr(delegate, "traveller", None)
        return " ".join(in_words(traveller, name) for name in names).strip()

    return value


def in_words(traveller: Traveller | None, name: str) -> str:
    display = getattr(traveller, f"get_{name}_display", None)
    value = display() if display else getattr(traveller, name, None)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value or "")


def nationality_of(delegate: Delegate) -> str:
    return nationality_in_words(delegate.nationality) if delegate.nationality else ""


COLUMNS = {
    "name": ListColumn(pgettext_lazy("of a person", "name"), str),
    "chinese_name": ListColumn(_("name in Chinese"), lambda d: d.chinese_name),
    "family_name": ListColumn(_("family name"), lambda d: d.family_name),
    "given_names": ListColumn(_("given names"), lambda d: d.given_names),
    "institution": ListColumn(_("institution"), lambda d: str(d.delegation.institution)),
    "country": ListColumn(_("country"), lambda d: str(d.delegation.institution.country or "")),
    "role": ListColumn(pgettext_lazy("of a delegate", "role"), lambda d: d.role),
    "gender": ListColumn(_("gender"), lambda d: d.get_gender_display()),
    "email": ListColumn(_("email"), lambda d: d.email),
    "mobile": ListColumn(_("mobile number"), lambda d: d.mobile),
    "nationality": ListColumn(_("nationality"), nationality_of),
    "diet": ListColumn(_("diet"), lambda d: d.diet),
    "access_needs": ListColumn(_("access needs"), lambda d: d.access_needs),
    "place": ListColumn(_("place"), lambda d: d.get_place_display()),
    "workshops": ListColumn(_("workshops with a place"), workshops_of),
    "reference": ListColumn(_("reference"), lambda d: d.delegation.reference),
    "attendance": ListColumn(_("attendance"), attendance_of),
    "arrival": ListColumn(
        _("arrival"),
        of_traveller("arrives_on", "arrives_at", "arrives_by"),
        (Traveller, "arrives_on"),
    ),
    "departure": ListColumn(
        _("departure"),
        of_traveller("leaves_on", "leaves_at", "leaves_by"),
        (Traveller, "leaves_on"),
    ),
    "hotel": ListColumn(_("hotel"), of_traveller("hotel", "hotel_name"), (Traveller, "hotel")),
    "room": ListColumn(_("room"), of_traveller("room"), (Traveller, "room")),
}


# The columns of a paper's list, by the names of its fields.
ON_PAPERS = {"position": "role", "room": "hotel"} | {
    name: name
    for name in (
        *("institution", "country", "gender", "mobile", "email"),
        *("arrival", "departure", "workshops"),
    )
}


def people_of_paper(people: Iterable[Delegate], known=COLUMNS) -> list[dict]:
    """Return the rows of a paper's list of people, without what is in none of these columns."""
    return [
        {"no": n, "name": one.chinese_name or one.name, "latin": latin_name(one)}
        | {field: known[name].value(one) for field, name in ON_PAPERS.items() if name in known}
        for n, one in enumerate(people, 1)
    ]


def columns_of(meeting: Meeting) -> dict[str, ListColumn]:
    """Return all columns of a meeting's lists, those of its own questions last."""
    source = (DelegateAnswer, "text")
    own = {
        f"question-{one.pk}": ListColumn(str(one), partial(answer_to, one.pk), source)
        for one in meeting.questions.all()
    }
    return COLUMNS | own


def answer_to(question: int, delegate: Delegate) -> str:
    return next((str(one) for one in delegate.answers.all() if one.question_id == question), "")


def choices_in(meeting: Meeting) -> list[tuple[str, str]]:
    """Return each choice of the meeting's questions, as the filter of lists names it."""
    asked = meeting.questions.filter(kind=MeetingQuestion.Kind.CHOICE)
    return [(f"{q.pk}-{n}", f"{q} {label}") for q in asked for n, label in q.options]


def answered(choice: str) -> Q:
    question, chosen = choice.split("-")
    return Q(answers__question=question, answers__chosen__contains=[chosen])


# A person's names stand first, where others are chosen too.
NAMES = ("name", "chinese_name", "family_name", "given_names")
USUAL = ["name", "chinese_name", "institution", "role"]
NOT_NOTED = "not_noted"
NOT_CONFIRMED = "not_confirmed"
NOT_STATED = "not_stated"
CONFIRMED = PlaceState.CONFIRMED
STATED = [("", "–"), ("yes", _("yes")), ("no", _("no"))]
FIELDS_FILLED = ["email", "diet", "access_needs"]


def stated(condition: Q) -> Callable[[str], Q]:
    return lambda answer: condition if answer == "yes" else ~condition


# What each filter keeps; empty, it keeps all.
CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "institution": lambda institution: Q(delegation__institution=institution),
    "country": lambda code: Q(
        delegation__institution__country=None if code == NOT_STATED else code
    ),
    "gender": lambda gender: Q(gender="" if gender == NOT_STATED else gender),
    "named": lambda yes: Q(to_be_named=False),
    "attendance": lambda state: (
        Q(attendance=None) if state == NOT_NOTED else Q(attendance__state=state)
    ),
    "answer": answered,
    **{name: stated(~Q(**{name: ""})) for name in FIELDS_FILLED},
}


class ListForm(forms.Form):
    """The columns and filters of a list, as in its address."""

    columns = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=_("Columns")
    )
    place = forms.ChoiceField(required=False, label=_("place"))
    workshop = forms.ModelChoiceField(
        Workshop.objects.none(), required=False, label=_("at the workshop")
    )
    institution = RecordChoiceField(
        Institution.objects.none(), required=False, label=_("institution")
    )
    country = forms.ChoiceField(required=False, label=_("country"))
    gender = forms.ChoiceField(required=False, label=_("gender"))
    named = forms.ChoiceField(
        required=False,
        choices=[("", "–"), ("yes", _("named"))],
        label=pgettext_lazy("of a person", "name"),
    )
    attendance = forms.ChoiceField(
        required=False,
        choices=[("", "–"), *Attendance.State.choices, (NOT_NOTED, _("not recorded at check-in"))],
        label=_("attendance"),
    )

    def __init__(self, data, *, meeting: Meeting, user):
        super().__init__(data or {"columns": USUAL, "place": CONFIRMED}, auto_id="id_%s")
        self.meeting, self.columns = meeting, columns_of(meeting)
        known = columns_for(user, self.columns)
        self.fields["columns"].choices = [(n, column.label) for n, column in known.items()]
        places = [(place, place.label) for place in PlaceState if place]
        places.append((NOT_CONFIRMED, _("no confirmed place")))
        self.fields["place"].choices = [("", "–"), *places]
        genders = [(one or NOT_STATED, one.label) for one in Delegate.Gender]
        self.fields["gender"].choices = [("", "–"), *genders]
        self.fields["workshop"].queryset = meeting.workshops.all()
        coming = Institution.objects.filter(delegations__meeting=meeting)
        self.fields["institution"].queryset = coming
        countries = Country.objects.filter(pk__in=coming.order_by().values("country"))
        named = sorted(((one.pk, str(one)) for one in countries), key=lambda one: sort_key(one[1]))
        self.fields["country"].choices = [("", "–"), *named, (NOT_STATED, _("not stated"))]
        if "gender" not in known:
            del self.fields["gender"]
        if may_see(user, DelegateAnswer, "chosen") and (choices := choices_in(meeting)):
            self.fields["answer"] = forms.ChoiceField(
                required=False, choices=[("", "–"), *choices], label=_("answer")
            )
        for name in FIELDS_FILLED:
            if name in known:
                self.fields[name] = forms.ChoiceField(
                    required=False, choices=STATED, label=known[name].label
                )

    @property
    def filters(self) -> list[str]:
        return [name for name in ("place", "workshop", *CONDITIONS) if name in self.fields]

    @property
    def filter_fields(self):
        return [self[name] for name in self.filters]

    def clean_columns(self):
        return self.cleaned_data["columns"] or USUAL

    @property
    def chosen(self) -> list[str]:
        """Return the columns in the order of the page."""
        wanted = set(self.cleaned_data["columns"])
        return [name for name in self.columns if name in wanted]

    @property
    def sent(self) -> list[tuple[str, Any]]:
        """Return what the list's address says, to send it along with a button."""
        values = {name: self[name].value() for name in ("columns", *self.filters)}
        lists = {n: value if isinstance(value, list) else [value] for n, value in values.items()}
        return [(name, value) for name, values in lists.items() for value in values if value]

    def people(self) -> list[Delegate]:
        """Return whom the filters keep; with a workshop, the place is that at the workshop."""
        rows, asked = everybody(self.meeting), self.cleaned_data
        if workshop := asked["workshop"]:
            places = in_place(workshop.workshop_places.all(), asked["place"] or CONFIRMED)
            rows = rows.filter(pk__in=places.values("delegate"))
        else:
            rows = in_place(rows, asked["place"])
        for name, condition in CONDITIONS.items():
            if name in self.fields and (value := asked[name]):
                rows = rows.filter(condition(value))
        return sorted(rows, key=by_name)


def in_place(rows: QuerySet, place: str) -> QuerySet:
    if place == NOT_CONFIRMED:
        return rows.exclude(place=CONFIRMED)
    return rows.filter(place=place) if place else rows


def columns_for(user, columns: dict[str, ListColumn]) -> dict[str, ListColumn]:
    return {name: one for name, one in columns.items() if one.may_be_seen_by(user, name)}


def everybody(meeting: Meeting):
    """Return those who asked for a place with what lists show of them."""
    people = Delegate.objects.filter(delegation__meeting=meeting).exclude(place="")
    people = people.select_related("delegation__institution__country", "attendance", "traveller")
    return people.prefetch_related("workshop_places__workshop", "answers__question")


def by_name(delegate: Delegate) -> tuple:
    """Sort by the name in the page's language; places without a name come last."""
    latin = f"{delegate.family_name} {delegate.given_names}".strip()
    names = [latin, delegate.chinese_name]
    if get_language() == "zh-hans":
        names.reverse()
    name = names[0] or names[1]
    return not name, sort_key(name), delegate.pk


def rows_of(people: list[Delegate], columns: list[str], known=COLUMNS) -> list[list]:
    return [[known[name].value(delegate) for name in columns] for delegate in people]


def headers_of(columns: list[str], known=COLUMNS) -> list[str]:
    return [str(known[name].label) for name in columns]
