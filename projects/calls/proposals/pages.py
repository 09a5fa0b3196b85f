"""A page of the form: what of the proposal a section holds, shown, compared and stored as one."""

import hashlib
from copy import copy

from django.forms import BaseForm
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from sscnet.drafts.page import DraftPage, as_sent, stamp

from ..form import FORM, FormSection
from ..models import Proposal
from ..steps import answer_remark, lock, open_remarks
from . import forms, rows

ROWS = "rows"


FORMS = {section: forms.form_of(section) for section in {one.section for one in FORM}}
FORMSETS = {
    FormSection.RESULTS: rows.Outputs,
    FormSection.COUNTRIES: rows.Countries,
    FormSection.PARTNERS: rows.Partners,
    FormSection.ENDORSEMENTS: rows.Papers,
    FormSection.BUDGET: rows.Budget,
}


class Closed(Exception):
    """The proposal was sent or withdrawn meanwhile: nobody can write in it."""


class SectionPage(DraftPage):
    """The forms of a section."""

    row_label = _("Row")

    def __init__(self, proposal: Proposal, section: str, data=None, files=None, by=None):
        super().__init__(proposal, data, files, by, section=section)
        self.section = FormSection(section)
        self.remark = open_remarks(proposal).get(self.section)

    @cached_property
    def form(self) -> BaseForm | None:
        make = FORMS.get(self.section)
        # A form writes what was typed into its record; the heading shows what is stored.
        return make and make(self.data, self.files, instance=copy(self.draft))

    @cached_property
    def rows(self):
        make = FORMSETS.get(self.section)
        return make and make(self.data, self.files, owner=self.draft, prefix=ROWS)

    @cached_property
    def answer(self) -> BaseForm | None:
        return self.remark and forms.RemarkAnswerForm(
            self.data, instance=self.remark, prefix="remark"
        )

    @property
    def forms(self) -> list:
        return [one for one in (self.form, self.rows, self.answer) if one]

    @property
    def growing(self):
        return self.rows if self.rows and self.rows.can_grow else None

    def name_of(self, form: BaseForm) -> str:
        if not self.rows or form not in self.rows.forms:
            return ""
        if self.growing and not form.is_bound:
            return str(form.instance)
        return f"{self.rows.title} {self.rows.forms.index(form) + 1}"

    def lock(self) -> Proposal:
        if not lock(self.draft).is_open:
            raise Closed
        return as_stored(self.draft)

    def version(self) -> str:
        stored = self if self.data is None else self.remade(self.draft)
        text = as_sent(*stored.forms).urlencode() + str(self.remark and self.remark.pk)
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    def store(self, proposal: Proposal) -> None:
        if self.form:
            self.form.fill(proposal)
            proposal.save()
        if self.rows:
            self.rows.store(self.removed, self.by)
        if self.answer:
            answer_remark(self.remark, self.answer.cleaned_data.get("answer"), self.by)
        saved = [self.by and self.by.pk, timezone.now().isoformat()]
        proposal.saved_sections |= {self.section.value: saved}
        proposal.save(update_fields=["saved_sections"])
        stamp(proposal, self.by)

    def after_storing(self) -> "SectionPage":
        """Return the page as it was sent, which now knows the rows that were stored."""
        data = self.data.copy()
        for form in self.growing.forms if self.growing else []:
            if form is self.removed:
                for name in form.fields:
                    data.pop(form.add_prefix(name), None)
            else:
                data[form.add_prefix(self.row_key)] = str(form.instance.pk or "")
        return self.remade(as_stored(self.draft), data, self.files)


def as_stored(proposal: Proposal) -> Proposal:
    return Proposal.objects.for_form().get(pk=proposal.pk)
