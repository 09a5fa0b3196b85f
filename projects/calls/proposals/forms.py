"""The fields of a proposal itself, a form a section. All may be empty: a draft lacks what it lacks.

What is wrong comes back beside its field and is not stored, but for texts longer than a page: they
are stored, and a rule of the call says so.
"""

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.forms.fields import OwnLanguageFirst
from sscnet.core.i18n.labels import each_language, field_label, translated_fields
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.latin_names import pinyin_of

from ..form import FORM, PERIOD, FormSection, fields_of, names_of
from ..models import Proposal, Remark
from .fields import MonthField, ProseField, WholeNumberField, plain

IS_NEEDED = {one.name for one in FORM if one.is_needed}
LIMITED = [one for one in FORM if one.is_one_page]
CLASSES = {models.TextField: ProseField, models.PositiveIntegerField: WholeNumberField}
CHINESE = "_zh_hans"


class DraftForm(OwnLanguageFirst, forms.ModelForm):
    """A form that stores what is right in it, whatever else is wrong or missing."""

    # Fields that the database compares: with one of them wrong, none is stored.
    compared = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, form_field in self.fields.items():
            form_field.required = False
            form_field.is_needed = self.is_main_language(name) and (
                name.removesuffix(CHINESE) in IS_NEEDED
            )
            form_field.label = capfirst(str(self.label_of(name, form_field)))
            if name.endswith(CHINESE):
                form_field.widget.attrs["lang"] = "zh-Hans"
            if isinstance(form_field.widget, forms.TextInput):
                form_field.widget.attrs.setdefault("autocomplete", "off")

    def is_main_language(self, name) -> bool:
        """Return whether it is no text, or the one in the language of the proposal or the page."""
        main = getattr(self.instance, "language", get_language()) or get_language()
        both = each_language(name.removesuffix(CHINESE))
        is_text = not set(both) - set(self.fields)
        return not is_text or name.endswith(CHINESE) == (main == Language.CHINESE)

    def label_of(self, name, form_field):
        """Return the label, of a text in two languages with its language."""
        texts = translated_fields(self._meta.model)
        if name in texts or name.removesuffix(CHINESE) in texts:
            return field_label(self._meta.model._meta.get_field(name))
        return form_field.label or ""

    def storable(self) -> dict:
        """Return the values that are right, by the names of their fields."""
        values = dict(self.cleaned_data)
        for names in self.compared:
            if any(name in self.errors for name in names):
                values = {name: v for name, v in values.items() if name not in names}
        return {name: value for name, value in values.items() if self.is_stored(name, value)}

    def is_stored(self, name, value) -> bool:
        """Return whether the record takes the value: a choice that was not made leaves the old."""
        if name not in self._meta.fields:
            return False
        model_field = self._meta.model._meta.get_field(name)
        return bool(model_field.blank or model_field.null or value not in ("", None))


class SectionForm(DraftForm):
    """The fields of a section. A text of more than one page is stored, with a word beside it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        most = self.instance.call.one_page_characters
        text = ngettext(
            "One page: at most %(n)d character.", "One page: at most %(n)d characters.", most
        )
        for name in self.one_page:
            self.fields[name].widget.attrs |= {"rows": 16, "data-most-characters": most}
            self.fields[name].help_text = text % {"n": most}

    @property
    def one_page(self) -> list[str]:
        return [name for name in names_of(LIMITED) if name in self.fields]

    def clean(self):
        data = super().clean()
        for name in self.one_page:
            over = len(data.get(name) or "") - self.instance.call.one_page_characters
            if over > 0:
                text = ngettext(
                    "This is %(n)d character too long. It is saved, but does not fit on one page.",
                    "This is %(n)d characters too long. It is saved, but does not fit on one page.",
                    over,
                )
                value = data[name]
                self.add_error(name, text % {"n": over})
                data[name] = value
        return data


class CoverForm(SectionForm):
    compared = (PERIOD,)
    starts_in = MonthField(
        label=_("Starts in"),
        help_text=_("Month and year, like 2027-12. The Fund approves in September."),
    )
    ends_in = MonthField(label=_("Ends in"), help_text=_("Month and year, like 2028-11."))

    class Meta:
        widgets = {"applicant": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        call = self.instance.call
        if areas := [(one.pk, str(one)) for one in call.areas.all()]:
            self.fields["area"].choices = [("", "---------"), *areas]
            self.fields["area"].is_needed = True
        codes = {*call.languages, self.instance.language} if call.languages else Language.values
        self.fields["language"].choices = [one for one in Language.choices if one[0] in codes]
        self.fields["language"].is_needed = self.fields["applicant"].is_needed = True

    def clean(self):
        data = super().clean()
        if data.get("starts_in") and data.get("ends_in") and data["ends_in"] < data["starts_in"]:
            self.add_error("ends_in", _("The end is before the start."))
        return data


class ContactForm(SectionForm):
    def clean_contact_phone(self):
        return plain(self.cleaned_data["contact_phone"])

    def clean(self):
        data = super().clean()
        if data.get("contact_latin_name") == "":
            data["contact_latin_name"] = pinyin_of(data.get("contact_name", ""))
        return data


FORMS = {FormSection.COVER: CoverForm, FormSection.CONTACT: ContactForm}


def form_of(section: FormSection) -> type[SectionForm]:
    """Make the form of the fields that a section has."""
    fields = fields_of(section)
    names = names_of(fields)
    kinds = {name: type(Proposal._meta.get_field(name.removesuffix(CHINESE))) for name in names}
    return forms.modelform_factory(
        Proposal,
        form=FORMS.get(section, SectionForm),
        fields=names,
        labels={one.name: one.label for one in fields if one.label},
        help_texts={one.name: one.help for one in fields if one.help},
        field_classes={name: CLASSES[kind] for name, kind in kinds.items() if kind in CLASSES},
    )


class RemarkAnswerForm(forms.ModelForm):
    """What the institution answers to a remark of the Secretariat on a section."""

    class Meta:
        model = Remark
        fields = ["answer"]
        labels = {"answer": _("Your answer")}
        help_texts = {"answer": _("What you changed, or why it should stay as it is.")}
        field_classes = {"answer": ProseField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].is_needed = True
