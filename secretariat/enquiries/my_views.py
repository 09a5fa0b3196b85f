"""Questions that were passed on to an institution, below /my/<slug>/."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.affiliations import institution_of_page, institution_to_read, may_edit

from . import handling
from .forms import AnswerForm

PER_PAGE = 20


@login_required
@require_safe
def questions(request, slug):
    institution = institution_to_read(request.user, slug)
    enquiries = institution.enquiries_passed_on.for_list().urgent_first()
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
    form = AnswerForm(request.POST or None, enquiry=enquiry)
    if form.is_valid():
        try:
            handling.answer(enquiry, **form.cleaned_data, by=request.user, institution=institution)
        except handling.StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
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
