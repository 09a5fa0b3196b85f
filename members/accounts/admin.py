"""How the Secretariat invites people to act for an institution."""

from operator import methodcaller

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
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
    } | {
        "to_confirm": (
            _("for a second officer to confirm"),
            lambda rows: rows.filter(pk__in=invitations.confirmable_by_officers().values("pk")),
        )
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
    moments = [
        "invited_by",
        "created_at",
        "confirmed_by",
        "confirmed_at",
        "expires_at",
        "accepted_at",
        "accepted_by",
    ]
    actions = ["confirm", "send_again", "withdraw"]

    def get_fields(self, request, obj=None):
        return [*self.fields, *self.moments, "withdrawn_at"] if obj else self.fields

    def get_readonly_fields(self, request, obj=None):
        """Leave nothing to change: another role is another invitation."""
        return [*self.fields, *self.moments, "withdrawn_at"] if obj else []

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
            return
        obj.invited_by = request.user
        invitations.begin(obj)
        self.message_user(request, self.what_it_waits_for(obj))

    def what_it_waits_for(self, invitation):
        if invitations.confirmable_by_officers().filter(pk=invitation.pk).exists():
            return invitations.AFFILIATION.sentence(invitation)
        text = gettext(
            "It is sent once the focal point of %(institution)s has confirmed it; from %(day)s on"
            " a second officer may."
        )
        day = date_format(invitation.focal_point_until)
        return text % {"institution": invitation.institution, "day": day}

    @admin.display(description=_("standing"))
    def shown_state(self, invitation):
        return invitation.state.label

    @admin.action(description=_("Confirm and send what another officer began"), permissions=["add"])
    def confirm(self, request, queryset):
        n, refusals = 0, {}
        for invitation in queryset:
            try:
                n += invitations.confirm(invitation, request.user)
            except ValidationError as refusal:
                refusals[" ".join(refusal.messages)] = True
        text = ngettext(
            "%(n)d invitation confirmed and sent.", "%(n)d invitations confirmed and sent.", n
        )
        self.message_user(request, text % {"n": n}, messages.SUCCESS if n else messages.INFO)
        for refusal in refusals:
            self.message_user(request, refusal, messages.WARNING)

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
            text = gettext(
                "The others had already been accepted or withdrawn, or wait for a second person."
            )
            self.message_user(request, text, messages.WARNING)
