"""What is removed of requests with the sample institutions."""

import pgtrigger
from django.db.models import Q

from secretariat.models import (
    Amendment,
    PaperVote,
    Request,
    Response,
    ResponseAnswer,
    Submission,
    SubmittedAnswer,
    SubmittedSlip,
)

from .records import remove_mails_about


@pgtrigger.ignore()
def remove_requests() -> None:
    """Remove votes on sample candidates, and what sample institutions answered to any request."""
    requests = Request.objects.filter(candidate__is_sample=True)
    of_sample = Q(institution__is_sample=True) | Q(request__in=requests)
    responses = Response.objects.filter(of_sample)
    submissions = Submission.objects.filter(response__in=responses)
    remove_mails_about(requests)
    SubmittedAnswer.objects.filter(submission__in=submissions).forget()
    SubmittedSlip.objects.filter(submission__in=submissions).forget()
    papers = PaperVote.objects.filter(response__in=responses)
    papers.throw_away_files("slip")
    papers.delete()
    submissions.delete()
    ResponseAnswer.objects.filter(response__in=responses).forget()
    responses.throw_away_files("slip")
    responses.delete()
    Amendment.objects.filter(request__in=requests).delete()
    requests.delete()
