"""What is asked of somebody who asks, and of those who answer."""

import uuid
from hashlib import sha256

from django import forms
from django.utils.text import normalize_newlines
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from members.models import Affiliation, Institution
from sscnet.core.forms.fields import LongText, RecordChoiceField
from sscnet.core.i18n.languages import Language, portal_languages
from sscnet.core.i18n.texts import guessed

from .models import LONGEST_TEXT, Enquiry

ASKED = ["kind", "question", "name", "email", "organisation", "country"]


class AskForm(forms.ModelForm):
    """A question about a record, or about anything.

    `form_key` tells a form that is sent twice from a second one with the same words; `website` is a
    trap: no person sees it, programs fill it in.
    """

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    class Meta:
        model = Enquiry
        fields = ASKED
        labels = {
            "kind": _("What is it?"),
            "question": _("Your question or correction"),
            "name": _("Your name"),
            "email": _("Your email address"),
            "organisation": _("Organisation"),
            "country": _("Country"),
        }
        help_texts = {
            "question": _("In English or Chinese, if you can."),
            "email": _("The answer will be sent there. Only the Secretariat sees it."),
        }
        field_classes = {"country": RecordChoiceField}
        widgets = {
            "kind": forms.RadioSelect,
            "question": forms.Textarea(attrs={"rows": 8}),
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "organisation": forms.TextInput(attrs={"autocomplete": "organization"}),
            "country": forms.Select(attrs={"autocomplete": "country"}),
        }

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.record = record
        self.initial.setdefault("form_key", uuid.uuid4())
        kind = self.fields["kind"]
        kind.choices = [(Enquiry.Kind.QUESTION, _("A question"))]
        if record:
            kind.choices += [(Enquiry.Kind.CORRECTION, _("Something on the page is wrong"))]
        else:
            kind.required = False
            kind.choices += [(Enquiry.Kind.JOINING, _("Our institution wishes to join"))]
        self.fields["name"].required = self.fields["email"].required = True

    def clean_name(self):
        return in_one_line(self.cleaned_data["name"])

    def clean_organisation(self):
        return in_one_line(self.cleaned_data["organisation"])

    def clean_question(self):
        return normalize_newlines(self.cleaned_data["question"])

    def clean_form_key(self):
        return self.cleaned_data["form_key"] or uuid.uuid4()

    def clean(self):
        data = super().clean()
        if data.get("website"):
            # Emptied, so that a person whose browser filled it in need only press again.
            self.data = self.data.copy()
            self.data["website"] = ""
            message = _(
                "This looked as if it was sent by a program. If you are a person, please send it "
                "again."
            )
            raise forms.ValidationError(message)
        return data

    def enquiry(self):
        """Return the question as it is to be kept."""
        enquiry = self.instance
        if self.record:
            setattr(enquiry, self.record._meta.model_name, self.record)
            enquiry.subject = str(self.record)[:600]
        enquiry.language = language_of(enquiry.question)
        enquiry.sent_key = self.sent_key()
        return enquiry

    def sent_key(self):
        """Make the same key of the same form with the same words, and of nothing else."""
        about = self.record and f"{self.record._meta.label} {self.record.pk}"
        words = [self.cleaned_data["form_key"], about]
        words += [self.cleaned_data.get(name) for name in ASKED]
        return sha256(repr([str(word) for word in words]).encode()).hexdigest()


def in_one_line(text):
    """Fold to one line, as a browser sends it: the name may come to stand in a mail's header."""
    return " ".join(text.split())


def language_of(text):
    """Say Chinese where there is Chinese, else the page's language; English on a Chinese page."""
    if guessed(text).language == Language.CHINESE:
        return Language.CHINESE
    return Language.ENGLISH if get_language() == Language.CHINESE else get_language()


def words_field(label, **options):
    return LongText(label=label, max_length=LONGEST_TEXT, rows=6, **options)


class StepForm(forms.Form):
    """One step of an officer or of an institution, with words."""

    def __init__(self, *args, enquiry, **kwargs):
        super().__init__(*args, **kwargs)
        self.enquiry = enquiry
        if "language" in self.fields:
            self.fields["language"].initial = enquiry.language


class AnswerForm(StepForm):
    title, button = _("Answer it ourselves"), _("Send the answer")
    text = words_field(_("Answer"), help_text=_("It is emailed to the person who asked."))
    language = forms.ChoiceField(label=_("Language of the answer"), choices=portal_languages)


class PassOnForm(StepForm):
    title, button = _("Pass on to an institution"), _("Pass on and write to the institution")
    institution = forms.ModelChoiceField(
        Institution.objects.none(),
        label=_("Institution"),
        help_text=_("Institutions with somebody who can answer today."),
    )
    text = words_field(_("Message to the institution"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        answering = Affiliation.objects.editing().filter(user__is_active=True)
        institutions = Institution.objects.filter(affiliations__in=answering)
        self.fields["institution"].queryset = institutions.distinct().order_by("name_i18n")
        self.fields["institution"].initial = self.enquiry.suggested_institution


class CloseForm(StepForm):
    title, button = _("Close it"), _("Close the question")
    outcome = forms.ChoiceField(
        label=pgettext_lazy("decision", "Outcome"),
        choices=[("", "---------"), *Enquiry.Outcome.choices],
    )
    text = words_field(
        _("Message to the person who asked"),
        required=False,
        help_text=_(
            "Sent by email. People are told of a corrected record and of a question that is not "
            "for the Network even without a message."
        ),
    )
    language = forms.ChoiceField(label=_("Language of the message"), choices=portal_languages)


class IntroductionForm(forms.Form):
    """What an institution says to an introduction."""

    state = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("accepted", _("We can help")), ("declined", _("We cannot help"))],
        widget=forms.RadioSelect,
    )
    answer = LongText(
        label=_("What you can offer, or why not"), max_length=2000, rows=4, required=False
    )
