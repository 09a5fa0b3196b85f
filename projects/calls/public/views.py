"""The calls for proposals, all that is to be known of each, and what its round looked like."""

from datetime import datetime

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from sscnet.core.database.stamps import CALLS, INSTITUTIONS, PROJECTS, SOURCES, WORDS
from sscnet.core.pages import feeds
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.pages.views import withdrawn
from sscnet.core.records import samples
from sscnet.figures.files import short_answer
from sscnet.search.engine import found_for, text_of

from ..models import Call
from .rounds import Round, headers


def moments() -> list[datetime | None]:
    """Return when pages that show calls change by the clock alone: one opens, or closes."""
    rows = Call.objects.published().order_by().values_list("opens_at", "closes_at")
    return [moment for row in rows for moment in row]


@require_safe
@keep_until_changed(CALLS, WORDS)
def call_list(request):
    calls = Call.objects.public()
    if found := found_for(request, "call"):
        calls = calls.filter(pk__in=found.ids)
    context = {
        "found": found,
        "text": text_of(request),
        "months": MONTHS_3,
        "groups": [
            ("open", calls.open()),
            ("coming", calls.coming()),
            ("closed", calls.closed()),
        ],
    }
    return render(request, "calls/call_list.html", context)


@require_safe
@keep_until_changed(CALLS)
def call_feed(request):
    """Give the calls announced, extended and closed; the last change first."""
    title = gettext("Calls for proposals")
    return feeds.plain_feed(request, Call.objects.public(), title, "calls:feed", "calls:list")


@require_safe
@vary_on_cookie
@keep_until_changed(CALLS, SOURCES, WORDS)
def call_detail(request, slug):
    call = get_object_or_404(Call.objects.visible_to(request.user).for_page().for_slug(slug))
    if call.slug != slug:
        return redirect(call, permanent=True)
    if call.is_withdrawn and not request.user.has_perm("calls.view_call"):
        return withdrawn(request, "calls/call_withdrawn.html", call, "call")
    if call.is_sample:
        samples.show()
    return render(request, "calls/call_detail.html", {"call": call})


@require_safe
@keep_until_changed(CALLS, PROJECTS, INSTITUTIONS, WORDS)
def round_page(request, slug):
    """Show what a round looked like, for everybody: those not approved are counts alone."""
    call = get_object_or_404(Call.objects.closed().order_by().for_slug(slug))
    if call.slug != slug:
        return redirect("calls:round", call.slug, permanent=True)
    return render(request, "calls/round.html", {"call": call, "round": Round(call)})


@require_safe
def round_file(request, slug):
    call = get_object_or_404(Call.objects.closed().order_by().for_slug(slug))
    return short_answer(f"round-{call.slug}", "csv", headers(), Round(call).sections)
