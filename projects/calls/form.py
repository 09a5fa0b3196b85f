"""The Fund's form: each field once, in the order of the form.

Label, kind and limits of a field stand in the model. From this list follow the pages on which it is
written (`proposals.forms`), what is missing or too long (`checks`), the Fund's document and its
Word template (`outline`), what is read from Word (`proposals.word_reading`), what is kept of each
sending and differs between two (`versions`), what cannot be changed once it was sent
(`models.proposal`), and the project of the catalogue (`handling.award`).
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.labels import each_language


class FormSection(TextChoices):
    """A part of the form, in the Fund's order; remarks are made by section."""

    COVER = "cover", _("Cover")
    SITUATION = "situation", _("Situation analysis")
    STRATEGY = "strategy", _("Strategy")
    RESULTS = "results", _("Results framework")
    COUNTRIES = "countries", _("Countries")
    PARTNERS = "partners", _("Partners")
    ENDORSEMENTS = "endorsements", _("Endorsements")
    BUDGET = "budget", _("Budget")
    CONTACT = "contact", _("Contact")


@dataclass(frozen=True)
class FormField:
    """A field of the form, which is a field of `Proposal`.

    `is_text`: it is written in both languages.
    `is_needed`: without it the form is not filled in completely.
    `is_one_page`: it may be as long as a page of the call, and has its own place in the document.
    `has_line`: the document has a line for it; else it stands in another line, or in none.
    `is_own`: the Network asks it, not the Fund: it stands in the paper of the Secretariat.
    `label`, `help`: what the form says in place of the model.
    `becomes`: the field of the catalogue's project that takes its value.
    """

    name: str
    section: FormSection
    is_text: bool = False
    is_needed: bool = False
    is_one_page: bool = False
    has_line: bool = True
    is_own: bool = False
    label: Any = ""
    help: Any = ""
    becomes: str = ""


of_cover = partial(FormField, section=FormSection.COVER)
of_results = partial(FormField, section=FormSection.RESULTS)
of_contact = partial(FormField, section=FormSection.CONTACT)
one_page = partial(FormField, is_text=True, is_needed=True, is_one_page=True)
FORM = [
    of_cover("title", is_text=True, is_needed=True, has_line=False, becomes="title"),
    of_cover(
        "applicant",
        is_own=True,
        help=_("National institutions and organisations attach different documents."),
    ),
    of_cover("scope", is_needed=True),
    of_cover("language", has_line=False),
    of_cover("area", is_own=True, becomes="area"),
    of_cover(
        "starts_in",
        is_needed=True,
        has_line=False,
        help=_("Month and year, like 2027-12. The Fund approves in September."),
    ),
    of_cover("ends_in", is_needed=True, has_line=False, help=_("Month and year, like 2028-11.")),
    of_cover("beneficiaries_number", is_needed=True, becomes="beneficiaries_number"),
    of_cover("beneficiaries", is_text=True, is_needed=True, becomes="beneficiaries"),
    one_page("situation", FormSection.SITUATION, becomes="challenge"),
    one_page("strategy", FormSection.STRATEGY, becomes="approach"),
    of_results("intended_outcome", is_text=True, is_needed=True, becomes="summary"),
    of_results("outcome_indicator", is_text=True, is_needed=True),
    of_contact(
        "contact_name", is_needed=True, help=_("Whom the Secretariat and the Fund can contact.")
    ),
    of_contact(
        "contact_latin_name",
        has_line=False,
        help=_("The form in English shows it. Left empty, the pinyin of a Chinese name is taken."),
    ),
    of_contact("contact_position", label=_("Position held")),
    of_contact("contact_email", is_needed=True),
    of_contact("contact_phone", help=_("With the country’s code: +86 28 8432 0000.")),
]
PERIOD = ("starts_in", "ends_in")
TEXTS = [one.name for one in FORM if one.is_text]
# What changes only while the proposal is open; a contact changes any time.
OTHERS = [one.name for one in FORM if not one.is_text and one.section != FormSection.CONTACT]
KEPT = [*TEXTS, "i18n", *OTHERS]


def fields_of(section: str) -> list[FormField]:
    return [one for one in FORM if one.section == section]


def names_of(fields: list[FormField]) -> list[str]:
    """Return the names of fields, of a text in each language."""
    pairs = (each_language(one.name) if one.is_text else [one.name] for one in fields)
    return [name for names in pairs for name in names]
