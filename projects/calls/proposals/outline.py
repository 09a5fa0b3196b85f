"""A proposal as two papers: what its documents, its page and its ZIP are made of.

The first is the Fund's form: its parts and fields, in its order, and nothing else (the model format
on g77.org, April 2019; only its cover and parts Ia, Ib and II are known). The second is the
Secretariat's: what the Network asks beside, and the rules of the call.

The Fund reads English; each label and text stands in both languages, and Chinese is shown beside on
wish.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from projects.catalogue.amounts import usd
from sscnet.core.i18n.dates import partial_date
from sscnet.core.i18n.texts import in_one_language, per_language

from ..form import FORM, FormField, FormSection, fields_of
from ..models import Call, Proposal
from .checks.papers import asked_papers
from .checks.precheck import check

ENGLISH, CHINESE = "en", "zh-hans"
# The number is known after the Fund's approval only.
NUMBER_LEFT_OPEN = "INT/../..."


@dataclass(frozen=True)
class Both:
    """Words in both languages; one of them may be empty."""

    en: str = ""
    zh: str = ""

    def __bool__(self):
        return bool(self.en or self.zh)


@dataclass(frozen=True)
class Line:
    """A field of the form with its value; `is_long` for a text of several paragraphs."""

    label: Both
    value: Both
    is_long: bool = False


@dataclass(frozen=True)
class FormTable:
    """Rows of the form under their headings; columns of `amounts` are set to the right."""

    headings: list[Both]
    rows: list[list[Both]]
    amounts: tuple[int, ...] = ()


@dataclass
class FormPart:
    """A part of the form, of the section in which it is written."""

    section: str
    heading: Both
    lines: list[Line] = field(default_factory=list)
    tables: list[FormTable] = field(default_factory=list)

    @property
    def nothing(self) -> Both | None:
        """Return what to say of a part in which nothing was written; None of any other."""
        if self.lines or any(table.rows for table in self.tables):
            return None
        return both(_("none"))


def both(words: object) -> Both:
    """Return what words, or a function that makes them, say in each language."""
    texts = per_language(lambda: str((words() if callable(words) else words) or ""))
    return Both(texts[ENGLISH], texts[CHINESE])


def in_both(*words: object) -> list[Both]:
    return [both(one) for one in words]


def same(text: object) -> Both:
    """Return words that are the same in both languages, such as a name."""
    return Both(str(text or ""), "")


def text_of(record, name: str) -> Both:
    return Both(*(in_one_language(record, name, code) for code in (ENGLISH, CHINESE)))


def label_of(record, name: str) -> Both:
    return both(lambda: capfirst(str(record._meta.get_field(name).verbose_name)))


def lines_of(proposal: Proposal, section: FormSection) -> list[Line]:
    fields = fields_of(section)
    return [line_of(proposal, one) for one in fields if one.has_line and not one.is_own]


def line_of(proposal: Proposal, field: FormField) -> Line:
    label = both(field.label) if field.label else label_of(proposal, field.name)
    return Line(label, value_of(proposal, field), field.is_one_page)


def value_of(proposal: Proposal, field: FormField) -> Both:
    if field.name == "contact_name":
        return both(lambda: proposal.contact)
    value = getattr(proposal, field.name)
    if field.is_text:
        return text_of(proposal, field.name)
    if proposal._meta.get_field(field.name).choices:
        return both(getattr(proposal, f"get_{field.name}_display"))
    if isinstance(value, Model):
        return both(value)
    return same(f"{value:,}" if isinstance(value, int) else value)


def money(amount: int) -> Both:
    return both(lambda: usd(amount))


def fund_form(proposal: Proposal) -> list[FormPart]:
    """Return the parts of the Fund's form, in its order."""
    return [make(proposal) for make in (cover, situation, strategy, results)]


def secretariat_check(proposal: Proposal) -> list[FormPart]:
    """Return what the Network asks beside the Fund's form, and how the call's rules are met."""
    makers = [particulars, countries, partners, papers, budget, contact, rules]
    return [make(proposal) for make in makers]


# ------------------------------------------------------------------ a function a part


def fund_of(proposal: Proposal) -> Both:
    if proposal.call.programme == Call.Programme.PGTF:
        return both(_("Perez-Guerrero Trust Fund for South-South Cooperation"))
    return both(proposal.call.get_programme_display)


def headings_of(proposal: Proposal) -> list[Both]:
    """Return what stands above the form: whose it is, and for whom."""
    return [one for one in (both(_("Members of the Group of 77")), government_of(proposal)) if one]


