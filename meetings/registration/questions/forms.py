"""The forms of a meeting's own questions: one for each person."""

from django import forms
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from meetings.models import Delegate, DelegateAnswer, Delegation, MeetingQuestion
from sscnet.core.uploads import LETTER_HINT, validate_letter

from ..drafts import StepPage

Kind = MeetingQuestion.Kind
FIELD_OF = {Kind.TEXT: "text", Kind.CHOICE: "chosen", Kind.FILE: "file"}


class AnswersForm(forms.Form):
    """A person's answers. Where the place is to be named, none is needed yet."""

    def __init__(self, *args, delegate: Delegate, questions: list[MeetingQuestion], **kwargs):
        super().__init__(*args, prefix=f"delegate-{delegate.pk}", **kwargs)
        self.delegate = delegate
        self.questions = {f"question-{question.pk}": question for question in questions}
        self.known = {answer.question_id: answer for answer in delegate.answers.all()}
        for name, question in self.questions.items():
            self.fields[name] = self.field_of(question, self.known.get(question.pk))

    def field_of(self, question: MeetingQuestion, answer: DelegateAnswer | None) -> forms.Field:
        is_needed = question.is_required and not self.delegate.to_be_named
        options = {"label": str(question), "required": is_needed}
        if question.kind == Kind.CHOICE:
            choices = [("", "–"), *question.options]
            initial = answer and answer.chosen
            options |= {"coerce": int, "empty_value": None, "choices": choices, "initial": initial}
            return forms.TypedChoiceField(**options)
        if question.kind == Kind.FILE:
            text = LETTER_HINT
            if answer and answer.file:
                options["required"] = False
                text = _("There is already a file; a new one replaces it.")
            options |= {"help_text": text, "validators": [validate_letter]}
            return forms.FileField(**options, widget=forms.FileInput)
        initial = answer.text if answer else ""
        widget = forms.Textarea({"rows": 3})
        return forms.CharField(**options, max_length=1000, widget=widget, initial=initial)

    @property
    def whose(self) -> str:
        """Return whom the form is about, for the list of what is wrong."""
        return str(self.delegate)

    @property
    def is_complete(self) -> bool:
        """Return whether all that is needed is answered."""
        return all(
            not field.required or self.fields[name].initial not in (None, "")
            for name, field in self.fields.items()
        )

    @property
    def lacks_answers_only(self) -> bool:
        """Return whether nothing is wrong but that answers are missing, as in a draft."""
        found = [error for errors in self.errors.as_data().values() for error in errors]
        return all(error.code == "required" for error in found)

    @transaction.atomic
    def save(self) -> None:
        """Store what is right of it."""
        for name in self.questions.keys() & self.cleaned_data.keys():
            self.save_answer(self.questions[name], self.cleaned_data[name])

    def save_answer(self, question: MeetingQuestion, value) -> None:
        own = DelegateAnswer.objects.filter(delegate=self.delegate, question=question)
        is_file = question.kind == Kind.FILE
        if value in (None, ""):
            # No file chosen: the one that is there stays.
            if not is_file:
                own.delete()
            return
        if is_file:
            own.throw_away_files()
        answer = own.first() or DelegateAnswer(delegate=self.delegate, question=question)
        setattr(answer, FIELD_OF[question.kind], value)
        answer.save()


class QuestionsPage(StepPage):
    """What the people not sent yet answer."""

    step = "questions"

    @cached_property
    def forms(self) -> list[AnswersForm]:
        asked = {"questions": self.draft.questions}
        sent = self.data, self.files
        return [AnswersForm(*sent, delegate=one, **asked) for one in self.draft.unsent]

    def address_after(self) -> str:
        is_draft = self.action == "draft" and all(one.lacks_answers_only for one in self.forms)
        return super().address_after() if is_draft or self.is_valid() else ""

    def write(self, delegation: Delegation) -> None:
        for form in self.forms:
            form.save()
