"""Requests in the admin: written, opened, watched, taken away, and closed."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from members.admin.mail_preview import MailPreviewPages
from sscnet.admin import PartInline, RecordAdmin
from sscnet.admin.pages import admin_page, officer
from sscnet.admin.tabs import Tab
from sscnet.core.i18n.collation import sort_key
from sscnet.core.i18n.labels import each_language
from sscnet.questions.admin import QuestionInline

from ..enquiries import handling as enquiries
from ..enquiries.models import Enquiry
from . import copies, counting, exports, handling, votes
from .admin_forms import (
    CorrectionForm,
    ExtensionForm,
    OpenVoteForm,
    ReadyForm,
    RecipientsForm,
    RequestStepForm,
    TableForm,
    correctable_texts,
)
from .admin_responses import MAY, ResponsePages
from .applicant import applicant_of, has_people
from .models import PaperVote, Request, RequestDocument, RequestQuestion
from .second_person import ADMISSION


class FixedOnceOpened:
    """Rows of a request that its opening seals (`models.seals`)."""

    def is_fixed(self, asked) -> bool:
        return bool(asked and asked.opened_at)

    def has_add_permission(self, request, obj=None):
        return not self.is_fixed(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return not self.is_fixed(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return not self.is_fixed(obj) and super().has_delete_permission(request, obj)


class RequestQuestionInline(FixedOnceOpened, QuestionInline):
    model = RequestQuestion
    fields = [*QuestionInline.fields, "about"]


class RequestDocumentInline(FixedOnceOpened, PartInline, admin.StackedInline):
    model = RequestDocument
    fields = ["file", each_language("title"), "language"]

    def is_fixed(self, asked) -> bool:
        return super().is_fixed(asked) and asked.is_vote


# What its opening seals, or its own pages change.
FIXED = [
    *each_language("title"),
    *each_language("text"),
    "closes_at",
    "seen_by",
    "wants_slip",
    "rule",
    "quorum_percent",
    "candidate",
]
# How an officer moves a request on: each step with its form and its title.
STEPS = {
    "open": (RecipientsForm, _("Open to institutions")),
    "remind": (RequestStepForm, _("Remind who has not answered")),
    "extend": (ExtensionForm, _("Move the end")),
    "correct": (CorrectionForm, _("Correct a slip of the pen")),
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
        ]

    def go_back(self, record):
        return HttpResponseRedirect(self.page_address("responses", record.pk))

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
        if asked.email and not asked.email_confirmed_at:
            enquiries.ask_to_confirm(asked)
            text = gettext("The link that confirms the address has been sent to who asked.")
            self.admin.message_user(request, text)
            page = reverse("admin:secretariat_enquiry_change", args=[pk])
            return HttpResponseRedirect(page)
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
            "kinds": exports.LABELS,
            "may_change": request.user.has_perm(MAY),
        }
        if asked.is_vote and asked.opened_at:
            context |= how_it_stands(asked, request.user)
        title = gettext("Responses")
        return admin_page(self.admin, request, "secretariat/requests/responses", title, **context)

    @officer(MAY)
    def step_view(self, request, pk, step):
        """Show what a step asks for, every mail it writes, and who has no address; then take it."""
        if step == "admit" and not request.user.has_perms(ADMISSION.permissions):
            raise PermissionDenied
        asked = get_object_or_404(Request.objects.select_related("enquiry"), pk=pk)
        form_class, title = STEPS[step]
        is_vote_opened = step == "open" and asked.is_vote
        options = {"asked": asked}
        if is_vote_opened:
            form_class, title = OpenVoteForm, _("Open the vote")
        if step == "correct":
            options["what"] = request.GET.get("what", "")
        form = form_class(request.POST if request.method == "POST" else None, **options)
        by = request.user
        work = {
            "open": lambda: handling.open_to(asked, **form.cleaned_data, by=by),
            "remind": lambda: handling.remind_all(asked),
            "extend": lambda: handling.extend(asked, **form.cleaned_data, by=by),
            "correct": lambda: handling.correct(asked, **form.cleaned_data, by=by),
            "close": lambda: handling.close(asked, by),
            "admit": lambda: votes.admit(asked, by),
        }[step]
        context = {"unreachable": exports.unreachable(asked)}
        template = "ask_first"
        if is_vote_opened:
            work = lambda: votes.open_vote(asked, **form.cleaned_data, by=by)  # noqa: E731
            context = electorate_of(asked)
            template = "secretariat/requests/open_vote"
        if step == "admit":
            template = "secretariat/requests/admit"
        if is_vote_opened or step == "admit":
            candidate = votes.candidate_now(asked)
            context["applicant"] = applicant_of(asked, candidate)
            context["candidate_has_people"] = bool(candidate and has_people(candidate))
        if step == "correct":
            context["correctable"] = correctable_texts(asked).values()
            template = "secretariat/requests/correct"
        return self.ask_first(request, asked, form, work, title, template, **context)

    # -------------------------------------------------------------- away with it

    @officer("secretariat.view_response")
    def export_view(self, request, pk, kind):
        asked = get_object_or_404(Request, pk=pk)
        return exports.download(asked, kind, TableForm(request.GET).responses(asked))


def how_it_stands(asked: Request, user) -> dict:
    """Return the count of an opened vote for its page, and who may admit its candidate."""
    context = {
        "counted": counting.count(asked),
        "outcome": counting.outcome(asked) if asked.closed_at else "",
        "how": counting.how_it_counts(asked),
    }
    if votes.waits_for_admission(asked):
        context["may_admit"] = ADMISSION.may_take(asked, user)
        context["who_may_admit"] = ADMISSION.sentence(asked)
    return context


def electorate_of(asked: Request) -> dict:
    """Return who may vote when the vote opens now, by name, and of whom nobody gets mails."""
    voters = votes.electorate(asked)
    return {
        "voters": sorted(voters, key=lambda institution: sort_key(str(institution))),
        "unreachable": exports.without_address(voters),
    }


class SecondPersonFilter(admin.SimpleListFilter):
    """Votes in which something waits for a second person."""

    title = _("waits for a second person")
    parameter_name = "second_person"

    def lookups(self, request, model_admin):
        return [("paper", _("a vote on paper")), ("admission", _("the admission"))]

    def queryset(self, request, queryset):
        if self.value() == "paper":
            waiting = PaperVote.objects.filter(state=PaperVote.State.WAITING)
            return queryset.filter(
                Exists(waiting.filter(response__request=OuterRef("pk"))), state=Request.State.OPEN
            )
        if self.value() == "admission":
            return queryset.filter(pk__in=votes.waiting_for_admission())
        return queryset


@admin.register(Request)
class RequestAdmin(RecordAdmin):
    list_display = ["__str__", "state", "closes_at", "answered"]
    list_filter = ["state", "rule", SecondPersonFilter]
    search_fields = [*each_language("title"), *each_language("text")]
    page_classes = [RequestPages, ResponsePages]
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
                (
                    _("Vote"),
                    {"fields": ["rule", "quorum_percent", "candidate"], "classes": ["collapse"]},
                ),
                RequestDocumentInline,
            ),
        ),
        Tab("questions", _("Questions"), (RequestQuestionInline,)),
        Tab("responses", _("Responses"), page="responses", right="secretariat.view_response"),
    )
    autocomplete_fields = ["candidate"]

    def get_queryset(self, request):
        sent = Count("responses", filter=Q(responses__submissions__isnull=False), distinct=True)
        rows = super().get_queryset(request)
        return rows.annotate(asked_count=Count("responses", distinct=True), sent_count=sent)

    @admin.display(description=_("answers sent"))
    def answered(self, asked):
        return f"{asked.sent_count} / {asked.asked_count}" if asked.opened_at else ""

    def get_readonly_fields(self, request, obj=None):
        """What institutions were told stays: an open request changes by its own pages."""
        fixed = FIXED if obj and obj.opened_at else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def has_delete_permission(self, request, obj=None):
        is_draft = obj is None or obj.state == Request.State.DRAFT
        return is_draft and super().has_delete_permission(request, obj)
