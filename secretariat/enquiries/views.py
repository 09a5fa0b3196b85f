"""Asking, and seeing how it stands. Pages with a form, so never kept by anybody."""

from allauth.core import ratelimit
from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from members.models import Institution
from projects.calls.models import Call
from projects.models import Project
from sscnet.codelists.models import Topic
from sscnet.core.database.stamps import NEEDS, WORDS
from sscnet.core.pages.page_cache import keep_until_changed

from . import handling
from .forms import AskForm
from .models import LONGEST_TEXT, Enquiry, Need

Kind = Enquiry.Kind
# With fewer a list would look as if nobody came: its page asks for needs instead.
LISTED_NEEDS = 5
# How a question begins that nobody has begun, by what it is about.
BEGUN = {
    Project: gettext_lazy("About the project “%(record)s”: we would like to know …"),
    Institution: gettext_lazy("We would like to learn from %(record)s about …"),
    Call: gettext_lazy("About the call “%(record)s”: we would like to know …"),
}


def project(slug):
    return get_object_or_404(Project.objects.with_address().for_slug(slug))


def institution(slug):
    with_page = Institution.objects.with_address().listed()
    found = get_object_or_404(with_page.select_related("merged_into").for_slug(slug))
    return found.merged_into or found


def call(slug):
    return get_object_or_404(Call.objects.with_address().for_slug(slug))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, find=None, **key):
    """Show and take the form; from an address that a record had before, lead to the present one."""
    record = find and find(**key)
    if record and request.method != "POST":
        address = reverse(request.resolver_match.view_name, args=[record.slug])
        if request.path != address:
            query = request.GET.urlencode()
            return redirect(f"{address}?{query}" if query else address)
    if record and not record.is_published:
        return render(request, "secretariat/enquiry_withdrawn.html", {"record": record})
    status = 200
    about = request.GET.get("about")
    kind = about if about in Kind else Kind.QUESTION
    begun = request.GET.get("question", "")[:LONGEST_TEXT]
    if record and not begun and kind == Kind.QUESTION:
        begun = BEGUN[type(record)] % {"record": record}
    if kind == Kind.JOINING and not begun:
        begun = _("We wish to join the Network. Our website: … What we do with partners: …")
    form = AskForm(request.POST or None, record=record, initial={"kind": kind, "question": begun})
    if form.is_valid():
        if sent := send(request, form):
            return redirect(sent)
        form.add_error(None, _("You have just sent too many questions. Try again in an hour."))
        status = 429
    context = {
        "form": form,
        "forms": [form],
        "asks_about": record._meta.model_name if record else "",
        "record": record,
        "topics": topics_without_institution(record),
        "days": settings.ENQUIRY_DAYS,
        "retention_days": settings.ENQUIRY_RETENTION_DAYS,
    }
    return render(request, "secretariat/enquiry_form.html", context, status=status)


def topics_without_institution(record):
    """Return the topics of a project of which no institution has a page to ask."""
    if not isinstance(record, Project) or record.institutions.published().listed().exists():
        return Topic.objects.none()
    return Topic.objects.filter(sectors__in=record.sectors.all()).distinct()


def send(request, form):
    """Keep the question, or give the one that the same form left before; None above the limits."""
    enquiry = form.enquiry()
    sent = Enquiry.objects.filter(sent_key=enquiry.sent_key).first()
    if sent:
        return sent
    if not ratelimit.consume(request, action="enquiry", key=enquiry.email.lower()):
        return None
    return handling.ask(enquiry)


@never_cache
@require_safe
def asked(request, reference):
    enquiry = get_object_or_404(Enquiry.objects.for_page(), reference=reference.upper())
    return render(request, "secretariat/enquiry_sent.html", {"enquiry": enquiry})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_joining(request, token):
    """Confirm, by a button, the address of who wishes to join; a mail program presses none."""
    enquiry = handling.of_token(token)
    if enquiry is None:
        raise Http404
    if request.method == "POST":
        handling.confirm_address(enquiry)
        return redirect(request.path)
    return render(request, "secretariat/joining_confirm.html", {"enquiry": enquiry})


@require_safe
@keep_until_changed(NEEDS, WORDS)
def needs(request):
    public = Need.objects.public()
    context = {"needs": public if len(public) >= LISTED_NEEDS else []}
    return render(request, "secretariat/need_list.html", context)


def needs_about(parameter: str, record) -> list[Need]:
    """Return the public needs of a country or a topic, for its page; none of other pages."""
    if parameter not in ("country", "topic"):
        return []
    return list(Need.objects.public().filter(**{parameter: record}))
