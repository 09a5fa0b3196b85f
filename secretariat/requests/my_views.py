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
from sscnet.core.forms.errors import is_done
from sscnet.core.forms.fields import LongText
from sscnet.core.pages.views import private_file
from sscnet.core.uploads.documents import LETTER_HINT, SEVERAL_DOCUMENTS_BYTES, takes_files
from sscnet.core.uploads.validators import validate_letter
from sscnet.drafts.page import DraftPage, stamp
from sscnet.questions.forms import ALREADY_A_FILE, AnswersForm
from sscnet.questions.models import AnswerKind

from . import exports, handling, submissions, taking_over, vote_views
from .models import Request, Response, SubmittedAnswer


def slip_field(*, is_there: bool = False) -> forms.FileField:
    return forms.FileField(
        label=_("Photograph or scan of the sealed slip"),
        required=not is_there,
        help_text=ALREADY_A_FILE if is_there else LETTER_HINT,
        validators=[validate_letter],
        widget=forms.FileInput,
    )


class ResponseForm(AnswersForm):
    """The answers, and the sealed slip where the request asks for one."""

    def __init__(self, *args, owner: Response, **options):
        super().__init__(*args, owner=owner, **options)
        if owner.request.wants_slip:
            self.fields["slip"] = slip_field(is_there=bool(owner.slip))

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
    """Show the questions; save the draft as it is, and send it once it is whole. Or the ballot."""
    institution = institution_of_page(request, slug)
    response = response_of(institution, pk)
    if response.request.is_vote:
        return vote_views.ballot(request, response)
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
        text = gettext("Saved. The Secretariat sees it once you send it.")
        if response.submission:
            text = gettext("Saved. Until you send it again, what you sent before counts.")
        messages.success(request, text)
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
        "may_see_others": vote_views.may_see_others(response),
        "sent": response.submission,
        "sent_answers": answers_with_rows(response),
        "of_merged": submissions.of_merged(response),
        "amendments": response.request.amendments.select_related("question"),
        "beside": taking_over.beside(response, page.forms[0].questions.values()),
        "answers": response.answers.select_related("question"),
    }
    return render(request, "secretariat/my/request_detail.html", context)


def answers_with_rows(response: Response) -> list[SubmittedAnswer]:
    """Return the answers that were sent last, each with what its rows became (`taken`)."""
    submission = response.submission
    answers = submission.answers.select_related("question") if submission else []
    for answer in answers:
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
    if response.request.is_vote:
        raise Http404
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


@login_required
@require_safe
def others(request, slug, pk):
    """Show what the other institutions have sent, where the request lets this one see it."""
    response = response_of(institution_to_read(request.user, slug), pk)
    if not vote_views.may_see_others(response):
        raise Http404
    if response.request.is_vote:
        return vote_views.result(request, response)
    rows = response.request.responses.filter(submissions__isnull=False).distinct()
    context = {
        "institution": response.institution,
        "response": response,
        "responses": rows.select_related("institution").with_submissions(),
    }
    return render(request, "secretariat/my/request_others.html", context)


@login_required
@require_safe
def answer_file(request, slug, pk, question):
    """Return a file of the draft, its table as a sheet to fill in, or the slip, whose key is 0."""
    response = response_of(institution_to_read(request.user, slug), pk)
    if not question and response.slip:
        return private_file(response.slip, f"{response.institution}-{response.request}")
    tables = response.request.questions.asked().filter(kind=AnswerKind.TABLE)
    if table := tables.filter(pk=question).first():
        return exports.sheet(response, table)
    given = get_object_or_404(response.answers.exclude(file=""), question=question)
    return private_file(given.file, f"{response.institution}-{given.question}")


@login_required
@require_safe
def sent_file(request, slug, pk, question):
    """Return a file that the institution sent; the sealed slip has the key 0."""
    return file_that_was_sent(response_of(institution_to_read(request.user, slug), pk), question)


def file_that_was_sent(response: Response, question: int):
    """Hand out a file of what was sent last; 0 is the sealed slip."""
    submission = response.submission
    if not submission:
        raise Http404
    if not question and submission.slip:
        return private_file(submission.slip, f"{response.institution}-{response.request}")
    given = get_object_or_404(submission.answers.exclude(file=""), question=question)
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
    texts = {False: gettext("Answer “%(request)s”"), True: gettext("Vote: “%(request)s”")}
    return [
        {
            "label": texts[one.request.is_vote] % {"request": one.request},
            "url": one.address,
            "by": timezone.localdate(one.until),
        }
        for one in institution.responses.to_answer().waiting().for_list()
    ]
