"""Pages of versions in the admin: compare, release, return, restore an older state."""

from pathlib import PurePath

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.changes import versions
from sscnet.changes.parts import parts_of
from sscnet.changes.state import RecordState
from sscnet.changes.words import compare_states
from sscnet.core.forms.fields import IsoDateAndTimeInput, LongText
from sscnet.core.models import ProposedVersion
from sscnet.core.pages.views import private_download, stored
from sscnet.core.personal_data import fields as privacy

from .pages import AdminPages, admin_page

OPEN = [ProposedVersion.State.WAITING, ProposedVersion.State.RETURNED]


class VersionDecisionForm(forms.Form):
    """What somebody decides on a version: an answer, and perhaps a time."""

    answer = LongText(label=_("Remark"), required=False, max_length=2000, rows=3)
    release_at = forms.SplitDateTimeField(
        label=_("Release at"),
        required=False,
        help_text=_("In Beijing time; the portal releases it within a minute of that."),
        widget=IsoDateAndTimeInput(
            date_attrs={"aria-label": _("Day")},
            time_attrs={"aria-label": _("Time")},
        ),
    )


def address_of_version(version):
    kind = version.content_type
    name = f"admin:{kind.app_label}_{kind.model}_version"
    return reverse(name, args=[version.object_id, version.pk])


