"""What hangs on a call, on the call's form."""

from django.contrib import admin

from sscnet.admin import PartInline, ReadOnlyInline
from sscnet.core.i18n.labels import each_language

from ..models import CallAnswer, CallDocument, Criterion, LatePass, RequiredPaper


class RequiredPaperInline(PartInline, admin.StackedInline):
    model = RequiredPaper
    fields = [
        each_language("name"),
        each_language("note"),
        ("of_whom", "each_country", "position"),
    ]


class CriterionInline(PartInline, admin.StackedInline):
    model = Criterion
    fields = [each_language("name"), each_language("note"), ("weight", "position")]


class CallDocumentInline(PartInline, admin.StackedInline):
    model = CallDocument
    fields = [("file", "kind"), each_language("title"), ("language", "dated")]


class CallAnswerInline(PartInline, admin.StackedInline):
    model = CallAnswer
    fields = [each_language("question"), each_language("answer"), "answered_on"]


class LatePassInline(ReadOnlyInline):
    """To look at: a late pass is given on a page of its own, and stays."""

    model = LatePass
    fields = readonly_fields = ["institution", "closes_at", "reason", "granted_at", "granted_by"]
