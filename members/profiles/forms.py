"""The form in which an institution proposes changes to its profile."""

from collections.abc import Iterable

from django import forms
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.choices import Province
from sscnet.codelists.models import Sector
from sscnet.core.forms.fields import LongText, OwnLanguageFirst
from sscnet.core.i18n.labels import field_label, own_language_first
from sscnet.core.models.fields import validate_partial_date
from sscnet.core.uploads.validators import validate_picture

from ..models import Institution, InstitutionName, Logo, Service
from .fields import SERVICE_TEXTS, TEXTS

LONGEST_NAME = InstitutionName._meta.get_field("name").max_length
MOST_LINES = 30
MOST_SERVICES = 30
NAMES = ("acronyms", "aliases", "former_names")
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


class Prose(LongText):
    def __init__(self, **kwargs):
        super().__init__(rows=6, required=False, **kwargs)
        self.widget.attrs["autocomplete"] = "off"


def line(model: type[Model], name: str, autocomplete: str = "off", **options) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    length = model._meta.get_field(name).max_length
    return forms.CharField(required=False, max_length=length, widget=widget, **options)


def label_as(model: type[Model], form: forms.Form, names: Iterable[str]) -> None:
    """Label fields of a form as the model calls them."""
    for name in names:
        form.fields[name].label = capfirst(str(field_label(model._meta.get_field(name))))


class ProfileForm(OwnLanguageFirst, forms.Form):
    name = line(Institution, "name", "organization")
    name_zh_hans = line(Institution, "name")
    acronyms = LinesField(label=_("Acronyms"), help_text=_("One per line."))
    aliases = LinesField(
        label=_("Other spellings and names"),
        help_text=_("Names people use to search for the institution; one per line."),
    )
    former_names = LinesField(label=_("Former names"), help_text=_("One per line."))
    kind = forms.ChoiceField(required=False, choices=KINDS)
    city = line(Institution, "city", "address-level2")
    city_zh_hans = line(Institution, "city")
    province = forms.ChoiceField(required=False, choices=[("", _("not stated")), *Province.choices])
    website = forms.URLField(
        required=False,
        max_length=300,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    role_mailbox = forms.EmailField(
        required=False,
        help_text=_("Shown to the public: an office’s address, not a person’s."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = line(Institution, "phone", "tel")
    founded = line(
        Institution,
        "founded",
        validators=[validate_partial_date],
        help_text=_("A year, a month or a day: 2019, 2019-05 or 2019-05-12."),
    )
    summary = Prose(help_text=_("One or two sentences, for lists; the first stands on cards."))
    summary_zh_hans = Prose()
    description = Prose()
    description_zh_hans = Prose()
    un_origin = Prose(help_text=_("How the United Nations helped to set it up."))
    un_origin_zh_hans = Prose()
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
    logo_alt = line(
        Logo,
        "alt",
        label=_("What the logo shows"),
        help_text=_("For people who cannot see it. Required with a new logo."),
    )
    logo_alt_zh_hans = line(Logo, "alt", label=_("What the logo shows (Chinese)"))
    remark = Prose(
        label=_("Remark for the Secretariat"),
        help_text=_("Where it can be read, or why it has changed. Not shown to the public."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sectors"].choices = [(s.slug, str(s)) for s in Sector.objects.all()]
        label_as(Institution, self, TEXTS)

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


class ServiceForm(OwnLanguageFirst, forms.Form):
    """A service; a row without a title is none."""

    id = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    kind = forms.ChoiceField(choices=Service.Kind.choices, required=False)
    title = line(Service, "title")
    title_zh_hans = line(Service, "title")
    description = Prose()
    description_zh_hans = Prose()
    for_whom = line(Service, "for_whom")
    for_whom_zh_hans = line(Service, "for_whom")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        label_as(Service, self, ("kind", *SERVICE_TEXTS))

    def has_changed(self):
        return any(str(self[name].data or "").strip() for name in ("id", *SERVICE_TEXTS))

    def clean(self):
        data = super().clean()
        has_title = data.get("title") or data.get("title_zh_hans")
        says_something = data.get("description") or data.get("description_zh_hans")
        if not has_title and (data.get("id") or says_something) and "title" not in self.errors:
            self.add_error("title", _("Give the service a title, or remove it."))
        return data


class BaseServices(forms.BaseFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove this service")


Services = forms.formset_factory(
    ServiceForm,
    formset=BaseServices,
    extra=2,
    can_delete=True,
    max_num=MOST_SERVICES,
    absolute_max=MOST_SERVICES + 2,
)


# ------------------------------------------------------------------ forms and plain values


def filled_with(values: dict) -> tuple[ProfileForm, forms.BaseFormSet]:
    """Return the form and that of the services, as they show these values."""
    form = ProfileForm(initial={name: values[name] for name in values if name != "logo"})
    return form, Services(initial=values["services"], prefix="services")


def said(form: ProfileForm, services: forms.BaseFormSet) -> dict:
    """Return what a sent form says, valid or not: a draft keeps whatever is there."""
    names = (*TEXTS, *NAMES, "sectors")
    values = {name: value_of(form, name) for name in names}
    rows = [row for row in services.forms if row not in services.deleted_forms]
    values["services"] = [row_of(row) for row in rows if row.has_changed()]
    return values


def value_of(form, name):
    field = form.fields[name]
    if name in form.cleaned_data:
        value = form.cleaned_data[name]
        is_choice = isinstance(field, forms.MultipleChoiceField)
        return sorted(value) if is_choice else value
    raw = form[name].data
    if isinstance(raw, list):
        return sorted(plain(value) for value in raw)
    return plain(raw).splitlines() if isinstance(field, LinesField) else plain(raw)


def plain(value) -> str:
    """Take out what the database cannot hold."""
    return str(value or "").replace("\0", "").encode("utf-8", "ignore").decode()


def row_of(form) -> dict:
    return {name: value_of(form, name) for name in ("id", "kind", *SERVICE_TEXTS)}
