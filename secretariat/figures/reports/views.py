"""The pages of yearly reports: for staff until they are published."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from secretariat.models import YearlyReport
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.uploads.documents import DOCX
from sscnet.figures.files import answer
from sscnet.papers.typesetting import NotMade

from ..views import TOPICS
from . import paper
from .freezing import KINDS
from .paper import parts_of, state_in_words


def report_for(request, year, version) -> YearlyReport:
    visible = YearlyReport.objects.visible_to(request.user).prefetch_related("sections")
    return get_object_or_404(visible, year=year, version=version)


@require_safe
def newest(request, year):
    """Lead to the version of a year that was published last."""
    return redirect(get_object_or_404(YearlyReport.objects.newest(), year=year))


@require_safe
@vary_on_cookie
@keep_until_changed(*TOPICS)
def report(request, year, version):
    found = report_for(request, year, version)
    later = YearlyReport.objects.public().filter(year=year, version__gt=version)
    context = {
        "report": found,
        "parts": parts_of(found),
        "state": state_in_words(found),
        "later": later.order_by("-version").first(),
    }
    return render(request, "secretariat/report.html", context)


@require_safe
@vary_on_cookie
@keep_until_changed(*TOPICS)
def report_list(request, year, version, key):
    """Show the records that a figure counted, as they were called when it was frozen."""
    found = report_for(request, year, version)
    if not found.is_frozen or key not in found.contents["lists"]:
        raise Http404
    kind, ids = found.contents["lists"][key]
    context = {
        "report": found,
        "state": state_in_words(found),
        "records": records_of(found, kind, ids),
    }
    return render(request, "secretariat/report_list.html", context)


def records_of(report, kind, ids) -> list[tuple[str, str, str]]:
    """Return key and name of each record as of then, and its address if it is public now."""
    model, field, _key = KINDS[kind]
    rows = model.objects.filter(**{f"{field}__in": ids})
    public = rows.published() if hasattr(rows, "published") else rows
    addresses = {str(getattr(row, field)): row.get_absolute_url() for row in public}
    names = report.contents["records"][kind]
    return sorted((names[id]["key"], name_of(names[id]), addresses.get(id, "")) for id in ids)


def name_of(names: dict[str, str]) -> str:
    return names.get(get_language()) or names[settings.LANGUAGE_CODE]


@for_harvesters(*TOPICS)
@require_safe
def report_file(request, year, version, kind):
    found = report_for(request, year, version)
    name = f"network-{year}-v{version}"
    if kind == DOCX.extension:
        headers = {"Content-Disposition": f'attachment; filename="{name}.docx"'}
        return HttpResponse(paper.word(found), content_type=DOCX.content_type, headers=headers)
    if kind != "pdf":
        sections = [section for _words, section in parts_of(found)]
        return answer(request, name, kind, sections)
    try:
        is_kept = found.is_frozen
        pdf = paper.of_frozen(found.pk, get_language()) if is_kept else paper.make(found)
    except NotMade as error:
        raise Http404 from error
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
