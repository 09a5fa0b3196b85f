"""For the admin of institutions: merging two of them."""

from django.contrib import admin, messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin.pages import AdminPages, admin_page, officer

from .. import merging
from ..models import Institution


@admin.action(description=_("Merge two records of one institution"), permissions=["publish"])
def merge(model_admin, request, queryset):
    keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
    if len(keys) != 2:
        text = gettext("Choose exactly two institutions to merge.")
        model_admin.message_user(request, text, messages.ERROR)
        return None
    return HttpResponseRedirect(merge_address(*keys))


class MergePages(AdminPages):
    """Merge two records of one institution, once the officer has seen what that means."""

    def views(self):
        return [("merge/", self.merge_view, "merge")]

    @officer("members.change_institution", "members.publish_institution")
    def merge_view(self, request):
        winner, loser = self.asked_for(request.GET)
        if request.user.affiliations.recent().filter(institution__in=[winner, loser]).exists():
            text = gettext("Another officer merges an institution that you act or acted for.")
            self.admin.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:members_institution_changelist"))
        is_sent = request.method == "POST"
        try:
            merged = (merging.merge if is_sent else merging.preview)(winner, loser, request.user)
        except merging.MergeRefused as refused:
            self.admin.message_user(request, str(refused), messages.ERROR)
            back = request.get_full_path() if is_sent else self.admin.change_url(winner)
            return HttpResponseRedirect(back)
        if is_sent:
            words = {"loser": loser, "winner": winner}
            text = gettext("“%(loser)s” is merged into “%(winner)s”. Both addresses lead there.")
            self.admin.message_user(request, text % words, messages.SUCCESS)
            return HttpResponseRedirect(self.admin.change_url(winner))
        context = {
            "winner": winner,
            "loser": loser,
            "merged": merged,
            "parts": parts_of(merged),
            "left": [self.place_of(request, row) for row in merged.left_rows],
            "other_way": merge_address(loser.pk, winner.pk),
        }
        title = gettext("Merge two records of one institution")
        return admin_page(self.admin, request, "members/institution/merge", title, **context)

    def place_of(self, request, row):
        """Return the kind of a row, the row, and its page; the kind alone where it is hidden."""
        kind, site = capfirst(row._meta.verbose_name), self.admin.admin_site
        if not site.is_registered(type(row)):
            return kind, row, ""
        seen = site.get_model_admin(type(row)).get_queryset(request).filter(pk=row.pk)
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        return (kind, row, reverse(name, args=[row.pk])) if seen.exists() else (kind, "–", "")

    def asked_for(self, params):
        """Return the record that stays and the one that goes."""
        keys = [params.get(name, "") for name in ("into", "from")]
        if not all(key.isascii() and key.isdigit() and len(key) < 18 for key in keys):
            raise Http404
        rows = Institution.objects.filter(merged_into=None).in_bulk([int(key) for key in keys])
        if len(rows) != 2:
            raise Http404
        return [rows[int(key)] for key in keys]


def parts_of(merged: merging.Merged) -> list[tuple]:
    """Return headings with what stands below them; those without anything are left out."""
    parts = [
        (gettext("What moves"), merged.moved),
        (gettext("What both have, kept once"), merged.doubled),
        (gettext("What stays behind, because only one is possible"), merged.left),
    ]
    return [(heading, sorted(counts.items())) for heading, counts in parts if counts]


def merge_address(into: int, from_: int) -> str:
    query = urlencode({"into": into, "from": from_})
    return f"{reverse('admin:members_institution_merge')}?{query}"
