"""What officers fill in for the steps of a request, and how they narrow its table."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting
from members.models import Institution
from members.models.institution import Province
from sscnet.codelists.models import Sector
from sscnet.core.forms.fields import LongText, MomentInput, RecordsChoiceField
from sscnet.core.i18n.collation import sort_key
from sscnet.core.i18n.labels import each_language, field_label

from . import copies
from .models import Request, RequestQuestion, Response
from .my_views import slip_field

# More than the Network will ever have.
MOST_MEMBERS = 1000
LONGEST_TEXT = 20_000


class ReadyForm(forms.Form):
    number = forms.TypedChoiceField(
        coerce=int, choices=lambda: [(n, one["title"]) for n, one in enumerate(copies.ready_made())]
    )


class NarrowingForm(forms.Form):
    """Institutions of a sector or a province."""

    sector = forms.ModelChoiceField(Sector.objects.all(), label=_("Of the sector"), required=False)
    province = forms.ChoiceField(
        label=_("Of the province"), choices=[("", "–"), *Province.choices], required=False
    )

    def narrow(self, rows, way: str = ""):
        """Keep rows of the chosen; `way` leads from a row to its institution."""
        for field, name in (("sectors", "sector"), ("province", "province")):
            if chosen := self.cleaned_data.get(name):
                rows = rows.filter(**{way + field: chosen})
        return rows


class TableForm(NarrowingForm):
    """Which responses a table and its files show, and in which order."""

    order = forms.ChoiceField(
        label=_("Order"),
        choices=[("name", _("name")), ("province", _("province")), ("state", _("state"))],
        required=False,
    )

    def responses(self, asked: Request) -> list[Response]:
        self.full_clean()
        rows = asked.responses.for_list().with_submissions()
        rows = self.narrow(rows, "institution__")
        keys = {
            "province": lambda row: row.institution.province,
            "state": lambda row: row.state,
        }
        by_name = sorted(rows, key=lambda row: sort_key(str(row.institution)))
        return sorted(by_name, key=keys.get(self.cleaned_data.get("order"), lambda _row: ""))


class RequestStepForm(forms.Form):
    """What a step of a request (`asked`) takes; to remind, close or admit takes nothing."""

    def __init__(self, *args, asked: Request, **options):
        super().__init__(*args, **options)


class RecipientsForm(RequestStepForm, NarrowingForm):
    """To whom a request goes: a group, narrowed, and single institutions besides."""

    GROUPS = [
        ("members", _("all members")),
        ("partners", _("members and partners")),
        ("", _("only those named below")),
    ]
    group = forms.ChoiceField(label=_("To"), choices=GROUPS, required=False)
    meeting = forms.ModelChoiceField(
        Meeting.objects.all(), label=_("With a delegation at"), required=False
    )
    institutions = RecordsChoiceField(
        Institution.objects.listed(), label=_("And these"), required=False
    )
    field_order = ["group"]

    def clean(self):
        """Return the institutions that are meant."""
        data = super().clean()
        if self.errors:
            return data
        # A sample institution is asked by its name alone.
        rows = Institution.objects.listed().filter(is_sample=False)
        rows = {"members": rows.members(), "partners": rows}.get(data["group"], rows.none())
        rows = self.narrow(rows)
        if data["meeting"]:
            rows = rows.filter(delegations__meeting=data["meeting"])
        named = data["institutions"].values("pk")
        chosen = Q(pk__in=rows.order_by().values("pk")) | Q(pk__in=named)
        return {"institutions": Institution.objects.filter(chosen)}


class OpenVoteForm(RequestStepForm):
    """Whether the list of members, as it stands below, is complete; `lacking` is how many not."""

    COMPLETE, LACKS = "complete", "lacks"
    LIST = [
        (COMPLETE, _("The list below is complete: these are all members.")),
        (LACKS, _("The list lacks members.")),
    ]
    list_of_members = forms.ChoiceField(
        label=_("List of the members that may vote"), choices=LIST, widget=forms.RadioSelect
    )
    lacking = forms.IntegerField(
        label=_("How many it lacks"),
        required=False,
        min_value=1,
        validators=[MaxValueValidator(MOST_MEMBERS)],
        help_text=_(
            "They count for the quorum and for rules of all members. The number stands on the"
            " result."
        ),
    )

    def clean(self):
        """Return how many members the list lacks."""
        data = super().clean()
        if self.errors:
            return data
        lacking = data["lacking"] or 0
        if data["list_of_members"] == self.LACKS and not lacking:
            self.add_error("lacking", _("Say how many members the list lacks."))
        if data["list_of_members"] == self.COMPLETE and lacking:
            self.add_error("lacking", _("Leave it empty, or say that the list lacks members."))
        return {"lacking": lacking}


class ExtensionForm(RequestStepForm):
    """A later end, for all or, but for a vote, for some alone."""

    closes_at = forms.DateTimeField(
        label=_("Until"), help_text=_("Beijing time."), widget=MomentInput
    )
    reason = LongText(label=_("Reason, shown to all"), max_length=2000, rows=3)
    only = RecordsChoiceField(
        Response.objects.none(),
        label=_("For these alone"),
        required=False,
        help_text=_("None chosen: for all."),
    )

    def __init__(self, *args, asked: Request, **options):
        super().__init__(*args, **options, asked=asked)
        self.fields["closes_at"].initial = asked.closes_at
        if asked.is_vote:
            del self.fields["only"]
            return
        field = self.fields["only"]
        field.queryset = asked.responses.select_related("institution")
        field.label_from_instance = lambda response: str(response.institution)


class CorrectionForm(RequestStepForm):
    """A text of an open request, corrected. The text to correct is named in the address."""

    text = LongText(label=_("Corrected text"), max_length=LONGEST_TEXT, rows=8)

    def __init__(self, *args, asked: Request, what: str = "", **options):
        super().__init__(*args, **options, asked=asked)
        self.correctable = correctable_texts(asked)
        self.chosen = self.correctable.get(what)
        if self.chosen:
            self.fields["text"] = self.chosen.form_field()

    def clean(self):
        """Return which text is corrected, and how, as `handling.correct` takes it."""
        data = super().clean()
        if not self.chosen:
            raise ValidationError(_("Choose below which text is to be corrected."))
        if self.errors:
            return data
        chosen = self.chosen
        return {"field": chosen.field, "question": chosen.question, "text": data["text"]}


class CorrectableText:
    """A text of an open request: its field, called as in a form, and what it says now."""

    def __init__(self, record: Request | RequestQuestion, field: str):
        self.field = field
        self.question = record if isinstance(record, RequestQuestion) else None
        self.text = getattr(record, field) or ""
        column = record._meta.get_field(field)
        self.longest = getattr(column, "original_field", column).max_length or LONGEST_TEXT
        self.label = field_label(column)
        if self.question:
            self.label = f"{self.label}: {record}"
        self.key = f"{record.pk}-{field}" if self.question else field

    def form_field(self) -> LongText:
        rows = 3 if self.longest <= 300 else 12
        options = {"label": self.label, "initial": self.text, "rows": rows}
        return LongText(**options, max_length=self.longest)


def correctable_texts(asked: Request) -> dict[str, CorrectableText]:
    """Return by their keys the texts that can be corrected, or filled where they are empty.

    Of a vote no choices that are there.
    """
    names = each_language("title") + each_language("text")
    found = [CorrectableText(asked, name) for name in names]
    for question in asked.questions.asked():
        names = each_language("text")
        if question.choices_i18n:
            names += each_language("choices")
        texts = [CorrectableText(question, name) for name in names]
        if asked.is_vote:
            texts = [one for one in texts if not (one.field.startswith("choices") and one.text)]
        found += texts
    return {one.key: one for one in found}


class RemarkForm(forms.Form):
    remark = LongText(label=_("What is to be put right"), max_length=2000, rows=4)


class PaperVoteForm(forms.Form):
    """What stands on a slip that came on paper."""

    vote = forms.TypedChoiceField(label=_("Vote on the slip"), coerce=int, widget=forms.RadioSelect)
    slip = slip_field()

    def __init__(self, *args, response: Response, **options):
        super().__init__(*args, **options)
        self.fields["vote"].choices = response.request.questions.asked().get().options


class RefusalForm(forms.Form):
    reason = LongText(label=_("Why it does not count"), max_length=2000, rows=3)
