"""How the Secretariat works with its pages and dated figures."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from sscnet.admin import (
    CompletenessFilter,
    PartInline,
    PublicRecordAdmin,
    RecordAdmin,
    SourceInline,
)
from sscnet.admin.pages import admin_page
from sscnet.core.i18n.labels import each_language
from sscnet.core.models import RetentionRun
from sscnet.core.personal_data import retention
from sscnet.exchange.fields import PUBLICATION
from sscnet.figures.section import FigureSection

from .back_office.versions import ProposedVersionAdmin
from .enquiries.admin import EnquiryAdmin, IntroductionAdmin, NeedAdmin
from .figures.reports.admin import YearlyReportAdmin
from .figures.seen import seen_by_month
from .models import (
    DailyCount,
    DatedFigure,
    Page,
    PagePicture,
    Publication,
    PublicationInstitution,
    Redirect,
)
from .requests.admin import RequestAdmin

# Jobs are the operator's, in English; what failed stands in the log and on the page of the state.
admin.site.unregister(DBTaskResult)

OF_ALL_RECORDS = [
    (_("For staff"), {"fields": ["note"]}),
    (_("Publication"), {"fields": [*PUBLICATION, "slug"]}),
]


class PagePictureInline(PartInline, admin.StackedInline):
    model = PagePicture
    fields = ["image", each_language("alt"), each_language("caption"), ("credit", "licence")]


@admin.register(Page)
class PageAdmin(PublicRecordAdmin):
    list_display = ["shown_title", "kind", "slug", "state", "since", "updated_at"]
    list_filter = ["kind", "state", CompletenessFilter, "is_sample"]
    search_fields = [*each_language("title"), "slug"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("kind", "position"),
                    ("since", "until", "is_pinned"),
                    *map(each_language, ("title", "summary", "body")),
                ]
            },
        ),
        *OF_ALL_RECORDS,
    ]
    inlines = [PagePictureInline, SourceInline]

    @admin.display(description=_("title"), ordering="title_i18n")
    def shown_title(self, page):
        return str(page) or page.slug


class PublicationInstitutionInline(PartInline, admin.TabularInline):
    model = PublicationInstitution
    rows_at_first = 1
    fields = ["institution"]
    autocomplete_fields = ["institution"]


@admin.register(Publication)
class PublicationAdmin(PublicRecordAdmin):
    list_display = ["title_i18n", "kind", "dated", "publisher_i18n", "state", "updated_at"]
    list_filter = ["state", CompletenessFilter, "kind", "is_sample"]
    search_fields = [*each_language("title"), *each_language("publisher")]
    autocomplete_fields = ["project"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("kind", "dated", "language", "pages"),
                    *map(each_language, ("title", "publisher", "summary")),
                    "project",
                ]
            },
        ),
        *OF_ALL_RECORDS,
    ]
    inlines = [PublicationInstitutionInline, SourceInline]


@admin.register(DatedFigure)
class DatedFigureAdmin(RecordAdmin):
    list_display = ["label_i18n", "figure", "qualifier", "value", "as_of", "position"]
    list_filter = ["figure"]
    search_fields = each_language("label")
    fields = [
        ("figure", "position"),
        each_language("label"),
        ("qualifier", "value", "as_of"),
    ]
    inlines = [SourceInline]


@admin.register(Redirect)
class RedirectAdmin(RecordAdmin):
    list_display = ["old_path", "new_address"]
    search_fields = ["old_path", "new_address"]
    fields = ["old_path", "new_address"]


@admin.register(RetentionRun)
class RetentionRunAdmin(RecordAdmin):
    """What the clock erased; it is only read."""

    is_read_only = True
    # Django would take the one of the app's folder, which is for public records.
    change_form_template = "admin/change_form.html"
    list_display = ["kind_label", "count", "at"]
    list_filter = ["kind"]
    actions = None
    fields = [("kind_label", "count", "at")]
    readonly_fields = ["kind_label", "count", "at"]

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, run):
        return retention.label_of(run.kind)


@admin.register(DailyCount)
class DailyCountAdmin(RecordAdmin):
    """Counts by month, on one page; nobody writes them."""

    is_read_only = True

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        title = DailyCount._meta.verbose_name_plural
        section = FigureSection("seen", title, **seen_by_month())
        return admin_page(self, request, "secretariat/seen", title, section=section)
