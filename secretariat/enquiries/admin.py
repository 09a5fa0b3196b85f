"""How officers handle questions: a list with what is overdue on top, and a page with the steps."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.text import normalize_newlines
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.admin import CaseFilter, RecordAdmin
from sscnet.admin.pages import admin_page
from sscnet.core.forms import kept_posts
from sscnet.core.personal_data.fields import may_see

from . import handling
from .forms import AnswerForm, CloseForm, PassOnForm
from .models import Enquiry, urgent_first

FORMS = {"pass_on": PassOnForm, "answer": AnswerForm, "close": CloseForm}


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
        steps = self.steps(request, enquiry)
        if request.method == "POST" and self.takes_step(request, enquiry, steps):
            taken = request.POST["_step"]
            # What was typed for another step stands there again.
            others = [form for name, form in steps.items() if name != taken]
            if any(form["text"].value() != form.fields["text"].initial for form in others):
                done = ("_step", f"{taken}-")
                rest = [name for name in kept_posts.typed_in(request) if not name.startswith(done)]
                kept_posts.keep_rest(request, rest, request.get_full_path())
            return HttpResponseRedirect(request.get_full_path())
        return self.show(request, enquiry, steps)

    def steps(self, request, enquiry):
        """Return the form of each step that this officer may take, with what was typed in it."""
        if not self.has_change_permission(request, enquiry):
            return {}
        sent = request.POST.get("_step")
        # What was sent is shown even where another officer was quicker: its text is not lost.
        return {
            name: form(
                request.POST if name == sent else None,
                prefix=name,
                enquiry=enquiry,
                initial=typed_for(request, name),
            )
            for name, form in FORMS.items()
            if name in [*enquiry.possible_steps, sent]
        }

    def takes_step(self, request, enquiry, steps):
        """Take the step that was sent, if it can be taken; else its form says why not."""
        if not self.has_change_permission(request, enquiry):
            raise PermissionDenied
        name = request.POST.get("_step")
        form = steps.get(name)
        if form is None or not form.is_valid():
            return False
        try:
            step = getattr(handling, name)(enquiry, by=request.user, **form.cleaned_data)
        except handling.StepRefused as refusal:
            form.add_error(None, str(refusal))
            return False
        text = gettext("The question is now in the state “%(state)s”.")
        self.message_user(request, text % {"state": step.get_state_display()})
        return True

    def show(self, request, enquiry, steps):
        context = {
            "subtitle": str(enquiry),
            "original": enquiry,
            "shows_person": may_see(request.user, Enquiry, "name"),
            "taken": enquiry.steps.select_related("by", "institution"),
            "steps": list(steps.items()),
        }
        return admin_page(self, request, "secretariat/enquiry", gettext("Question"), **context)


def typed_for(request, step: str) -> dict[str, str]:
    """Return what was typed in the form of a step."""
    typed = {name.removeprefix(f"{step}-"): text for name, text in request.POST.items()}
    return {
        name: normalize_newlines(text)
        for name, text in typed.items()
        if text and f"{step}-{name}" in request.POST
    }