class VersionPages(AdminPages):
    """For the admin of records with a public page."""

    # Names in the address of a form the version to go on with.
    PARAMETER = "version"

    def views(self):
        return [
            ("<path:object_id>/versions/", self.versions_view, "versions"),
            ("<path:object_id>/versions/<int:number>/", self.version_view, "version"),
            (
                "<path:object_id>/versions/<int:number>/file/<int:place>/",
                self.file_view,
                "version_file",
            ),
            ("<path:object_id>/state/", self.state_view, "state"),
        ]

    def open_versions(self, record):
        """Return what waits, and what was returned to somebody and not taken up again."""
        found = ProposedVersion.objects.of_record(record).filter(state__in=OPEN)
        return found.select_related("made_by", "content_type")

    def to_go_on_with(self, record, user, number, parts):
        """Return a version that this person may take up again in the form of these parts.

        What an institution proposes for its profile, it goes on with in a form of its own.
        """
        version = (
            ProposedVersion.objects.of_record(record)
            .filter(state__in=OPEN)
            .exclude(origin=ProposedVersion.Origin.PROFILE)
            .filter(pk=int(number) if len(number) < 18 else 0)
            .first()
        )
        if version is None or not (
            version.made_by == user or versions.may_release(user, type(record))
        ):
            return None
        in_form = {part.model for part in parts}
        changes = versions.read_changes(version)
        return version if all(change.model in in_form for change in changes) else None

    def record(self, request, object_id):
        record = self.admin.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.admin.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def version(self, record, number):
        found = ProposedVersion.objects.of_record(record)
        people = ("made_by", "decided_by", "scheduled_by", "content_type")
        return get_object_or_404(found.select_related(*people), pk=number)

    def page(self, request, template, record, title, **context):
        context |= {"original": record, "back": self.admin.change_url(record)}
        return admin_page(self.admin, request, f"core/versions/{template}", title, **context)

    # -------------------------------------------------------------- all of one record

    def versions_view(self, request, object_id):
        record = self.record(request, object_id)
        found = ProposedVersion.objects.of_record(record)
        found = found.select_related("made_by", "decided_by", "content_type")
        return self.page(request, "versions", record, gettext("Versions"), versions=found)

    # -------------------------------------------------------------- one

    def version_view(self, request, object_id, number):
        record = self.record(request, object_id)
        version = self.version(record, number)
        form = VersionDecisionForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                text = self.act(request, version, form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.admin.message_user(request, text, messages.SUCCESS)
                return HttpResponseRedirect(request.path)
        return self.show(request, record, version, form)

    def show(self, request, record, version, form):
        ticked = request.POST.getlist("change") if request.method == "POST" else None
        context = {
            "version": version,
            "changes": versions.compare(version),
            "ticked": ticked,
            "stamp": versions.stamp_of(version),
            "form": form,
            "may_decide": version.is_waiting and self.admin.has_publish_permission(request),
            "reason": versions.reason_not_to_release(version, request.user),
            "is_own": version.is_waiting and version.made_by == request.user,
            "form_address": self.address_to_go_on(request, record, version),
            "others": ProposedVersion.objects.of_record(record)
            .waiting()
            .exclude(pk=version.pk)
            .count(),
        }
        return self.page(request, "version", record, str(version), **context)

    def address_to_go_on(self, request, record, version):
        if not self.admin.has_change_permission(request, record):
            return None
        parts = self.admin.form_state(request, record).parts
        if self.to_go_on_with(record, request.user, str(version.pk), parts) is None:
            return None
        return f"{self.admin.change_url(record)}?{self.PARAMETER}={version.pk}"

    def act(self, request, version, data):
        """Do what was asked for and return what to say; ValidationError where it is refused."""
        user, answer = request.user, data["answer"]
        if "_take_back" in request.POST and version.made_by == user:
            versions.take_back(version, user)
            return gettext("The version has been taken back.")
        if not self.admin.has_publish_permission(request):
            raise PermissionDenied
        if "_return" in request.POST:
            versions.give_back(version, user, answer)
            return gettext("The version has been returned.")
        if "_set_time" in request.POST:
            return self.set_time(version, user, data["release_at"])
        if "_clear_time" in request.POST:
            versions.set_time(version, user, None)
            return gettext("No release time is set any more.")
        numbers = {int(n) for n in request.POST.getlist("change") if n.isdecimal() and len(n) < 9}
        seen = request.POST.get("stamp", "")
        versions.release(version, user, numbers=numbers, answer=answer, seen=seen)
        return gettext("The version has been released: the public can see it now.")

    def set_time(self, version, user, moment):
        if moment is None:
            raise ValidationError(gettext("Give a day and a time."))
        versions.set_time(version, user, moment)
        return gettext("The version will be released at the time set.")

    def file_view(self, request, object_id, number, place):
        """Send a file that a version would bring; until its release it has no address."""
        version = self.version(self.record(request, object_id), number)
        changes = versions.read_changes(version)
        name = versions.file_of(changes[place]) if place < len(changes) else None
        if not name:
            raise Http404
        return private_download(FileResponse(stored(name)), PurePath(name).name)

    # -------------------------------------------------------------- older states

    def state_view(self, request, object_id):
        """Show an older state beside that of now; restore it as a version."""
        record = self.record(request, object_id)
        moment = moment_of(request.GET.get("at", ""))
        changes = self.changes_to(request, record, moment)
        may_restore = self.admin.has_change_permission(request, record)
        if request.method == "POST":
            if not may_restore:
                raise PermissionDenied
            return self.restore(request, record, moment, changes)
        context = {
            "moment": moment,
            "changes": compare_states(changes, type(record)),
            "may_restore": may_restore and bool(changes),
        }
        return self.page(request, "state", record, gettext("An older state"), **context)

    def changes_to(self, request, record, moment):
        """Return what would change if the record were as it was then, of what is in its form.

        What hangs on a row that is in the form, as the sectors of a service, goes with it.
        """
        in_form = self.admin.form_state(request, record).parts
        parts = [p for p in parts_of(type(record)) if p in in_form or p.owner in in_form]
        changes = RecordState.of(record, parts).changes_to(RecordState.at(record, parts, moment))
        # What the form only shows is changed elsewhere, or not at all.
        names = self.admin.get_readonly_fields(request, record)
        fixed = {field.attname for field in record._meta.concrete_fields if field.name in names}
        return [
            change
            for change in changes
            if not privacy.is_personal(change.model)
            and not (change.model is type(record) and change.field in fixed)
            and not record.reason_to_leave(change.model, change.field)
        ]

    def restore(self, request, record, moment, changes):
        if not changes:
            text = gettext("The record is the same as it was then: there is nothing to restore.")
            self.admin.message_user(request, text, messages.WARNING)
            return HttpResponseRedirect(request.get_full_path())
        origin = {"origin": ProposedVersion.Origin.RESTORED, "state_of": moment}
        version = versions.propose(record, changes, request.user, **origin)
        text = gettext("The older state is waiting as a version; the record is unchanged.")
        self.admin.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(address_of_version(version))


def moment_of(text):
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Http404
    return moment
