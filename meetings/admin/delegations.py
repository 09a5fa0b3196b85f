"""Delegations and their people in the admin: to look at and decide on, never to write in."""

import json

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.admin import ReadOnlyInline, RecordAdmin, link, related_column
from sscnet.admin.pages import admin_page
from sscnet.core.pages.views import private_file
from sscnet.core.personal_data.fields import may_see

from ..models import (
    ChangeRequest,
    Delegate,
    DelegateAnswer,
    Delegation,
    Offer,
    PersonExport,
    PlaceState,
    ReturnSlip,
    WorkshopPlace,
)
from ..office.waiting import DelegateWaitsFilter, DelegationWaitsFilter
from ..persons.consents import ConsentForm
from ..registration import changes
from ..registration.delegation_views import file_of
from ..registration.entry import may_enter
from .decisions import Decision, Decisions, PlaceDecisions, action_of

# ------------------------------------------------------------------ delegations


class DelegateInline(ReadOnlyInline):
    model = Delegate
    # The name stands above each row.
    fields = readonly_fields = ["chinese_name", "to_be_named", "role", "place", "reason"]
    show_change_link = True


@admin.register(Delegation)
class DelegationAdmin(PlaceDecisions):
    key_in_log = "delegation_id"
    actions = [*PlaceDecisions.actions, "waive_slip"]
    list_display = [
        "reference",
        "institution",
        "meeting",
        "state",
        "rule",
        "people",
        "with_place",
        "waiting",
        "submitted_at",
    ]
    people = related_column("people", _("people"))
    waiting = related_column("waiting", _("waiting"))
    list_select_related = ["institution", "meeting"]
    list_filter = [DelegationWaitsFilter, ("meeting", admin.RelatedOnlyFieldListFilter), "state"]
    search_fields = [
        "reference",
        "institution__name",
        "institution__i18n__name_zh_hans",
        "delegates__family_name",
        "delegates__given_names",
        "delegates__chinese_name",
    ]
    search_help_text = _("Reference, institution, or a person’s name.")
    fields = [
        ("meeting", "institution"),
        ("reference", "state", "rule"),
        ("slips", "story"),
        "on_paper",
        ("submitted_at", "withdrawn_at"),
        ("saved_by", "saved_at"),
    ]
    inlines = [DelegateInline]

    def get_fields(self, request, obj=None):
        hidden = set() if may_see(request.user, ReturnSlip, "file") else {"slips"}
        if not (obj and obj.meeting.is_published and may_enter(request.user)):
            hidden.add("on_paper")
        rows = [(row,) if isinstance(row, str) else row for row in self.fields]
        return [row for row in (tuple(n for n in row if n not in hidden) for row in rows) if row]

    def own_pages(self):
        return [("<int:pk>/slip/<int:slip>/", self.slip_view, "slip")]

    def slip_view(self, request, pk, slip):
        """Return a page of the return slip, to officers."""
        found = get_object_or_404(ReturnSlip, pk=slip, delegation=pk)
        may_open = may_see(request.user, ReturnSlip, "file")
        if not may_open or not self.has_view_permission(request, found.delegation):
            raise PermissionDenied
        return private_file(found.file, f"{found.delegation.reference}-{slip}")

    @admin.display(description=_("return slip"))
    def slips(self, delegation):
        if delegation.slip_waived_at:
            return gettext("accepted without one")
        page = "admin:meetings_delegation_slip"
        found = delegation.return_slips.all()
        links = [(link(reverse(page, args=[delegation.pk, one.pk]), one),) for one in found]
        return format_html_join(", ", "{}", links) or "–"

    @admin.action(description=_("Accept without a return slip"), permissions=["decide"])
    def waive_slip(self, request, queryset):
        """Take delegations as they are, though the slip that the meeting wants is not there."""
        found = Delegation.objects.lacking_slip().filter(pk__in=queryset.values("pk"))
        for row in (rows := list(found)):
            row.slip_waived_at = timezone.now()
            row.save(update_fields=["slip_waived_at"])
            self.log_change(request, row, gettext("Accepted without a return slip."))
        n = len(rows)
        self.message_user(request, ngettext("%(n)d accepted.", "%(n)d accepted.", n) % {"n": n})

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts()

    @admin.display(description=_("history"))
    def story(self, delegation):
        keys = [delegation.meeting_id, delegation.pk]
        address = reverse("admin:meetings_meeting_desk_story", args=keys)
        return link(address, gettext("History and emails"))

    @admin.display(description=_("on behalf of the institution"))
    def on_paper(self, delegation):
        keys = [delegation.meeting.slug, delegation.institution.slug]
        address = reverse("meetings:register_paper", args=keys)
        return link(address, gettext("Enter what the institution requests by fax, WeChat or email"))

    @admin.display(description=_("with a place"), ordering=F("confirmed") + F("offered"))
    def with_place(self, delegation):
        return delegation.confirmed + delegation.offered


