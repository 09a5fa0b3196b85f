"""The calls for proposals: open, coming and closed, and all that is to be known of each."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dates import MONTHS_3
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from sscnet.core.database.stamps import CALLS, SOURCES, WORDS
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.pages.views import withdrawn
from sscnet.core.records import samples
from sscnet.search.lists import found_for, text_of

from ..models import Call


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
