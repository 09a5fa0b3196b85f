"""How officers handle questions: a list with what is overdue on top, and a page with the steps."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.admin import CaseFilter, RecordAdmin
from sscnet.admin.pages import admin_page
from sscnet.core.forms.errors import is_done
from sscnet.core.personal_data.fields import may_see

from .forms import StepForm
from .models import Enquiry, urgent_first


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
