"""The admin of records with a public page: their steps, gaps and versions."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.changes.publication import (
    TRANSITIONS,
    Transition,
    confirm_classification,
    judge,
    may,
    steps_for,
    take,
)
from sscnet.changes.saving import AS_VERSION, ChangesWait, rendered_with
from sscnet.changes.versions import propose, waits_for_release
from sscnet.core.forms.formsets import RecordForm
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models import Source, State

from .pages import admin_page
from .records import RecordAdmin
from .tabs import TAB
from .version_pages import VersionPages, address_of_version
from .withdrawing import WithdrawalForm


def action_of(step: Transition):
    """Return the action of a list that takes a step with many records."""

    @admin.action(description=step.label, permissions=[step.verb])
    def act(self, request, queryset):
        return self.step_with_many(request, queryset, step)

    return act


class PublicRecordAdmin(RecordAdmin):
    """For the admin of records with a page of their own."""

    form = RecordForm
    change_form_template = "admin/core/change_form.html"
    readonly_fields = ["state", "is_sample", "published_at", "withdrawn_at", "updated_at"]
    actions = [*TRANSITIONS, "delete_selected"]

    # -------------------------------------------------------------- the form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and obj.pk:
            may_change = self.has_change_permission(request, obj)
            context |= {
                "gaps": self.gaps_with_links(obj, request),
                "warnings": self.warnings(obj),
                "steps": steps_for(obj, request.user) if may_change else [],
                "can_confirm": self.may_confirm(request, obj)
                and not obj.classification_confirmed_on,
                "can_save_as_version": obj.has_address and self.has_publish_permission(request),
                "waits_for_release": may_change and waits_for_release(request.user, obj),
                "versions": VersionPages(self).open_versions(obj),
                "replaces": getattr(request, "replaces", None),
                "refuses_delete": obj.was_public and super().has_delete_permission(request, obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def gaps_with_links(self, record, request=None):
        """Return each gap with the end of an address that leads to its field in the form."""
        return [(gap, self.address_in_form(gap.field, request)) for gap in record.gaps()]

    def address_in_form(self, name, request):
        anchors = {"classification": "id_classification"} | self.anchors_of(self.inlines)
        anchor = f"#{anchors.get(name, f'id_{name}')}"
        for tab in self.tabs:
            if name in flatten_fieldsets(tab.fieldsets) or name in self.anchors_of(tab.inlines):
                is_here = request and (request.tab is None or request.tab.name == tab.name)
                return anchor if is_here else f"?{TAB}={tab.name}{anchor}"
        return anchor

    def anchors_of(self, inlines):
        models_of_rows = {inline.model for inline in inlines}
        names = [
            relation.get_accessor_name()
            for relation in self.opts.related_objects
            if relation.related_model in models_of_rows
        ]
        anchors = {name: f"{name}-group" for name in names}
        if Source in models_of_rows:
            name = Source._meta.label_lower.replace(".", "-")
            anchors["sources"] = f"{name}-content_type-object_id-group"
        return anchors

    def warnings(self, record):
        return record.warnings() if hasattr(record, "warnings") else []

    def may_confirm(self, request, record):
        """Pages say whether it is confirmed, so of what is public it is for those who publish."""
        may_change = self.has_change_permission(request, record)
        is_open = not waits_for_release(request.user, record)
        return hasattr(record, "classification_confirmed_on") and may_change and is_open

    def changeform_view(self, request, *args, **kwargs):
        if name := request.POST.get("_step"):
            self.permitted_step(request, name)
        return super().changeform_view(request, *args, **kwargs)

    # -------------------------------------------------------------- what waits for release

    def show_or_store(self, request, object_id, form_url, extra_context):
        """Keep as a version what another person is to release."""
        version = self.version_to_go_on_with(request, object_id)
        respond = partial(super().show_or_store, request, object_id, form_url, extra_context)
        try:
            return rendered_with(version, respond) if version else respond()
        except ChangesWait as waits:
            return self.response_wait(request, waits)
        except ValidationError as error:
            if not version:
                raise
            # The version does not fit the record any more: its page says where.
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(address_of_version(version))

    def version_to_go_on_with(self, request, object_id):
        """Return the version that the address names, on which the form is then filled in."""
        number = request.GET.get(VersionPages.PARAMETER, "")
        record = number.isdecimal() and object_id and self.get_object(request, unquote(object_id))
        if not record or not self.has_change_permission(request, record):
            return None
        state = self.form_state(request, record)
        version = VersionPages(self).to_go_on_with(record, request.user, number, state.parts)
        if version:
            request.form_state, request.replaces = state, version
        return version

    def is_to_wait(self, request, record):
        is_asked_for = AS_VERSION in request.POST or hasattr(request, "replaces")
        may_wait = record.has_address and is_asked_for
        return may_wait or waits_for_release(request.user, record)

    def save_model(self, request, obj, form, change):
        if self.is_to_wait(request, obj) and not hasattr(request, "form_state"):
            request.form_state = self.form_state(request, obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if hasattr(request, "form_state"):
            raise ChangesWait(form.instance, request.form_state)

    def response_wait(self, request, waits):
        if waits.left_out:
            text = gettext("This cannot be part of a version and was not saved: %(parts)s.")
            names = comma_separated(model._meta.verbose_name_plural for model in waits.left_out)
            self.message_user(request, text % {"parts": names}, messages.WARNING)
        if not waits.changes:
            return self.response_change(request, waits.record)
        if "_step" in request.POST:
            step = TRANSITIONS[request.POST["_step"]]
            text = gettext("“%(step)s” was not done: your changes are waiting for release.")
            self.message_user(request, text % {"step": step.label}, messages.WARNING)
        replaces = getattr(request, "replaces", None)
        version = propose(waits.record, waits.changes, request.user, replaces=replaces)
        text = gettext("Your changes are waiting for release; the public page is unchanged.")
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(address_of_version(version))

    # -------------------------------------------------------------- after saving

    def response_change(self, request, obj):
        if name := request.POST.get("_step"):
            return self.response_step(request, obj, TRANSITIONS[name])
        if "_confirm_classification" in request.POST and self.may_confirm(request, obj):
            confirm_classification(obj, request.user)
            self.message_user(request, gettext("The classification is confirmed."))
            return HttpResponseRedirect(self.change_url(obj))
        return super().response_change(request, obj)

    def response_post_save_add(self, request, obj):
        self.show_warnings(request, obj)
        return super().response_post_save_add(request, obj)

    def response_post_save_change(self, request, obj):
        self.show_warnings(request, obj)
        return super().response_post_save_change(request, obj)

    def show_warnings(self, request, record):
        for warning in self.warnings(record):
            self.message_user(request, warning, messages.WARNING)
        blocking = [str(gap.message) for gap in record.gaps() if gap.blocks]
        if blocking and not record.is_published:
            text = gettext("It cannot be published yet. %(gaps)s") % {"gaps": " ".join(blocking)}
            self.message_user(request, text, messages.WARNING)

    def history_view(self, request, object_id, extra_context=None):
        address = reverse(self.url_name("state"), args=[unquote(object_id)])
        context = {"state_address": address} | (extra_context or {})
        return super().history_view(request, object_id, context)

    # -------------------------------------------------------------- steps of one record

    def own_pages(self):
        step = ("<path:object_id>/step/<str:name>/", self.step_view, "step")
        return [step, *VersionPages(self).views(), *super().own_pages()]

    def has_publish_permission(self, request):
        return may(request.user, TRANSITIONS["publish"], self.model)

    def permitted_step(self, request, name):
        if name not in TRANSITIONS:
            raise Http404
        if not may(request.user, TRANSITIONS[name], self.model):
            raise PermissionDenied
        return TRANSITIONS[name]

    def response_step(self, request, record, step):
        """Take a step after saving; what the public will see is asked about first."""
        if step.is_public:
            return HttpResponseRedirect(reverse(self.url_name("step"), args=[record.pk, step.name]))
        self.say_what_was_done(request, step, take(step, [record], request.user))
        return HttpResponseRedirect(self.change_url(record))

    def step_view(self, request, object_id, name):
        step = self.permitted_step(request, name)
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return redirect(self.url_name("change"), object_id)
        back = self.change_url(record)
        rows = self.model.objects.filter(pk=record.pk)
        form = WithdrawalForm(request.POST if request.method == "POST" else None, rows)
        if request.method == "POST" and self.take_step(request, step, [record], form):
            return HttpResponseRedirect(back)
        verdicts = [judge(record, step, request.user)]
        return self.ask(request, step, verdicts, form, original=record, back=back)

    def take_step(self, request, step, records, form):
        """Take it and return True, unless what was said of a withdrawal has to be mended."""
        if step.end != State.WITHDRAWN:
            verdicts = take(step, records, request.user)
        elif form.is_valid():
            verdicts = take(step, records, request.user, withdrawal=form.values())
        else:
            return False
        self.say_what_was_done(request, step, verdicts)
        return True

    # -------------------------------------------------------------- steps of many records

    mark_ready = action_of(TRANSITIONS["mark_ready"])
    return_to_draft = action_of(TRANSITIONS["return_to_draft"])
    publish = action_of(TRANSITIONS["publish"])
    withdraw = action_of(TRANSITIONS["withdraw"])

    def step_with_many(self, request, queryset, step):
        """Name first what the step would do to each record; do it once that was confirmed."""
        form = WithdrawalForm(None, queryset)
        if "_confirmed" in request.POST:
            # By key: a record that meanwhile left the filtered list is named too.
            keys = request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME)
            queryset = self.get_queryset(request).filter(pk__in=keys)
            form = WithdrawalForm(request.POST, queryset)
            if self.take_step(request, step, queryset, form):
                return None
        records = self.model._default_manager.filter(pk__in=queryset.values("pk")).for_gaps()
        verdicts = [judge(record, step, request.user) for record in records]
        return self.ask(request, step, verdicts, form, back=request.get_full_path())

    def ask(self, request, step, verdicts, form, **context):
        possible = [verdict.record for verdict in verdicts if verdict.is_possible]
        context |= {
            "step": step,
            "possible": [
                (record, self.change_url(record), self.gaps_with_links(record))
                for record in possible
            ],
            "refused": [
                (v.record, self.change_url(v.record), v.reasons)
                for v in verdicts
                if not v.is_possible
            ],
            "shows_gaps": step.name == "publish",
            "form": form if step.end == State.WITHDRAWN and possible else None,
            "action_checkbox_name": admin.helpers.ACTION_CHECKBOX_NAME,
        }
        return admin_page(self, request, "core/step", step.label, **context)

    def say_what_was_done(self, request, step, verdicts):
        done = [verdict for verdict in verdicts if verdict.is_possible]
        if done:
            text = ngettext(
                "%(n)d record is now in the state “%(state)s”.",
                "%(n)d records are now in the state “%(state)s”.",
                len(done),
            )
            self.message_user(request, text % {"n": len(done), "state": step.end.label})
        for verdict in verdicts:
            if not verdict.is_possible:
                text = gettext("%(record)s stays as it is. %(reasons)s")
                values = {"record": verdict.record, "reasons": " ".join(verdict.reasons)}
                self.message_user(request, text % values, messages.WARNING)

    # -------------------------------------------------------------- deleting

    def has_delete_permission(self, request, obj=None):
        was_public = obj is not None and obj.was_public
        return super().has_delete_permission(request, obj) and not was_public

    @admin.action(description=_("Delete selected %(verbose_name_plural)s"), permissions=["delete"])
    def delete_selected(self, request, queryset):
        records = list(queryset.exclude(published_at=None))
        if not records:
            return admin.actions.delete_selected(self, request, queryset)
        text = ngettext(
            "Nothing was deleted: %(records)s was public, and links to it must keep working."
            " Withdraw it instead.",
            "Nothing was deleted: %(records)s were public, and links to them must keep working."
            " Withdraw them instead.",
            len(records),
        )
        names = comma_separated(records)
        self.message_user(request, text % {"records": names}, messages.ERROR)
        return None
