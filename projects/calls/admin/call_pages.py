"""Pages of a call in the admin: extended, the next one made from it, and its proposals compared."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.admin.mail_preview import MailPreviewPages
from sscnet.admin.pages import admin_page, officer
from sscnet.core.forms.fields import MomentInput
from sscnet.core.personal_data.security_log import log_security
from sscnet.exchange.writing.formats import FORMATS

from ..handling import calls
from ..handling.readings import Appraisal, appraisal
from ..models import Call, Proposal
from ..public.rounds import taking_part


class ClosingForm(forms.Form):
    closes_at = forms.DateTimeField(
        label=_("Closes for the Network"),
        help_text=_("Beijing time. Nothing can be sent after this."),
        widget=MomentInput,
    )


class ExtendForm(ClosingForm):
    fund_closes_at = forms.DateTimeField(
        label=_("Closes at the Fund"),
        help_text=_("Beijing time. Empty: unchanged."),
        widget=MomentInput,
        required=False,
    )


# ------------------------------------------------------------------ proposals compared

Column = tuple[Any, Callable[[Appraisal], Any]]

MONEY: list[Column] = [
    (_("requested, US$"), lambda row: row.proposal.sum_asked_usd),
    (_("other inputs, US$"), lambda row: row.proposal.sum_other_usd),
    (_("granted, US$"), lambda row: row.proposal.granted_usd),
    (_("received, US$"), lambda row: row.proposal.sum_received_usd),
    (_("spent, US$"), lambda row: row.proposal.sum_spent_usd),
]
COLUMNS: list[Column] = [
    (_("reference"), lambda row: row.proposal.reference),
    (_("title"), lambda row: str(row.proposal)),
    (_("institution"), lambda row: str(row.proposal.institution)),
    (_("state"), lambda row: row.proposal.get_state_display()),
    (_("PGTF area"), lambda row: str(row.proposal.area or "")),
    (_("participating countries"), lambda row: "; ".join(map(str, taking_part(row.proposal)))),
    *MONEY,
    (_("in cash, US$"), lambda row: row.proposal.sum_cash_usd),
    (_("in kind, US$"), lambda row: row.proposal.sum_kind_usd),
    (_("approved by"), lambda row: row.proposal.approval_meeting),
    (_("approved on"), lambda row: row.proposal.approved_on),
    (_("number of the Fund"), lambda row: row.proposal.fund_numbers),
    (_("conditions"), lambda row: row.proposal.conditions),
    (_("starts in"), lambda row: row.proposal.starts_in),
    (_("ends in"), lambda row: row.proposal.ends_in),
    (_("number of beneficiaries"), lambda row: row.proposal.beneficiaries_number),
    (_("sent"), lambda row: row.proposal.sent_at.date() if row.proposal.sent_at else None),
    (_("readers"), lambda row: len(row.totals)),
    (_("lowest score"), lambda row: row.lowest),
    (_("highest score"), lambda row: row.highest),
    (_("mean score"), lambda row: row.mean),
]


def sheet_of(appraisals: list[Appraisal]) -> tuple[list, list[list]]:
    """Return the headers and the rows."""
    rows = [[value(one) for _label, value in COLUMNS] for one in appraisals]
    return [str(label) for label, _value in COLUMNS], rows


def totals_of(appraisals: list[Appraisal]) -> list[tuple[str, int]]:
    """Return the sums of the columns of money, with their headers: the figures of the call."""
    return [(label, sum(value(one) or 0 for one in appraisals)) for label, value in MONEY]


class CallPages(MailPreviewPages):
    def views(self):
        return [
            ("<int:pk>/extend/", self.extend_view, "extend"),
            ("<int:pk>/next/", self.next_view, "next"),
            ("<int:pk>/comparison/", self.comparison_view, "comparison"),
            ("<int:pk>/proposals.<slug:kind>", self.sheet_view, "sheet"),
        ]

    @officer("calls.add_call")
    def next_view(self, request, pk):
        """Make the next call from this one, after saying what comes along."""
        call = get_object_or_404(Call, pk=pk)
        initial = {"closes_at": calls.a_year_later(call.closes_at)}
        form = ClosingForm(request.POST or None, initial=initial)
        if form.is_valid():
            new = calls.make_next(call, **form.cleaned_data)
            text = gettext("“%(call)s” is a draft. Check its title and dates first.")
            self.admin.message_user(request, text % {"call": new})
            return HttpResponseRedirect(self.admin.change_url(new))
        context = {
            "form": form,
            "original": call,
            "back": self.admin.change_url(call),
            "copied": gettext("Copied: texts, rules, areas, required papers, criteria."),
            "left_behind": gettext("Not copied: proposals, documents, sources."),
        }
        title = gettext("Make the next call from this one")
        return admin_page(self.admin, request, "core/next", title, **context)

    @officer("calls.publish_call")
    def extend_view(self, request, pk):
        """Extend the call: show every mail first, then do it."""
        call = get_object_or_404(Call, pk=pk)
        initial = {"closes_at": call.closes_at, "fund_closes_at": call.fund_closes_at}
        form = ExtendForm(request.POST or None, initial=initial)
        title = gettext("Extend the call")
        return self.ask_first(
            request, call, form, lambda: calls.extend(call, **form.cleaned_data), title
        )

    def compared(self, request, call):
        """Return all proposals of the call that the officer handles, with what they score."""
        rows = Proposal.objects.handled_by(request.user).filter(call=call).sent()
        rows = rows.with_amounts().with_readings().select_related("institution", "area", "project")
        rows = rows.prefetch_related("proposal_countries__country", "project__fund_numbers")
        rows = rows.order_by("reference")
        criteria = list(call.criteria.all())
        return [appraisal(proposal, criteria) for proposal in rows]

    @officer("calls.decide_proposal")
    def comparison_view(self, request, pk):
        call = get_object_or_404(Call, pk=pk)
        title = gettext("All proposals compared")
        appraisals = self.compared(request, call)
        context = {"appraisals": appraisals, "totals": totals_of(appraisals)}
        return self.show(request, call, "calls/comparison", title, **context)

    @officer("calls.decide_proposal")
    def sheet_view(self, request, pk, kind):
        call = get_object_or_404(Call, pk=pk)
        if kind not in FORMATS:
            raise Http404
        appraisals = self.compared(request, call)
        log_security("proposals_exported", call=call.pk, format=kind, rows=len(appraisals))
        content = FORMATS[kind].write(gettext("Proposals"), *sheet_of(appraisals))
        return FORMATS[kind].download(content, f"proposals-{call.slug}")
