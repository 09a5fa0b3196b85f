"""Requests in the admin: written, opened, watched, taken away, and closed."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from meetings.models import Meeting
from members.admin.mail_preview import MailPreviewPages
from members.models import Institution
from members.models.institution import Province
from sscnet.admin import PartInline, RecordAdmin
from sscnet.admin.pages import admin_page, officer
from sscnet.admin.tabs import Tab
from sscnet.codelists.models import Sector
from sscnet.core.forms.fields import LongText, MomentInput, RecordsChoiceField
from sscnet.core.i18n.collation import sort_key
from sscnet.core.i18n.labels import each_language
from sscnet.questions.admin import QuestionInline

from ..enquiries.models import Enquiry
from . import copies, exports, handling, taking_over, votes
from .models import Request, RequestDocument, RequestQuestion, Response
from .my_views import ResponsePage, answers_with_rows, file_of

MAY = "secretariat.change_request"


class RequestQuestionInline(QuestionInline):
    model = RequestQuestion
    fields = [*QuestionInline.fields, "about"]


class RequestDocumentInline(PartInline, admin.StackedInline):
    model = RequestDocument
    fields = ["file", each_language("title"), "language"]


class ReadyForm(forms.Form):
    number = forms.TypedChoiceField(
        coerce=int, choices=lambda: [(n, one["title"]) for n, one in enumerate(copies.ready_made())]
    )


class NarrowingForm(forms.Form):
    """Institutions of a sector or a province."""

    sector = forms.ModelChoiceField(Sector.objects.all(), label=_("Of the sector"), required=False)
    province = forms.ChoiceField(
        label=_("Of the province"), choices=[("", "–"), *Province.choices], required=False
    )

    def narrow(self, rows, way: str = ""):
        """Keep rows of the chosen; `way` leads from a row to its institution."""
        for field, name in (("sectors", "sector"), ("province", "province")):
            if chosen := self.cleaned_data.get(name):
                rows = rows.filter(**{way + field: chosen})
        return rows


class TableForm(NarrowingForm):
    """Which responses a table and its files show, and in which order."""

    order = forms.ChoiceField(
        label=_("Order"),
        choices=[("name", _("name")), ("province", _("province")), ("state", _("state"))],
        required=False,
    )

    def responses(self, asked: Request) -> list[Response]:
        self.full_clean()
        rows = asked.responses.for_list().prefetch_related("answers__question")
        rows = self.narrow(rows, "institution__")
        keys = {
            "province": lambda row: row.institution.province,
            "state": lambda row: row.state,
        }
        by_name = sorted(rows, key=lambda row: sort_key(str(row.institution)))
        return sorted(by_name, key=keys.get(self.cleaned_data.get("order"), lambda _row: ""))


class RequestStepForm(forms.Form):
    """What a step of a request (`asked`) takes; to remind, close or admit takes nothing."""

    def __init__(self, *args, asked: Request, **kwargs):
        super().__init__(*args, **kwargs)


class RecipientsForm(RequestStepForm, NarrowingForm):
    """To whom a request goes: a group, narrowed, and single institutions besides."""

    GROUPS = [
        ("members", _("all members")),
        ("partners", _("members and partners")),
        ("", _("only those named below")),
    ]
    group = forms.ChoiceField(label=_("To"), choices=GROUPS, required=False)
    meeting = forms.ModelChoiceField(
        Meeting.objects.all(), label=_("With a delegation at"), required=False
    )
    institutions = RecordsChoiceField(
        Institution.objects.listed(), label=_("And these"), required=False
    )
    field_order = ["group"]

    def clean(self):
        """Return the institutions that are meant."""
        data = super().clean()
        if self.errors:
            return data
        # A sample institution is asked by its name alone.
        rows = Institution.objects.listed().filter(is_sample=False)
        rows = {"members": rows.members(), "partners": rows}.get(data["group"], rows.none())
        rows = self.narrow(rows)
        if data["meeting"]:
            rows = rows.filter(delegations__meeting=data["meeting"])
        named = data["institutions"].values("pk")
        chosen = Q(pk__in=rows.order_by().values("pk")) | Q(pk__in=named)
        return {"institutions": Institution.objects.filter(chosen)}


class ExtensionForm(RequestStepForm):
    closes_at = forms.DateTimeField(
        label=_("Until"), help_text=_("Beijing time."), widget=MomentInput
    )
    only = RecordsChoiceField(
        Response.objects.none(),
        label=_("For these alone"),
        required=False,
        help_text=_("None chosen: for all."),
    )

    def __init__(self, *args, asked: Request, **kwargs):
        super().__init__(*args, **kwargs, asked=asked, initial={"closes_at": asked.closes_at})
        field = self.fields["only"]
        field.queryset = asked.responses.select_related("institution")
        field.label_from_instance = lambda response: str(response.institution)


class RemarkForm(forms.Form):
    remark = LongText(label=_("What is to be put right"), max_length=2000, rows=4)


# How an officer moves a request on: each step with its form and its title.
STEPS = {
    "open": (RecipientsForm, _("Open to institutions")),
    "remind": (RequestStepForm, _("Remind who has not answered")),
    "extend": (ExtensionForm, _("Move the end")),
    "close": (RequestStepForm, _("Close the request")),
    "admit": (RequestStepForm, _("Admit the candidate")),
}


class RequestPages(MailPreviewPages):
    def views(self):
        return [
            ("ready/", self.ready_view, "ready"),
            ("candidate/<int:pk>/", require_POST(self.candidate_view), "candidate"),
            ("<int:pk>/copy/", require_POST(self.copy_view), "copy"),
            ("<int:pk>/responses/", self.responses_view, "responses"),
            *((f"<int:pk>/{name}/", partial(self.step_view, step=name), name) for name in STEPS),
            ("<int:pk>/export.<str:kind>", require_safe(self.export_view), "export"),
            ("response/<int:pk>/", self.response_view, "response"),
            ("response/<int:pk>/return/", self.return_view, "return"),
            ("response/<int:pk>/file/<int:question>/", require_safe(self.file_view), "file"),
            ("response/<int:pk>/take/<int:question>/", self.take_view, "take"),
        ]

    def responses_address(self, asked):
        return self.page_address("responses", asked.pk)

    def go_back(self, record):
        asked = record.request if isinstance(record, Response) else record
        return HttpResponseRedirect(self.responses_address(asked))

    # -------------------------------------------------------------- before it opens

    @officer("secretariat.add_request")
    def ready_view(self, request):
        """Offer the ready-made requests, each of which becomes a draft to change."""
        form = ReadyForm(request.POST or None)
        if form.is_valid():
            made = copies.from_ready_made(form.cleaned_data["number"])
            return HttpResponseRedirect(self.admin.change_url(made))
        page, title = "secretariat/requests/ready", gettext("Ready-made requests")
        return admin_page(self.admin, request, page, title, ready=copies.ready_made())

    @officer("secretariat.add_request")
    def copy_view(self, request, pk):
        asked = get_object_or_404(Request, pk=pk)
        return HttpResponseRedirect(self.admin.change_url(copies.copy(asked)))

    @officer("secretariat.add_request", "members.add_institution")
    def candidate_view(self, request, pk):
        """Prepare the vote on an institution that asked to join, from its question."""
        asked = get_object_or_404(Enquiry, pk=pk, kind=Enquiry.Kind.JOINING)
        return HttpResponseRedirect(self.admin.change_url(copies.candidate_of(asked)))

    # -------------------------------------------------------------- its way

    @officer("secretariat.view_response")
    def responses_view(self, request, pk):
        """Show who has answered what, by institution and question."""
        asked = get_object_or_404(Request, pk=pk)
        questions = list(asked.questions.asked())
        form = TableForm(request.GET)
        context = {
            "original": asked,
            "subtitle": str(asked),
            "questions": questions,
            "form": form,
            "rows": exports.table(form.responses(asked), questions),
            "for_wechat": handling.for_wechat(asked) if asked.state == Request.State.OPEN else "",
            "unreachable": exports.unreachable(asked),
            "counted": votes.count(asked) if asked.is_vote and asked.opened_at else None,
            "kinds": exports.LABELS,
            "may_change": request.user.has_perm(MAY),
        }
        title = gettext("Responses")
        return admin_page(self.admin, request, "secretariat/requests/responses", title, **context)

    @officer(MAY)
    def step_view(self, request, pk, step):
        """Show what a step asks for, every mail it writes, and who has no address; then take it."""
        if step == "admit" and not request.user.has_perm("members.change_institution"):
            raise PermissionDenied
        asked = get_object_or_404(Request.objects.select_related("enquiry"), pk=pk)
        form_class, title = STEPS[step]
        form = form_class(request.POST if request.method == "POST" else None, asked=asked)
        work = {
            "open": lambda: handling.open_to(asked, **form.cleaned_data),
            "remind": lambda: handling.remind_all(asked),
            "extend": lambda: handling.extend(asked, **form.cleaned_data),
            "close": lambda: handling.close(asked, request.user),
            "admit": lambda: handling.admit(asked, request.user),
        }[step]
        unreachable = exports.unreachable(asked)
        return self.ask_first(request, asked, form, work, title, unreachable=unreachable)

    # -------------------------------------------------------------- one response

    @officer("secretariat.view_response")
    def response_view(self, request, pk):
        """Show one response; enter what an institution sent on paper, with its scan."""
        response = get_object_or_404(Response.objects.for_list(), pk=pk)
        may_enter = request.user.has_perm(MAY) and response.is_open
        sent = (request.POST, request.FILES) if request.method == "POST" and may_enter else ()
        page = ResponsePage(response, *sent, by=request.user, on_paper=True)
        if sent:
            page = page.save(request.POST.get("version", ""))
            if not page.conflict and page.is_valid():
                work = partial(handling.send, response, request.user, on_paper=True)
                return self.perform(request, response, work)
        context = {
            "original": response.request,
            "response": response,
            "subtitle": str(response.institution),
            "answers": answers_with_rows(response),
            "form": page.forms[0],
            "conflict": page.conflict,
            "version": page.version(),
            "may_enter": may_enter,
            "back": self.responses_address(response.request),
        }
        title = gettext("Response")
        return admin_page(self.admin, request, "secretariat/requests/response", title, **context)

    @officer(MAY)
    def return_view(self, request, pk):
        response = get_object_or_404(Response.objects.for_list(), pk=pk)
        form = RemarkForm(request.POST or None)
        work = lambda: handling.give_back(response, **form.cleaned_data)  # noqa: E731
        return self.ask_first(request, response, form, work, gettext("Return with a remark"))

    @officer("secretariat.view_response")
    def file_view(self, request, pk, question):
        return file_of(get_object_or_404(Response.objects.for_list(), pk=pk), question)

    @officer("secretariat.view_response")
    def take_view(self, request, pk, question):
        """Show in the import's preview what rows of a table would become."""
        answer = get_object_or_404(taking_over.answers().filter(response=pk, question=question))
        try:
            return taking_over.preview(request, answer)
        except ValidationError as error:
            self.admin.message_user(request, " ".join(error.messages), messages.ERROR)
            return self.go_back(answer.response)

    # -------------------------------------------------------------- away with it

    @officer("secretariat.view_response")
    def export_view(self, request, pk, kind):
        asked = get_object_or_404(Request, pk=pk)
        return exports.download(asked, kind, TableForm(request.GET).responses(asked))


