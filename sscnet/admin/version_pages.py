"""Pages of versions in the admin: compare, release, return."""

from pathlib import PurePath

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.changes import versions
from sscnet.changes.comparing import compare, file_of
from sscnet.changes.versions import may_release, read_changes, reason_not_to_release, stamp_of
from sscnet.core.forms.fields import LongText
from sscnet.core.models import ProposedVersion
from sscnet.core.pages.views import private_download, stored

from .pages import AdminPages, admin_page

OPEN = [ProposedVersion.State.WAITING, ProposedVersion.State.RETURNED]


class VersionDecisionForm(forms.Form):
    answer = LongText(label=_("Remark"), required=False, max_length=2000, rows=3)


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
        if version is None or not (version.made_by == user or may_release(user, type(record))):
            return None
        in_form = {part.model for part in parts}
        return version if all(c.model in in_form for c in read_changes(version)) else None

    def record(self, request, object_id):
        record = self.admin.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.admin.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def version(self, record, number):
        versions = ProposedVersion.objects.of_record(record)
        people = ("made_by", "decided_by", "content_type")
        return get_object_or_404(versions.select_related(*people), pk=number)

    def page(self, request, template, record, title, **context):
        context |= {"original": record, "back": self.admin.change_url(record)}
        return admin_page(self.admin, request, f"core/versions/{template}", title, **context)

    # -------------------------------------------------------------- all of one record

    def versions_view(self, request, object_id):
        record = self.record(request, object_id)
        versions = ProposedVersion.objects.of_record(record).select_related(
            "made_by", "decided_by", "content_type"
        )
        return self.page(request, "versions", record, gettext("Versions"), versions=versions)

    # -------------------------------------------------------------- one

    def version_view(self, request, object_id, number):
        record = self.record(request, object_id)
        version = self.version(record, number)
        form = VersionDecisionForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                text = self.act(request, version, form.cleaned_data["answer"])
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
            "changes": compare(version),
            "ticked": ticked,
            "stamp": stamp_of(version),
            "form": form,
            "may_decide": version.is_waiting and self.admin.has_publish_permission(request),
            "reason": reason_not_to_release(version, request.user),
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

    def act(self, request, version, answer):
        """Do what was asked for and return what to say; ValidationError where it is refused."""
        user = request.user
        if "_take_back" in request.POST and version.made_by == user:
            versions.take_back(version, user)
            return gettext("The version has been taken back.")
        if not self.admin.has_publish_permission(request):
            raise PermissionDenied
        if "_return" in request.POST:
            versions.give_back(version, user, answer)
            return gettext("The version has been returned.")
        numbers = {int(n) for n in request.POST.getlist("change") if n.isdecimal() and len(n) < 9}
        seen = request.POST.get("stamp", "")
        versions.release(version, user, numbers=numbers, answer=answer, seen=seen)
        return gettext("The version has been released: the public can see it now.")

    def file_view(self, request, object_id, number, place):
        """Send a file that a version would bring; until its release it has no address."""
        version = self.version(self.record(request, object_id), number)
        changes = read_changes(version)
        name = file_of(changes[place]) if place < len(changes) else None
        if not name:
            raise Http404
        return private_download(FileResponse(stored(name)), PurePath(name).name)
