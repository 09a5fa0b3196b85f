"""One response in the admin: what was sent, what came on paper, what is returned or taken over."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from members.admin.mail_preview import MailPreviewPages
from sscnet.admin.pages import admin_page, officer
from sscnet.core.pages.views import private_file
from sscnet.questions.forms import AnswersForm

from . import counting, handling, submissions, taking_over, votes
from .admin_forms import PaperVoteForm, RefusalForm, RemarkForm
from .models import PaperVote, Response
from .my_views import answers_with_rows, file_that_was_sent, slip_field
from .second_person import PAPER_VOTE

MAY = "secretariat.change_request"


class PaperAnswerForm(AnswersForm):
    """What stands on paper, typed by an officer into an empty form, with its scan."""

    slip = slip_field()

    def __init__(self, *args, owner: Response, **options):
        questions = owner.request.questions.asked()
        super().__init__(*args, owner=owner, questions=questions, is_blank=True, **options)
        # It comes last on the page.
        self.fields["slip"] = self.fields.pop("slip")


class ResponsePages(MailPreviewPages):
    def views(self):
        return [
            ("response/<int:pk>/", self.response_view, "response"),
            ("response/<int:pk>/return/", self.return_view, "return"),
            ("response/<int:pk>/file/<int:question>/", require_safe(self.file_view), "file"),
            ("response/<int:pk>/take/<int:question>/", self.take_view, "take"),
            ("paper-vote/<int:pk>/confirm/", self.confirm_view, "confirm_paper_vote"),
            ("paper-vote/<int:pk>/refuse/", self.refuse_view, "refuse_paper_vote"),
            ("paper-vote/<int:pk>/slip/", require_safe(self.slip_view), "slip_of_paper_vote"),
        ]

    def go_back(self, record):
        response = record.response if isinstance(record, PaperVote) else record
        return HttpResponseRedirect(self.page_address("responses", response.request_id))

    @officer("secretariat.view_response")
    def response_view(self, request, pk):
        """Show what an institution sent last; enter what it sent on paper, with its scan."""
        response = get_object_or_404(Response.objects.for_list().with_submissions(), pk=pk)
        is_vote = response.request.is_vote
        may_enter = request.user.has_perm(MAY) and response.is_open
        if is_vote and response.submission:
            may_enter = False
        is_sent = request.method == "POST" and may_enter
        sent = (request.POST, request.FILES) if is_sent else ()
        form = (
            PaperVoteForm(*sent, response=response)
            if is_vote
            else PaperAnswerForm(*sent, owner=response)
        )
        if is_sent and form.is_valid():
            return self.perform(request, response, partial(enter, form, response, request.user))
        context = {
            "original": response.request,
            "response": response,
            "submission": response.submission,
            "subtitle": str(response.institution),
            "answers": answers_with_rows(response),
            "of_merged": submissions.of_merged(response),
            "form": form,
            "paper_votes": paper_votes(response, request.user) if is_vote else [],
            "may_enter": may_enter,
            "may_return": not is_vote and response.state == Response.State.SENT,
            "back": self.page_address("responses", response.request_id),
        }
        title = gettext("Response")
        return admin_page(self.admin, request, "secretariat/requests/response", title, **context)

    @officer(MAY)
    def return_view(self, request, pk):
        response = get_object_or_404(Response.objects.for_list(), pk=pk)
        form = RemarkForm(request.POST or None)
        work = lambda: handling.give_back(response, **form.cleaned_data)  # noqa: E731
        return self.ask_first(request, response, form, work, gettext("Return with a remark"))

    @officer("secretariat.view_response")
    def file_view(self, request, pk, question):
        return file_that_was_sent(get_object_or_404(Response.objects.for_list(), pk=pk), question)

    @officer("secretariat.view_response")
    def take_view(self, request, pk, question):
        """Show in the import's preview what rows of a table would become."""
        rows = taking_over.answers().filter(submission__response=pk, question=question)
        answer = get_object_or_404(rows)
        try:
            return taking_over.preview(request, answer)
        except ValidationError as error:
            self.admin.message_user(request, " ".join(error.messages), messages.ERROR)
            return self.go_back(answer.submission.response)

    # -------------------------------------------------------------- votes on paper

    def show(self, request, record, name, title, **context):
        """Show a step of a response; the tabs are those of its request."""
        response = record.response if isinstance(record, PaperVote) else record
        context |= {
            "original": response.request,
            "subtitle": str(response.institution),
            "back": self.page_address("response", response.pk),
        }
        return admin_page(self.admin, request, name, title, **context)

    @officer(*PAPER_VOTE.permissions)
    def confirm_view(self, request, pk):
        """Let a second person compare the vote with its slip, and count it."""
        paper = self.paper(pk)
        form = forms.Form(request.POST if request.method == "POST" else None)
        work = partial(votes.confirm_paper_vote, paper, request.user)
        title = gettext("The slip says: %(vote)s") % {"vote": paper.label}
        page = "secretariat/requests/paper_vote"
        return self.ask_first(request, paper, form, work, title, page, paper=paper)

    @officer(*PAPER_VOTE.permissions)
    def refuse_view(self, request, pk):
        paper = self.paper(pk)
        form = RefusalForm(request.POST or None)
        work = lambda: votes.refuse_paper_vote(paper, **form.cleaned_data, by=request.user)  # noqa: E731
        title = gettext("Refuse the vote on paper")
        page = "secretariat/requests/paper_vote"
        return self.ask_first(request, paper, form, work, title, page, paper=paper)

    @officer("secretariat.view_response")
    def slip_view(self, request, pk):
        paper = self.paper(pk)
        return private_file(paper.slip, f"{paper.response.institution}-{paper.response.request}")

    def paper(self, pk: int) -> PaperVote:
        rows = PaperVote.objects.select_related("response__request", "response__institution")
        return get_object_or_404(rows.exclude(slip=""), pk=pk)


def enter(form, response: Response, by):
    """Enter from paper what the form of the page took."""
    data = form.cleaned_data
    if response.request.is_vote:
        return votes.enter_paper_vote(response, data["vote"], data["slip"], by)
    return handling.enter_from_paper(response, form.typed(), data["slip"], by)


def paper_votes(response: Response, user) -> list[dict]:
    """Return the votes on paper of a response, each with who could confirm it."""
    labels = counting.labels_of(response.request)
    return [
        {
            "paper": paper,
            "vote": labels[paper.vote],
            "may_confirm": PAPER_VOTE.may_take(paper, user),
            "who": PAPER_VOTE.sentence(paper),
            "is_waiting": paper.state == PaperVote.State.WAITING,
        }
        for paper in response.paper_votes.select_related("entered_by", "decided_by")
    ]
