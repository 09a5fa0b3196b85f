"""/my/: what waits for an institution, on one page. Each section comes from a plain function."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Func, Max, Q, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from meetings.my import institution as meetings
from members.affiliations import institution_to_read, leading, may_edit
from members.models import Institution
from members.profiles.due import what_is_due
from projects.calls import my_institution as calls
from sscnet.core.i18n.collation import by_name
from sscnet.outbox.models import Message
from sscnet.outbox.rendering import text_by_language

from .enquiries import my_views as enquiries
from .enquiries.brokering import fitting
from .requests import my_views as requests

LATEST = 10
MAILS_A_PAGE = 50


@login_required
@require_safe
def choose(request):
    """Lead to the institution the person acts for; with several, let the person choose."""
    institutions = by_name(Institution.objects.readable_by(request.user))
    if len(institutions) == 1:
        return redirect("secretariat:my_institution", institutions[0].slug)
    if not institutions and request.user.is_staff:
        return redirect("admin:index")
    return render(request, "secretariat/my/choose.html", {"institutions": institutions})


@login_required
@require_safe
def institution(request, slug):
    institution = institution_to_read(request.user, slug)
    others = Institution.objects.readable_by(request.user).exclude(pk=institution.pk)
    parts = institution.project_institutions.of_published()
    context = {
        "institution": institution,
        "has_others": others.exists(),
        "may_edit": may_edit(request.user, institution),
        "leading": leading(request.user, institution),
        "due": due(institution),
        "without_picture": meetings.without_picture(institution),
        "sent": once_each(institution, request.user)[:LATEST],
        "changes": meetings.requests(institution)[:LATEST],
        "responses": institution.responses.for_list().order_by("-pk")[:LATEST],
        "needs": fitting(institution)[:LATEST],
        "delegations": meetings.delegations(institution)
        .with_counts()
        .prefetch_related("paper_requests"),
        "parts": parts.select_related("project__proposal"),
        "proposals": calls.proposals_of(institution),
        "affiliations": institution.affiliations.current().select_related("user"),
        "invitations": institution.invitations.open(),
    }
    return render(request, "secretariat/my/institution.html", context)


def due(institution):
    """Return what the institution should do: rows with `label`, `url` and `by`, a date or None."""
    rows = [
        *what_is_due(institution),
        *invitations_to_confirm(institution),
        *meetings.due(institution),
        *calls.due(institution),
        *calls.reports_due(institution),
        *questions(institution),
        *requests.due(institution),
        *enquiries.due(institution),
    ]
    return sorted(rows, key=lambda row: (row["by"] is None, row["by"]))


def invitations_to_confirm(institution):
    """Return what officers began that the institution's focal point confirms or refuses."""
    text = gettext("Confirm or refuse: %(email)s is to act for the institution")
    return [
        {
            "label": text % {"email": invitation.email},
            "url": reverse("members:people", args=[institution.slug]),
            "by": invitation.focal_point_until,
        }
        for invitation in institution.invitations.waiting()
    ]


def questions(institution):
    """Return the questions passed on to the institution that wait for its answer."""
    text = gettext("Answer the question about %(subject)s")
    return [
        {
            "label": text % {"subject": enquiry.about},
            "url": reverse("secretariat:question", args=[institution.slug, enquiry.reference]),
            "by": enquiry.due_on,
        }
        for enquiry in institution.enquiries_passed_on.open().for_list()
    ]


def sent(institution):
    """Return the mails to the institution's people and about its delegations, newest first."""
    people = institution.affiliations.values("user__email")
    about = Message.objects.about(institution).filter(to__in=people)
    return (about | meetings.mails_of_delegations(institution)).for_list()


def once_each(institution, user):
    """Return each mail once, however many got it; of several the reader's own."""
    # The last part of a key is the receiver.
    key = Func("key", Value(":[^:]*$"), Value(""), function="regexp_replace")
    own = Max("pk", filter=Q(to__iexact=user.email))
    rows = sent(institution).order_by().annotate(said=key).values("said")
    rows = rows.annotate(shown=Coalesce(own, Max("pk"))).values("shown")
    return Message.objects.filter(pk__in=rows).for_list()


@login_required
@require_safe
def mails(request, slug):
    """Show all that was sent to or about the institution, page by page."""
    institution = institution_to_read(request.user, slug)
    page = Paginator(once_each(institution, request.user), MAILS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"institution": institution, "page": page}
    return render(request, "secretariat/my/mails.html", context)


@login_required
@require_safe
def mail(request, slug, pk):
    """Show one mail as it was sent; not one whose reader could act for its receiver."""
    institution = institution_to_read(request.user, slug)
    message = get_object_or_404(sent(institution).defer(None), pk=pk)
    is_shown = message.text and not message.holds_secret
    texts = text_by_language(message) if is_shown else []
    context = {"institution": institution, "message": message, "texts": texts}
    return render(request, "secretariat/my/mail.html", context)
