"""Needs in the admin: written down, introduced to institutions, and what became of it."""

from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from members.models import Institution
from sscnet.admin import ReadOnlyInline, RecordAdmin
from sscnet.admin.lists import link
from sscnet.core.i18n.labels import each_language
from sscnet.core.i18n.texts import comma_separated, guessed
from sscnet.core.personal_data.fields import may_see

from . import brokering
from .brokering import reasons_for
from .models import Enquiry
from .needs import Introduction, Need


class IntroductionInline(ReadOnlyInline):
    model = Introduction
    fields = readonly_fields = ["institution", "state", "since"]
    show_change_link = True


@admin.register(Need)
class NeedAdmin(RecordAdmin):
    """A need begins with a question, whose words it takes over, or by hand."""

    list_display = ["__str__", "asked_by", "country", "topic", "is_public", "valid_until"]
    list_filter = ["is_public", "valid_until", "topic"]
    list_select_related = ["country", "topic"]
    search_fields = [*each_language("title"), *each_language("text"), "asked_by"]
    autocomplete_fields = ["country", "enquiry"]
    readonly_fields = ["suggested"]
    fields = [
        *map(each_language, ("title", "text")),
        ("country", "topic", "service"),
        ("needed_by", "has_money"),
        ("asked_by", "contact"),
        ("is_public", "valid_until", "enquiry"),
        "suggested",
    ]
    inlines = [IntroductionInline]

    def get_changeform_initial_data(self, request):
        """Begin with the words of the question that the address names."""
        initial = super().get_changeform_initial_data(request)
        asked = Enquiry.objects.filter(pk=initial.get("enquiry")).first()
        return initial | (from_question(asked, request.user) if asked else {})

    @admin.display(description=_("introduce to"))
    def suggested(self, need):
        """Link to an introduction to each institution that fits, by the number of reasons."""
        found = reasons_for([need])[need.pk] if need.pk else {}
        known = need.introductions.values("institution") if need.pk else []
        fits = Institution.objects.filter(pk__in=found, is_sample=False).exclude(pk__in=known)
        add, rows = reverse("admin:secretariat_introduction_add"), []
        for one in sorted(fits, key=lambda one: -len(found[one.pk])):
            why = comma_separated(found[one.pk])
            query = urlencode({"need": need.pk, "institution": one.pk, "reason": why})
            rows.append((link(f"{add}?{query}", one), why))
        return format_html_join("; ", "{} ({})", rows) or "–"


def from_question(enquiry: Enquiry, user) -> dict:
    """Return what a question says of the need; of the person only what the officer may see."""
    ending = "_zh_hans" if guessed(enquiry.question).language == "zh-hans" else ""
    values = {
        f"title{ending}": Truncator(" ".join(enquiry.question.split())).chars(80),
        f"text{ending}": enquiry.question,
        "country": enquiry.country_id,
    }
    if may_see(user, Enquiry, "email"):
        values["asked_by"] = enquiry.organisation
        values["contact"] = ", ".join(filter(None, [enquiry.name, enquiry.email]))
    return values


@admin.register(Introduction)
class IntroductionAdmin(RecordAdmin):
    """A new one is told to the institution; what it says by other ways is entered here."""

    list_display = ["__str__", "state", "since"]
    list_filter = ["state"]
    list_select_related = ["need", "institution"]
    autocomplete_fields = ["need", "institution", "project", "activity"]
    fields = [
        ("need", "institution"),
        "reason",
        ("state", "since"),
        "answer",
        ("project", "activity"),
        "outcome",
    ]

    def get_readonly_fields(self, request, obj=None):
        return ["since", *(["need", "institution"] if obj else ["state"])]

    def save_model(self, request, obj, form, change):
        if "state" in form.changed_data:
            obj.since = timezone.now()
        super().save_model(request, obj, form, change)
        if not change:
            brokering.tell_institution(obj)
