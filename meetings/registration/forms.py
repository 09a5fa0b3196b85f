"""What an institution fills in to send a delegation, step by step.

Two workshops at the same hour for one person are kept only when confirmed.
"""

from collections.abc import Collection, Iterable
from itertools import combinations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.models import Delegate, Delegation, Meeting, Workshop
from meetings.registration import roster
from sscnet.codelists.choices import CHINA
from sscnet.codelists.nationalities import nationalities
from sscnet.core.forms.persons import validate_latin
from sscnet.core.i18n.latin_names import latin_of
from sscnet.drafts.forms import DraftForm

MOST_PEOPLE = 60
# What every meeting asks; the rest only where the meeting's record says so.
ALWAYS = roster.FIELDS


class DelegateForm(DraftForm):
    """One person of a delegation, or a place kept for one to be named."""

    delegate = forms.IntegerField(required=False, widget=forms.HiddenInput)
    nationality = forms.ChoiceField(label=_("Nationality"), required=False, choices=nationalities)

    class Meta:
        model = Delegate
        fields = ["to_be_named", *ALWAYS, "gender", "may_be_listed", "may_be_kept"]
        widgets = {
            "chinese_name": forms.TextInput({"lang": "zh-Hans"}),
            # The browser would fill in the person who types, not the delegate.
            "email": forms.EmailInput({"autocomplete": "off"}),
            "mobile": forms.TextInput({"type": "tel"}),
        }
        labels = {
            "to_be_named": _("To be named later"),
            "may_be_listed": _("The person agreed to be named on the public page of the meeting."),
            "may_be_kept": _("The person agreed to stay in our list, for future registrations."),
        }
        help_texts = {
            "role": _("The person’s role at your institution, such as director or engineer."),
            "email": _("If there is none, emails about this person go to you."),
            "mobile": _(
                "For whoever waits at the station and for the hotel; never shown publicly."
            ),
            "may_be_listed": "",
            "may_be_kept": "",
        }

    def __init__(self, *args, meeting, country="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nationality"].initial = country
        if Meeting.Asked.GENDER not in meeting.asks:
            del self.fields["gender"]
        # Needed unless the place is to be named, which only the whole form can tell.
        for name in ("chinese_name", "family_name", "given_names"):
            self.fields[name].is_needed = True
        for name in ("family_name", "given_names"):
            self.fields[name].validators.append(validate_latin)
        self.fields["mobile"].is_needed = Meeting.Asked.MOBILE in meeting.asks
        self.fields["chinese_name"].help_text = _("Required for citizens of China.")
        self.fields["family_name"].help_text = _(
            "In Latin letters, as in the passport. Left empty, pinyin is proposed."
        )
        self.fields["given_names"].help_text = _("As in the passport. Empty if there is none.")

    @property
    def whose(self):
        """Return whom the form is about, for the list of what is wrong."""
        words = {"n": int(self.prefix.rpartition("-")[2]) + 1, "name": self.instance.name}
        text = gettext("Person %(n)d (%(name)s)") if words["name"] else gettext("Person %(n)d")
        return text % words

    def has_changed(self):
        # Each person on the page counts, one with nothing filled in too.
        return True

    def clean(self):
        data = super().clean()
        names = ("family_name", "given_names", "chinese_name")
        has_name = any(data.get(name) or name in self.errors for name in names)
        is_open = data.get("to_be_named")
        if not has_name and not is_open:
            text = _("Give a name, or mark the place to be named.")
            may_wait = "to_be_named" in self.fields
            self.add_error("chinese_name", text if may_wait else _("Give a name."))
        elif data.get("nationality") == CHINA and not is_open:
            self.require("chinese_name", _("Give the name in Chinese characters."))
        if self.fields["mobile"].is_needed and not is_open:
            self.require("mobile", _("This meeting asks for a mobile number."))
        self.propose_latin_name(data)
        return data

    def require(self, name, message):
        if not (self.cleaned_data.get(name) or name in self.errors):
            self.add_error(name, message)

    def propose_latin_name(self, data):
        """Fill in the pinyin of a Chinese name; what was typed in Latin letters stays."""
        if not any(
            data.get(name) or name in self.errors for name in ("family_name", "given_names")
        ):
            family, given = latin_of(data.get("chinese_name", ""))
            data |= {"family_name": family, "given_names": given}

    def draft(self):
        """Return what was typed, right or wrong, as far as there is room for it in the record."""
        self.full_clean()
        return {name: self.draft_of(name, field) for name, field in self.fields.items()}

    def draft_of(self, name, field):
        if name in self.cleaned_data:
            return self.cleaned_data[name]
        typed = self[name].value()
        limit = getattr(field, "max_length", None)
        return typed[:limit] if isinstance(typed, str) and not hasattr(field, "choices") else ""


