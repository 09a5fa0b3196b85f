"""The rules of a call, judged on a proposal: met or not, where the rule comes from, the way out.

Pure functions over a proposal loaded by `Proposal.objects.for_form()`. They block nothing: sending
does, and only by the rules that the call names as binding (`projects.calls.proposals.sending`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.calls.form import FORM, FormSection
from projects.calls.models import Call, Proposal, RequiredPaper
from projects.calls.models.binding_rules import SHORT_TEXT
from projects.catalogue.amounts import usd
from sscnet.core.forms.persons import PHONE, is_chinese
from sscnet.core.i18n.dates import partial_date
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.texts import comma_separated, in_one_language

from .papers import AskedPaper, asked_papers

Rule = Call.Rule


@dataclass(frozen=True)
class MissingItem:
    """A part of the form that is empty or not right yet, and where it stands."""

    section: FormSection
    label: str


@dataclass(frozen=True)
class CheckedRule:
    """A rule of the call and how a proposal stands to it, in the reader's language."""

    rule: Call.Rule
    section: FormSection
    source: str
    is_met: bool
    # What was found where it is met, and the way out where it is not.
    met: str
    way_out: str
    missing: list[MissingItem] = field(default_factory=list)
    is_binding: bool = False

    @property
    def words(self) -> str:
        return self.met if self.is_met else self.way_out

    @property
    def label(self) -> str:
        return capfirst(str(self.rule.label))

    @property
    def blocks(self) -> bool:
        return self.is_binding and not self.is_met


def check(proposal: Proposal) -> list[CheckedRule]:
    """Return the rules of the call, in the order of the form."""
    binding, order = proposal.call.binding_rules, list(FormSection)
    judged = filter(None, [judge(proposal) for judge in JUDGES])
    rules = [replace(one, is_binding=one.rule in binding) for one in judged]
    return sorted(rules, key=lambda one: order.index(one.section))


def blocking(proposal: Proposal) -> list[CheckedRule]:
    """Return the binding rules that are not met: the proposal cannot be sent."""
    return [one for one in check(proposal) if one.blocks]


# ------------------------------------------------------------------ a function a rule


def countries(proposal: Proposal) -> CheckedRule | None:
    least = proposal.call.least_countries
    if not least:
        return None
    there = sum(row.takes_part for row in proposal.proposal_countries.all())
    so_far = ngettext("%(n)d country so far", "%(n)d countries so far", there) % {"n": there}
    more = ngettext(
        "name %(n)d more developing country, or choose a project in which others take part.",
        "name %(n)d more developing countries, or choose a project in which others take part.",
        max(least - there, 1),
    )
    text = _(
        "The call requires at least %(n)d participating countries, including the lead country."
    )
    return CheckedRule(
        Rule.COUNTRIES,
        FormSection.COUNTRIES,
        text % {"n": least},
        is_met=there >= least,
        met=ngettext("%(n)d country takes part.", "%(n)d countries take part.", there)
        % {"n": there},
        way_out=_("%(so_far)s; %(more)s")
        % {"so_far": so_far, "more": more % {"n": max(least - there, 1)}},
    )


def ceiling(proposal: Proposal) -> CheckedRule | None:
    most = proposal.call.ceiling_usd
    if most is None:
        return None
    asked = proposal.asked_usd
    text = _(
        "%(asked)s is requested from the Fund: request %(over)s less, or find others to pay it."
    )
    return CheckedRule(
        Rule.CEILING,
        FormSection.BUDGET,
        _("The call gives at most %(most)s per project.") % {"most": usd(most)},
        is_met=asked <= most,
        met=_("%(asked)s is requested from the Fund.") % {"asked": usd(asked)},
        way_out=text % {"asked": usd(asked), "over": usd(max(asked - most, 0))},
    )


