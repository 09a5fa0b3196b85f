"""The register of papers, the templates and the settings of papers."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sscnet.admin import RecordAdmin, link
from sscnet.admin.pages import admin_page, officer
from sscnet.core.i18n.labels import each_language
from sscnet.core.pages.views import private_content
from sscnet.core.uploads.documents import PDF
from sscnet.exchange.writing.formats import FORMATS

from . import issuing, pdf
from .fields import PaperKind, fields_of
from .files import TYPES, download, word_download
from .forms import ScanForm, ScansForm, SettingsForm, TakeBackForm, TemplateForm
from .models import Paper, PaperSettings, PaperTemplate, Scan

VIEWS, KEEPS = "papers.view_paper", "papers.keep_paper"
COLUMNS = ["number", "issued_on", "kind", "subject", "recipient", "signer"]


@admin.register(Paper)
class PaperAdmin(RecordAdmin):
    """Read only: papers are issued where they are about something."""

    is_read_only = True
    change_form_template = "admin/papers/paper.html"
    change_list_template = "admin/papers/register.html"
    list_display = ["__str__", "issued_on", "kind", "subject", "recipient", "state_label", "links"]
    list_filter = ["year", "series", "kind"]
    search_fields = ["subject", "recipient", "=code", "=number"]
    fields = [
        ("__str__", "issued_on", "kind"),
        ("subject", "recipient", "signer"),
        ("state_label", "code", "issued_by"),
        ("sealed_at", "sealed_by"),
        ("taken_back_at", "taken_back_by", "note"),
        ("sha256", "links"),
    ]
    readonly_fields = [name for row in fields for name in row]

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*Paper.FILES)

    @admin.display(description=_("state"))
    def state_label(self, paper):
        return paper.state.label

    @admin.display(description=_("files"))
    def links(self, paper):
        address = reverse("admin:papers_paper_file", args=[paper.pk])
        links = ((link(f"{address}?as={name}", label),) for name, label, _type in paper.files())
        return format_html_join(" ", "{}", links) or "–"

    def own_pages(self):
        return [
            ("<int:pk>/file/", require_safe(self.file_view), "file"),
            ("<int:pk>/take-back/", require_POST(self.take_back_view), "take_back"),
            ("table/<slug:name>/", require_safe(self.table_view), "table"),
            ("sealed/", self.sealed_view, "sealed"),
            ("scan/<int:pk>/", require_safe(self.scan_view), "scan"),
        ]

    def render_change_form(self, request, context, *args, **kwargs):
        may_take_back = context["original"].is_valid and request.user.has_perm(KEEPS)
        context |= {"take_back": TakeBackForm() if may_take_back else None}
        return super().render_change_form(request, context, *args, **kwargs)

    @officer(VIEWS)
    def file_view(self, request, pk):
        """Give a file of a paper; a letter shows the number of a passport."""
        paper = get_object_or_404(Paper, pk=pk)
        if paper.kind == "letter" and not request.user.has_perm("meetings.see_passport"):
            raise PermissionDenied
        return download(paper, request.GET.get("as", ""))

    @officer(KEEPS)
    def take_back_view(self, request, pk):
        form = TakeBackForm(request.POST)
        if form.is_valid():
            paper = get_object_or_404(Paper, pk=pk)
            issuing.take_back(paper, form.cleaned_data["note"], request.user)
            text = gettext("%(paper)s is taken back; it keeps its number.")
            self.message_user(request, text % {"paper": paper})
        else:
            self.message_user(request, gettext("Say why it is taken back."), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:papers_paper_change", args=[pk]))

    # -------------------------------------------------------------- as a table

    def rows(self, request):
        """Return the register as a table, in the order of the numbers; of a year if it is asked."""
        papers = self.get_queryset(request).order_by("year", "series", "number")
        if (year := request.GET.get("year", "")).isdecimal() and len(year) == 4:
            papers = papers.filter(year=year)
        headers = [str(self.opts.get_field(name).verbose_name) for name in COLUMNS]
        rows = [
            [
                *(str(one), one.issued_on, one.get_kind_display(), one.subject, one.recipient),
                *(one.signer.replace("\n", " "), str(one.state.label), one.note),
            ]
            for one in papers
        ]
        return [*headers, gettext("state"), gettext("note")], rows

    @officer(VIEWS)
    def table_view(self, request, name):
        title = str(self.opts.verbose_name_plural)
        if name == "print":
            headers, rows = self.rows(request)
            context = {"headers": headers, "rows": rows, "year": request.GET.get("year", "")}
            return admin_page(self, request, "papers/print", title, **context)
        if name not in FORMATS:
            raise Http404
        return FORMATS[name].download(FORMATS[name].write(title, *self.rows(request)), "papers")

    # -------------------------------------------------------------- sealed copies

    @officer(KEEPS)
    def sealed_view(self, request):
        """Take scans of sealed papers, several at once, and ask which paper the others are of."""
        form = ScansForm(request.POST or None, request.FILES or None)
        here = HttpResponseRedirect(reverse("admin:papers_paper_sealed"))
        if "scan" in request.POST:
            number = request.POST["scan"]
            number = int(number) if number.isdecimal() and len(number) < 19 else 0
            self.place_scan(request, get_object_or_404(Scan, pk=number))
            return here
        if request.method == "POST" and form.is_valid():
            self.take_scans(request, form.cleaned_data["files"])
            return here
        waiting = [(scan, ScanForm()) for scan in Scan.objects.defer("content")]
        title = gettext("Sealed copies")
        return admin_page(self, request, "papers/sealed", title, form=form, waiting=waiting)

    def take_scans(self, request, files):
        found = []
        for name, extension, content in files:
            scan = Scan.objects.create(
                name=name[-200:], type=extension, content=content, sent_by=request.user
            )
            printed = extension != PDF.extension and issuing.paper_on(content)
            paper = printed or issuing.paper_of(name)
            if paper and issuing.keep_sealed(scan, paper, request.user):
                found.append(str(paper))
        text = ngettext(
            "%(n)d paper has its sealed copy: %(papers)s",
            "%(n)d papers have their sealed copies: %(papers)s",
            len(found),
        )
        self.message_user(request, text % {"n": len(found), "papers": ", ".join(found)})

    def place_scan(self, request, scan):
        form, is_kept = ScanForm(request.POST), False
        if "discard" in request.POST:
            scan.delete()
            return
        if form.is_valid():
            is_kept = issuing.keep_sealed(scan, form.cleaned_data["paper"], request.user)
        if not is_kept:
            text = gettext("Choose the paper that this scan is of.")
            self.message_user(request, text, messages.ERROR)

    @officer(KEEPS)
    def scan_view(self, request, pk):
        scan = get_object_or_404(Scan, pk=pk)
        kind = TYPES[scan.type].content_type
        return private_content(scan.content, kind, f"scan-{scan.pk}.{scan.type}")


@admin.register(PaperTemplate)
class PaperTemplateAdmin(RecordAdmin):
    """Each upload is a version of its own; the newest of a kind and language is used."""

    form = TemplateForm
    change_form_template = "admin/papers/template.html"
    list_display = ["kind", "language", "uploaded_at", "uploaded_by", "is_used"]
    list_filter = ["kind", "language"]
    fields = ["kind", "language", "file"]

    def get_fields(self, request, obj=None):
        return ["kind", "language", "uploaded_at", "uploaded_by"] if obj else self.fields

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")

    @admin.display(description=_("in use"), boolean=True)
    def is_used(self, template):
        return PaperTemplate.objects.current(template.kind, template.language) == template

    def own_pages(self):
        return [
            ("<int:pk>/file/", require_safe(self.file_view), "file"),
            ("ours/<slug:kind>/<slug:language>/", require_safe(self.current_view), "current"),
        ]

    def render_change_form(self, request, context, *args, **kwargs):
        context |= {
            "kinds": [(kind, fields_of(kind)) for kind in PaperKind],
            "has_pdf": pdf.program(),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request, obj, form, change):
        obj.uploaded_by = request.user
        super().save_model(request, obj, form, change)

    @officer("papers.view_papertemplate")
    def file_view(self, request, pk):
        template = get_object_or_404(PaperTemplate, pk=pk)
        return word_download(
            bytes(template.content), f"{template.kind}-{template.language}-{pk}.docx"
        )

    @officer("papers.view_papertemplate")
    def current_view(self, request, kind, language):
        """Give the template that is used now: the officers' newest, or ours."""
        if kind not in PaperKind.values or language not in dict(settings.LANGUAGES):
            raise Http404
        content = PaperTemplate.objects.content_of(kind, language)
        return word_download(content, f"{kind}-{language}.docx")


@admin.register(PaperSettings)
class PaperSettingsAdmin(RecordAdmin):
    form = SettingsForm
    fieldsets = [
        (None, {"fields": [each_language("issuer"), each_language("contact"), "picture"]}),
        (
            _("Numbers"),
            {
                "fields": ["letters", "notices", "certificates"],
                "description": _("What stands before year and number of a paper: 机关代字."),
            },
        ),
    ]

    @admin.display(description=_("logo"), boolean=True)
    def picture(self, settings):
        return bool(settings.logo)

    def changelist_view(self, request, extra_context=None):
        """Lead to the one row there is."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if not PaperSettings.objects.exists():
            PaperSettings.load().save()
        return HttpResponseRedirect(reverse("admin:papers_papersettings_change", args=[1]))
