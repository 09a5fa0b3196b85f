"""What a person agrees to, or not: asked by the own link, or on paper; and taking it back.

What is held by a consent goes with it. A changed text gets another version.
"""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sscnet.core.uploads.documents import LETTER_HINT
from sscnet.core.uploads.validators import validate_letter

from ..models import SENSITIVE, Delegate, IssuedDocument, Passport
from ..registration import roster

LISTED = "listed"
KEPT = "kept"
VERSION = "2026-11-29"


# What is asked for; then why, to whom it goes abroad, and until when it is kept.
TEXTS = {
    "passport": (
        _("Name, number, nationality and expiry of your passport"),
        _(
            "To write your letter of invitation, and for the visa where you need one. The letter "
            "shows the number: you hand it to the embassy and the border police of the country of "
            "the meeting. The Secretariat sends it to nobody else abroad. Encrypted, until a few "
            "days after the meeting; then the portal deletes it."
        ),
    ),
    "diet": (
        _("Your diet"),
        _(
            "For your meals at this meeting. It may tell of health or belief. It goes to the host, "
            "the hotel and the caterer in the country of the meeting, and is kept until the "
            "retention day of the meeting; then the portal deletes it."
        ),
    ),
    "access_needs": (
        _("Your access needs"),
        _(
            "To provide rooms and help at this meeting. It may tell of health. It goes to the host "
            "and the hotel in the country of the meeting, and is kept until the retention day of "
            "the meeting; then the portal deletes it."
        ),
    ),
}
ANSWERS = [("yes", _("I agree")), ("no", _("I do not agree"))]


def asked_of(delegate: Delegate) -> list[str]:
    """Return what the person is asked to agree to."""
    asks = delegate.delegation.meeting.asks
    is_asked = {"passport": delegate.is_asked_for_passport}
    return [name for name in TEXTS if is_asked.get(name, name in asks)]


class ConsentForm(forms.Form):
    """The person's answers; `is_on_paper`: an officer enters them, with the signed sheet."""

    def __init__(self, data=None, files=None, *, delegate: Delegate, is_on_paper: bool = False):
        super().__init__(data, files)
        self.delegate = delegate
        for name in asked_of(delegate):
            what, text = TEXTS[name]
            given = "yes" if name in delegate.consented_to else "no"
            self.fields[f"agrees_{name}"] = forms.ChoiceField(
                label=what,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                initial=given if name in [*delegate.consented_to, *delegate.refused] else None,
                help_text=text,
            )
            if name in SENSITIVE:
                label = Delegate._meta.get_field(name).verbose_name
                self.fields[name] = forms.CharField(
                    label=label, max_length=300, required=False, initial=getattr(delegate, name)
                )
        if is_on_paper:
            self.fields["scan"] = forms.FileField(
                label=_("Scan of the signed consent"),
                validators=[validate_letter],
                help_text=LETTER_HINT,
            )

    def clean(self):
        data = super().clean()
        for name in SENSITIVE:
            if data.get(name) and data.get(f"agrees_{name}") == "no":
                text = _("Leave this empty, or agree that it is kept.")
                self.add_error(name, text)
        return data

    @transaction.atomic
    def save(self) -> None:
        data = self.cleaned_data
        asked = asked_of(self.delegate)
        agreed = [name for name in asked if data[f"agrees_{name}"] == "yes"]
        for name in self.delegate.consented_to:
            if name not in agreed:
                withdraw_consent(self.delegate, name)
        found = Delegate.objects.select_for_update(no_key=True).get(pk=self.delegate.pk)
        found.consented_to, found.refused = agreed, [name for name in asked if name not in agreed]
        for name in set(SENSITIVE) & set(agreed):
            setattr(found, name, data[name])
        found.consent_version = VERSION
        if data.get("scan"):
            found.consent_scan = data["scan"]
        found.save()


@transaction.atomic
def withdraw_consent(delegate: Delegate, what: str) -> None:
    """Take back the consent to be named in public, to be registered again, or to keep a
    sensitive field.
    """
    found = Delegate.objects.select_for_update(no_key=True).get(pk=delegate.pk)
    if what == LISTED:
        found.may_be_listed = False
    elif what == KEPT:
        found.may_be_kept = False
        roster.keep([found])
    elif what in found.consented_to:
        if what == "passport":
            # Letters show its number.
            Passport.objects.filter(delegate=found).erase()
            IssuedDocument.objects.letters().filter(delegate=found).outdate()
        else:
            setattr(found, what, "")
        found.consented_to = [name for name in found.consented_to if name != what]
        found.refused = [*found.refused, what]
    names = ["may_be_listed", "may_be_kept", "consented_to", "refused", *SENSITIVE]
    found.save(update_fields=names)
