"""What a traveller states, as far as the meeting asks for it; checked against its days."""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.nationalities import nationalities
from sscnet.core.forms.fields import IsoDateInput

from ..models import Meeting, PassportData, Traveller

Asked = Meeting.AskedOfTravellers
# The browser would keep it, and fill in the person who types.
NOT_KEPT = {"autocomplete": "off"}
FIELDS_OF = {
    Asked.JOURNEY: [
        *("arrives_on", "arrives_at", "arrives_by"),
        *("leaves_on", "leaves_at", "leaves_by"),
    ],
    Asked.HOTEL: ["hotel", "hotel_name"],
    Asked.ROOM: ["room"],
}
DAY = IsoDateInput(NOT_KEPT)
TIME = forms.TimeInput({"type": "time", **NOT_KEPT}, format="%H:%M")
# So long before and after a meeting a journey still belongs to it.
AROUND = timedelta(days=30)
NUMBER = re.compile(r"[A-Z0-9]{5,20}")


class PassportForm(forms.Form):
    name = forms.CharField(
        label=_("Name as printed in the passport"),
        max_length=120,
        help_text=_("In Latin letters, in the order of the passport."),
        widget=forms.TextInput(NOT_KEPT),
    )
    number = forms.CharField(
        label=_("Passport number"),
        max_length=30,
        help_text=_("Letters and digits."),
        widget=forms.TextInput(NOT_KEPT),
    )
    nationality = forms.ChoiceField(label=_("Nationality"), choices=nationalities)
    expires_on = forms.DateField(label=_("The passport expires on"), widget=DAY)

    def __init__(self, data=None, *, meeting: Meeting, passport: PassportData | None):
        initial = vars(passport) if passport else {}
        # A hotel can be asked for before the passport is at hand.
        super().__init__(
            data,
            initial=initial,
            prefix="passport",
            empty_permitted=passport is None,
            use_required_attribute=False,
        )
        self.meeting = meeting
        day = date_format(self.valid_until, "DATE_FORMAT")
        self.fields["expires_on"].help_text = _("It must be valid until %(day)s.") % {"day": day}

    @property
    def valid_until(self) -> date:
        return self.meeting.ends_on + relativedelta(months=self.meeting.passport_months)

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if not re.search(r"[A-Za-z]", name):
            raise ValidationError(_("Use Latin letters for the name, as in the passport."))
        return name

    def clean_number(self):
        number = re.sub(r"[\s-]", "", self.cleaned_data["number"]).upper()
        if not NUMBER.fullmatch(number):
            text = _("A passport number has 5 to 20 letters and digits, such as E12345678.")
            raise ValidationError(text)
        return number

    def clean_expires_on(self):
        day = self.cleaned_data["expires_on"]
        if day < self.valid_until:
            text = _("The passport must be valid until %(day)s; this one expires before that.")
            raise ValidationError(
                text, params={"day": date_format(self.valid_until, "DATE_FORMAT")}
            )
        if day.year > timezone.localdate().year + 20:
            raise ValidationError(_("This is more than 20 years from now: please check the year."))
        return day

    @property
    def passport(self) -> PassportData:
        return PassportData(**self.cleaned_data)


class JourneyForm(forms.ModelForm):
    class Meta:
        model = Traveller
        fields = [name for names in FIELDS_OF.values() for name in names]
        widgets = {
            "arrives_on": DAY,
            "arrives_at": TIME,
            "leaves_on": DAY,
            "leaves_at": TIME,
            "hotel": forms.RadioSelect,
            "room": forms.RadioSelect,
        }

    def __init__(self, data=None, *, meeting: Meeting, **kwargs):
        super().__init__(data, prefix="journey", **kwargs)
        self.meeting = meeting
        for asked, names in FIELDS_OF.items():
            if asked not in meeting.travel_asks:
                for name in names:
                    del self.fields[name]

    def clean(self):
        data, first, last = super().clean(), self.meeting.starts_on, self.meeting.ends_on
        text = _("This date does not fit the meeting, which is from %(first)s to %(last)s.")
        days = {
            "first": date_format(first, "DATE_FORMAT"),
            "last": date_format(last, "DATE_FORMAT"),
        }
        fitting = {"arrives_on": (first - AROUND, last), "leaves_on": (first, last + AROUND)}
        for name, (since, until) in fitting.items():
            if (day := data.get(name)) and not since <= day <= until:
                self.add_error(name, ValidationError(text, params=days))
        arrives, leaves = data.get("arrives_on"), data.get("leaves_on")
        if arrives and leaves and leaves < arrives:
            self.add_error("leaves_on", _("This is before the arrival date."))
        return data
