"""Meetings in the admin: all their settings, what hangs on them, and what is done with them."""

from dataclasses import replace

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.admin import CompletenessFilter, PublicRecordAdmin, SourceInline, Tab
from sscnet.admin.pages import admin_page
from sscnet.core.forms.formsets import RecordForm
from sscnet.core.i18n.dates import zones_named
from sscnet.core.i18n.labels import each_language
from sscnet.exchange.admin.records import ExchangeMixin
from sscnet.exchange.fields import parts_of_form

from ..models import Meeting
from ..office.notices import MailsToSee, look_at_mails
from ..office.pages import DESK_PAGES
from ..programme.fields import FIELDS, SECTIONS, MeetingResource
from ..programme.times import days_of
from .inlines import (
    ActionPointInline,
    AgendaInline,
    MeetingCountryInline,
    MeetingDocumentInline,
    MeetingInstitutionInline,
    MeetingPictureInline,
    MeetingQuestionInline,
    ProjectInline,
    QuotaInline,
    WorkshopInline,
)

REGISTRATION = (
    _("Registration"),
    {
        "description": _(
            "Times are in Beijing time. Once there are delegations, numbers of places are changed "
            "with “Change places”."
        ),
        "fields": [
            ("registration_opens_at", "registration_closes_at"),
            "tells_opening",
            ("name_by_on", "freeze_on"),
            "waiting_list_ends_at",
            ("capacity", "taken", "quota"),
            ("giving", "answer_hours", "approval"),
            "asks",
            "retain_until",
        ],
    },
)


TRAVEL = (
    _("Travel"),
    {
        "description": _(
            "The portal erases passports soon after the meeting. A special right is needed to see "
            "them."
        ),
        "fields": [
            *("travel_asks", "passport_months", "slip_due_on", "gives_letters"),
            *each_language("signature"),
        ],
    },
)

PARTS = parts_of_form(FIELDS, SECTIONS)
JOINING = (SECTIONS["joining"], {"fields": [*FIELDS.lines("joining"), "registration_contact"]})
STAFF = (_("For staff"), {"fields": ["note"]})
# The short form of an activity registers nobody.
OF_OWN = {
    *(WorkshopInline, AgendaInline, MeetingQuestionInline, QuotaInline, ActionPointInline),
    *flatten(line for _, options in (REGISTRATION, TRAVEL) for line in options["fields"]),
    *("ordinal", "starts_on", "ends_on", "year", "time_zone"),
    *(*each_language("members_present_as_stated"), "shows_action_points", "shows_numbers"),
}
OF_ACTIVITIES = {
    *("start_as_known", "end_as_known", *each_language("open_to")),
    *("apply_until", "apply_at", *each_language("costs")),
}


def without(left_out: set, sections: tuple) -> tuple:
    """Return sections of a form without some fields and inlines, and those that are empty then."""
    kept = []
    for section in sections:
        if isinstance(section, tuple):
            title, options = section
            lines = [(line,) if isinstance(line, str) else line for line in options["fields"]]
            lines = [tuple(name for name in line if name not in left_out) for line in lines]
            if lines := [line for line in lines if line]:
                kept.append((title, options | {"fields": lines}))
        elif section not in left_out:
            kept.append(section)
    return tuple(kept)


class MeetingForm(RecordForm):
    class Meta:
        help_texts = {
            "theme": _("What it is about, in a few words."),
            "starts_on": _("Leave it empty while the days are not fixed, and write them below."),
            "venue": _("The building, without the city."),
            "cancelled_at": _("All who registered are told by email; the page stays."),
            "answer_hours": _("A place that is not taken in this time goes to the next."),
            "description": _("What visitors read before the meeting."),
        }

    def clean(self):
        if {"start_as_known", "end_as_known"} & set(self.changed_data):
            # They follow from what is known now, nothing where nothing is.
            self.instance.starts_on = self.instance.ends_on = self.instance.year = None
        return super().clean()


