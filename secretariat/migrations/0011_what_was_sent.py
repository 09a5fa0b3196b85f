"""Make submissions of what was sent until today, of open votes too; key closed votes by rows."""

import hashlib
import json

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Greatest


def keep_what_was_sent(apps, schema_editor):
    """Make one submission of each response that was sent, also where it was returned since."""
    Response = apps.get_model("secretariat", "Response")
    for response in Response.objects.exclude(sent_at=None).select_related("sent_by"):
        keep(apps, response)
    give_votes_a_quorum(apps)
    for vote in apps.get_model("secretariat", "Request").objects.filter(result__isnull=False):
        vote.result = with_roll(apps, vote)
        vote.save(update_fields=["result"])


def keep(apps, response):
    Submission = apps.get_model("secretariat", "Submission")
    SubmittedAnswer = apps.get_model("secretariat", "SubmittedAnswer")
    SubmittedSlip = apps.get_model("secretariat", "SubmittedSlip")
    answers = list(response.answers.filter(question__is_asked=True).select_related("question"))
    submission = Submission(
        response=response,
        institution_id=response.institution_id,
        number=1,
        sent_at=response.sent_at,
        way="paper" if response.on_paper else "online",
        sent_by_id=response.sent_by_id,
        sent_by_name=(response.sent_by.name or response.sent_by.email) if response.sent_by else "",
        choices={
            str(answer.question_id): answer.chosen
            for answer in answers
            if answer.question.kind == "choice" and answer.chosen
        },
    )
    submission.digest = digest_of(submission, response, answers)
    submission.save()
    for answer in answers:
        SubmittedAnswer.objects.create(
            submission=submission,
            question_id=answer.question_id,
            text=answer.text,
            number=answer.number,
            day=answer.day,
            rows=answer.rows,
            file=answer.file.name or "",
        )
    if response.slip:
        SubmittedSlip.objects.create(submission=submission, file=response.slip.name)


def digest_of(submission, response, answers):
    """Return what `secretariat.requests.submissions.digest_of` returns of the submission."""
    content = {
        "request": response.request_id,
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
        "slip": digest_of_file(response.slip),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_file(file):
    """Return the SHA-256 of a stored file; of one that is missing, or was erased, nothing."""
    if not file or not file.storage.exists(file.name):
        return ""
    with file.open() as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def give_votes_a_quorum(apps):
    """A vote that was opened with a quorum of 0 counted as one with 1; a draft has a share."""
    Request = apps.get_model("secretariat", "Request")
    votes = Request.objects.exclude(rule="")
    votes.filter(opened_at=None).update(quorum=None)
    votes.exclude(opened_at=None).update(quorum=Greatest(F("quorum"), 1))
    Request.objects.filter(rule="").update(quorum=None)


def with_roll(apps, vote):
    """Return the result of a closed vote with its figures as they are, and its list by key."""
    Submission = apps.get_model("secretariat", "Submission")
    named = vote.result.get("votes", {})
    roll = []
    for response in vote.responses.select_related("institution").order_by("institution"):
        institution = response.institution
        names = [institution.name, (institution.i18n or {}).get("name_zh_hans") or ""]
        sent = Submission.objects.filter(response=response).first()
        voted = next((named[name] for name in names if name in named), None)
        roll.append(
            {
                "institution": institution.pk,
                "name": names[0],
                "name_zh_hans": names[1],
                "vote": voted,
                "sent_at": sent.sent_at.isoformat() if sent and voted else None,
                "way": sent.way if sent and voted else None,
                "number": 1 if sent and voted else None,
                "check_code": sent.digest[:12] if sent and voted else None,
                "has_no_address": False,
            }
        )
    figures = {name: vote.result[name] for name in ("electorate", "yes", "no", "abstained")}
    return figures | {"roll": roll}


class Migration(migrations.Migration):

    dependencies = [
        ("secretariat", "0010_submissions"),
    ]

    operations = [
        migrations.RunPython(keep_what_was_sent, migrations.RunPython.noop),
    ]
