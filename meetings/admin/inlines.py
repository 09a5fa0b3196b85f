"""What hangs on a meeting, on the meeting's form."""

from functools import cached_property

from django.contrib import admin
from django.core.exceptions import ValidationError

from sscnet.admin import PartInline, ReadOnlyInline
from sscnet.core.forms.formsets import RowForm, RowFormSet
from sscnet.core.i18n.labels import each_language
from sscnet.questions.admin import QuestionInline

from ..models import (
    ActionPoint,
    AgendaItem,
    InstitutionQuota,
    MeetingCountry,
    MeetingDocument,
    MeetingInstitution,
    MeetingPicture,
    MeetingProject,
    MeetingQuestion,
    Workshop,
)


class WorkshopForm(RowForm):
    """Once there are delegations, the places of a workshop are changed on a page of their own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.meeting.delegations.exists():
            self.fields["capacity"].disabled = True


class WorkshopInline(PartInline, admin.StackedInline):
    model = Workshop
    form = WorkshopForm
    fields = [
        each_language("title"),
        each_language("description"),
        ("starts_at", "ends_at"),
        each_language("room"),
        ("languages", "interpretation"),
        ("capacity", "taken", "cancelled_at"),
    ]
    readonly_fields = ["taken"]


class AgendaFormSet(RowFormSet):
    """The workshops to choose from are the meeting's own, read once for all rows."""

    @cached_property
    def workshops(self):
        return self.instance.workshops.all() if self.instance.pk else Workshop.objects.none()

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["workshop"].queryset = self.workshops
        choices = [("", "---------"), *((one.pk, str(one)) for one in self.workshops)]
        form.fields["workshop"].choices = choices


class AgendaInline(PartInline, admin.StackedInline):
    model = AgendaItem
    formset = AgendaFormSet
    fields = [
        ("day", "begins", "ends", "workshop"),
        each_language("title"),
        each_language("speakers"),
        each_language("papers"),
        ("languages", "interpretation"),
    ]


class MeetingInstitutionInline(PartInline, admin.TabularInline):
    model = MeetingInstitution
    fields = ["institution", "role"]
    autocomplete_fields = ["institution"]
    addable = ["institution"]


class CountryFormSet(RowFormSet):
    """The countries of a meeting whose registration everybody sees are those it is approved for."""

    def clean(self):
        super().clean()
        countries = [form.instance.country_id for form in self.remaining_forms()]
        meeting = self.instance
        is_public = meeting.pk and meeting.is_published and self.has_changed()
        if is_public and (reason := meeting.reason_not_to_open(countries)):
            raise ValidationError(reason)


class MeetingCountryInline(PartInline, admin.TabularInline):
    model = MeetingCountry
    formset = CountryFormSet
    fields = ["country"]
    autocomplete_fields = ["country"]


class ProjectInline(PartInline, admin.TabularInline):
    model = MeetingProject
    fields = ["project"]
    autocomplete_fields = ["project"]


class QuotaInline(ReadOnlyInline):
    """To look at: it is written by `places.set_quota` alone."""

    model = InstitutionQuota
    fields = readonly_fields = ["institution", "quota"]


class MeetingQuestionInline(QuestionInline):
    model = MeetingQuestion


class ActionPointInline(PartInline, admin.StackedInline):
    model = ActionPoint
    fields = [
        each_language("text"),
        ("institution", "due_on", "state"),
        each_language("outcome"),
    ]
    autocomplete_fields = ["institution"]


class MeetingDocumentInline(PartInline, admin.StackedInline):
    model = MeetingDocument
    fields = [("file", "kind"), each_language("title"), ("language", "dated")]


class MeetingPictureInline(PartInline, admin.StackedInline):
    model = MeetingPicture
    fields = ["image", each_language("alt"), each_language("caption"), ("credit", "licence")]
