"""One sheet of all proposals of a call: its columns, of which an officer chooses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..handling.readings import Appraisal
from ..public.rounds import taking_part


@dataclass(frozen=True)
class SheetColumn:
    label: Any
    value: Callable[[Appraisal], Any]


def of_proposal(read: Callable) -> Callable[[Appraisal], Any]:
    return lambda row: read(row.proposal)


def of_scores(read: Callable) -> Callable[[Appraisal], Any]:
    """Return the value of finished readings; nothing where there is none."""
    return lambda row: round(read(row.total), 2) if row.total else None


COLUMNS = {
    "reference": SheetColumn(_("reference"), of_proposal(lambda p: p.reference)),
    "title": SheetColumn(_("title"), of_proposal(str)),
    "institution": SheetColumn(_("institution"), of_proposal(lambda p: str(p.institution))),
    "state": SheetColumn(_("state"), of_proposal(lambda p: p.get_state_display())),
    "area": SheetColumn(_("PGTF area"), of_proposal(lambda p: str(p.area or ""))),
    "countries": SheetColumn(
        _("participating countries"), of_proposal(lambda p: [str(c) for c in taking_part(p)])
    ),
    "asked": SheetColumn(_("requested, US$"), of_proposal(lambda p: p.sum_asked_usd)),
    "other": SheetColumn(_("other inputs, US$"), of_proposal(lambda p: p.sum_other_usd)),
    "granted": SheetColumn(_("granted, US$"), of_proposal(lambda p: p.granted_usd)),
    "starts_in": SheetColumn(_("starts in"), of_proposal(lambda p: p.starts_in)),
    "ends_in": SheetColumn(_("ends in"), of_proposal(lambda p: p.ends_in)),
    "beneficiaries_number": SheetColumn(
        _("number of beneficiaries"), of_proposal(lambda p: p.beneficiaries_number)
    ),
    "sent_at": SheetColumn(
        _("sent"), of_proposal(lambda p: p.sent_at.date() if p.sent_at else None)
    ),
    "readers": SheetColumn(_("readers"), lambda row: row.readers),
    "lowest": SheetColumn(_("lowest score"), of_scores(lambda spread: spread.lowest)),
    "highest": SheetColumn(_("highest score"), of_scores(lambda spread: spread.highest)),
    "mean": SheetColumn(_("mean score"), of_scores(lambda spread: spread.mean)),
}
USUAL = ["reference", "title", "institution", "countries", "asked", "other", "lowest", "highest"]


def of_criterion(criterion) -> SheetColumn:
    def lowest_to_highest(row: Appraisal):
        spread = dict(row.by_criterion).get(criterion)
        return f"{spread.lowest}–{spread.highest}" if spread else None

    return SheetColumn(str(criterion), lowest_to_highest)


class SheetForm(forms.Form):
    columns = forms.MultipleChoiceField(label=_("Columns"), widget=forms.CheckboxSelectMultiple)
    format = forms.ChoiceField(
        label=_("Format"), choices=[("csv", "CSV"), ("xlsx", "XLSX")], widget=forms.RadioSelect
    )

    def __init__(self, *args, criteria, **kwargs):
        initial = {"columns": USUAL, "format": "xlsx"}
        super().__init__(*args, initial=initial, **kwargs)
        own = {f"criterion_{one.pk}": of_criterion(one) for one in criteria}
        self.known = COLUMNS | own
        self.fields["columns"].choices = [(name, c.label) for name, c in self.known.items()]

    @property
    def chosen(self) -> list[SheetColumn]:
        """Return the chosen columns in the order of the form."""
        wanted = set(self.cleaned_data["columns"])
        return [column for name, column in self.known.items() if name in wanted]


def headers_of(columns: list[SheetColumn]) -> list[str]:
    return [str(column.label) for column in columns]


def sheet_rows(appraisals: list[Appraisal], columns: list[SheetColumn]) -> list[list]:
    rows = [[column.value(row) for column in columns] for row in appraisals]
    return [["; ".join(v) if isinstance(v, list) else v for v in row] for row in rows]
