"""Pages that show first who would get which mail, and do it once that was seen."""

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.utils.translation import gettext, ngettext

from sscnet.admin.pages import AdminPages, admin_page
from sscnet.changes.trial import trial
from sscnet.core.forms import kept_posts
from sscnet.core.models import ProposedVersion
from sscnet.core.pages import views
from sscnet.outbox import post

from ..mails import people_to_write_to


class MailPreviewPages(AdminPages):
    """For pages below one record: `back` is where they came from."""

    # How the names of fields begin in which something is typed on the record's page.
    typed: tuple[str, ...] = ()

    def show(self, request, record, name, title, **context):
        context |= {"subtitle": str(record), "original": record}
        context["back"] = self.admin.change_url(record)
        return admin_page(self.admin, request, name, title, **context)

    def ask_first(self, request, record, form, work, title, template="ask_first", **more):
        """Show the form, then what would be written, then do it."""
        mails, is_seen = [], False
        if form.is_valid():
            try:
                if "_confirmed" in request.POST:
                    return self.do(request, record, work)
                with trial(), post.collecting() as mails:
                    work()
                is_seen = True
            except ValidationError as error:
                form.add_error(None, error)
        context = {"form": form, "mails": mails, "is_seen": is_seen}
        return self.show(request, record, template, title, **context, **more)

    def do(self, request, record, work):
        with post.collecting() as mails:
            work()
        n = len(mails)
        text = ngettext("Done. %(n)d email is being sent.", "Done. %(n)d emails are being sent.", n)
        self.admin.message_user(request, text % {"n": n})
        institution = getattr(record, "institution", None)
        if institution and not n and not people_to_write_to(institution):
            text = gettext("Nobody could be informed by email: %(institution)s has no account.")
            self.admin.message_user(request, text % {"institution": institution}, "WARNING")
        return self.go_back(record)

    def perform(self, request, record, work, about="", confirm=""):
        """Do what shows nothing first; say why not where it cannot be done, or that it waits.

        `about` is the field that it takes; what was typed in others of the page stays there.
        `confirm` names what is asked first, where the institution gets an email about it.
        """
        typed = {name for name in request.POST if name.startswith(self.typed)}
        gone = gettext("The institution is told by email at once.")
        back, question = self.admin.change_url(record), gettext("%(act)s?") % {"act": confirm}
        if confirm and (
            asked := views.ask_first(request, question, gone, confirm, back, record, keep=typed)
        ):
            return asked
        try:
            done = work()
            typed.discard(about)
        except ValidationError as error:
            self.admin.message_user(request, " ".join(error.messages), "WARNING")
        else:
            waits = gettext("Your changes are waiting for release; the public page is unchanged.")
            is_waiting = isinstance(done, ProposedVersion)
            self.admin.message_user(request, waits if is_waiting else gettext("Done."))
        kept_posts.keep_rest(request, typed, back)
        return self.go_back(record)

    def go_back(self, record):
        return HttpResponseRedirect(self.admin.change_url(record))
