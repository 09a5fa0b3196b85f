"""What a round looked like, for everybody: those not approved are counts alone."""

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from sscnet.core.changes import CALLS, INSTITUTIONS, PROJECTS, WORDS
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.exchange.writing.rows import stream_csv

from .models import Call
from .rounds import headers, public_round, rows_of


@require_safe
@keep_until_changed(CALLS, PROJECTS, INSTITUTIONS, WORDS)
def round_page(request, slug):
    call = get_object_or_404(Call.objects.closed().order_by().for_slug(slug))
    if call.slug != slug:
        return redirect("calls:round", call.slug, permanent=True)
    found = public_round(call)
    asked = {name: request.GET.get(name, "")[:20] for name in ("area", "country")}
    shown = found.approved_of(**asked)
    context = {
        "call": call,
        "round": found,
        "approved": shown,
        "is_part": len(shown) < found.total.approved_count,
    }
    return render(request, "calls/round.html", context)


@require_safe
def round_file(request, slug):
    call = get_object_or_404(Call.objects.closed().order_by().for_slug(slug))
    rows = rows_of(public_round(call))
    response = StreamingHttpResponse(stream_csv(headers(), rows), content_type="text/csv")
    name = f"round-{call.slug}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
