"""What officers see of the mail: what waits, was sent or failed; and the wordings, to change."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.admin import RecordAdmin, link
from sscnet.admin.pages import admin_page
from sscnet.core.i18n.labels import each_language
from sscnet.core.i18n.texts import per_language
from sscnet.core.personal_data.secret_addresses import without_secrets

from . import wordings
from .delivery.tasks import nudge_on_commit
from .models import Message, WordingOverride
from .rendering import render_parts

# ------------------------------------------------------------------ mails


class MessageStateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return Message.State.choices

    def queryset(self, request, queryset):
        return getattr(queryset, self.value())() if self.value() in Message.State else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind of email")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        kinds = Message.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, capfirst(wordings.label_of(kind))) for kind in kinds]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    """Read only: mails are written by the code of what they announce."""

    is_read_only = True
    list_display = ["subject", "to", "kind_label", "state_label", "created_at", "sent_at"]
    list_filter = [MessageStateFilter, KindFilter]
    search_fields = ["subject", "to", "=reference", "=key"]
    actions = ["send_again"]
    fields = [
        ("state_label", "kind_label", "reference"),
        ("to", "reply_to"),
        "record",
        ("created_at", "due_at", "sent_at"),
        ("attempts", "next_try_at", "failed_at"),
        "last_error",
        "subject",
        "shown_text",
        "files",
    ]
    readonly_fields = [
        name for row in fields for name in (row if isinstance(row, tuple) else [row])
    ]

    def has_send_again_permission(self, request):
        return request.user.has_perm("outbox.send_again_message")

    def get_queryset(self, request):
        return super().get_queryset(request).shown_to(request.user).for_list()

    @admin.display(description=_("kind of email"), ordering="kind")
    def kind_label(self, message):
        return message.kind_label

    @admin.display(description=_("state"))
    def state_label(self, message):
        return message.state.label

    @admin.display(description=_("text"))
    def shown_text(self, message):
        if message.holds_secret:
            return gettext("Not shown: anybody who reads it could act for the recipient.")
        text = without_secrets(message.text)
        return text or gettext("Erased: the text of an email is kept for a limited time.")

    @admin.display(description=pgettext_lazy("mail", "about"))
    def record(self, message):
        if not message.about:
            return "–"
        address = admin_address(message.about)
        return link(address, str(message.about)) if address else str(message.about)

    @admin.display(description=_("attachments"))
    def files(self, message):
        return ", ".join(message.attachments.values_list("name", flat=True)) or "–"

    @admin.action(description=_("Send again"), permissions=["send_again"])
    def send_again(self, request, queryset):
        count = queryset.send_again()
        if count:
            nudge_on_commit()
            text = ngettext(
                "%(n)d email is being sent again.", "%(n)d emails are being sent again.", count
            )
            self.message_user(request, text % {"n": count})
        elif queryset.failed().exists():
            text = gettext(
                "Nothing to send again: such emails contain a code or a link, or are old, and "
                "their text is no longer kept. The person can ask for a new one."
            )
            self.message_user(request, text, messages.WARNING)
        else:
            text = gettext("Nothing to send again: none of these emails has failed.")
            self.message_user(request, text, messages.WARNING)


def admin_address(record):
    """Return the address of the record's form in the admin, None where it has none."""
    opts = record._meta
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return None


# ------------------------------------------------------------------ wordings


@admin.register(WordingOverride)
class WordingOverrideAdmin(RecordAdmin):
    """All wordings are listed; the form of one begins with our text."""

    change_form_template = "admin/outbox/wording_form.html"
    texts = [each_language("subject"), each_language("body")]

    # The wordings of mails that carry codes or links are for administrators.
    def has_change_permission(self, request, obj=None):
        may = obj is None or wordings.may_word(request.user, obj.key)
        return may and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        may = obj is None or wordings.may_word(request.user, obj.key)
        return may and super().has_delete_permission(request, obj)

    def get_fields(self, request, obj=None):
        return self.texts if obj else ["key", *self.texts]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "key":
            kinds = [
                (wording.key, wording.label)
                for wording in wordings.WORDINGS.values()
                if wordings.may_word(request.user, wording.key)
            ]
            return forms.ChoiceField(choices=kinds, widget=forms.HiddenInput)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name.startswith("body"):
            field.widget.attrs["rows"] = 14
        return field

    def get_changeform_initial_data(self, request):
        wording = wordings.WORDINGS.get(request.GET.get("key", ""))
        return {"key": wording.key, **our_texts(wording)} if wording else {}

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        changed = {override.key: override for override in WordingOverride.objects.all()}
        rows = [
            (wording, changed.get(wording.key), wordings.may_word(request.user, wording.key))
            for wording in wordings.WORDINGS.values()
        ]
        context = {"rows": rows, "has_add_permission": self.has_add_permission(request)}
        title = capfirst(self.opts.verbose_name_plural)
        return admin_page(self, request, "outbox/wording_list", title, **context)

    def add_view(self, request, form_url="", extra_context=None):
        """Open the form of a kind that has our text so far; else lead to the right place."""
        key = request.GET.get("key", "")
        if request.method == "POST" or not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        if override := WordingOverride.objects.filter(key=key).first():
            return HttpResponseRedirect(admin_address(override))
        if not wordings.WORDINGS.get(key):
            return HttpResponseRedirect(reverse("admin:outbox_wordingoverride_changelist"))
        return super().add_view(request, form_url, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        keys = [asked.get("key", "") for asked in (request.GET, request.POST)]
        if not all(wordings.may_word(request.user, key) for key in keys):
            raise PermissionDenied
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        wording = wordings.WORDINGS.get(obj.key if obj else form["key"].value())
        context |= {
            "wording": wording,
            "show_delete": False,
            "show_save_and_add_another": False,
        }
        if wording and not form.is_bound:
            context["previews"] = preview(wording, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)


def our_texts(wording):
    """Return our texts by the field that holds the officers' own."""
    texts = {}
    for name in ("subject", "body"):
        made = per_language(lambda name=name: getattr(wording, name))
        texts |= zip(each_language(name), made.values(), strict=True)
    return texts


def preview(wording, override):
    """Write the mail with each placeholder's explanation in its place."""
    words = {name: format_lazy("«{word}»", word=word) for name, word in wording.words.items()}
    return render_parts(
        wording, words, link="/", reply_to=settings.SECRETARIAT_MAILBOX, override=override
    )
