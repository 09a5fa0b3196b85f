"""The focal points of the institutions of any list: who they are, and a mail to all of them."""

from django import forms
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin.pages import AdminPages, admin_page, officer
from sscnet.codelists.models import Sector
from sscnet.core.personal_data.security_log import log_security
from sscnet.exchange.writing.formats import FORMATS
from sscnet.outbox import post
from sscnet.outbox.to_many import MessageForm, mails_to

from ..directory.filters import InstitutionFilter
from ..mails import CIRCULAR
from ..models import Affiliation, Institution


@admin.action(description=_("Write to their focal points"), permissions=["view"])
def focal_points(model_admin, request, queryset):
    keys = queryset.order_by().values_list("pk", flat=True)
    query = urlencode({"pk": list(keys)}, doseq=True)
    address = reverse("admin:members_institution_focal_points")
    return HttpResponseRedirect(f"{address}?{query}")


class WhomForm(forms.Form):
    """The institutions to write to, as the filters of the directory name them."""

    standing = forms.ChoiceField(
        label=_("Standing"),
        required=False,
        choices=[("", _("All")), ("member", _("members")), ("partner", _("partners"))],
    )
    sector = forms.ModelChoiceField(
        Sector.objects.all(),
        label=_("Expertise"),
        required=False,
        to_field_name="slug",
        empty_label=_("All"),
    )


class FocalPointPages(AdminPages):
    """The people of the institutions of any list, to write to; whoever opens it is noted."""

    def views(self):
        return [("focal-points/", self.focal_points_view, "focal_points")]

    @officer("members.view_affiliation", "members.view_user")
    def focal_points_view(self, request):
        heading, keys = self.listed(request.GET)
        affiliations = (
            Affiliation.objects.receiving_mail()
            .filter(institution__in=keys)
            .select_related("user", "institution")
            .order_by("institution__name", "institution", "-role", "user__email")
        )
        self.note(request, heading, len(affiliations))
        if request.GET.get("as") == "csv":
            return as_csv(affiliations)
        params = request.GET.copy()
        params["as"] = "csv"
        institutions = Institution.objects.filter(pk__in=keys)
        context = {
            "subtitle": heading,
            "affiliations": affiliations,
            "addresses": list(dict.fromkeys(a.user.email for a in affiliations)),
            "unreachable": institutions.exclude(pk__in=affiliations.values("institution")),
            "csv_query": params.urlencode(),
            "whom": None if "pk" in request.GET else WhomForm(request.GET or None),
            "form": MessageForm(request.POST or None),
        }
        if request.method == "POST" and (sent := self.write(request, affiliations, context)):
            return sent
        title, page = gettext("Focal points"), "members/institution/focal_points"
        return admin_page(self.admin, request, page, title, **context)

    def write(self, request, affiliations, context):
        """Show every mail first, then send them; return an answer once they are written."""
        if not request.user.has_perm("members.add_invitation"):
            raise PermissionDenied
        form = context["form"]
        if not form.is_valid() or "_edit" in request.POST:
            return None
        words, sending = form.words, form.cleaned_data["sending"]
        if "_confirmed" not in request.POST:
            mails = mails_to(request, affiliations, lambda rows: write(rows, words, sending))
            context |= {"mails": mails, "is_preview": True}
            return None
        write(affiliations, words, sending)
        n = len(affiliations)
        text = ngettext("%(n)d email is being sent.", "%(n)d emails are being sent.", n)
        self.admin.message_user(request, text % {"n": n})
        return HttpResponseRedirect(request.get_full_path())

    def listed(self, params):
        """Return the institutions of a list of the directory, or those chosen in the admin."""
        if "pk" not in params:
            listing = InstitutionFilter.listing(params)
            return listing.heading, list(listing.ids)
        keys = [int(key) for key in params.getlist("pk") if key.isascii() and key.isdigit()]
        rows = Institution.objects.filter(pk__in=[key for key in keys if key < 2**63])
        n = rows.count()
        return ngettext("%(n)d institution", "%(n)d institutions", n) % {"n": n}, rows

    def note(self, request, heading, n):
        LogEntry.objects.create(
            user=request.user,
            action_flag=CHANGE,
            object_repr=str(heading)[:200],
            change_message=f"Focal points read: {n}.",
        )
        log_security("focal_points_read", rows=n)


@transaction.atomic
def write(affiliations, words: dict, sending) -> None:
    """Write one mail to each; the same sending again writes none twice."""
    for one in affiliations:
        address = reverse("secretariat:my_institution", args=[one.institution.slug])
        key = f"circular:{sending}:{one.pk}"
        about, to = one.institution, one.user.email
        post.write(CIRCULAR.key, to=to, key=key, about=about, words=words, link=address)


def as_csv(affiliations) -> HttpResponse:
    headers = ["institution_en", "institution_zh", "name", "email", "role"]
    rows = [
        [place.name, place.name_zh_hans, one.user.name, one.user.email, one.role]
        for one in affiliations
        for place in [one.institution]
    ]
    return FORMATS["csv"].download(FORMATS["csv"].write("", headers, rows), "focal-points")
