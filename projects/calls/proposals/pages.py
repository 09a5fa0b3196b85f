"""A page of the form: what of the proposal a section holds, shown, compared and stored as one."""

import hashlib
import json

from django.forms import BaseForm
from django.utils.functional import cached_property

from ..form import FORM, FormSection
from ..models import Proposal
from . import forms, rows
from .checks import remarks

ROWS = "rows"


FORMS = {section: forms.form_of(section) for section in {one.section for one in FORM}}
FORMSETS = {
    FormSection.STRATEGY: rows.Goals,
    FormSection.RESULTS: rows.Outputs,
    FormSection.COUNTRIES: rows.Countries,
    FormSection.PARTNERS: rows.Partners,
    FormSection.ENDORSEMENTS: rows.Papers,
    FormSection.BUDGET: rows.Budget,
}


class SectionPage:
    """The forms of a section, as they are stored or as they were sent."""

    def __init__(self, proposal: Proposal, section: str, data=None, files=None):
        self.proposal, self.section = proposal, FormSection(section)
        self.data, self.files = data, files
        self.remark = remarks.open_remarks(proposal).get(self.section)

    @cached_property
    def form(self) -> BaseForm | None:
        make = FORMS.get(self.section)
        return make and make(self.data, self.files, instance=self.proposal)

    @cached_property
    def rows(self):
        make = FORMSETS.get(self.section)
        return make and make(self.data, self.files, proposal=self.proposal, prefix=ROWS)

    @cached_property
    def answer(self) -> BaseForm | None:
        return self.remark and forms.RemarkAnswerForm(
            self.data, instance=self.remark, prefix="remark"
        )

    @property
    def forms(self) -> list:
        return [one for one in (self.form, self.rows, self.answer) if one]

    @property
    def single_forms(self) -> list[BaseForm]:
        """Return every form by itself, those of the rows too."""
        return [one for form in self.forms for one in (form.forms if form is self.rows else [form])]

    def is_valid(self) -> bool:
        # Each is asked, so that each says what is wrong.
        answers = [form.is_valid() for form in self.forms]
        return all(answers)

    def version(self) -> str:
        """Return a text that changes when somebody stores something else in this section."""
        stored = SectionPage(self.proposal, self.section)
        values = [[form.instance.pk, shown(form)] for form in stored.single_forms]
        text = json.dumps(values, default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    def store(self, stored: Proposal, removed: int | None, by) -> None:
        """Write what is right in the forms into the proposal, which is locked."""
        if self.form:
            for name, value in self.form.storable().items():
                if stored._meta.get_field(name).many_to_many:
                    getattr(stored, name).set(value)
                else:
                    setattr(stored, name, value)
            stored.save()
        if self.rows:
            self.rows.store(removed, by)
        if self.answer:
            remarks.answer(self.remark, self.answer.cleaned_data.get("answer"), by)

    def after_storing(self, stored: Proposal, removed: int | None) -> "SectionPage":
        """Return the page as it was sent, which now knows the rows that were stored."""
        data = self.data.copy()
        for n, form in enumerate(self.rows.forms if self.rows else []):
            if n == removed:
                for name in form.fields:
                    data.pop(form.add_prefix(name), None)
            elif "id" in form.fields:
                data[form.add_prefix("id")] = str(form.instance.pk or "")
        return SectionPage(stored, self.section, data, self.files)

    def with_rows_of(self, stored: "SectionPage") -> "SectionPage":
        """Return the page as it was sent, with rows behind it that somebody added meanwhile."""
        data = self.data.copy()
        for form in self.rows.forms:
            data[form.add_prefix("id")] = str(form.instance.pk or "")
        known = {form.instance.pk for form in self.rows.forms}
        added = [form for form in stored.rows.forms if form.instance.pk not in {None, *known}]
        for n, form in enumerate(added, len(self.rows.forms)):
            prefix = self.rows.add_prefix(n)
            for name, value in form.initial.items():
                data[f"{prefix}-{name}"] = "" if value is None else str(value)
            data[f"{prefix}-id"] = str(form.instance.pk)
        data[f"{ROWS}-TOTAL_FORMS"] = str(len(self.rows.forms) + len(added))
        return SectionPage(stored.proposal, self.section, data, self.files)


def shown(form: BaseForm) -> dict:
    """Return the values that a form starts with, in a way that can be compared."""
    return {
        name: [str(one.pk) for one in value] if isinstance(value, list) else str(value)
        for name, value in form.initial.items()
        if name in form.fields
    }