@admin.register(Meeting)
class MeetingAdmin(ExchangeMixin, PublicRecordAdmin):
    form = MeetingForm
    resource_class = MeetingResource
    change_form_template = "admin/meetings/meeting_form.html"
    list_display = [
        "shown_title",
        "kind",
        "shown_days",
        "city_i18n",
        "shown_places",
        "state",
        "updated_at",
    ]
    list_filter = [
        "state",
        CompletenessFilter,
        "kind",
        ("year", admin.AllValuesFieldListFilter),
        ("cancelled_at", admin.EmptyFieldListFilter),
        "is_sample",
    ]
    search_fields = [*each_language("title"), *each_language("theme"), *each_language("city")]
    search_help_text = _("Title, theme or city.")
    readonly_fields = ["taken", *PublicRecordAdmin.readonly_fields]
    tabs = (
        Tab("desk", _("Desk"), page="desk", right="meetings.view_delegate"),
        Tab("basics", _("Basics"), (PARTS[""], SourceInline)),
        Tab("when", _("When and where"), (PARTS["when"],)),
        Tab(
            "who",
            _("Who"),
            (MeetingInstitutionInline, MeetingCountryInline, ProjectInline, PARTS["who"]),
        ),
        Tab("programme", pgettext_lazy("meeting", "Programme"), (WorkshopInline, AgendaInline)),
        Tab("places", _("Registration"), (JOINING, REGISTRATION)),
        Tab("questions", _("Travel and questions"), (TRAVEL, MeetingQuestionInline, QuotaInline)),
        Tab(
            "papers",
            _("Texts and papers"),
            (PARTS["texts"], MeetingDocumentInline, MeetingPictureInline),
        ),
        Tab("afterwards", SECTIONS["afterwards"], (PARTS["afterwards"], ActionPointInline)),
        Tab("publication", _("Publication"), (STAFF, PARTS["publication"])),
    )

    # -------------------------------------------------------------- the list

    @admin.display(description=_("title"), ordering="title_i18n")
    def shown_title(self, meeting):
        return str(meeting)

    @admin.display(description=_("days"), ordering="starts_on")
    def shown_days(self, meeting):
        return days_of(meeting) or meeting.dates_as_stated_i18n or meeting.year

    @admin.display(description=_("places taken"), ordering="taken")
    def shown_places(self, meeting):
        return None if meeting.capacity is None else f"{meeting.taken} / {meeting.capacity}"

    # -------------------------------------------------------------- the form

    def is_activity(self, request, obj) -> bool:
        """Whether the form is the short one; `?registration=1` asks for the whole of a meeting."""
        if "registration" in request.GET:
            return False
        kind = request.GET.get("kind", "")
        return not obj.is_own if obj else kind in set(Meeting.Kind) - set(Meeting.OWN_KINDS)

    def get_tabs(self, request, obj=None):
        tabs = super().get_tabs(request, obj)
        if self.is_activity(request, obj):
            # Days that the longer form was given.
            is_given = obj and obj.starts_on and not obj.start_as_known
            left_out = OF_OWN - ({"starts_on", "ends_on"} if is_given else set())
        else:
            left_out = OF_ACTIVITIES
        shortened = [replace(tab, sections=without(left_out, tab.sections)) for tab in tabs]
        return [tab for tab in shortened if tab.sections or (tab.page and obj.is_own)]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "time_zone":
            # A select has no longest length; the model's validators know the zones.
            kwargs |= {
                "widget": forms.Select(choices=zones_named(get_language())),
                "max_length": None,
            }
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if obj and obj.delegations.exists():
            return [*fields, "capacity", "quota"]
        return fields

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and obj.pk:
            context |= {
                "has_delegations": obj.delegations.exists(),
                "may_change_places": self.has_publish_permission(request),
                "may_make_next": obj.is_own and self.has_add_permission(request),
            }
        context["is_activity"] = self.is_activity(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # -------------------------------------------------------------- who is told of a change

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # A file would have to be chosen again on the way through another page.
        if change and not request.FILES:
            look_at_mails(request, form.instance)

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except MailsToSee as announcement:
            [context] = announcement.args
            context["back"] = self.change_url(context["original"])
            sent = request.POST.lists()
            context["fields"] = [(name, value) for name, values in sent for value in values]
            title = gettext("Who will be told of this")
            return admin_page(self, request, "meetings/announce", title, **context)

    def own_pages(self):
        return [*DESK_PAGES, *super().own_pages()]
