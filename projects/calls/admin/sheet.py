"""One sheet of all proposals of a call: what each asks for, and how it was scored."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..handling.readings import Appraisal
from ..public.rounds import taking_part

Column = tuple[Any, Callable[[Appraisal], Any]]


def of_proposal(read: Callable) -> Callable[[Appraisal], Any]:
    return lambda row: read(row.proposal)


COLUMNS: list[Column] = [
    (_("reference"), of_proposal(lambda p: p.reference)),
    (_("title"), of_proposal(str)),
    (_("institution"), of_proposal(lambda p: str(p.institution))),
    (_("state"), of_proposal(lambda p: p.get_state_display())),
    (_("PGTF area"), of_proposal(lambda p: str(p.area or ""))),
    (_("participating countries"), of_proposal(lambda p: "; ".join(map(str, taking_part(p))))),
    (_("requested, US$"), of_proposal(lambda p: p.sum_asked_usd)),
    (_("other inputs, US$"), of_proposal(lambda p: p.sum_other_usd)),
    (_("in cash, US$"), of_proposal(lambda p: p.sum_cash_usd)),
    (_("in kind, US$"), of_proposal(lambda p: p.sum_kind_usd)),
    (_("granted, US$"), of_proposal(lambda p: p.granted_usd)),
    (_("starts in"), of_proposal(lambda p: p.starts_in)),
    (_("ends in"), of_proposal(lambda p: p.ends_in)),
    (_("number of beneficiaries"), of_proposal(lambda p: p.beneficiaries_number)),
    (_("sent"), of_proposal(lambda p: p.sent_at.date() if p.sent_at else None)),
    (_("readers"), lambda row: len(row.totals)),
    (_("lowest score"), lambda row: row.lowest),
    (_("highest score"), lambda row: row.highest),
    (_("mean score"), lambda row: row.mean),
]


def sheet_of(appraisals: list[Appraisal]) -> tuple[list, list[list]]:
    """Return the headers and the rows."""
    rows = [[value(one) for _label, value in COLUMNS] for one in appraisals]
    return [str(label) for label, _value in COLUMNS], rows