class SentPersonForm(DelegateForm):
    """A person of a delegation that was sent; after the freeze day a change needs a reason."""

    why = forms.CharField(
        label=_("Why the change is needed"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The deadline for changes has passed: the Secretariat decides on the change."),
    )

    def __init__(self, *args, entry, **kwargs):
        super().__init__(*args, meeting=entry.meeting, country=entry.country, **kwargs)
        for name in ("delegate", "may_be_listed", "may_be_kept"):
            del self.fields[name]
        if not entry.needs_request:
            del self.fields["why"]


class PersonForm(SentPersonForm):
    """What is known of a person who was sent, and the workshops asked for."""

    def __init__(self, *args, entry, **kwargs):
        super().__init__(*args, entry=entry, **kwargs)
        if not self.instance.to_be_named:
            del self.fields["to_be_named"]
        if entry.workshops:
            chosen = self.instance.workshop_places.all()
            self.fields["workshops"] = forms.ModelMultipleChoiceField(
                label=_("Workshops"),
                queryset=entry.meeting.workshops.filter(cancelled_at=None),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[place.workshop_id for place in chosen if place.is_active],
                help_text=_(
                    "For a workshop you add, the person goes to the end of its waiting list."
                ),
            )
        self.order_fields([name for name in self.fields if name != "why"])

    def clean(self):
        super().clean()
        if "workshops" in self.cleaned_data:
            before = self.fields["workshops"].initial
            ask_about(self, self.cleaned_data["workshops"], before)


class SwapForm(SentPersonForm):
    """Another person for a place that is there."""

    def __init__(self, *args, entry, **kwargs):
        super().__init__(*args, entry=entry, **kwargs)
        del self.fields["to_be_named"]
        self.fields["may_be_listed"] = forms.BooleanField(
            label=_("The new person agreed to be named on the public page of the meeting."),
            required=False,
        )


class BasePeople(forms.BaseFormSet):
    def __init__(self, *args, meeting, country, **kwargs):
        super().__init__(*args, form_kwargs={"meeting": meeting, "country": country}, **kwargs)

    def clean(self):
        if not self.forms:
            raise ValidationError(_("Add at least one person, or a place to be named."))


PeopleFormSet = forms.formset_factory(
    DelegateForm,
    formset=BasePeople,
    extra=0,
    max_num=MOST_PEOPLE,
    absolute_max=MOST_PEOPLE,
    validate_max=True,
)


class WhoComesForm(forms.Form):
    """How many people come, and which of those the institution knows."""

    known = forms.ModelMultipleChoiceField(
        label=_("People you know"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They agreed to stay in your list. Tick those who will attend."),
    )
    how_many = forms.IntegerField(
        label=_("How many people will attend?"), required=False, min_value=1, max_value=MOST_PEOPLE
    )

    def __init__(self, *args, entry, number=0, **kwargs):
        super().__init__(*args, initial={"how_many": number or None}, **kwargs)
        self.offered = []
        if entry.is_on_paper:
            # The list is for the institution's own people.
            del self.fields["known"]
            return
        self.offered = list(roster.known(entry.delegation))
        # Sent twice, those ticked are in the delegation already.
        self.fields["known"].queryset = entry.institution.roster.all()
        self.fields["known"].widget.choices = [(one.pk, str(one)) for one in self.offered]

    @property
    def ticked(self):
        return list(self.cleaned_data.get("known", ()))


class PeopleSheetForm(forms.Form):
    """A list of people out of a spreadsheet, pasted or as a file."""

    pasted = forms.CharField(
        label=_("Rows copied from a spreadsheet"),
        required=False,
        # The first cell may be empty.
        strip=False,
        max_length=50_000,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "One person per row: name in Chinese, family name, given names, role, email, mobile "
            "number. Or put the column names in the first row, in any order."
        ),
    )
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("An Excel sheet (.xlsx) or CSV.")
    )

    def clean(self):
        data = super().clean()
        if not data.get("pasted", "").strip() and not data.get("file") and not self.errors:
            self.add_error("pasted", _("Paste rows, or choose a file."))
        return data