@admin.register(Request)
class RequestAdmin(RecordAdmin):
    list_display = ["__str__", "state", "closes_at", "answered"]
    list_filter = ["state", "rule"]
    search_fields = [*each_language("title"), *each_language("text")]
    page_classes = [RequestPages]
    change_list_template = "admin/secretariat/requests/list.html"
    tabs = (
        Tab(
            "basics",
            _("Basics"),
            (
                (
                    None,
                    {
                        "fields": [
                            each_language("title"),
                            each_language("text"),
                            ("closes_at", "remind_days"),
                            ("seen_by", "wants_slip"),
                        ]
                    },
                ),
                (_("Vote"), {"fields": ["rule", "quorum", "candidate"], "classes": ["collapse"]}),
                RequestDocumentInline,
            ),
        ),
        Tab("questions", _("Questions"), (RequestQuestionInline,)),
        Tab("responses", _("Responses"), page="responses", right="secretariat.view_response"),
    )
    autocomplete_fields = ["candidate"]

    def get_queryset(self, request):
        sent = Count("responses", filter=Q(responses__state=Response.State.SENT))
        rows = super().get_queryset(request)
        return rows.annotate(asked_count=Count("responses"), sent_count=sent)

    @admin.display(description=_("answers sent"))
    def answered(self, asked):
        return f"{asked.sent_count} / {asked.asked_count}" if asked.opened_at else ""

    def get_readonly_fields(self, request, obj=None):
        """What institutions were told stays: an open request changes by its own pages."""
        fixed = ["closes_at", "rule", "quorum", "candidate"] if obj and obj.opened_at else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def has_delete_permission(self, request, obj=None):
        is_draft = obj is None or obj.state == Request.State.DRAFT
        return is_draft and super().has_delete_permission(request, obj)