def government_of(proposal: Proposal) -> Both:
    """Return whose government presents the proposal: the lead country's."""
    leads = [row.country for row in proposal.proposal_countries.all() if row.role == "lead"]
    if not leads:
        return Both()
    return both(lambda: _("Government of %(country)s") % {"country": leads[0]})


def cover(proposal: Proposal) -> FormPart:
    title = text_of(proposal, "title")
    if proposal.call.programme == Call.Programme.PGTF and title.en:
        title = Both(f"{NUMBER_LEFT_OPEN} – {title.en}", title.zh)
    scope, *others = lines_of(proposal, FormSection.COVER)
    lines = [
        scope,
        Line(both(_("Title")), title),
        Line(both(_("Sector")), both(_("(UNDP fills it in)"))),
        *others,
        Line(both(_("Duration")), both(lambda: duration_of(proposal))),
        Line(both(_("Estimated starting date")), both(lambda: month(proposal.starts_in))),
        Line(both(_("Contribution of the Fund")), money(proposal.asked_usd)),
        Line(both(_("Other inputs")), money(proposal.other_usd)),
        Line(both(_("Total cost")), money(proposal.total_usd)),
    ]
    return FormPart(FormSection.COVER, both(_("Cover")), lines, tables=[signatures(proposal)])


def signatures(proposal: Proposal) -> FormTable:
    """Return the block that is signed once the Fund has approved the project."""
    headings = in_both(_("On behalf of"), _("Name, title and signature"), _("Date"))
    signing = in_both(_("Government"), proposal.institution, _("UNDP Resident Representative"))
    return FormTable(headings, [[one, Both(), Both()] for one in signing])


def month(value: str) -> str:
    return partial_date(value) if value else ""


def duration_of(proposal: Proposal) -> str:
    first, last = month(proposal.starts_in), month(proposal.ends_in)
    return _("%(first)s to %(last)s") % {"first": first, "last": last} if first and last else ""


def situation(proposal: Proposal) -> FormPart:
    lines = lines_of(proposal, FormSection.SITUATION)
    return FormPart(FormSection.SITUATION, both(_("Part Ia. Situation analysis")), lines)


def strategy(proposal: Proposal) -> FormPart:
    lines = lines_of(proposal, FormSection.STRATEGY)
    return FormPart(FormSection.STRATEGY, both(_("Part Ib. Strategy")), lines)


def results(proposal: Proposal) -> FormPart:
    """Return the results and resources framework: a row an output, one for what serves them all."""
    lines = [
        *lines_of(proposal, FormSection.RESULTS),
        Line(both(_("Project title and number")), text_of(proposal, "title")),
    ]
    years = years_of(proposal)
    headings = [
        both(_("Intended outputs")),
        both(_("Activities")),
        both(_("Inputs")),
        both(_("Budget line")),
        *(both(lambda n=n: _("Year %(n)d, US$") % {"n": n}) for n in years),
    ]
    budget_lines = list(proposal.budget_lines.all())

    def row_of(first: list[Both], lines: list) -> list[Both]:
        asked = [sum(line.fund_usd for line in lines if line.year == year) for year in years]
        return [*first, *(same(f"{amount:,}") for amount in asked)]

    by_undp = both(_("(UNDP fills it in)"))
    rows = [
        row_of(
            [*(text_of(output, name) for name in ("name", "activities", "inputs")), by_undp],
            [line for line in budget_lines if line.output_id == output.pk],
        )
        for output in proposal.outputs.all()
    ]
    if of_all := [line for line in budget_lines if line.output_id is None]:
        rows.append(row_of([both(_("the whole project")), Both(), Both(), by_undp], of_all))
    rows.append(row_of([both(_("Total")), Both(), Both(), Both()], budget_lines))
    amounts = tuple(range(4, 4 + len(years)))
    heading = both(_("Part II. Results and resources framework"))
    return FormPart(FormSection.RESULTS, heading, lines, [FormTable(headings, rows, amounts)])


def years_of(proposal: Proposal) -> list[int]:
    return sorted({line.year for line in proposal.budget_lines.all()})


def countries(proposal: Proposal) -> FormPart:
    table = FormTable(
        in_both(_("Country"), _("Role in the project")),
        [
            [both(row.country), both(row.get_role_display)]
            for row in proposal.proposal_countries.all()
        ],
    )
    heading = both(_("Participating and beneficiary countries"))
    return FormPart(FormSection.COUNTRIES, heading, tables=[table])


