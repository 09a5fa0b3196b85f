"""The rows of a proposal: outputs, countries, partners, papers and budget lines.

Blank rows stand at the end of each page; what is written in them is stored as new rows. A row
that was emptied is taken out. Rows that a colleague added stay.
"""

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from members.models import Institution
from sscnet.codelists.nationalities import countries_by_group
from sscnet.core.i18n.labels import each_language
from sscnet.core.uploads.documents import LETTER_HINT
from sscnet.core.uploads.scans import check_scan
from sscnet.core.uploads.storage import throw_away
from sscnet.core.uploads.validators import is_stored

from ..models import (
    BudgetLine,
    Endorsement,
    Output,
    Proposal,
    ProposalCountry,
    ProposalPartner,
)
from ..models.rows import MOST_YEARS
from .checks.papers import asked_papers
from .fields import DayAsTypedField, ProseField, UsdField
from .forms import DraftForm

MOST_ROWS = 60
Role = ProposalCountry.Role


class ProposalRowForm(DraftForm):
    """A row; one in which only what has a default stands is none."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    with_default = frozenset()
    # Without these a new row cannot be stored.
    key_fields = ()
    # It can be neither changed nor taken out.
    is_fixed = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = self.instance.pk
        for name, form_field in self.fields.items():
            # In a row that is written, only the other language may well be missing.
            form_field.is_needed = self.is_main_language(name)

    @property
    def is_blank(self) -> bool:
        names = set(self.fields) - {"id", *self.with_default}
        return not self.is_fixed and not any(str(self[name].data or "").strip() for name in names)

    def has_changed(self):
        if self.is_blank:
            return False
        return super().has_changed() or not self.instance.pk

    def full_clean(self):
        # Emptied, the row is taken out: nothing in it is wrong.
        self.empty_permitted = self.is_bound and self.is_blank
        super().full_clean()

    def clean(self):
        data = super().clean()
        for name in self.key_fields:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("This field is required."))
        return data

    @property
    def can_be_stored(self) -> bool:
        is_whole = all(self.cleaned_data.get(name) for name in self.key_fields)
        return is_whole and not self.non_field_errors()


class BaseRows(forms.BaseFormSet):
    """Rows of one proposal. A form with the number of a row that is there changes that row."""

    model = None
    # A field in which no two rows of a proposal may be alike.
    once = ""
    # Where a field notes the order of the rows.
    order = ""
    title = ""
    can_grow = True

    def __init__(self, data=None, files=None, *, proposal, **kwargs):
        self.proposal = proposal
        stored = self.model.objects.filter(proposal=proposal)
        self.stored = {row.pk: row for row in stored.order_by(*self.model._meta.ordering)}
        for row in self.stored.values():
            row.proposal = proposal
        super().__init__(data, files, initial=[{"id": pk} for pk in self.stored], **kwargs)

    def initial_form_count(self):
        return 0 if self.is_bound else len(self.stored)

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"instance": self.instance_of(index)}

    def instance_of(self, index):
        if index is None:
            return self.model(proposal=self.proposal)
        if self.is_bound:
            text = self.data.get(f"{self.add_prefix(index)}-id", "")
            pk = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
        else:
            pk = list(self.stored)[index] if index < len(self.stored) else None
        return self.stored.get(pk) or self.model(proposal=self.proposal)

    @cached_property
    def countries(self) -> list:
        return countries_by_group()

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "country" in form.fields and not form.fields["country"].disabled:
            form.fields["country"].choices = self.countries

    def clean(self):
        if self.once:
            self.refuse_twice(self.once, _("This has already been added."))

    def refuse_twice(self, name, message, only=None):
        """Put an error beside each value that another row has already."""
        kept = [form.instance.pk for form in self.forms if form.is_blank or form.is_valid()]
        seen = {getattr(row, name) for pk, row in self.stored.items() if pk not in kept}
        for form in self.forms:
            value = form.cleaned_data.get(name)
            if value and (only is None or value == only):
                if value in seen:
                    form.add_error(name, f"{value}: {message}")
                seen.add(value)

    def rows_to_store(self, removed: int | None) -> tuple[list, list]:
        """Return the forms to store, and the rows to take out."""
        stored, gone = [], []
        for n, form in enumerate(self.forms):
            if form.is_blank or (n == removed and not form.is_fixed):
                gone += [form.instance] if form.instance.pk else []
            elif form.can_be_stored:
                stored.append(form)
        return stored, gone

    def store(self, removed: int | None = None, by=None) -> None:
        forms_to_store, gone = self.rows_to_store(removed)
        for row in gone:
            self.model.objects.filter(pk=row.pk).delete()
        changed = [form for form in forms_to_store if form.has_changed()]
        if self.once:
            # Two rows may exchange what no two of them may have.
            known = [form.instance.pk for form in changed if form.instance.pk]
            self.model.objects.filter(pk__in=known).delete()
        for place, form in enumerate(forms_to_store):
            row = self.stored.get(form.instance.pk) or form.instance
            if form in changed:
                for name, value in form.storable().items():
                    setattr(row, name, value)
            if self.order and getattr(row, self.order) != place:
                setattr(row, self.order, place)
            elif form not in changed:
                continue
            row.proposal = self.proposal
            row.save()
            form.instance = row


def rows(form, title, *, formset=BaseRows, once="", order="", blank=2, most=MOST_ROWS):
    made = forms.formset_factory(
        form, formset=formset, extra=blank, max_num=most, absolute_max=most, validate_max=True
    )
    made.model, made.title, made.once, made.order = form._meta.model, title, once, order
    return made


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


Outputs = rows(OutputForm, _("Output"), order="position", blank=1, most=30)


# ------------------------------------------------------------------ countries


class CountryForm(ProposalRowForm):
    with_default = frozenset({"role"})
    key_fields = ("country",)

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


class BaseCountries(BaseRows):
    def clean(self):
        super().clean()
        self.refuse_twice("role", _("Only one country can lead."), only=Role.LEAD)

    def store(self, removed=None, by=None):
        super().store(removed, by)
        keep_lead(self.proposal)


def keep_lead(proposal: Proposal) -> None:
    """Let the country of the institution lead, where it has one."""
    if own := proposal.institution.country_id:
        rows = proposal.proposal_countries
        rows.filter(role=Role.LEAD).exclude(country=own).update(role=Role.PARTICIPATING)
        rows.update_or_create(country_id=own, defaults={"role": Role.LEAD})


Countries = rows(CountryForm, _("Country"), formset=BaseCountries, once="country", blank=3)


# ------------------------------------------------------------------ partners


class PartnerForm(ProposalRowForm):
    with_default = frozenset({"role"})

    class Meta:
        model = ProposalPartner
        fields = ["institution", "name", "country", "role"]
        labels = {"role": _("Role in the project")}
        help_texts = {"name": _("Only if it is not in the directory.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        published = Institution.objects.published().alphabetical()
        own = self.instance.proposal.institution_id
        self.fields["institution"].queryset = published.exclude(pk=own)

    def clean(self):
        data = super().clean()
        if bool(data.get("institution")) == bool(data.get("name")) and not self.errors:
            constraint = ProposalPartner._meta.constraints[0]
            self.add_error("name", constraint.violation_error_message)
        return data

    @property
    def can_be_stored(self):
        ways = [self.cleaned_data.get(name) for name in ("institution", "name")]
        return sum(map(bool, ways)) == 1 and super().can_be_stored


Partners = rows(PartnerForm, _("Partner"))


# ------------------------------------------------------------------ budget


class BudgetForm(ProposalRowForm):
    with_default = frozenset({"year"})
    year = forms.TypedChoiceField(
        coerce=int,
        choices=[(n, str(n)) for n in range(1, MOST_YEARS + 1)],
        initial=1,
        empty_value=1,
    )
    fund_usd = UsdField()
    cash_usd = UsdField()
    kind_usd = UsdField()

    class Meta:
        model = BudgetLine
        fields = ["output", "year", *each_language("purpose"), "fund_usd", "cash_usd", "kind_usd"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("year", "fund_usd", "cash_usd", "kind_usd"):
            words = BudgetLine._meta.get_field(name).verbose_name
            self.fields[name].label = capfirst(str(words))
        self.fields["output"].queryset = Output.objects.filter(proposal=self.instance.proposal)
        self.fields["output"].empty_label = _("the project as a whole")
        self.fields["output"].help_text = ""


Budget = rows(BudgetForm, _("Budget line"))


# ------------------------------------------------------------------ papers


class PaperForm(DraftForm):
    """One paper that the call asks for; without a file it can be stored as well."""

    amount_usd = UsdField(label=_("Inputs that it shows, US$"))
    signed_on = DayAsTypedField(label=_("Signed on"), help_text=_("For example 2027-04-21."))

    class Meta:
        model = Endorsement
        fields = [
            *("file", "institution_name", "person_name", "person_position", "signed_on"),
            "amount_usd",
        ]
        widgets = {"file": forms.FileInput}
        labels = {"person_position": _("Position held")}

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = asked
        for name in asked.wanted:
            self.fields[name].is_needed = True
        if "amount_usd" not in asked.wanted:
            del self.fields["amount_usd"]
        self.fields["file"].is_needed = True
        self.fields["file"].help_text = LETTER_HINT

    @property
    def whose(self) -> str:
        """Return which paper of which country it is, for the list of what is wrong."""
        return str(self.asked)

    def clean_signed_on(self):
        day = self.cleaned_data["signed_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day is in the future."))
        return day

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and not is_stored(file):
            check_scan(file)
        return file

    def has_changed(self):
        return bool(self.changed_data)

    @property
    def is_blank(self):
        return not self.has_changed() and not self.instance.pk


class BasePapers(forms.BaseFormSet):
    """The papers asked for, a form each, known by paper and country."""

    model = Endorsement
    title = _("Required document")
    can_grow = False

    def __init__(self, data=None, files=None, *, proposal, **kwargs):
        self.proposal, self.asked = proposal, asked_papers(proposal)
        super().__init__(data, files, **kwargs)

    def total_form_count(self):
        return len(self.asked)

    def initial_form_count(self):
        return len(self.asked)

    def add_prefix(self, index):
        return f"{self.prefix}-{self.asked[index].key}"

    def get_form_kwargs(self, index):
        asked = self.asked[index]
        new = Endorsement(proposal=self.proposal, paper=asked.paper, country=asked.country)
        return {"asked": asked, "instance": asked.endorsement or new}

    def store(self, removed: int | None = None, by=None) -> None:
        for form in self.forms:
            if form.has_changed():
                self.store_paper(form, by)

    def store_paper(self, form, by) -> None:
        there = Endorsement.objects.filter(pk=form.instance.pk).first()
        paper = there or Endorsement(
            proposal=self.proposal, paper=form.asked.paper, country=form.asked.country
        )
        values = form.storable()
        if values.get("file") and paper.file:
            throw_away(paper.file.name)
        for name, value in values.items():
            if name != "file" or value:
                setattr(paper, name, value)
        paper.uploaded_by, paper.uploaded_at = by, timezone.now()
        paper.confirmed_by = paper.confirmed_at = None
        paper.save()


def remove_paper(paper: Endorsement) -> None:
    if paper.pk:
        if paper.file:
            throw_away(paper.file.name)
        Endorsement.objects.filter(pk=paper.pk).delete()


Papers = forms.formset_factory(PaperForm, formset=BasePapers, extra=0, max_num=500)
