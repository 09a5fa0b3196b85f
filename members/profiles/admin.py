"""How the Secretariat decides on proposed changes of profiles: the oldest first, part by part."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.admin import RecordAdmin
from sscnet.core.versions.releasing import may_release

from ..models import Institution, ProfileProposal
from ..similar import similar_to
from . import proposals


class ProposalStateFilter(admin.SimpleListFilter):
    """What waits is shown unless another state is asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        decided = [s for s in ProfileProposal.State if s != ProfileProposal.State.SENT]
        return [("all", _("All")), *((state.value, state.label) for state in decided)]

    def choices(self, changelist):
        for choice in super().choices(changelist):
            is_default = not choice["query_string"].count("state=")
            yield choice | ({"display": _("waiting")} if is_default else {})

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(state=self.value() or ProfileProposal.State.SENT)


@admin.register(ProfileProposal)
class ProfileProposalAdmin(RecordAdmin, admin.ModelAdmin):
    change_form_template = "admin/members/profileproposal/change_form.html"
    list_display = ["institution", "state", "sent_at", "proposed_by", "decided_by"]
    list_select_related = ["institution", "proposed_by", "decided_by"]
    list_filter = [ProposalStateFilter]
    search_fields = ["institution__name", "institution__i18n__name_zh_hans"]
    ordering = ["sent_at", "id"]
    fields = [
        "institution",
        ("state", "sent_at", "proposed_by"),
        "remark",
        ("decided_at", "decided_by"),
        "word",
    ]
    readonly_fields = [
        *("institution", "state", "sent_at", "proposed_by", "remark", "decided_at", "decided_by"),
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """Keep them: they say who proposed what, and what became of it."""
        return False

    def has_change_permission(self, request, obj=None):
        """Who may change institutions returns a proposal; who may publish them accepts it."""
        may_write = request.user.has_perm("members.change_institution")
        return may_write and super().has_change_permission(request, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        is_waiting = obj.state == ProfileProposal.State.SENT
        may_decide = is_waiting and self.has_change_permission(request, obj)
        names = [obj.values.get(name) for name in ("name", "name_zh_hans")]
        context |= {
            "differences": proposals.differences(obj),
            "can_accept": may_decide and may_release(request.user, Institution),
            "can_return": may_decide,
            "similar": similar_to(names, besides=obj.institution) if is_waiting else [],
            "show_save_and_continue": False,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_change(self, request, obj):
        if "_accept" in request.POST:
            names = request.POST.getlist("accept")
            return self.decide(
                request, lambda: proposals.accept(obj, names, obj.word, request.user)
            )
        if "_return" in request.POST:
            return self.decide(request, lambda: proposals.give_back(obj, obj.word, request.user))
        return super().response_change(request, obj)

    def decide(self, request, step):
        """Take the step and say what was done; a refusal leads back to the proposal."""
        try:
            proposal = step()
        except ValidationError as error:
            for message in error.messages:
                self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(request.path)
        text = gettext("The proposal of %(institution)s: %(state)s. The institution is told.")
        words = {
            "institution": proposal.institution,
            "state": proposal.get_state_display(),
        }
        self.message_user(request, text % words, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:members_profileproposal_changelist"))
