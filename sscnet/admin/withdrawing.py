"""What an officer may say when a record is withdrawn: why, and what replaces it."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from sscnet.core.forms.fields import LongText
from sscnet.core.i18n.labels import each_language, field_label
from sscnet.core.models import Withdrawal


class WithdrawalForm(forms.Form):
    """All of it is optional, and stands on the page of each of the `records`."""

    replacement = forms.CharField(
        label=_("What replaces it"),
        max_length=1000,
        required=False,
        help_text=_("The address of its public page, copied from the browser."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    is_duplicate = forms.BooleanField(
        label=_("A duplicate of that record (its address then leads there)"), required=False
    )
    field_order = [*each_language("reason"), "replacement", "is_duplicate"]

    def __init__(self, data, records):
        super().__init__(data)
        self.records = records
        for name in each_language("reason"):
            # Only now: the fields of translations come after the admin is loaded.
            field = Withdrawal._meta.get_field(name)
            label = capfirst(str(field_label(field)))
            self.fields[name] = LongText(label=label, max_length=1000, required=False, rows=3)
        self.order_fields(self.field_order)

    def clean_replacement(self):
        address = self.cleaned_data["replacement"]
        if not address:
            return None
        slug = address.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
        published = self.records.model.objects.published()
        found = published.for_slug(slug).exclude(pk__in=self.records.values("pk")).first()
        if found is None:
            raise forms.ValidationError(_("No other public record of this kind has this address."))
        return found

    def clean(self):
        data = super().clean()
        is_alone = data.get("is_duplicate") and not data.get("replacement")
        if is_alone and "replacement" not in self.errors:
            self.add_error("replacement", _("Say which record is kept."))
        return data

    def values(self):
        """Return what is to be kept; None where nothing was said."""
        texts = ((name, self.cleaned_data[name]) for name in each_language("reason"))
        reasons = {name: text for name, text in texts if text}
        kept = self.cleaned_data["replacement"]
        if not kept and not reasons:
            return None
        is_duplicate = self.cleaned_data["is_duplicate"]
        return reasons | {"replacement_key": kept and kept.pk, "is_duplicate": is_duplicate}
