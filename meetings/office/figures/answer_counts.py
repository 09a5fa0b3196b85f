"""How many people with a confirmed place chose what, of a meeting's own questions."""

from dataclasses import dataclass

from django.db.models import Count

from meetings.models import DelegateAnswer, Meeting, MeetingQuestion

from .head_counts import CONFIRMED


@dataclass(frozen=True)
class AnswerCounts:
    """A question with its choices: the value of the lists' filter, the words, and the number."""

    question: MeetingQuestion
    choices: list[tuple[str, str, int]]


def count_answers(meeting: Meeting) -> list[AnswerCounts]:
    answers = DelegateAnswer.objects.filter(question__meeting=meeting, delegate__place=CONFIRMED)
    rows = answers.order_by().values_list("question", "chosen").annotate(Count("pk"))
    counts = {(question, chosen): n for question, chosen, n in rows}
    return [
        AnswerCounts(
            q, [(f"{q.pk}-{n}", label, counts.get((q.pk, n), 0)) for n, label in q.options]
        )
        for q in meeting.questions.filter(kind=MeetingQuestion.Kind.CHOICE)
    ]
