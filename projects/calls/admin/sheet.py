"""One sheet of all proposals of a call: what each asks for, and how it was scored."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..handling.readings import Appraisal
from ..models import Criterion
from ..public.rounds import taking_part

Column = tuple[Any, Callable[[Appraisal], Any]]


def of_proposal(read: Callable) -> Callable[[Appraisal], Any]:
    return lambda row: read(row.proposal)


def of_scores(read: Callable) -> Callable[[Appraisal], Any]:
    """Return the value of finished readings; nothing where there is none."""
    return lambda row: round(read(row.total), 2) if row.total else None


COLUMNS: list[Column] = [
    (_("reference"), of_proposal(lambda p: p.reference)),
    (_("title"), of_proposal(str)),
    (_("institution"), of_proposal(lambda p: str(p.institution))),
    (_("state"), of_proposal(lambda p: p.get_state_display())),
    (_("PGTF area"), of_proposal(lambda p: str(p.area or ""))),
    (_("participating countries"), of_proposal(lambda p: "; ".join(map(str, taking_part(p))))),
    (_("requested, US$"), of_proposal(lambda p: p.sum_asked_usd)),
    (_("other inputs, US$"), of_proposal(lambda p: p.sum_other_usd)),
    (_("granted, US$"), of_proposal(lambda p: p.granted_usd)),
    (_("starts in"), of_proposal(lambda p: p.starts_in)),
    (_("ends in"), of_proposal(lambda p: p.ends_in)),
    (_("number of beneficiaries"), of_proposal(lambda p: p.beneficiaries_number)),
    (_("sent"), of_proposal(lambda p: p.sent_at.date() if p.sent_at else None)),
    (_("readers"), lambda row: row.readers),
    (_("lowest score"), of_scores(lambda spread: spread.lowest)),
    (_("highest score"), of_scores(lambda spread: spread.highest)),
    (_("mean score"), of_scores(lambda spread: spread.mean)),
]


def of_criterion(criterion: Criterion) -> Column:
    def lowest_to_highest(row: Appraisal):
        spread = dict(row.by_criterion).get(criterion)
        return f"{spread.lowest}–{spread.highest}" if spread else None

    return str(criterion), lowest_to_highest


def sheet_of(appraisals: list[Appraisal], criteria: list[Criterion]) -> tuple[list, list[list]]:
    """Return the headers and the rows."""
    columns = [*COLUMNS, *map(of_criterion, criteria)]
    rows = [[value(one) for _label, value in columns] for one in appraisals]
    return [str(label) for label, _value in columns], rows
