"""What people answer to a meeting's own questions: a step of the draft, and a page afterwards."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from meetings.models import DelegateAnswer
from sscnet.core.pages.views import private_file
from sscnet.core.uploads.documents import SEVERAL_DOCUMENTS_BYTES, takes_files

from .answers import DelegateAnswersForm, QuestionsPage
from .delegation_views import sent_person
from .entry import entry_to_edit, while_open
from .views import sent_in, show_step


@takes_files(SEVERAL_DOCUMENTS_BYTES)
@entry_to_edit
@while_open
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request, entry):
    """Ask each person not sent yet; what is right is kept."""
    if not entry.questions:
        return redirect(entry.address("check"))
    return show_step(request, QuestionsPage(entry, *sent_in(request)))


@takes_files(SEVERAL_DOCUMENTS_BYTES)
@entry_to_edit
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request, entry, pk):
    """Change the answers of a person who was sent, until the meeting is over."""
    person = sent_person(entry, pk)
    address = partial(entry.address, "answer_file", pk)
    return answers_of(request, person, entry.address(), entry=entry, address=address)


def answers_of(request, person, back, *, address, entry=None):
    """Show and take the answers of one person; the own link does so too."""
    asked = list(person.delegation.meeting.questions.asked())
    if not asked or not person.delegation.meeting.takes_changes:
        raise Http404
    posted = sent_in(request)
    form = DelegateAnswersForm(*posted, delegate=person, questions=asked)
    if posted and form.is_valid():
        form.save()
        messages.success(request, gettext("The answers are saved."))
        return redirect(back)
    context = {"person": person, "form": form, "forms": [form], "back": back}
    context |= {"entry": entry, "address": address}
    return render(request, "meetings/register/answers.html", context)


@entry_to_edit
@require_safe
def answer_file(request, entry, pk, question):
    """Return a file that a person of the delegation answered with."""
    own = DelegateAnswer.objects.filter(delegate__delegation=entry.delegation.pk)
    return file_of(own.filter(delegate=pk, question=question))


def file_of(answers):
    answer = get_object_or_404(answers)
    return private_file(answer.file, f"{answer.delegate}-{answer.question_id}")
