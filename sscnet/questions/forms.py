"""The form of somebody's answers to questions of every kind."""

from collections.abc import Iterable

from django import forms
from django.db import models, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.core.forms.fields import IsoDateInput, LongText

from .models import FIELD_OF, AbstractAnswer, AbstractQuestion, AnswerKind
from .tables import TableField

EMPTY = (None, "", [])
ALREADY_A_FILE = _("There is already a file; a new one replaces it.")


class AnswersForm(forms.Form):
    """The answers of `owner`, who has `answers`; of drafts where `is_needed` is False.

    Questions left open are named, but `save` stores what is right beside them. A form that
    `is_blank` shows nothing of what is stored: its answers are taken by `typed`.
    """

    def __init__(
        self,
        *args,
        owner: models.Model,
        questions: Iterable[AbstractQuestion],
        is_needed: bool = True,
        is_blank: bool = False,
        **options,
    ):
        super().__init__(*args, **options)
        self.owner, self.is_needed = owner, is_needed
        self.questions = {f"question-{question.pk}": question for question in questions}
        stored = [] if is_blank else owner.answers.all()
        self.known = {answer.question_id: answer for answer in stored}
        for name, question in self.questions.items():
            self.fields[name] = self.field_of(question, self.known.get(question.pk))

    def field_of(self, question: AbstractQuestion, answer: AbstractAnswer | None) -> forms.Field:
        if answer:
            # What it is of need not be read again.
            answer.question = question
        options = {
            "label": str(question),
            "required": question.is_required and self.is_needed,
            "initial": answer.value if answer else None,
        }
        if question.kind == AnswerKind.CHOICE and question.takes_several:
            options |= {"coerce": int, "choices": question.options}
            return forms.TypedMultipleChoiceField(**options, widget=forms.CheckboxSelectMultiple)
        if question.kind == AnswerKind.CHOICE:
            choices = [("", "–"), *question.options]
            return forms.TypedChoiceField(**options, coerce=int, empty_value=None, choices=choices)
        if question.kind == AnswerKind.NUMBER:
            return forms.DecimalField(**options, max_digits=15, decimal_places=2)
        if question.kind == AnswerKind.DATE:
            return forms.DateField(**options, widget=IsoDateInput)
        if question.kind == AnswerKind.TABLE:
            return TableField(**options, columns=question.columns)
        if question.kind == AnswerKind.FILE:
            text = question.file_hint
            # As an initial value it would come back as if it had been sent again.
            if options.pop("initial"):
                options["required"] = False
                text = format_lazy("{} {}", text, ALREADY_A_FILE)
            options |= {"help_text": text, "validators": [question.check_file]}
            return forms.FileField(**options, widget=forms.FileInput)
        rows = 3 if question.length <= 1000 else 10
        return LongText(**options, max_length=question.length, rows=rows)

    @property
    def is_complete(self) -> bool:
        """Return whether all that is needed is answered."""
        return all(
            not field.required or field.initial not in EMPTY for field in self.fields.values()
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

    def save_answer(self, question: AbstractQuestion, value) -> None:
        own = self.owner.answers.filter(question=question)
        is_file = question.kind == AnswerKind.FILE
        if value in EMPTY:
            # No file chosen: the one that is there stays.
            if not is_file:
                own.delete()
            return
        if is_file:
            own.throw_away_files()
        answer = own.first() or self.owner.answers.model(question=question)
        self.owner.answers.add(filled(answer, value), bulk=False)

    def typed(self) -> list[AbstractAnswer]:
        """Return the answers that were typed, unsaved; questions left empty have none."""
        given = [
            (self.questions[name], value)
            for name, value in self.cleaned_data.items()
            if name in self.questions and value not in EMPTY
        ]
        model = self.owner.answers.model
        return [filled(model(question=question), value) for question, value in given]


def filled(answer: AbstractAnswer, value) -> AbstractAnswer:
    """Put into an answer what the field of its question returned."""
    question = answer.question
    if question.kind == AnswerKind.CHOICE and not question.takes_several:
        value = [value]
    setattr(answer, FIELD_OF[question.kind], value)
    return answer
