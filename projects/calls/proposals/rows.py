"""The rows of a proposal: outputs, countries, partners, budget lines, and the papers asked for."""

from copy import copy

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from members.models import Institution
from sscnet.codelists.nationalities import countries_by_group
from sscnet.core.forms.fields import RecordChoiceField
from sscnet.core.forms.typed_fields import PastDayField
from sscnet.core.i18n.labels import each_language
from sscnet.core.uploads.documents import LETTER_HINT
from sscnet.core.uploads.scans import check_scan
from sscnet.core.uploads.validators import is_stored
from sscnet.drafts.forms import DraftForm, DraftRowForm
from sscnet.drafts.rows import DraftRows, rows_formset

from ..checks.papers import asked_papers
from ..models import (
    BudgetLine,
    Endorsement,
    Output,
    Proposal,
    ProposalCountry,
    ProposalPartner,
)
from ..models.rows import MOST_YEARS
from .fields import ProseField, UsdField

Role = ProposalCountry.Role


class ProposalRowForm(DraftRowForm):
    def is_needed(self, name):
        # In a row that is written, only the other language may well be missing.
        return True


class RowsWithCountries(DraftRows):
    """Rows that name a country; all offer the same ones, which are read once."""

    @cached_property
    def countries(self) -> list:
        return countries_by_group()

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if not form.fields["country"].disabled:
            form.fields["country"].choices = self.countries


# ------------------------------------------------------------------ outputs


class OutputForm(ProposalRowForm):
    class Meta:
        model = Output
        fields = [
            *each_language("name"),
            *each_language("activities"),
            *each_language("inputs"),
        ]
        field_classes = dict.fromkeys(
            (*each_language("activities"), *each_language("inputs")), ProseField
        )


Outputs = rows_formset(OutputForm, blank=1)


# ------------------------------------------------------------------ countries


class CountryForm(ProposalRowForm):
    class Meta:
        model = ProposalCountry
        fields = ["country", "role"]
        labels = {"role": _("Role in the project")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Where the institution has a country, that one leads, and stays.
        own = self.instance.proposal.institution.country_id
        if self.is_fixed:
            self.fields["country"].disabled = self.fields["role"].disabled = True
        elif own:
            self.fields["role"].choices = [one for one in Role.choices if one[0] != Role.LEAD]

    @property
    def is_fixed(self) -> bool:
        row = self.instance
        own = row.proposal.institution.country_id
        return bool(row.pk and own) and (row.role, row.country_id) == (Role.LEAD, own)


class BaseCountries(RowsWithCountries):
    def store(self, removed, by):
        super().store(removed, by)
        keep_lead(self.instance)


def keep_lead(proposal: Proposal) -> None:
    """Let the country of the institution lead, where it has one."""
    if own := proposal.institution.country_id:
        rows = proposal.proposal_countries
        rows.filter(role=Role.LEAD).exclude(country=own).update(role=Role.PARTICIPATING)
        rows.update_or_create(country_id=own, defaults={"role": Role.LEAD})


Countries = rows_formset(CountryForm, BaseCountries, blank=3)


# ------------------------------------------------------------------ partners


class PartnerForm(ProposalRowForm):
    compared = (("institution", "name"),)

    class Meta:
        model = ProposalPartner
        fields = ["institution", "name", "country", "role"]
        field_classes = {"institution": RecordChoiceField}
        labels = {"role": _("Role in the project")}
        help_texts = {"name": _("Only if it is not in the directory.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = self.instance.proposal.institution_id
        self.fields["institution"].queryset = Institution.objects.published().exclude(pk=own)


Partners = rows_formset(PartnerForm, RowsWithCountries)


# ------------------------------------------------------------------ budget


class BudgetForm(ProposalRowForm):
    year = forms.TypedChoiceField(
        label=capfirst(BudgetLine._meta.get_field("year").verbose_name),
        coerce=int,
        choices=[(n, str(n)) for n in range(1, MOST_YEARS + 1)],
        initial=1,
    )

    class Meta:
        model = BudgetLine
        fields = ["output", "year", *each_language("purpose"), "fund_usd", "cash_usd", "kind_usd"]
        field_classes = dict.fromkeys(("fund_usd", "cash_usd", "kind_usd"), UsdField)
        help_texts = {"output": ""}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["output"].queryset = Output.objects.filter(proposal=self.instance.proposal)
        self.fields["output"].empty_label = _("the project as a whole")


Budget = rows_formset(BudgetForm)


# ------------------------------------------------------------------ papers


class PaperForm(DraftForm):
    """One paper that the call asks for; without a file it can be stored as well."""

    class Meta:
        model = Endorsement
        fields = [
            *("file", "institution_name", "person_name", "person_position", "signed_on"),
            "amount_usd",
        ]
        field_classes = {"signed_on": PastDayField, "amount_usd": UsdField}
        widgets = {"file": forms.FileInput}
        labels = {"person_position": _("Position held")}
        help_texts = {"file": LETTER_HINT, "signed_on": _("For example 2027-04-21.")}

    def __init__(self, *args, asked, **kwargs):
        self.asked = asked
        super().__init__(*args, **kwargs)
        if "amount_usd" not in asked.wanted:
            del self.fields["amount_usd"]

    def is_needed(self, name):
        return name in ("file", *self.asked.wanted)

    @property
    def whose(self) -> str:
        """Return which paper of which country it is, for the list of what is wrong."""
        return str(self.asked)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and not is_stored(file):
            check_scan(file)
        return file


class BasePapers(forms.BaseFormSet):
    """The papers asked for, a form each, known by paper and country."""

    title = _("Required document")
    can_grow = False

    def __init__(self, data=None, files=None, *, owner, **kwargs):
        self.proposal, self.asked = owner, asked_papers(owner)
        super().__init__(data, files, **kwargs)

    def total_form_count(self):
        return len(self.asked)

    initial_form_count = total_form_count

    def add_prefix(self, index):
        return f"{self.prefix}-{self.asked[index].key}"

    def get_form_kwargs(self, index):
        asked = self.asked[index]
        return {"asked": asked, "instance": copy(asked.endorsement) or self.new(asked)}

    def new(self, asked) -> Endorsement:
        return Endorsement(proposal=self.proposal, paper=asked.paper, country=asked.country)

    def store(self, removed, by) -> None:
        for form in self.forms:
            if form.has_changed():
                paper = form.asked.endorsement or self.new(form.asked)
                form.fill(paper)
                paper.uploaded_by, paper.uploaded_at = by, timezone.now()
                paper.confirmed_by = paper.confirmed_at = None
                paper.save()


Papers = forms.formset_factory(PaperForm, formset=BasePapers, extra=0, max_num=500)
