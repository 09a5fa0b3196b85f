"""The step of a registration with the meeting's own questions: a form for each person."""

from django.utils.functional import cached_property

from meetings.models import Delegate, Delegation
from sscnet.questions.forms import AnswersForm

from ..drafts import StepPage


class DelegateAnswersForm(AnswersForm):
    """A person's answers. Where the place is to be named, none is needed yet."""

    def __init__(self, *args, delegate: Delegate, **options):
        is_needed = not delegate.to_be_named
        options |= {"prefix": f"delegate-{delegate.pk}", "is_needed": is_needed}
        super().__init__(*args, owner=delegate, **options)
        self.delegate = delegate

    @property
    def whose(self) -> str:
        """Return whom the form is about, for the list of what is wrong."""
        return str(self.delegate)


class QuestionsPage(StepPage):
    """What the people not sent yet answer."""

    step = "questions"

    @cached_property
    def forms(self) -> list[DelegateAnswersForm]:
        asked = {"questions": self.draft.questions}
        sent = self.data, self.files
        return [DelegateAnswersForm(*sent, delegate=one, **asked) for one in self.draft.unsent]

    def address_after(self) -> str:
        is_draft = self.action == "draft" and all(one.lacks_answers_only for one in self.forms)
        return super().address_after() if is_draft or self.is_valid() else ""

    def write(self, delegation: Delegation) -> None:
        for form in self.forms:
            form.save()
