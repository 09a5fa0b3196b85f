"""What a round looked like, for everybody: those not approved are counts alone."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from sscnet.core.database.stamps import CALLS, INSTITUTIONS, PROJECTS, WORDS
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.figures.files import short_answer

from ..models import Call
from .rounds import Round, headers


@require_safe
@keep_until_changed(CALLS, PROJECTS, INSTITUTIONS, WORDS)
def round_page(request, slug):
    call = get_object_or_404(Call.objects.closed().order_by().for_slug(slug))
    if call.slug != slug:
        return redirect("calls:round", call.slug, permanent=True)
    found = Round(call)
    asked = {name: request.GET.get(name, "")[:20] for name in ("area", "country")}
    shown = found.approved_of(**asked)
    context = {
        "call": call,
        "round": found,
        "approved": shown,
        "is_part": len(shown) < len(found.total.approved),
    }
    return render(request, "calls/round.html", context)


@require_safe
def round_file(request, slug):
    call = get_object_or_404(Call.objects.closed().order_by().for_slug(slug))
    return short_answer(f"round-{call.slug}", "csv", headers(), Round(call).sections)
