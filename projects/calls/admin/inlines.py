"""What hangs on a call, on the call's form."""

from django.contrib import admin

from sscnet.admin import PartInline
from sscnet.core.i18n.labels import each_language

from ..models import CallDocument, Criterion, RequiredPaper


class RequiredPaperInline(PartInline, admin.StackedInline):
    model = RequiredPaper
    fields = [
        each_language("name"),
        each_language("note"),
        ("kind", "of_whom"),
        ("each_country", "position"),
    ]


class CriterionInline(PartInline, admin.StackedInline):
    model = Criterion
    fields = [each_language("name"), each_language("note"), ("weight", "position")]


class CallDocumentInline(PartInline, admin.StackedInline):
    model = CallDocument
    fields = [("file", "kind"), each_language("title"), ("language", "dated")]
