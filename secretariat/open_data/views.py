"""The page about the data: what there is, in which formats, with examples to run."""

from datetime import date

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects.iati import publisher, words
from projects.iati.activity import has_activities
from projects.models import Project
from sscnet.codelists.models import PGTFArea
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.core.records.basis import How

from . import bundle


@require_safe
def data(request):
    days = bundle.days()
    has_iati = publisher.is_set_up() and has_activities(Project.objects.public())
    context = {
        "home": request.build_absolute_uri("/").rstrip("/"),
        "days": days,
        "licence_name": settings.DATA_LICENCE_NAME,
        "licence_address": settings.DATA_LICENCE_ADDRESS,
        "our_codes": our_codes(),
        "has_iati": has_iati,
        "bases": How.choices,
        "requests_a_minute": settings.API_REQUESTS_A_MINUTE,
    }
    return render(request, "secretariat/data.html", context)


def our_codes():
    """List the codes of our own that IATI files hold, under the ids that those name."""
    choices = [(words.PROGRAMME, _("Programmes"), Project.Programme)]
    choices += [(words.MODALITY, _("Modalities"), Project.Modality)]
    lists = [(name, label, [c for c in of.choices if c[0] != ""]) for name, label, of in choices]
    areas = [(area.slug, area) for area in PGTFArea.objects.all()]
    return [*lists, (words.AREA, _("Priority areas of the Fund"), areas)]


@for_harvesters()
@require_safe
def bundle_file(request, day):
    """Send the bundle of a day; of `latest` the newest one."""
    days = bundle.days()
    if day == "latest" and days:
        return redirect("secretariat:bundle", days[0].isoformat())
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if found not in days:
        raise Http404
    path = bundle.path_of(found)
    made = path.stat()
    # Of its day and not of today's records: it stays as it is unless it is made once more.
    etag = f'"{day}-{made.st_mtime_ns:x}-{made.st_size:x}"'
    response = get_conditional_response(request, etag=etag) or FileResponse(
        path.open("rb"), as_attachment=True, filename=path.name
    )
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(made.st_mtime)
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response
