"""The fields of a proposal itself, a form a section. All may be empty: a draft lacks what it lacks.

What is wrong comes back beside its field and is not stored, but for texts longer than a page: they
are stored, and a rule of the call says so.
"""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sscnet.core.forms.typed_fields import MonthField, WholeNumberField, plain
from sscnet.core.i18n.labels import without_language
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.latin_names import pinyin_of
from sscnet.drafts.forms import DraftForm

from ..form import FORM, PERIOD, FormSection, fields_of, names_of
from ..models import Proposal, Remark
from .fields import ProseField

IS_NEEDED = {one.name for one in FORM if one.is_needed}
LIMITED = [one for one in FORM if one.is_one_page]
CLASSES = {models.TextField: ProseField, models.PositiveIntegerField: WholeNumberField}


class SectionForm(DraftForm):
    """The fields of a section. A text of more than one page is stored, with a word beside it."""

    def is_needed(self, name):
        return without_language(name) in IS_NEEDED

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
    kinds = {name: type(Proposal._meta.get_field(without_language(name))) for name in names}
    return forms.modelform_factory(
        Proposal,
        form=FORMS.get(section, SectionForm),
        fields=names,
        labels={one.name: one.label for one in fields if one.label},
        help_texts={one.name: one.help for one in fields if one.help},
        field_classes={name: CLASSES[kind] for name, kind in kinds.items() if kind in CLASSES}
        | dict.fromkeys(PERIOD, MonthField),
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