def partners(proposal: Proposal) -> FormPart:
    headings = in_both(_("Institution"), _("Country"), _("Role in the project"))
    rows = [
        [
            both(row),
            both(lambda row=row: row.country or (row.institution and row.institution.country)),
            both(row.get_role_display),
        ]
        for row in proposal.partners.all()
    ]
    return FormPart(FormSection.PARTNERS, both(_("Partners")), tables=[FormTable(headings, rows)])


def papers(proposal: Proposal) -> FormPart:
    """Return the papers asked for, in the order of the call, and who signed them."""
    headings = in_both(
        _("Required document"), _("Institution that endorses"), _("Signed by"), _("Enclosed")
    )
    rows = [
        [both(one), *signed_by(one.endorsement), both(_("yes") if one.is_there else _("no"))]
        for one in asked_papers(proposal)
    ]
    heading = both(_("Endorsements"))
    return FormPart(FormSection.ENDORSEMENTS, heading, tables=[FormTable(headings, rows)])


def signed_by(paper) -> list[Both]:
    if not paper:
        return [Both(), Both()]
    day = paper.signed_on.isoformat() if paper.signed_on else ""
    person = [paper.person_name, paper.person_position, day]
    return [same(paper.institution_name), same(", ".join(filter(None, person)))]


def budget(proposal: Proposal) -> FormPart:
    money = in_both(_("From the Fund, US$"), _("Others in cash, US$"), _("Others in kind, US$"))
    headings = [*in_both(_("Year"), _("Output"), _("Purpose")), *money, both(_("Total, US$"))]
    lines = list(proposal.budget_lines.all())
    rows = []
    for year in years_of(proposal):
        of_year = [line for line in lines if line.year == year]
        rows += [budget_row(line) for line in of_year]
        rows.append(total_row(both(lambda n=year: _("Total for year %(n)d") % {"n": n}), of_year))
    rows.append(total_row(both(_("Total")), lines))
    table = FormTable(headings, rows, amounts=(3, 4, 5, 6))
    return FormPart(FormSection.BUDGET, both(_("Budget")), tables=[table])


def budget_row(line) -> list[Both]:
    output = text_of(line.output, "name") if line.output else both(_("the whole project"))
    return [same(line.year), output, text_of(line, "purpose"), *amounts_of([line])]


def total_row(label: Both, lines: Iterable) -> list[Both]:
    return [label, Both(), Both(), *amounts_of(lines)]


def amounts_of(lines: Iterable) -> list[Both]:
    lines = list(lines)
    parts = [sum(getattr(line, name) for line in lines) for name in AMOUNTS]
    return [same(f"{amount:,}") for amount in (*parts, sum(parts))]


AMOUNTS = ("fund_usd", "cash_usd", "kind_usd")


def contact(proposal: Proposal) -> FormPart:
    lines = lines_of(proposal, FormSection.CONTACT)
    return FormPart(FormSection.CONTACT, both(_("Contact")), lines)


# ------------------------------------------------------------------ the paper of the Secretariat


def whose_check() -> tuple[Both, Both]:
    """Return the title of the Secretariat's paper, and what it is not."""
    note = _("Made by the Secretariat of the Network. It is not a form of the Fund.")
    return both(_("Check of the Secretariat")), both(note)


def particulars(proposal: Proposal) -> FormPart:
    """Return whose proposal it is, to which call, and what the Network asks beside the form."""
    lines = [
        Line(both(_("Title")), text_of(proposal, "title")),
        Line(both(_("Institution")), both(proposal.institution)),
        Line(both(_("Call")), both(proposal.call)),
        Line(both(_("Reference")), same(proposal.reference)),
        *(line_of(proposal, one) for one in FORM if one.is_own),
    ]
    return FormPart("", both(_("The proposal")), lines)


def rules(proposal: Proposal) -> FormPart:
    """Return each rule of the call, whether it is met, and how."""
    with_words = per_language(
        lambda: [
            (one.label, one.words, str(_("yes") if one.is_met else _("no")))
            for one in check(proposal)
        ]
    )
    rows = [
        [Both(*texts) for texts in zip(*pair, strict=True)]
        for pair in zip(with_words[ENGLISH], with_words[CHINESE], strict=True)
    ]
    headings = in_both(_("Rule"), _("Finding"), _("Met"))
    return FormPart("", both(_("Rules of the call")), tables=[FormTable(headings, rows)])
