"""A request to institutions, its questions, and the response of each institution."""

from .request import Request, RequestDocument, RequestQuestion
from .response import Response, ResponseAnswer
