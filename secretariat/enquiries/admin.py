"""How officers handle questions and needs.

Questions: a list with what is overdue on top, and a page with the steps. Needs: written down,
introduced to institutions, and what became of it.
"""

from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from members.models import Institution
from sscnet.admin import CaseFilter, ReadOnlyInline, RecordAdmin
from sscnet.admin.lists import link
from sscnet.admin.pages import admin_page
from sscnet.core.forms.errors import is_done
from sscnet.core.i18n.labels import each_language
from sscnet.core.i18n.texts import comma_separated, guessed
from sscnet.core.personal_data.fields import may_see

from .brokering import reasons_for, tell_institution
from .forms import StepForm
from .models import Enquiry, Introduction, Need, urgent_first


class DueFilter(CaseFilter):
    title = pgettext_lazy("question", "due")
    parameter_name = "due"
    cases = {
        "overdue": (_("overdue"), lambda rows: rows.overdue()),
        "in_time": (_("open, not overdue"), lambda rows: rows.in_time()),
        "open": (pgettext_lazy("question", "open"), lambda rows: rows.open()),
    }


@admin.register(Enquiry)
class EnquiryAdmin(RecordAdmin):
    """Questions come from the public and are never deleted; here they are only moved on."""

    list_display = ["reference", "about", "kind", "state", "due", "passed_to", "asked_at"]
    list_filter = [
        DueFilter,
        "state",
        "kind",
        "outcome",
        ("passed_to", admin.RelatedOnlyFieldListFilter),
        "asked_at",
    ]
    search_fields = ["reference", "question", "subject", "name", "email"]
    search_help_text = _("Reference, or words of the question")
    actions = None

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    def get_ordering(self, request):
        return urgent_first()

    @admin.display(description=pgettext_lazy("question", "about"))
    def about(self, enquiry):
        return enquiry.about

    @admin.display(description=_("due on"), ordering="due_on")
    def due(self, enquiry):
        day = date_format(enquiry.due_on)
        if not enquiry.is_overdue:
            return day if enquiry.is_open else ""
        return render_to_string("admin/secretariat/components/overdue.html", {"day": day})

    # -------------------------------------------------------------- the page of a question

    def change_view(self, request, object_id, form_url="", extra_context=None):
        enquiry = self.get_object(request, unquote(object_id))
        if enquiry is None:
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, enquiry):
            raise PermissionDenied
        if request.method == "POST" and not self.has_change_permission(request, enquiry):
            raise PermissionDenied
        form = StepForm(request.POST or None, enquiry=enquiry)
        if is_done(form, lambda: form.take(request.user)):
            enquiry.refresh_from_db()
            text = gettext("The question is now in the state “%(state)s”.")
            self.message_user(request, text % {"state": enquiry.get_state_display()})
            return HttpResponseRedirect(request.get_full_path())
        context = {
            "subtitle": str(enquiry),
            "original": enquiry,
            "shows_person": may_see(request.user, Enquiry, "name"),
            "taken": enquiry.steps.select_related("by", "institution"),
            "form": form,
            "may_change": self.has_change_permission(request, enquiry),
        }
        return admin_page(self, request, "secretariat/enquiry", gettext("Question"), **context)


# ------------------------------------------------------------------ needs


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
            tell_institution(obj)
