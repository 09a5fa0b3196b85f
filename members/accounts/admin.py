"""How the Secretariat invites people to act for an institution."""

from operator import methodcaller

from django.contrib import admin, messages
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin import CaseFilter, RecordAdmin

from ..models import Affiliation, Invitation
from . import invitations
from .forms import TOO_MANY, OfficersInvitationForm
from .sessions import throttles


class StateFilter(CaseFilter):
    title = _("standing")
    parameter_name = "standing"
    cases = {
        state.value: (state.label, methodcaller("in_state", state.value))
        for state in Invitation.State
    }


@admin.register(Invitation)
class InvitationAdmin(RecordAdmin):
    form = OfficersInvitationForm
    list_display = ["email", "institution", "role", "shown_state", "invited_by", "expires_at"]
    list_select_related = ["institution", "invited_by"]
    list_filter = [StateFilter, "role"]
    search_fields = ["email", "institution__name", "institution__i18n__name_zh_hans"]
    autocomplete_fields = ["institution"]
    fields = ["institution", "email", "role", "hands_over"]
    moments = ["invited_by", "created_at", "expires_at", "accepted_at", "accepted_by"]
    actions = ["send_again", "withdraw"]

    def get_fields(self, request, obj=None):
        return [*self.fields, *self.moments, "withdrawn_at"] if obj else self.fields

    def get_readonly_fields(self, request, obj=None):
        if not obj:
            return []
        fixed = ["institution", "email", "hands_over", *self.moments, "withdrawn_at"]
        return fixed if obj.is_open else ["role", *fixed]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "hands_over":
            leads = Affiliation.objects.current().filter(role=Affiliation.Role.FOCAL_POINT)
            kwargs["queryset"] = leads.select_related("user", "institution")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        """Keep them: an invitation that should not be used is withdrawn."""
        return False

    def save_model(self, request, obj, form, change):
        if change:
            obj.save()
            return
        obj.invited_by = request.user
        invitations.send(obj)

    @admin.display(description=_("standing"))
    def shown_state(self, invitation):
        return invitation.state.label

    @admin.action(description=_("Send again, with a new link"), permissions=["change"])
    def send_again(self, request, queryset):
        rows = list(queryset)
        allowed = [one for one in rows if throttles.count_invitation(request)]
        n = sum(invitations.send_again(invitation) for invitation in allowed)
        text = ngettext("%(n)d invitation sent again.", "%(n)d invitations sent again.", n)
        self.say(request, text % {"n": n}, len(allowed) - n)
        if len(allowed) < len(rows):
            self.message_user(request, TOO_MANY, messages.ERROR)

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request, queryset):
        n = sum(invitations.withdraw(invitation) for invitation in queryset)
        text = ngettext("%(n)d invitation withdrawn.", "%(n)d invitations withdrawn.", n)
        self.say(request, text % {"n": n}, queryset.count() - n)

    def say(self, request, done, left):
        self.message_user(request, done)
        if left:
            text = gettext("The others had already been accepted or withdrawn.")
            self.message_user(request, text, messages.WARNING)
