"""Requests as an institution's people answer them, below /my/<slug>/requests/."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from members.affiliations import (
    institution_of_page,
    institution_to_edit,
    institution_to_read,
    leading,
)
from members.affiliations import may_edit as may_write
from members.models import Institution
from sscnet.core.forms.errors import is_done
from sscnet.core.forms.fields import LongText
from sscnet.core.pages.views import private_file
from sscnet.core.uploads.documents import LETTER_HINT, SEVERAL_DOCUMENTS_BYTES, takes_files
from sscnet.core.uploads.validators import validate_letter
from sscnet.drafts.page import DraftPage, stamp
from sscnet.questions.forms import ALREADY_A_FILE, AnswersForm
from sscnet.questions.models import AnswerKind

from . import exports, handling, taking_over
from .models import Request, Response


class ResponseForm(AnswersForm):
    """The answers, and the sealed slip where the request asks for one or it came `on_paper`."""

    def __init__(self, *args, owner: Response, on_paper: bool = False, **options):
        super().__init__(*args, owner=owner, **options)
        if owner.request.wants_slip or on_paper:
            self.fields["slip"] = forms.FileField(
                label=_("Photograph or scan of the sealed slip"),
                required=not owner.slip,
                help_text=ALREADY_A_FILE if owner.slip else LETTER_HINT,
                validators=[validate_letter],
                widget=forms.FileInput,
            )

    def save(self):
        super().save()
        if file := self.cleaned_data.get("slip"):
            Response.objects.filter(pk=self.owner.pk).throw_away_files("slip")
            self.owner.slip = file
            self.owner.save(update_fields=["slip"])


class ResponsePage(DraftPage):
    """The answers of an institution, as its people write them in turns."""

    @cached_property
    def forms(self) -> list[ResponseForm]:
        questions = self.draft.request.questions.asked()
        return [
            ResponseForm(self.data, self.files, owner=self.draft, questions=questions, **self.asked)
        ]

    def lock(self) -> Response:
        return handling.lock(self.draft)

    def store(self, response: Response) -> None:
        self.forms[0].save()
        handling.saved(response)
        stamp(response, self.by)


def response_of(institution, pk: int) -> Response:
    rows = institution.responses.for_list().exclude(request__state=Request.State.DRAFT)
    return get_object_or_404(rows, request=pk)


@login_required
@require_safe
def requests(request, slug):
    """List what the institution was asked, the open ones first."""
    institution = institution_to_read(request.user, slug)
    rows = institution.responses.for_list().order_by("request__state", "-request__closes_at")
    rows = sorted(rows, key=lambda one: not one.is_open)
    context = {"institution": institution, "responses": rows}
    return render(request, "secretariat/my/request_list.html", context)


@takes_files(SEVERAL_DOCUMENTS_BYTES)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, slug, pk):
    """Show the questions; save the answers as they are, and send them once they are whole."""
    institution = institution_of_page(request, slug)
    response = response_of(institution, pk)
    if request.method == "POST" and response.is_open:
        return keep(request, response)
    if request.method == "POST":
        text = gettext("It has closed; nothing was saved. What you typed stands below.")
        messages.error(request, text)
        return show(request, ResponsePage(response, request.POST, request.FILES))
    if may_write(request.user, institution):
        handling.seen(response)
    page = ResponsePage(response)
    return show(request, page.checked() if "check" in request.GET else page)


def keep(request, response):
    page = ResponsePage(response, request.POST, request.FILES, by=request.user)
    page = page.save(request.POST.get("version", ""))
    address = response.address
    if page.conflict:
        return show(request, page)
    if "send" not in request.POST and page.forms[0].lacks_answers_only:
        messages.success(request, gettext("Saved. The Secretariat sees it once you send it."))
        return redirect(address)
    if not page.is_valid():
        return show(request, page)
    if "send" in request.POST and not is_done(
        page.forms[0], lambda: handling.send(response, request.user)
    ):
        return show(request, page)
    if "send" in request.POST:
        text = gettext("Sent. Until the end you can change it and send it again.")
        messages.success(request, text)
    return redirect(address)


def show(request, page):
    # Stored answers come from the row as it is now; what was typed stays in the forms.
    response = page.draft
    response.refresh_from_db(fields=["state", "since", "lock_version"])
    context = {
        "institution": response.institution,
        "response": response,
        "asked": response.request,
        "documents": response.request.documents.all(),
        "form": page.forms[0],
        "forms": page.forms,
        "conflict": page.conflict,
        "version": page.version(),
        "leading": leading(request.user, response.institution),
        "may_answer": response.is_open and may_write(request.user, response.institution),
        "may_see_others": may_see_others(response),
        "beside": taking_over.beside(response, page.forms[0].questions.values()),
        "answers": answers_with_rows(response),
    }
    return render(request, "secretariat/my/request_detail.html", context)


def answers_with_rows(response):
    """Return the stored answers, each with what its rows became (`taken`)."""
    answers = list(response.answers.select_related("question"))
    for answer in answers:
        answer.response = response
        answer.taken = taking_over.taken_rows(answer)
    return answers


class DeclineForm(forms.Form):
    reason = LongText(max_length=2000, rows=4, label=_("Why your institution does not answer"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request, slug, pk):
    """Take the reason for which an institution does not answer."""
    institution = institution_to_edit(request.user, slug)
    response = response_of(institution, pk)
    form = DeclineForm(request.POST or None)
    if is_done(form, lambda: handling.decline(response, **form.cleaned_data, by=request.user)):
        messages.success(request, gettext("The Secretariat is told that you do not answer."))
        return redirect(response.address)
    context = {"institution": institution, "response": response, "form": form, "forms": [form]}
    return render(request, "secretariat/my/request_decline.html", context)


@login_required
@require_safe
def slip(request, slug, pk):
    """Show the answers on one page to be printed, signed and sealed."""
    response = response_of(institution_to_read(request.user, slug), pk)
    context = {"response": response, "answers": response.answers.select_related("question")}
    return render(request, "secretariat/my/request_slip.html", context)


def may_see_others(response: Response) -> bool:
    """Return whether the institution sees what others have sent."""
    seen_by = response.request.seen_by
    if seen_by == Request.SeenBy.MEMBERS:
        return Institution.objects.members().filter(pk=response.institution_id).exists()
    return seen_by == Request.SeenBy.ANSWERED and response.state == Response.State.SENT


@login_required
@require_safe
def others(request, slug, pk):
    """Show what the other institutions have sent, where the request lets this one see it."""
    response = response_of(institution_to_read(request.user, slug), pk)
    if not may_see_others(response):
        raise Http404
    sent = Response.objects.filter(request=response.request, state=Response.State.SENT)
    sent = sent.select_related("institution").prefetch_related("answers__question")
    context = {"institution": response.institution, "response": response, "sent": sent}
    return render(request, "secretariat/my/request_others.html", context)


@login_required
@require_safe
def answer_file(request, slug, pk, question):
    """Return a file that the institution answered with."""
    return file_of(response_of(institution_to_read(request.user, slug), pk), question)


def file_of(response: Response, question: int):
    """Hand out the file that answers a question, or its table as one; 0 is the sealed slip."""
    if not question and response.slip:
        return private_file(response.slip, f"{response.institution}-{response.request}")
    tables = response.request.questions.asked().filter(kind=AnswerKind.TABLE)
    if table := tables.filter(pk=question).first():
        return exports.sheet(response, table)
    given = get_object_or_404(response.answers.exclude(file=""), question=question)
    return private_file(given.file, f"{response.institution}-{given.question}")


@login_required
@require_safe
def document(request, slug, pk, key):
    """Return a file that goes with the request."""
    response = response_of(institution_to_read(request.user, slug), pk)
    found = get_object_or_404(response.request.documents, pk=key)
    return private_file(found.file, str(found))


def due(institution) -> list[dict]:
    """Return the requests to answer, as rows of what is due on /my/."""
    text = gettext("Answer “%(request)s”")
    return [
        {
            "label": text % {"request": one.request},
            "url": one.address,
            "by": timezone.localdate(one.until),
        }
        for one in institution.responses.to_answer().waiting().for_list()
    ]
