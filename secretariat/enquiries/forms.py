"""What is asked of somebody who asks, and of those who answer."""

import uuid
from hashlib import sha256

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Affiliation, Institution
from sscnet.core.forms.fields import LongText, RecordChoiceField

from . import handling
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
        field_classes = {"question": LongText, "country": RecordChoiceField}
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

    def clean(self):
        data = super().clean()
        # In one line, as a browser sends it: the name may come to stand in a mail's header.
        data |= {name: " ".join(data.get(name, "").split()) for name in ("name", "organisation")}
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
        enquiry.sent_key = self.sent_key()
        return enquiry

    def sent_key(self):
        """Make the same key of the same form with the same words, and of nothing else."""
        about = self.record and f"{self.record._meta.label} {self.record.pk}"
        words = [self.cleaned_data["form_key"] or uuid.uuid4(), about]
        words += [self.cleaned_data.get(name) for name in ASKED]
        return sha256(repr([str(word) for word in words]).encode()).hexdigest()


class AnswerForm(forms.Form):
    """What an institution answers to the person who asked."""

    text = LongText(
        label=_("Answer"),
        max_length=LONGEST_TEXT,
        rows=6,
        help_text=_("It is emailed to the person who asked."),
    )


class StepForm(AnswerForm):
    """An officer's words with a question, and what is done with it: `step` is the button."""

    # Of each step the fields that it takes; the first it cannot do without.
    FIELDS = {
        "answer": ("text",),
        "pass_on": ("institution", "text"),
        "close": ("outcome", "text"),
    }
    step = forms.ChoiceField(choices=[(name, name) for name in FIELDS], widget=forms.HiddenInput)
    institution = RecordChoiceField(
        Institution.objects.none(),
        label=_("Institution"),
        help_text=_("Institutions with somebody who can answer today."),
    )
    outcome = forms.ChoiceField(
        label=pgettext_lazy("decision", "Outcome"),
        choices=[("", "---------"), *Enquiry.Outcome.choices],
        help_text=_(
            "People are told of a corrected record and of a question that is not for the Network "
            "even without a message."
        ),
    )

    def __init__(self, *args, enquiry, **kwargs):
        super().__init__(*args, **kwargs)
        self.enquiry = enquiry
        text, institution = self.fields["text"], self.fields["institution"]
        # Until a button is pressed none is called optional.
        needed, *_more = self.FIELDS.get(self.data.get("step"), [""])
        for name in ("text", "institution", "outcome"):
            self.fields[name].required = not self.is_bound or name == needed
        text.label = _("Answer or message")
        text.help_text = _("It is emailed to the person who asked, or to the institution.")
        answering = Affiliation.objects.editing().filter(user__is_active=True)
        institutions = Institution.objects.filter(affiliations__in=answering)
        institution.queryset = institutions.distinct()
        institution.initial = enquiry.suggested_institution

    def take(self, by) -> None:
        """Take the step with what it needs of all that was typed. Raise ValidationError."""
        step = self.cleaned_data["step"]
        words = {name: self.cleaned_data[name] for name in self.FIELDS[step]}
        getattr(handling, step)(self.enquiry, by=by, **words)


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