class WorkshopPlaceInline(ReadOnlyInline):
    model = WorkshopPlace
    fields = readonly_fields = ["workshop", "place", "reason", "line"]


class OfferInline(ReadOnlyInline):
    model = Offer
    fields = readonly_fields = ["workshop", "made_at", "answer_by", "answer", "answered_at"]


class AnswerInline(ReadOnlyInline):
    model = DelegateAnswer
    fields = readonly_fields = ["question", "shown_answer"]

    @admin.display(description=_("answer"))
    def shown_answer(self, answer):
        if not answer.file:
            return str(answer)
        return link(reverse("admin:meetings_delegate_answer", args=[answer.pk]), str(answer))


@admin.register(Delegate)
class DelegateAdmin(PlaceDecisions):
    key_in_log = "delegate_id"
    list_display = [
        "shown_name",
        "chinese_name",
        "role",
        "institution",
        "meeting",
        "place",
        "place_in_line",
        "reason",
        "submitted_at",
    ]
    institution = related_column("delegation__institution", _("institution"))
    meeting = related_column("delegation__meeting", _("meeting"))
    submitted_at = related_column("delegation__submitted_at", pgettext_lazy("moment", "submitted"))
    list_select_related = ["delegation__institution", "delegation__meeting"]
    list_filter = [
        DelegateWaitsFilter,
        ("delegation__meeting", admin.RelatedOnlyFieldListFilter),
        "place",
    ]
    search_fields = [
        "family_name",
        "given_names",
        "chinese_name",
        "email",
        "delegation__reference",
        "delegation__institution__name",
        "delegation__institution__i18n__name_zh_hans",
    ]
    search_help_text = _("Name, email, reference of the delegation, or institution.")
    fields = [
        "delegation",
        ("family_name", "given_names", "chinese_name"),
        ("to_be_named", "role", "email"),
        ("mobile", "nationality"),
        ("gender", "diet", "access_needs"),
        ("may_be_listed", "may_be_kept"),
        ("consented_to", "refused", "consented_at", "consent_version"),
        "on_paper",
        ("place", "reason", "line"),
        ("approved_at", "declined_at", "decision"),
        ("erased_at", "erasing"),
    ]
    inlines = [WorkshopPlaceInline, OfferInline, AnswerInline]

    def own_pages(self):
        return [
            ("answer/<int:pk>/", self.answer_view, "answer"),
            ("<int:pk>/consent/", self.consent_view, "consent"),
            ("<int:pk>/consent/scan/", self.scan_view, "scan"),
        ]

    @admin.display(description=_("at the person’s request"))
    def erasing(self, delegate):
        page = reverse("admin:meetings_erasure_person", args=[delegate.pk])
        return link(page, gettext("Erase this person")) if not delegate.erased_at else "–"

    @admin.display(description=_("consent on paper"))
    def on_paper(self, delegate):
        page = reverse("admin:meetings_delegate_consent", args=[delegate.pk])
        return link(page, gettext("Enter what the person agreed to on paper"))

    def person_of(self, request, pk):
        """Return the person, to officers who enter for institutions."""
        people = Delegate.objects.select_related("delegation__meeting", "delegation__institution")
        found = get_object_or_404(people.filter(erased_at=None), pk=pk)
        if not may_enter(request.user):
            raise PermissionDenied
        return found

    def consent_view(self, request, pk):
        """Enter what a person agreed to on paper; the signed sheet is kept with it."""
        delegate = self.person_of(request, pk)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ConsentForm(*sent, delegate=delegate, is_on_paper=True)
        back = reverse("admin:meetings_delegate_change", args=[pk])
        if form.is_valid():
            form.save()
            self.log_change(request, delegate, gettext("Consent entered from paper."))
            return redirect(back)
        context = {"form": form, "delegate": delegate, "back": back}
        return admin_page(self, request, "meetings/consent", str(delegate), **context)

    def scan_view(self, request, pk):
        return private_file(self.person_of(request, pk).consent_scan, f"consent-{pk}")

    def answer_view(self, request, pk):
        """Return a file that a person answered with; it has no public address."""
        if not may_see(request.user, DelegateAnswer, "file"):
            raise PermissionDenied
        return file_of(DelegateAnswer.objects.filter(pk=pk))

    def group_of(self, row):
        """Return the delegation; who was declined is to be undone alone."""
        return row.delegation_id, row.place == PlaceState.DECLINED

    @admin.display(description=_("position on the waiting list"), ordering="line")
    def place_in_line(self, delegate):
        return delegate.line if delegate.place == PlaceState.WAITING else None

    @admin.display(description=pgettext_lazy("of a person", "name"), ordering="family_name")
    def shown_name(self, delegate):
        return str(delegate)


