"""The pages of lists of people: to look at, to take away, to print; and saving them by name."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from sscnet.core.security_log import log_security
from sscnet.core.views import DO_NOT_KEEP
from sscnet.exchange.sheets import write_csv
from sscnet.exchange.workbook import WorkbookSheet, write_xlsx

from ..models import PersonExport, SavedList
from .lists import CHOSEN, ListForm, headers_of, rows_of
from .meeting_admin import MeetingPages

MOST_SHOWN = 100
PAPERS = ["a4", "letter"]
PRINTED = {"badges": _("Name tags"), "sign-in": _("Sign-in sheet")}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ListPages(MeetingPages):
    """Lists of people."""

    def views(self):
        return [
            ("list/", self.list_view, "desk_list"),
            ("list/file/", require_POST(self.file_view), "desk_file"),
            ("list/save/", require_POST(self.save_view), "desk_save"),
            ("list/forget/", require_POST(self.forget_view), "desk_forget"),
        ]

    def list_form(self, request, meeting, data):
        return ListForm(data, meeting=meeting, user=request.user)

    def list_view(self, request, pk):
        meeting = self.meeting_of_desk(request, pk)
        form = self.list_form(request, meeting, request.GET)
        people = form.people() if form.is_valid() else []
        columns = form.chosen if form.is_valid() else []
        context = {
            "form": form,
            "count": len(people),
            "headers": headers_of(columns),
            "rows": rows_of(people[:MOST_SHOWN], columns),
            "most": MOST_SHOWN,
            "is_of_chosen": any(form[name].value() for name in CHOSEN),
            "sent": [(name, value) for name, values in form_data(form) for value in values],
            "saved": [
                (saved, self.address_of(meeting, saved)) for saved in SavedList.objects.all()
            ],
            # The saved list it came from, for the log of who took it.
            "what": request.GET.get("what", "")[:80],
            "printed": PRINTED.items(),
            "may_save": request.user.has_perm("meetings.add_savedlist"),
        }
        return self.show_desk(request, meeting, "list", gettext("Lists of people"), context)

    def address_of(self, meeting, saved):
        query = urlencode(
            {"what": saved.name, "columns": saved.columns, **saved.filters}, doseq=True
        )
        return f"{reverse('admin:meetings_meeting_desk_list', args=[meeting.pk])}?{query}"

    def file_view(self, request, pk):
        """Return the list as a file or a page to print, and note who took it."""
        meeting = self.meeting_of_desk(request, pk)
        form = self.list_form(request, meeting, request.POST)
        wanted = request.POST.get("format", "")
        if wanted not in ("csv", "xlsx", *PRINTED):
            raise Http404
        if not form.is_valid():
            return HttpResponseRedirect(reverse("admin:meetings_meeting_desk_list", args=[pk]))
        people = form.people()
        export = PersonExport.objects.create(
            by=request.user,
            meeting=meeting,
            what=request.POST.get("what", "")[:80] or wanted,
            format=wanted,
            columns=form.chosen if wanted in ("csv", "xlsx") else [],
            people=len(people),
        )
        export.delegates.set(people)
        log_security("people_exported", meeting=meeting.pk, format=wanted, rows=len(people))
        if wanted in PRINTED:
            return self.print_page(request, meeting, wanted, people)
        return give_file(wanted, form.chosen, people)

    def print_page(self, request, meeting, kind, people):
        paper = request.POST.get("paper")
        context = {
            "meeting": meeting,
            "title": PRINTED[kind],
            "people": people,
            "paper": paper if paper in PAPERS else "a4",
        }
        page = TemplateResponse(request, f"admin/meetings/desk/print_{kind}.html", context)
        page["Cache-Control"] = DO_NOT_KEEP
        return page

    def save_view(self, request, pk):
        """Keep columns and filters under a name; the same name again replaces them."""
        meeting = self.meeting_of_desk(request, pk)
        if not request.user.has_perm("meetings.add_savedlist"):
            raise PermissionDenied
        form = self.list_form(request, meeting, request.POST)
        name = " ".join(request.POST.get("name", "").split())[:80]
        if not name or not form.is_valid():
            self.admin.message_user(request, gettext("Give the list a name to save it."), "WARNING")
            return HttpResponseRedirect(reverse("admin:meetings_meeting_desk_list", args=[pk]))
        values = {"columns": form.chosen, "filters": form.parameters(), "saved_by": request.user}
        saved, _is_new = SavedList.objects.update_or_create(name=name, defaults=values)
        self.admin.message_user(request, gettext("The list “%(name)s” is saved.") % {"name": name})
        return HttpResponseRedirect(self.address_of(meeting, saved))

    def forget_view(self, request, pk):
        self.meeting_of_desk(request, pk)
        if not request.user.has_perm("meetings.delete_savedlist"):
            raise PermissionDenied
        SavedList.objects.filter(name=request.POST.get("name", "")).delete()
        return HttpResponseRedirect(reverse("admin:meetings_meeting_desk_list", args=[pk]))


def form_data(form):
    """Return what the list's address says, to send it along with a button."""
    names = ["columns", *CHOSEN, *form.parameters()]
    if not hasattr(form.data, "getlist"):
        return [(n, v if isinstance(v, list) else [v]) for n, v in form.data.items()]
    return [(name, form.data.getlist(name)) for name in names]


def give_file(kind, columns, people):
    headers, rows = headers_of(columns), rows_of(people, columns)
    if kind == "csv":
        content, content_type = write_csv(headers, rows), "text/csv; charset=utf-8"
    else:
        content, content_type = write_xlsx(WorkbookSheet(gettext("People"), headers, rows)), XLSX
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="people.{kind}"'
    response["Cache-Control"] = DO_NOT_KEEP
    return response
