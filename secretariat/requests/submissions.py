"""What institutions send: kept as it was sent, counted alone, and emptied when its time is over."""

import hashlib
import json
from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.db.models.signals import post_delete
from django.dispatch import receiver

from members.models import Institution, User
from sscnet.core.database.sql import fetch
from sscnet.core.roles import owner_function
from sscnet.questions.models import AbstractAnswer, AnswerKind

from .models import (
    PaperVote,
    Request,
    Response,
    Submission,
    SubmittedAnswer,
    SubmittedSlip,
)


def keep(
    response: Response,
    answers: Iterable[AbstractAnswer],
    *,
    by: User | None,
    way: str = Submission.Way.ONLINE,
    slip=None,
    confirmed_by: User | None = None,
) -> Submission:
    """Keep what an institution sends, of a locked response; return the envelope.

    `answers` are those of the draft, or unsaved ones that an officer typed from paper; `slip` is
    the file of the sealed slip; `by` is None where that person's account is gone. The database
    gives the moment and the number, and refuses what comes too late.
    """
    given = [answer for answer in answers if answer.value is not None]
    submission = Submission(
        response=response,
        institution_id=response.institution_id,
        number=response.submissions.count() + 1,
        way=way,
        sent_by=by,
        sent_by_name=str(by or ""),
        confirmed_by=confirmed_by,
        choices={
            str(answer.question_id): answer.chosen
            for answer in given
            if answer.question.kind == AnswerKind.CHOICE
        },
    )
    submission.digest = digest_of(submission, given, slip)
    submission.save()
    submission.refresh_from_db(fields=["sent_at", "number"])
    for answer in given:
        SubmittedAnswer.objects.create(
            submission=submission,
            question=answer.question,
            text=answer.text,
            number=answer.number,
            day=answer.day,
            rows=answer.rows,
            # A draft keeps its file too: what was sent names the same one.
            file=answer.file.name if answer.pk else answer.file,
        )
    if slip:
        stored = slip.name if isinstance(slip, FieldFile) else slip
        SubmittedSlip.objects.create(submission=submission, file=stored)
    return submission


def digest_of(submission: Submission, answers: Iterable[AbstractAnswer], slip=None) -> str:
    """Return the SHA-256 of what is sent: institution, version, way, and every answer.

    It is the same for a submission that is read back, until its texts are erased.
    """
    content = {
        "request": submission.response.request_id,
        "institution": submission.institution_id,
        "version": submission.number,
        "way": submission.way,
        "choices": submission.choices,
        "answers": {
            str(answer.question_id): [
                answer.text,
                "" if answer.number is None else f"{answer.number:.2f}",
                "" if answer.day is None else f"{answer.day:%Y-%m-%d}",
                answer.rows,
                digest_of_file(answer.file),
            ]
            for answer in answers
        },
        "slip": digest_of_file(slip),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_file(file) -> str:
    if not file:
        return ""
    file.open()
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def is_intact(submission: Submission) -> bool:
    """Return whether a submission reads as it was sent."""
    return submission.digest == digest_of(submission, submission.answers.all(), submission.slip)


def of_merged(response: Response) -> QuerySet[Response]:
    """Return what institutions sent to the same request that were merged into this one since.

    Where both had answered, the response of the record that gave way stays with it.
    """
    merged = Institution.objects.filter(merged_into=response.institution_id)
    rows = Response.objects.filter(request=response.request_id, institution__in=merged)
    rows = rows.filter(submissions__isnull=False).distinct()
    return rows.select_related("institution").with_submissions()


# ------------------------------------------------------------------ erasing

# The only ways in which what was sent loses anything, and only its texts, files and names. They set
# `pgtrigger.ignore` themselves: in a function's head only a superuser may set it, and the owner of
# the database is none.
FORGET_SUBMISSIONS = """
CREATE OR REPLACE FUNCTION public.forget_submissions(requests bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ignored text := coalesce(current_setting('pgtrigger.ignore', true), '');
    emptied bigint;
BEGIN
    IF EXISTS (
        SELECT FROM public.secretariat_request WHERE id = ANY (requests)
        AND (closed_at IS NULL OR closed_at > now() - make_interval(days => {days}))
    ) THEN
        RAISE insufficient_privilege
        USING MESSAGE = 'what was sent is kept until its time is over';
    END IF;
    PERFORM set_config('pgtrigger.ignore', '{triggers}', true);
    UPDATE public.secretariat_submittedanswer SET text = '', rows = '[]', file = ''
    WHERE submission_id IN (
        SELECT submission.id FROM public.secretariat_submission submission
        JOIN public.secretariat_response response ON response.id = response_id
        WHERE request_id = ANY (requests)
    );
    UPDATE public.secretariat_submittedslip SET file = ''
    WHERE submission_id IN (
        SELECT submission.id FROM public.secretariat_submission submission
        JOIN public.secretariat_response response ON response.id = response_id
        WHERE request_id = ANY (requests)
    );
    UPDATE public.secretariat_papervote SET slip = '', reason = ''
    WHERE response_id IN (
        SELECT id FROM public.secretariat_response WHERE request_id = ANY (requests)
    );
    UPDATE public.secretariat_submission SET sent_by_name = ''
    WHERE response_id IN (
        SELECT id FROM public.secretariat_response WHERE request_id = ANY (requests)
    );
    GET DIAGNOSTICS emptied = ROW_COUNT;
    PERFORM set_config('pgtrigger.ignore', ignored, true);
    RETURN emptied;
END $$
"""

FORGET_SENDER = """
CREATE OR REPLACE FUNCTION public.forget_sender(person bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ignored text := coalesce(current_setting('pgtrigger.ignore', true), '');
    emptied bigint;
BEGIN
    IF EXISTS (SELECT FROM public.members_user WHERE id = person) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this person still has an account';
    END IF;
    PERFORM set_config('pgtrigger.ignore', '{triggers}', true);
    UPDATE public.secretariat_submission SET sent_by_name = '' WHERE sent_by_id = person;
    GET DIAGNOSTICS emptied = ROW_COUNT;
    PERFORM set_config('pgtrigger.ignore', ignored, true);
    RETURN emptied;
END $$
"""


def statement(function: str) -> str:
    """Return the statement that makes one of these functions."""
    triggers = [
        trigger.get_pgid(model)
        for model in (Submission, SubmittedAnswer, SubmittedSlip, PaperVote)
        for trigger in model._meta.triggers
        if trigger.name in ("append_only", "entered_stays")
    ]
    return function.format(
        triggers="{" + ",".join(triggers) + "}", days=settings.REQUEST_RETENTION_DAYS
    )


owner_function("forget_submissions", lambda: statement(FORGET_SUBMISSIONS))
owner_function("forget_sender", lambda: statement(FORGET_SENDER))


def forget(requests: QuerySet[Request]) -> None:
    """Empty what was sent to requests that closed so long ago; who chose what stays."""
    keys = list(requests.values_list("pk", flat=True))
    answers = SubmittedAnswer.objects.filter(submission__response__request__in=keys)
    answers.throw_away_files()
    SubmittedSlip.objects.filter(submission__response__request__in=keys).throw_away_files()
    PaperVote.objects.filter(response__request__in=keys).throw_away_files("slip")
    fetch("SELECT public.forget_submissions(%s::bigint[])", [keys])


@receiver(post_delete, sender=User)
def forget_sender(instance: User, **_signal) -> None:
    """Empty the name of a person whose account was deleted, in all that he or she sent."""
    fetch("SELECT public.forget_sender(%s)", [instance.pk])
