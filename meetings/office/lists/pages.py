"""The pages of lists of people: to look at, to take away, to print; and saving them by name."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from meetings.models import SavedList
from sscnet.core.forms import kept_posts
from sscnet.core.pages.views import ask_first
from sscnet.papers.typesetting import NoFont, NotShown

from ..pages import MeetingPages, desk_page
from .columns import CHOSEN, COLUMNS, ListForm, headers_of, rows_of
from .exports import FORMATS, PRINTED, take

MOST_SHOWN = 100


class ListPages(MeetingPages):
    def views(self):
        return [
            ("list/", self.list_view, "desk_list"),
            ("list/file/", require_POST(self.file_view), "desk_file"),
            ("list/save/", require_POST(self.save_view), "desk_save"),
            ("list/forget/", require_POST(self.forget_view), "desk_forget"),
        ]

    def list_form(self, request, meeting, data):
        return ListForm(data, meeting=meeting, user=request.user)

    @desk_page("meetings.view_delegate")
    def list_view(self, request, meeting):
        form = self.list_form(request, meeting, request.GET)
        people = form.people() if form.is_valid() else []
        columns = form.chosen if form.is_valid() else []
        context = {
            "form": form,
            "count": len(people),
            "headers": headers_of(columns, form.columns),
            "rows": rows_of(people[:MOST_SHOWN], columns, form.columns),
            "most": MOST_SHOWN,
            "is_of_chosen": any(form[name].value() for name in CHOSEN),
            "sent": [(name, value) for name, values in form_data(form) for value in values],
            "saved": [
                (saved, self.address_of(meeting, saved, form["workshop"].value()))
                for saved in SavedList.objects.all()
            ],
            # The saved list it came from, for the log of who took it.
            "what": request.GET.get("what", "")[:80],
            "printed": PRINTED.items(),
            "may_save": request.user.has_perm("meetings.add_savedlist"),
        }
        return self.show_desk(request, meeting, "list", gettext("Lists of people"), context)

    def address_of(self, meeting, saved, workshop=""):
        """Return the address of a saved list; a workshop that was chosen stays so."""
        query = {"what": saved.name, "columns": saved.columns, **saved.filters}
        query = urlencode(query | ({"workshop": workshop} if workshop else {}), doseq=True)
        return address_with(meeting, query)

    @desk_page("meetings.view_delegate")
    def file_view(self, request, meeting):
        """Return the list as a file, a page to print or PDF; without a font say so instead."""
        form = self.list_form(request, meeting, request.POST)
        wanted = request.POST.get("format", "")
        if wanted not in FORMATS:
            raise Http404
        if not form.is_valid():
            return HttpResponseRedirect(address_with(meeting))
        try:
            return take(request, meeting, wanted, form.people(), form.chosen)
        except (NoFont, NotShown) as error:
            self.admin.message_user(request, in_words(error), "ERROR")
            return self.back_to_list(request, meeting, form)

    @desk_page("meetings.view_delegate", "meetings.add_savedlist")
    def save_view(self, request, meeting):
        """Keep columns and filters under a name; the same name again replaces them."""
        form = self.list_form(request, meeting, request.POST)
        name = " ".join(request.POST.get("name", "").split())[:80]
        if not name or not form.is_valid():
            self.admin.message_user(request, gettext("Give the list a name to save it."), "WARNING")
            return self.back_to_list(request, meeting, form)
        # A saved list is for any meeting; a meeting's own questions are not.
        columns = [column for column in form.chosen if column in COLUMNS]
        filters = {n: v for n, v in form.parameters().items() if n != "answer"}
        values = {"columns": columns, "filters": filters, "saved_by": request.user}
        saved, _is_new = SavedList.objects.update_or_create(name=name, defaults=values)
        self.admin.message_user(request, gettext("The list “%(name)s” is saved.") % {"name": name})
        return HttpResponseRedirect(self.address_of(meeting, saved))

    @desk_page("meetings.view_delegate", "meetings.delete_savedlist")
    def forget_view(self, request, meeting):
        name = request.POST.get("forget", "")
        form = self.list_form(request, meeting, request.POST)
        asked = ask_first(
            request,
            gettext("Delete “%(name)s”?") % {"name": name},
            gettext("It is deleted for everybody who uses it."),
            gettext("Delete"),
            back=address_with(meeting, urlencode(form_data(form), doseq=True)),
            keep=["name"],
        )
        if asked:
            return asked
        SavedList.objects.filter(name=name).delete()
        return self.back_to_list(request, meeting, form)

    def back_to_list(self, request, meeting, form):
        """Lead back to the list as it was, with the name that was typed."""
        address = address_with(meeting, urlencode(form_data(form), doseq=True))
        kept_posts.keep_rest(request, ["name"], address)
        return HttpResponseRedirect(address)


def address_with(meeting, query=""):
    address = reverse("admin:meetings_meeting_desk_list", args=[meeting.pk])
    return address + (f"?{query}" if query else "")


def form_data(form):
    """Return what the list's address says, to send it along with a button."""
    names = ["columns", *CHOSEN, *form.parameters()]
    if not hasattr(form.data, "getlist"):
        return [(n, v if isinstance(v, list) else [v]) for n, v in form.data.items()]
    return [(name, form.data.getlist(name)) for name in names]


def in_words(error):
    if isinstance(error, NoFont):
        return gettext(
            "No document can be made: the server has no font for Chinese. The operator has to "
            "install fonts-noto-cjk."
        )
    text = gettext(
        "No document was made: no font on the server can show “%(signs)s”. Correct it first."
    )
    return text % {"signs": error}
