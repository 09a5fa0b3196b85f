"""Requests to institutions: what is asked, the draft of each institution, and what it sent."""

from .request import Amendment, Request, RequestDocument, RequestQuestion
from .response import (
    PaperVote,
    Response,
    ResponseAnswer,
    Submission,
    SubmittedAnswer,
    SubmittedSlip,
)
