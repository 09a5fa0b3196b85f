"""Questions and needs that were passed on to an institution, below /my/<slug>/."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.affiliations import institution_of_page, institution_to_read, may_edit
from sscnet.core.forms.errors import is_done

from . import brokering, handling
from .brokering import fitting
from .forms import AnswerForm, IntroductionForm
from .models import Introduction, Need, urgent_first

PER_PAGE = 20
State = Introduction.State


@login_required
@require_safe
def questions(request, slug):
    institution = institution_to_read(request.user, slug)
    enquiries = institution.enquiries_passed_on.for_list().order_by(*urgent_first())
    page = Paginator(enquiries, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "secretariat/my/enquiry_list.html", {"institution": institution, "page": page}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request, slug, reference):
    """Show a question, and take the answer of who may write for the institution."""
    institution = institution_of_page(request, slug)
    enquiry = get_object_or_404(institution.enquiries_passed_on.for_page(), reference=reference)
    form = AnswerForm(request.POST or None)
    answer = partial(handling.answer, enquiry, by=request.user, institution=institution)
    if is_done(form, lambda: answer(**form.cleaned_data)):
        messages.success(request, _("Your answer is being sent to the person who asked."))
        return redirect("secretariat:question", slug, reference)
    context = {
        "institution": institution,
        "enquiry": enquiry,
        "form": form,
        "forms": [form],
        "may_answer": enquiry.is_open and may_edit(request.user, institution),
    }
    return render(request, "secretariat/my/enquiry_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request, slug):
    """Show what was introduced and what else is open; turn the emails about needs on or off."""
    institution = institution_to_read(request.user, slug)
    own = request.user.affiliations.receiving_mail().filter(institution=institution)
    if request.method == "POST":
        own.update(wants_needs="wanted" in request.POST)
        messages.success(request, _("Saved."))
        return redirect("secretariat:my_needs", slug)
    context = {
        "institution": institution,
        "introductions": institution.introductions.select_related("need"),
        "fits": fitting(institution),
        "needs": Need.objects.open().exclude(introductions__institution=institution),
        "own": own.first(),
    }
    return render(request, "secretariat/my/need_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def introduction(request, slug, pk):
    """Show an introduction, and take the answer of who may write for the institution."""
    institution = institution_of_page(request, slug)
    rows = institution.introductions.select_related("need__country", "need__topic")
    found = get_object_or_404(rows, pk=pk)
    form = IntroductionForm(request.POST or None)
    if is_done(form, lambda: brokering.answer(found, **form.cleaned_data)):
        messages.success(request, _("Thank you. The Secretariat has your answer."))
        return redirect(found.address)
    context = {
        "institution": institution,
        "introduction": found,
        "form": form,
        "forms": [form],
        "may_answer": found.state == State.PROPOSED and may_edit(request.user, institution),
    }
    return render(request, "secretariat/my/introduction.html", context)


def due(institution) -> list[dict]:
    """Return the introductions to answer, as rows of what is due on /my/."""
    text = _("Answer whether you can help: %(need)s")
    rows = institution.introductions.filter(state=State.PROPOSED).select_related("need")
    return [{"label": text % {"need": one.need}, "url": one.address, "by": None} for one in rows]