def other_inputs(proposal: Proposal) -> CheckedRule | None:
    percent = proposal.call.least_other_inputs_percent
    if not percent:
        return None
    asked, other = proposal.asked_usd, proposal.other_usd
    # Rounded up: the database counts exactly.
    lacking = -(-asked * percent // 100) - other
    source = _(
        "The call requires other inputs of at least %(n)d%% of the amount requested from the Fund."
    )
    text = _(
        "Other inputs are %(other)s so far: show %(lacking)s more, in cash or in kind, "
        "from your own institution or from partners, or request less from the Fund."
    )
    return CheckedRule(
        Rule.OTHER_INPUTS,
        FormSection.BUDGET,
        source % {"n": percent},
        is_met=lacking <= 0,
        met=_("Other inputs are %(other)s.") % {"other": usd(other)},
        way_out=text % {"other": usd(other), "lacking": usd(max(lacking, 0))},
    )


def endorsements(proposal: Proposal) -> CheckedRule | None:
    papers = list(proposal.call.required_papers.all())
    if not papers:
        return None
    asked = asked_papers(proposal)
    missing = [
        MissingItem(FormSection.ENDORSEMENTS, f"{one}: {lacks}" if lacks else str(one))
        for one in asked
        if not one.is_there or one.lacks
        for lacks in [comma_separated(one.lacks) if one.is_there else ""]
    ]
    is_open = not asked and any(paper.each_country for paper in papers)
    if is_open:
        way_out = _(
            "Name the participating countries first: each of them has to endorse the proposal."
        )
    else:
        text = ngettext(
            "%(n)d document is missing or not described: ask for it early, upload it signed and"
            " scanned, and say who signed it.",
            "%(n)d documents are missing or not described: ask for them early, upload them signed"
            " and scanned, and say who signed them.",
            len(missing),
        )
        way_out = text % {"n": len(missing)}
    return CheckedRule(
        Rule.ENDORSEMENTS,
        FormSection.ENDORSEMENTS,
        _("The call requires these documents: %(papers)s.") % {"papers": comma_separated(papers)},
        is_met=not missing and not is_open,
        met=_("All documents are there.") + unconfirmed(asked),
        way_out=way_out,
        missing=missing,
    )


def unconfirmed(asked: list[AskedPaper]) -> str:
    """Return how many papers an officer has not confirmed yet."""
    n = sum(not one.endorsement.confirmed_at for one in asked if one.is_there)
    words = ngettext(
        " %(n)d was handed in; the Secretariat has not confirmed it yet.",
        " %(n)d were handed in; the Secretariat has not confirmed them yet.",
        n,
    )
    return words % {"n": n} if n else ""


def inputs_shown(proposal: Proposal) -> CheckedRule | None:
    kind = RequiredPaper.Kind.INPUTS
    if not any(paper.kind == kind for paper in proposal.call.required_papers.all()):
        return None
    letters = [one for one in asked_papers(proposal) if one.paper.kind == kind and one.is_there]
    shown = sum(one.endorsement.amount_usd or 0 for one in letters)
    amounts = {"shown": usd(shown), "other": usd(proposal.other_usd)}
    text = _(
        "Letters show %(shown)s of %(other)s: upload a letter of each institution that gives "
        "something, and say how much it shows."
    )
    return CheckedRule(
        Rule.INPUTS_SHOWN,
        FormSection.ENDORSEMENTS,
        _("The Committee of Experts turned proposals down whose matching funds were not shown."),
        is_met=shown >= proposal.other_usd,
        met=_("Letters show %(shown)s.") % amounts,
        way_out=text % amounts,
    )


def area(proposal: Proposal) -> CheckedRule | None:
    areas = list(proposal.call.areas.all())
    if not areas:
        return None
    return CheckedRule(
        Rule.AREA,
        FormSection.COVER,
        _("The call names its areas: %(areas)s.") % {"areas": comma_separated(areas)},
        is_met=proposal.area in areas,
        met=_("The area is one of the call’s."),
        way_out=_("Choose one of the call’s areas on the cover."),
    )


def language(proposal: Proposal) -> CheckedRule | None:
    codes = proposal.call.languages
    if not codes:
        return None
    names = comma_separated(Language(code).label for code in codes)
    return CheckedRule(
        Rule.LANGUAGE,
        FormSection.COVER,
        _("The call accepts proposals in: %(languages)s.") % {"languages": names},
        is_met=proposal.language in codes,
        met=_("The language is one of the call’s."),
        way_out=_("Write the proposal in one of the call’s languages, and say so on the cover."),
    )


def group_of_77(proposal: Proposal) -> CheckedRule | None:
    rows = [row for row in proposal.proposal_countries.all() if row.takes_part]
    others = [row.country for row in rows if not row.country.g77]
    text = _(
        "Not known to be members: %(countries)s. Ask the Secretariat, or name them as "
        "beneficiaries instead of participants."
    )
    return CheckedRule(
        Rule.GROUP_OF_77,
        FormSection.COUNTRIES,
        _("The Fund serves members of the Group of 77."),
        is_met=not others,
        met=_("All participating countries are members."),
        way_out=text % {"countries": comma_separated(others)},
    )


def start(proposal: Proposal) -> CheckedRule | None:
    if not proposal.starts_in:
        return None
    closes = f"{localtime(proposal.call.closes_at):%Y-%m}"
    return CheckedRule(
        Rule.START,
        FormSection.COVER,
        _("A project starts after the call: the Fund approves in September."),
        is_met=proposal.starts_in > closes,
        met=_("It starts after the call has closed."),
        way_out=_("Choose a first month after %(month)s.") % {"month": partial_date(closes)},
    )


def texts(proposal: Proposal) -> CheckedRule | None:
    least = proposal.call.least_characters
    written = [one for one in written_texts(proposal) if one[2]]
    if not written:
        return None
    short = [
        MissingItem(one.section, f"{label_of(one.name)}: {n} / {least}")
        for one in FORM
        if one.is_one_page and (n := len(value_of(proposal, one.name))) < least
    ]
    seen: dict[str, str] = {}
    twice = []
    for section, label, text in written:
        words = " ".join(text.split()).casefold()
        if len(words) > SHORT_TEXT and words in seen:
            pair = _("%(one)s and %(other)s say the same") % {"one": seen[words], "other": label}
            twice.append(MissingItem(section, pair))
        seen.setdefault(words, label)
    missing = [*short, *twice]
    return CheckedRule(
        Rule.TEXTS,
        missing[0].section if missing else FormSection.SITUATION,
        _("The call counts at least %(n)d characters for each of the two pages.") % {"n": least}
        if least
        else _("Each field of the form asks something else."),
        is_met=not missing,
        met=_("Each text says something of its own."),
        way_out=_("Write as much as the call counts, and in each field something of its own."),
        missing=missing,
    )


def written_texts(proposal: Proposal) -> Iterator[tuple[FormSection, str, str]]:
    """Give each text of the form with its section and label, in the proposal's language."""
    for one in FORM:
        if one.is_text:
            yield one.section, label_of(one.name), value_of(proposal, one.name)
    for n, row in enumerate(proposal.outputs.all(), 1):
        for name in ("name", "activities", "inputs"):
            label = f"{capfirst(str(row._meta.get_field(name).verbose_name))} ({n})"
            yield FormSection.RESULTS, label, value_of(proposal, name, row)


def length(proposal: Proposal) -> CheckedRule | None:
    most = proposal.call.one_page_characters
    over = [
        MissingItem(one.section, f"{label_of(one.name)}: {n} / {most}")
        for one in FORM
        if one.is_one_page and (n := longest(proposal, one.name)) > most
    ]
    return CheckedRule(
        Rule.LENGTH,
        over[0].section if over else FormSection.SITUATION,
        _("The Fund allows one page for each; the call counts %(n)d characters as a page.")
        % {"n": most},
        is_met=not over,
        met=_("Both fit on a page."),
        way_out=_("Shorten what is too long."),
        missing=over,
    )


def complete(proposal: Proposal) -> CheckedRule:
    missing = missing_items(proposal)
    return CheckedRule(
        Rule.COMPLETE,
        missing[0].section if missing else FormSection.COVER,
        _("The Fund considers a proposal only when its form is filled in completely."),
        is_met=not missing,
        met=_("Every part is filled in."),
        way_out=_("Fill in what is still empty."),
        missing=missing,
    )


JUDGES: list[Callable[[Proposal], CheckedRule | None]] = [
    *(complete, area, language, start, texts, length),
    *(countries, group_of_77, endorsements, inputs_shown, ceiling, other_inputs),
]


# ------------------------------------------------------------------ what is empty, what is too long


def missing_items(proposal: Proposal) -> list[MissingItem]:
    """Return what of the form is empty, in the order of the form."""
    empty = [
        MissingItem(one.section, label_of(one.name))
        for one in FORM
        # Texts are needed in the language of the proposal.
        if one.is_needed and value_of(proposal, one.name) in ("", None)
    ]
    outputs = [value_of(proposal, "name", row) for row in proposal.outputs.all()]
    if not any(outputs):
        empty.append(MissingItem(FormSection.RESULTS, _("an intended output")))
    leads = [row.country for row in proposal.proposal_countries.all() if row.role == "lead"]
    if not leads or proposal.institution.country not in (None, *leads):
        empty.append(MissingItem(FormSection.COUNTRIES, _("the country that leads")))
    if not proposal.asked_usd:
        empty.append(MissingItem(FormSection.BUDGET, _("an amount requested from the Fund")))
    if is_chinese(proposal.contact_name) and not proposal.contact_latin_name:
        empty.append(MissingItem(FormSection.CONTACT, label_of("contact_latin_name")))
    if proposal.contact_phone and not re.match(PHONE, proposal.contact_phone):
        empty.append(MissingItem(FormSection.CONTACT, _("a telephone number with country code")))
    order = list(FormSection)
    return sorted(empty, key=lambda part: order.index(part.section))


def label_of(name: str) -> str:
    return capfirst(str(Proposal._meta.get_field(name).verbose_name))


def value_of(proposal: Proposal, name: str, row=None):
    """Return a value, of a text the one in the language of the proposal."""
    record = row or proposal
    if name in record._meta.get_field("i18n").fields and proposal.language == Language.CHINESE:
        return in_one_language(record, name, Language.CHINESE)
    return getattr(record, name)


def longest(proposal: Proposal, name: str) -> int:
    """Return the length of a text, in whichever language it is longer."""
    return max(
        len(in_one_language(proposal, name, code)) for code in (Language.ENGLISH, Language.CHINESE)
    )
