"""The focal points of the institutions of any list: who they are, and a mail to all of them."""

from functools import partial

from django.contrib import admin
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin.pages import AdminPages, admin_page, officer
from sscnet.core.personal_data.security_log import log_security
from sscnet.outbox import post
from sscnet.outbox.to_many import MessageForm, show_or_send

from ..directory.filters import InstitutionFilter
from ..mails import CIRCULAR
from ..models import Affiliation, Institution


@admin.action(description=_("Write to their focal points"), permissions=["view"])
def focal_points(model_admin, request, queryset):
    keys = queryset.order_by().values_list("pk", flat=True)
    query = urlencode({"pk": list(keys)}, doseq=True)
    address = reverse("admin:members_institution_focal_points")
    return HttpResponseRedirect(f"{address}?{query}")


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
        log_security("focal_points_read", rows=len(affiliations), list=str(heading))
        institutions = Institution.objects.filter(pk__in=keys)
        form = MessageForm(request.POST or None)
        context = {
            "subtitle": heading,
            "affiliations": affiliations,
            "unreachable": institutions.exclude(pk__in=affiliations.values("institution")),
            "form": form,
        }
        may_write = request.user.has_perm("members.add_invitation")
        if may_write and form.is_valid() and "_edit" not in request.POST:
            words = {"words": form.words, "sending": form.cleaned_data["sending"]}
            mails = show_or_send(self.admin, request, affiliations, partial(write, **words))
            if mails is None:
                return HttpResponseRedirect(request.get_full_path())
            context["mails"] = mails
        title, page = gettext("Focal points"), "members/institution/focal_points"
        return admin_page(self.admin, request, page, title, **context)

    def listed(self, params):
        """Return the institutions of a list of the directory, or those chosen in the admin."""
        if "pk" not in params:
            listing = InstitutionFilter.listing(params)
            return listing.heading, list(listing.ids)
        keys = [int(key) for key in params.getlist("pk") if key.isascii() and key.isdigit()]
        rows = Institution.objects.filter(pk__in=[key for key in keys if key < 2**63])
        n = rows.count()
        return ngettext("%(n)d institution", "%(n)d institutions", n) % {"n": n}, rows


@transaction.atomic
def write(affiliations, words: dict, sending) -> None:
    """Write one mail to each; the same sending again writes none twice."""
    for one in affiliations:
        address = reverse("secretariat:my_institution", args=[one.institution.slug])
        key = f"circular:{sending}:{one.pk}"
        about, to = one.institution, one.user.email
        post.write(CIRCULAR.key, to=to, key=key, about=about, words=words, link=address)