# ------------------------------------------------------------------ changes asked for


ACCEPT = Decision(
    "accept",
    _("Accept"),
    _("What was requested is done, and the institution is told."),
    changes.accept,
)
REFUSE = Decision(
    "refuse",
    _("Refuse, with a reason"),
    _("Everything stays as it is, and the institution is told why."),
    changes.refuse,
    needs_reason=True,
)


def in_text(user, values: dict) -> str:
    """Return what is asked for as text; of what this person may not see, the names only."""
    values = ChangeRequest.opened(values)
    shown = {n: value if may_see(user, Delegate, n) else "…" for n, value in values.items()}
    return json.dumps(shown, ensure_ascii=False)


@admin.register(ChangeRequest)
class ChangeRequestAdmin(Decisions):
    list_display = [
        *("delegation", "institution", "meeting"),
        *("change", "delegate", "state", "asked_at"),
    ]
    institution = related_column("delegation__institution", _("institution"))
    meeting = related_column("delegation__meeting", _("meeting"))
    list_select_related = ["delegation__institution", "delegation__meeting", "delegate"]
    list_filter = ["state", ("delegation__meeting", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["delegation__reference", "delegation__institution__name", "words"]
    fields = [
        ("delegation", "delegate", "change"),
        ("shown_before", "shown_after"),
        "words",
        ("asked_by", "asked_at"),
        ("state", "answer"),
        ("answered_by", "answered_at"),
    ]
    actions = [action_of(ACCEPT), action_of(REFUSE)]

    def get_object(self, request, object_id, from_field=None):
        change_request = super().get_object(request, object_id, from_field)
        if change_request:
            change_request.read_by = request.user
        return change_request

    @admin.display(description=_("before"))
    def shown_before(self, change_request):
        return in_text(change_request.read_by, change_request.before)

    @admin.display(description=_("after"))
    def shown_after(self, change_request):
        return in_text(change_request.read_by, change_request.after)

    def group_of(self, row):
        return row.delegation_id


# ------------------------------------------------------------------ lists that were taken


@admin.register(PersonExport)
class PersonExportAdmin(RecordAdmin):
    """Who took which list of people: written by the pages alone."""

    is_read_only = True
    list_display = ["format", "meeting", "by", "at", "people", "columns"]
    list_select_related = ["meeting", "by"]
    list_filter = [("meeting", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["by__email"]
    search_help_text = _("Email of the person who exported it.")
