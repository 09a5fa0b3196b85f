"""The form in which an institution proposes changes to its profile."""

from functools import partial

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.models import Sector
from sscnet.core.forms.fields import LongText
from sscnet.core.i18n.labels import each_language, own_language_first
from sscnet.core.uploads.validators import validate_picture
from sscnet.drafts.forms import DraftForm, DraftRowForm

from ..models import Institution, InstitutionName, Logo, Service
from .fields import NAMES, OF_SERVICE, TEXTS

LONGEST_NAME = InstitutionName._meta.get_field("name").max_length
LONGEST_ALT = Logo._meta.get_field("alt").max_length
MOST_LINES = 30
MOST_SERVICES = 30
LONG_TEXTS = [
    name for text in ("summary", "description", "un_origin") for name in each_language(text)
]
Prose = partial(LongText, rows=6)
# What a browser may fill in: it is of the institution, not of the person who types.
AUTOCOMPLETE = {
    "name": "organization",
    "city": "address-level2",
    "website": "url",
    "role_mailbox": "email",
    "phone": "tel",
}
KINDS = [choice for choice in Institution.Kind.choices if choice[0] != Institution.Kind.SUPPORTER]


class LinesField(forms.CharField):
    """Several names, one a line."""

    def __init__(self, **kwargs):
        widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **kwargs)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        lines = (" ".join(line.split()) for line in super().to_python(value).splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value):
        super().validate(value)
        if len(value) > MOST_LINES:
            raise forms.ValidationError(_("There are too many names to save."))
        if too_long := [line for line in value if len(line) > LONGEST_NAME]:
            text = gettext("“%(name)s …” is too long: write at most %(n)d characters per line.")
            raise forms.ValidationError(text % {"name": too_long[0][:40], "n": LONGEST_NAME})

    def run_validators(self, value):
        super().run_validators("\n".join(value))


class ProfileForm(DraftForm):
    field_order = ["name", "name_zh_hans", *NAMES]
    acronyms = LinesField(label=_("Acronyms"), help_text=_("One per line."))
    aliases = LinesField(
        label=_("Other spellings and names"),
        help_text=_("Names people use to search for the institution; one per line."),
    )
    former_names = LinesField(label=_("Former names"), help_text=_("One per line."))
    sectors = forms.MultipleChoiceField(
        label=_("Fields of expertise"), required=False, widget=forms.CheckboxSelectMultiple
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        validators=[validate_picture],
        help_text=_(
            "A new logo, as a JPEG, PNG or WebP picture. Leave empty to keep the current one."
        ),
    )
    logo_alt = forms.CharField(
        label=_("What the logo shows"),
        required=False,
        max_length=LONGEST_ALT,
        help_text=_("For people who cannot see it. Required with a new logo."),
    )
    logo_alt_zh_hans = forms.CharField(
        label=_("What the logo shows (Chinese)"), required=False, max_length=LONGEST_ALT
    )
    remark = Prose(
        required=False,
        label=_("Remark for the Secretariat"),
        help_text=_("Where it can be read, or why it has changed. Not shown to the public."),
    )

    class Meta:
        model = Institution
        fields = TEXTS
        field_classes = dict.fromkeys(LONG_TEXTS, Prose)
        help_texts = {
            "phone": "",
            "founded": _("A year, a month or a day: 2019, 2019-05 or 2019-05-12."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, autocomplete in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = autocomplete
        self.fields["kind"].choices = KINDS
        self.fields["sectors"].choices = [(s.slug, str(s)) for s in Sector.objects.all()]

    def clean(self):
        data = super().clean()
        both = own_language_first(["name", "name_zh_hans"])
        if not any(data.get(name) or name in self.errors for name in both):
            self.add_error(both[0], _("Give a name in English or in Chinese."))
        if data.get("logo") and not (data.get("logo_alt") or data.get("logo_alt_zh_hans")):
            self.add_error("logo_alt", _("Say in a few words what the logo shows."))
        self.clean_names(data)
        return data

    def clean_names(self, data):
        """Refuse a name in two places: the institution has each of its names once."""
        seen = set()
        for name in NAMES:
            for words in data.get(name, []):
                if words in seen:
                    text = gettext("“%(name)s” appears twice. Keep only one.")
                    self.add_error(name, text % {"name": words})
                seen.add(words)


class ServiceForm(DraftRowForm):
    class Meta:
        model = Service
        fields = OF_SERVICE
        field_classes = dict.fromkeys(each_language("description"), Prose)


Services = forms.formset_factory(
    ServiceForm, extra=2, max_num=MOST_SERVICES, absolute_max=MOST_SERVICES + 2
)


# ------------------------------------------------------------------ forms and plain values


def filled_with(values: dict) -> tuple[ProfileForm, forms.BaseFormSet]:
    """Return the form and that of the services, as they show these values."""
    form = ProfileForm(initial={name: values[name] for name in values if name != "logo"})
    return form, Services(initial=values["services"], prefix="services")


def said(form: ProfileForm, services: forms.BaseFormSet, removed: ServiceForm | None) -> dict:
    """Return what a sent form says, valid or not: a draft keeps whatever is there.

    Of the services the one that is to be removed is left out, and those that were emptied.
    """
    names = (*TEXTS, *NAMES, "sectors")
    values = {name: value_of(form, name) for name in names}
    values["services"] = [
        {name: value_of(row, name) for name in ("id", *OF_SERVICE)}
        for row in services.forms
        if not (row.is_blank or row is removed)
    ]
    return values


def value_of(form, name):
    field = form.fields[name]
    if name in form.cleaned_data:
        value = form.cleaned_data[name]
        is_choice = isinstance(field, forms.MultipleChoiceField)
        # A text in Chinese that is left empty is None in the record.
        return sorted(value) if is_choice else "" if value is None else value
    raw = form[name].data
    if isinstance(raw, list):
        return sorted(raw)
    return (raw or "").splitlines() if isinstance(field, LinesField) else raw or ""
