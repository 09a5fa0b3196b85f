"""The rows in which officers write questions."""

from django.contrib import admin

from sscnet.admin import PartInline
from sscnet.core.i18n.labels import each_language


class QuestionInline(PartInline, admin.StackedInline):
    """Questions of a record; a subclass names its model."""

    fields = [
        ("position", "kind", "is_required", "is_asked"),
        each_language("text"),
        each_language("choices"),
        ("takes_several", "length"),
        ("file_kinds", "megabytes", "has_seal"),
    ]