class WorkshopsForm(forms.Form):
    """Which workshops one person asks for."""

    def __init__(self, *args, delegate, workshops, **kwargs):
        super().__init__(*args, prefix=f"delegate-{delegate.pk}", **kwargs)
        self.delegate = delegate
        self.fields["workshops"] = forms.TypedMultipleChoiceField(
            label=_("Workshops"),
            choices=[(workshop.pk, str(workshop)) for workshop in workshops],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            initial=[place.workshop_id for place in delegate.workshop_places.all()],
        )
        self.offered = workshops

    def clean(self):
        keys = self.cleaned_data.get("workshops", [])
        chosen = [workshop for workshop in self.offered if workshop.pk in keys]
        if len(chosen) > 1:
            ask_about(self, chosen, self.fields["workshops"].initial)


class RuleForm(forms.ModelForm):
    """How the delegation waits where places are short. `instance` is a copy of what is stored."""

    class Meta:
        model = Delegation
        fields = ["rule"]
        widgets = {"rule": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].help_text = _(
            "The rule applies to the meeting and to each workshop separately."
        )
        self.fields["rule"].choices = [
            (
                Delegation.Rule.AS_MANY_AS_FIT,
                _("As many as fit: those for whom there are places get them now, the others wait."),
            ),
            (
                Delegation.Rule.ALL_TOGETHER,
                _(
                    "All together: everyone waits until there are places for all, and keeps their "
                    "position on the waiting list."
                ),
            ),
        ]


BOTH = "both"


def overlapping(workshops: Iterable[Workshop]) -> list[tuple[Workshop, Workshop]]:
    """Return the pairs that are held at the same time, as far as their times are known."""
    return [pair for pair in combinations(workshops, 2) if at_same_time(*pair)]


def at_same_time(one: Workshop, other: Workshop) -> bool:
    if not (one.starts_at and other.starts_at):
        return False
    first, second = sorted((one, other), key=lambda workshop: workshop.starts_at)
    is_same = first.starts_at == second.starts_at
    return is_same or bool(first.ends_at and first.ends_at > second.starts_at)


def ask_about(form: forms.Form, chosen: Iterable[Workshop], before: Collection[int]) -> None:
    """Add an error and a box to confirm with, unless it is ticked or both were chosen before."""
    pairs = [p for p in overlapping(chosen) if not {w.pk for w in p} <= set(before)]
    if not pairs:
        return
    label = _("Keep both workshops, although they are at the same time")
    form.fields[BOTH] = forms.BooleanField(label=label, required=False)
    if not form.data.get(form.add_prefix(BOTH)):
        for pair in pairs:
            form.add_error("workshops", in_words(pair))


def in_words(pair: tuple[Workshop, Workshop]) -> str:
    text = gettext("“%(one)s” and “%(other)s” are at the same time.")
    return text % {"one": pair[0], "other": pair[1]}
