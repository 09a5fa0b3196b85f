"""A vote as an institution's people cast it: nothing ticked, a second look, then the result."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.affiliations import may_edit
from members.models import Institution

from . import counting, handling, votes
from .models import Request, Response


class BallotForm(forms.Form):
    """One choice, of which none is ticked before, whatever was voted."""

    vote = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    # How many votes of the institution the page had shown.
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)

    def __init__(self, *args, response: Response, **options):
        submission = response.submission
        initial = {"seen": submission.number if submission else 0}
        super().__init__(*args, initial=initial, **options)
        question = response.request.questions.asked().get()
        self.fields["vote"].label = str(question)
        self.fields["vote"].choices = question.options


def ballot(request, response: Response):
    """Show the ballot; then what was chosen, to be looked at again; then cast it.

    After the end the page shows the result.
    """
    if response.request.closed_at:
        return result(request, response)
    sent = request.POST if request.method == "POST" else None
    form = BallotForm(sent, response=response)
    if sent and not response.is_open:
        text = gettext("It has closed; nothing was voted.")
        messages.error(request, text)
        return show(request, response, BallotForm(response=response))
    if not form.is_valid():
        if not sent:
            handling.seen(response)
        return show(request, response, form)
    if "cast" not in sent:
        return show(request, response, form, "vote_second")
    try:
        votes.cast(response, form.cleaned_data["vote"], request.user, form.cleaned_data["seen"])
    except ValidationError as refusal:
        # The number of votes seen is that of now.
        form = BallotForm(response=response)
        form.problems = refusal.messages
        return show(request, response, form)
    label = dict(form.fields["vote"].choices)[form.cleaned_data["vote"]]
    text = gettext("Your institution has voted: %(vote)s.")
    messages.success(request, text % {"vote": label})
    return redirect(response.address)


def show(request, response: Response, form: BallotForm, page: str = "vote"):
    asked, submission = response.request, response.submission
    labels = counting.labels_of(asked)
    context = {
        "institution": response.institution,
        "response": response,
        "asked": asked,
        "documents": asked.documents.all(),
        "amendments": asked.amendments.select_related("question"),
        "form": form,
        "forms": [form],
        "problems": getattr(form, "problems", []),
        "chosen": labels.get(form.cleaned_data["vote"]) if page == "vote_second" else "",
        "submission": submission,
        "voted": labels[votes.vote_in(submission)],
        "may_vote": response.is_open and may_edit(request.user, response.institution),
        "may_see_others": may_see_others(response),
    }
    return render(request, f"secretariat/my/{page}.html", context)


def may_see_others(response: Response) -> bool:
    """Return whether the institution sees what others have sent.

    The list, the votes and the count of a closed vote are seen by all on the list.
    """
    asked = response.request
    if asked.is_vote and asked.closed_at:
        return True
    if asked.seen_by == Request.SeenBy.MEMBERS:
        return Institution.objects.members().filter(pk=response.institution_id).exists()
    return asked.seen_by == Request.SeenBy.ANSWERED and response.submission is not None


def result(request, response: Response):
    """Show list, votes and count, the institution's own vote first."""
    asked = response.request
    counted = counting.count(asked)
    labels = counting.labels_of(asked)
    own = [vote for vote in counted.roll if vote.institution == response.institution_id]
    context = {
        "institution": response.institution,
        "response": response,
        "asked": asked,
        "counted": counted,
        "outcome": counting.outcome(asked),
        "how": counting.how_it_counts(asked),
        "labels": labels,
        "own": own[0] if own else None,
        "submission": response.submission,
        "amendments": asked.amendments.select_related("question"),
    }
    return render(request, "secretariat/my/vote_result.html", context)
