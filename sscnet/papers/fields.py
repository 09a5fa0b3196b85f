"""What a template can ask for: the fields of each kind of paper, with a sentence for officers.

A template is checked where Django is not set up (`run_limited`), so all texts are lazy.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# A template may ask for a field in the language of the paper, or in this one.
SUFFIXES = ("", "_en", "_zh")


class Kind(TextChoices):
    NOTICE = "notice", _("notice of a meeting")
    LETTER = "letter", _("letter of invitation")
    COVER = "cover", _("covering letter")
    REQUEST = "request", _("request for approval")
    DELEGATES = "delegates", _("list of delegates")
    SLIP = "slip", _("return slip")
    CERTIFICATE = "certificate", _("certificate of attendance")
    PROPOSAL = "proposal", _("letter handing in a proposal")


@dataclass(frozen=True)
class Field:
    """A text; with `rows` a list of rows, each with these fields; or a picture."""

    name: str
    about: str
    rows: tuple["Field", ...] = ()
    is_picture: bool = False

    def names(self) -> list[str]:
        if self.is_picture or self.rows:
            return [self.name]
        return [self.name + suffix for suffix in SUFFIXES]


HOUSE = (
    Field("issuer", _("Who issues the paper, from the settings of papers.")),
    Field("contact", _("Who answers questions, with the telephone number.")),
    Field("number", _("The number in the register, such as 南南网函〔2027〕12号.")),
    Field("date", _("The day on which the paper was issued.")),
    Field("subject", _("What the paper is about; its title.")),
    Field("to", _("To whom the paper goes.")),
    Field("signer", _("Who signs: name, office and institution, one per line.")),
    Field("text", _("Text typed for this paper.")),
    Field("logo", _("The logo, from the settings of papers."), is_picture=True),
    Field("code", _("The code by which anybody can check the paper.")),
    Field("address", _("The address where the code can be checked.")),
    Field("qr", _("A QR code with that address."), is_picture=True),
    Field("attachments", _("The attachments."), rows=(Field("name", _("Its title.")),)),
)
MEETING = (
    Field("meeting", _("The title of the meeting.")),
    Field("days", _("The days of the meeting.")),
    Field("city", _("The city.")),
    Field("venue", _("The venue.")),
    Field("costs", _("Who pays what.")),
    Field("register_by", _("The last day of registration.")),
)
PERSON = (
    Field("name", _("The person’s name, in Chinese with the Chinese characters first.")),
    Field("institution", _("The institution that sends the person.")),
    Field("position", _("The person’s position.")),
    Field("passport_name", _("The name as in the passport.")),
    Field("passport_number", _("The number of the passport.")),
    Field("nationality", _("The nationality.")),
    Field("needs_visa", _("Not empty if the person crosses a border to come: for a condition.")),
)
PEOPLE = Field(
    "people",
    _("The people, a row each."),
    rows=(
        Field("no", _("The number of the row.")),
        Field("name", _("The name.")),
        Field("latin", _("The name in Latin letters.")),
        Field("institution", _("The institution.")),
        Field("position", _("The position.")),
        Field("country", _("The country.")),
        Field("gender", _("The gender.")),
        Field("mobile", _("The mobile number.")),
        Field("email", _("The email address.")),
        Field("arrival", _("When and how the person arrives.")),
        Field("departure", _("When and how the person leaves.")),
        Field("room", _("What room is wanted.")),
        Field("workshops", _("The workshops.")),
    ),
)
INSTITUTION = (
    Field("institution", _("The institution.")),
    Field("leader", _("Who leads the delegation.")),
    PEOPLE,
)
DOSSIER = (
    Field("purpose", _("What the meeting is for.")),
    Field("authority", _("Who approves it.")),
    Field("total", _("How many people are expected.")),
    Field("foreign", _("How many of them come from abroad.")),
    Field(
        "countries",
        _("The countries, a row each."),
        rows=(Field("name", _("The name.")), Field("count", _("How many people come from there."))),
    ),
    Field(
        "budget",
        _("The budget, a row each."),
        rows=(Field("item", _("What for.")), Field("amount", _("The amount."))),
    ),
    Field(
        "programme",
        _("The programme, a row each."),
        rows=(
            Field("day", _("The day.")),
            Field("time", _("The time.")),
            Field("title", _("The title.")),
            Field("speakers", _("The speakers.")),
        ),
    ),
    PEOPLE,
)
FUND = (
    Field("institution", _("The institution.")),
    Field("project", _("The title of the project.")),
    Field("call", _("The call for proposals.")),
    Field("reference", _("The number of the proposal.")),
    Field("amount", _("The amount that is asked for.")),
    Field("partners", _("The partners and countries.")),
)

FIELDS = {
    Kind.NOTICE: (*HOUSE, *MEETING),
    Kind.LETTER: (*HOUSE, *MEETING, *PERSON),
    Kind.COVER: (*HOUSE, *MEETING),
    Kind.REQUEST: (*HOUSE, *MEETING, *DOSSIER),
    Kind.DELEGATES: (*HOUSE, *MEETING, *INSTITUTION),
    Kind.SLIP: (*HOUSE, *MEETING, *INSTITUTION),
    Kind.CERTIFICATE: (*HOUSE, *MEETING, *PERSON),
    Kind.PROPOSAL: (*HOUSE, *FUND),
}


def sample(kind: str) -> dict:
    """Return values to try a template with: the name of each field, and two rows of each list."""
    return dict(_samples(FIELDS[Kind(kind)]))


def _samples(fields) -> Iterator[tuple]:
    for field in fields:
        if field.rows:
            yield field.name, [dict(_samples(field.rows)) for _row in range(2)]
        elif not field.is_picture:
            yield from ((name, f"[{name}]") for name in field.names())
