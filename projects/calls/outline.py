"""A proposal as two papers: what its Word files, its page and its ZIP are made of.

The first is the Fund's form: its parts and fields, in its order, and nothing else (the model format
on g77.org, April 2019; only its cover and parts Ia, Ib and II are known). The second is the
Secretariat's: what the Network asks beside, and the rules of the call. Each line and column has a
name, by which a Word template asks for it (`form_templates`) and a form filled in Word is read
(`word_reading`).

The Fund reads English, and Chinese is shown beside on wish: the functions below say what stands in
a paper in the active language, and a paper asks them in each (`both`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from projects.catalogue.amounts import usd
from sscnet.core.i18n.dates import partial_date
from sscnet.core.i18n.texts import in_one_language, per_language
from sscnet.papers.fields import PaperKind

from .checks.papers import asked_papers, lacks_form_of_fund
from .checks.precheck import check
from .form import FORM, FormField, FormSection, fields_of
from .models import BudgetLine, Call, Proposal

ENGLISH, CHINESE = "en", "zh-hans"
# The number is known after the Fund's approval only.
NUMBER_LEFT_OPEN = "INT/../..."
BY_UNDP = _("(UNDP fills it in)")
AFTER_APPROVAL = _("(after the approval)")
WHOLE_PROJECT = _("the whole project")
TOTAL = _("Total")


@dataclass(frozen=True)
class Both:
    """Words in both languages; one of them may be empty."""

    en: str = ""
    zh: str = ""

    def __bool__(self):
        return bool(self.en or self.zh)


@dataclass(frozen=True)
class Line:
    """A field of a paper: its label, and how its value is read from a proposal.

    A column of a table is one, too; its values are read with the rows.
    `read` gives the value in the active language.
    `is_text`: it is written in both languages.
    `is_long`: a text of several paragraphs, which has its part for itself.
    `is_sum`: the portal adds it up; nobody writes it.
    """

    name: str
    words: Any
    read: Callable[[Proposal], Any] | None = None
    is_text: bool = False
    is_long: bool = False
    is_sum: bool = False

    @property
    def label(self) -> Both:
        return both(self.words)

    @property
    def is_amount(self) -> bool:
        return self.name.endswith("_usd")


@dataclass(frozen=True)
class FormTable:
    """A list of a paper: its columns, and how its rows are read, that of the total last."""

    name: str
    columns: list[Line]
    read: Callable[[Proposal], list[list]]

    def rows(self, proposal: Proposal) -> list[dict[str, str]]:
        """Return the cells of each row by the names of the columns, in the active language."""
        names = [column.name for column in self.columns]
        rows = [[str(cell or "") for cell in row] for row in self.read(proposal)]
        return [dict(zip(names, row, strict=True)) for row in rows]


def table(**columns: Any) -> Callable[[Callable], FormTable]:
    """Return a decorator: the function that reads the rows becomes the table, under its name."""
    named = [Line(name, words) for name, words in columns.items()]
    return lambda read: FormTable(read.__name__, named, read)


@dataclass(frozen=True)
class FormPart:
    """A part of a paper, of the section in which it is written."""

    section: str
    words: Any
    lines: list[Line] = field(default_factory=list)
    tables: list[FormTable] = field(default_factory=list)

    @property
    def heading(self) -> Both:
        return both(self.words)


@dataclass(frozen=True, eq=False)
class ProposalPaper:
    """One of the papers: the kind of its template, what stands above it, and its parts.

    `beside`: parts that it does not have itself, for which a template may ask.
    """

    kind: PaperKind
    above: list[Line]
    parts: list[FormPart]
    beside: list[FormPart] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        parts = [*self.parts, *self.beside]
        return [*self.above, *(line for part in parts for line in part.lines)]

    @property
    def tables(self) -> list[FormTable]:
        return [table for part in self.parts for table in part.tables]

    def texts(self, proposal: Proposal) -> dict[str, Any]:
        return texts_of(self.lines, self.tables, proposal)


def texts_of(lines: list[Line], tables: list[FormTable], proposal: Proposal) -> dict[str, Any]:
    """Return each line as a text, and the rows of each table, in the active language."""
    texts = {line.name: str(line.read(proposal) or "") for line in lines}
    return texts | {table.name: table.rows(proposal) for table in tables}


def both(words: object) -> Both:
    """Return what words, or a function that makes them, say in each language."""
    texts = per_language(lambda: str((words() if callable(words) else words) or ""))
    return Both(texts[ENGLISH], texts[CHINESE])


def text_of(record, name: str) -> str:
    return in_one_language(record, name, get_language())


def line_of(one: FormField) -> Line:
    label = one.label or capfirst(Proposal._meta.get_field(one.name).verbose_name)
    return Line(one.name, label, partial(value_of, one), one.is_text, one.is_one_page)


def lines_of(section: FormSection) -> list[Line]:
    return [line_of(one) for one in fields_of(section) if one.has_line and not one.is_own]


def part_of(section: FormSection, words: object, *more: Line, **options) -> FormPart:
    """Return the part of a section with its lines, and what else stands in it."""
    return FormPart(section, words, [*lines_of(section), *more], **options)


def value_of(one: FormField, proposal: Proposal) -> Any:
    if one.name == "contact_name":
        return proposal.contact
    if one.is_text:
        return text_of(proposal, one.name)
    value = getattr(proposal, one.name)
    if proposal._meta.get_field(one.name).choices:
        return value and getattr(proposal, f"get_{one.name}_display")()
    return f"{value:,}" if isinstance(value, int) else value


def sum_line(name: str, label: object, amount: str) -> Line:
    return Line(name, label, lambda proposal: usd(getattr(proposal, amount)), is_sum=True)


# ------------------------------------------------------------------ the Fund's form


def fund_of(proposal: Proposal) -> str:
    if proposal.call.programme == Call.Programme.PGTF:
        return _("Perez-Guerrero Trust Fund for South-South Cooperation")
    return proposal.call.get_programme_display()


def government_of(proposal: Proposal) -> str:
    """Return whose government presents the proposal: the lead country's."""
    leads = [row.country for row in proposal.proposal_countries.all() if row.role == "lead"]
    return _("Government of %(country)s") % {"country": leads[0] if leads else "…"}


def numbered_title(proposal: Proposal) -> str:
    title = text_of(proposal, "title")
    has_number = proposal.call.programme == Call.Programme.PGTF and get_language() == ENGLISH
    return f"{NUMBER_LEFT_OPEN} – {title}" if title and has_number else title


def month(value: str) -> str:
    return partial_date(value) if value else ""


def duration_of(proposal: Proposal) -> str:
    first, last = month(proposal.starts_in), month(proposal.ends_in)
    return _("%(first)s to %(last)s") % {"first": first, "last": last} if first and last else ""


@table(of_whom=_("On behalf of"), signature=_("Name, title and signature"), signed_on=_("Date"))
def signatures(proposal: Proposal) -> list[list]:
    """Return the block that is signed once the Fund has approved the project."""
    of_whom = (_("Government"), proposal.institution, _("UNDP Resident Representative"))
    return [[one, AFTER_APPROVAL, AFTER_APPROVAL] for one in of_whom]


def by_year(lines: Iterable[BudgetLine]) -> str:
    """Return what the Fund is asked for, a line a year."""
    asked: dict[int, int] = defaultdict(int)
    for line in lines:
        asked[line.year] += line.fund_usd
    text = _("Year %(n)d: %(amount)s")
    return "\n".join(text % {"n": n, "amount": f"{asked[n]:,}"} for n in sorted(asked))


def by_output(proposal: Proposal) -> list[tuple[Any, list[BudgetLine]]]:
    """Return each output with its budget lines; None with those of the whole project, if any."""
    lines: dict[int | None, list[BudgetLine]] = defaultdict(list)
    for line in proposal.budget_lines.all():
        lines[line.output_id].append(line)
    outputs = [(one, lines[one.pk]) for one in proposal.outputs.all()]
    return [*outputs, (None, lines[None])] if lines[None] else outputs


@table(
    name=_("Intended outputs"),
    activities=_("Activities"),
    inputs=_("Inputs"),
    by_undp=_("Budget line"),
    asked_usd=_("Budget by year, US$"),
)
def outputs(proposal: Proposal) -> list[list]:
    """Return the results and resources framework: a row an output, one for what serves them all."""
    rows = []
    for output, lines in by_output(proposal):
        texts = [WHOLE_PROJECT, "", ""]
        if output:
            texts = [text_of(output, name) for name in ("name", "activities", "inputs")]
        rows.append([*texts, BY_UNDP, by_year(lines)])
    return [*rows, [TOTAL, "", "", "", by_year(proposal.budget_lines.all())]]


CONTACT = part_of(FormSection.CONTACT, _("Contact"))
GROUP = _("Members of the Group of 77")
scope, *others_of_cover = lines_of(FormSection.COVER)
FUND_FORM = ProposalPaper(
    PaperKind.FUND_FORM,
    above=[
        Line("fund", _("Name of the Fund"), fund_of),
        Line("group", GROUP, lambda _one: GROUP),
        Line("government", _("Government of the lead country"), government_of),
    ],
    parts=[
        FormPart(
            FormSection.COVER,
            _("Cover"),
            [
                scope,
                Line("title", _("Title"), numbered_title, is_text=True),
                Line("sector", _("Sector"), lambda _one: BY_UNDP),
                *others_of_cover,
                Line("duration", _("Duration"), duration_of),
                Line("starts_in", _("Estimated starting date"), lambda one: month(one.starts_in)),
                sum_line("asked", _("Contribution of the Fund"), "asked_usd"),
                sum_line("other", _("Other inputs"), "other_usd"),
                sum_line("total", _("Total cost"), "total_usd"),
            ],
            [signatures],
        ),
        part_of(FormSection.SITUATION, _("Part Ia. Situation analysis")),
        part_of(FormSection.STRATEGY, _("Part Ib. Strategy")),
        part_of(
            FormSection.RESULTS,
            _("Part II. Results and resources framework"),
            Line("title_and_number", _("Project title and number"), numbered_title, is_text=True),
            tables=[outputs],
        ),
    ],
    beside=[CONTACT],
)


# ------------------------------------------------------------------ the paper of the Secretariat


@table(country=_("Country"), role=_("Role in the project"))
def countries(proposal: Proposal) -> list[list]:
    rows = proposal.proposal_countries.all()
    return [[row.country, row.get_role_display()] for row in rows]


@table(institution=_("Institution"), country=_("Country"), role=_("Role in the project"))
def partners(proposal: Proposal) -> list[list]:
    return [
        [
            row,
            row.country or (row.institution and row.institution.country),
            row.get_role_display(),
        ]
        for row in proposal.partners.all()
    ]


@table(
    paper=_("Required document"),
    institution=_("Institution that endorses"),
    signed_by=_("Signed by"),
    is_there=_("Enclosed"),
)
def papers(proposal: Proposal) -> list[list]:
    """Return the papers asked for, in the order of the call, and who signed them."""
    return [
        [one, *signed_by(one.endorsement), _("yes") if one.is_there else _("no")]
        for one in asked_papers(proposal)
    ]


def signed_by(paper) -> list[str]:
    if not paper:
        return ["", ""]
    day = paper.signed_on.isoformat() if paper.signed_on else ""
    person = [paper.person_name, paper.person_position, day]
    return [paper.institution_name, ", ".join(filter(None, person))]


AMOUNTS = {
    "fund_usd": _("From the Fund, US$"),
    "cash_usd": _("Others in cash, US$"),
    "kind_usd": _("Others in kind, US$"),
    "sum_usd": _("Total, US$"),
}


def amounts_of(lines: Iterable[BudgetLine]) -> list[str]:
    lines = list(lines)
    parts = [sum(getattr(line, name) for line in lines) for name in list(AMOUNTS)[:3]]
    return [f"{amount:,}" for amount in (*parts, sum(parts))]


@table(output=_("Output"), **AMOUNTS)
def outputs_usd(proposal: Proposal) -> list[list]:
    rows = [[name_of_output(one), *amounts_of(lines)] for one, lines in by_output(proposal)]
    return [*rows, [TOTAL, *amounts_of(proposal.budget_lines.all())]]


def name_of_output(output) -> str:
    return text_of(output, "name") if output else WHOLE_PROJECT


@table(year=_("Year"), output=_("Output"), purpose=_("Purpose"), **AMOUNTS)
def budget(proposal: Proposal) -> list[list]:
    lines = list(proposal.budget_lines.all())
    rows = []
    for year in sorted({line.year for line in lines}):
        of_year = [line for line in lines if line.year == year]
        for line in of_year:
            texts = [name_of_output(line.output), text_of(line, "purpose")]
            rows.append([line.year, *texts, *amounts_of([line])])
        rows.append([_("Total for year %(n)d") % {"n": year}, "", "", *amounts_of(of_year)])
    return [*rows, [TOTAL, "", "", *amounts_of(lines)]]


@table(year=_("Year"), output=_("Output"), purpose=_("Purpose"), revised=_("Revised, US$"))
def revised(proposal: Proposal) -> list[list]:
    """Return the revised budget, of a grant that differs from what was asked; in no paper."""
    return [
        [one.year, name_of_output(one.output), text_of(one, "purpose"), f"{one.revised_usd:,}"]
        for one in proposal.budget_lines.all()
        if one.revised_usd is not None
    ]


@table(rule=_("Rule"), finding=_("Finding"), is_met=_("Met"))
def rules(proposal: Proposal) -> list[list]:
    """Return each rule of the call, whether it is met, and how."""
    found = check(proposal)
    return [[one.label, one.words, _("yes") if one.is_met else _("no")] for one in found]


def form_of_fund(proposal: Proposal) -> str:
    return lacks_form_of_fund(proposal) or _("enclosed")


OURS = _("Check of the Secretariat")
NOT_OF_THE_FUND = _("Made by the Secretariat of the Network. It is not a form of the Fund.")
COUNTRIES_HEADING = _("Participating and beneficiary countries")
CHECK = ProposalPaper(
    PaperKind.CHECK,
    above=[
        Line("heading", OURS, lambda _one: OURS),
        Line("whose", NOT_OF_THE_FUND, lambda _one: NOT_OF_THE_FUND),
    ],
    parts=[
        FormPart(
            "",
            _("The proposal"),
            [
                Line("title", _("Title"), lambda one: text_of(one, "title"), is_text=True),
                Line("institution", _("Institution"), lambda one: one.institution),
                Line("call", _("Call"), lambda one: one.call),
                Line("reference", _("Reference"), lambda one: one.reference),
                *(line_of(one) for one in FORM if one.is_own),
                Line("form_of_fund", _("The Fund’s own form"), form_of_fund),
            ],
        ),
        FormPart(FormSection.COUNTRIES, COUNTRIES_HEADING, tables=[countries]),
        FormPart(FormSection.PARTNERS, _("Partners"), tables=[partners]),
        FormPart(FormSection.ENDORSEMENTS, _("Endorsements"), tables=[papers]),
        FormPart(FormSection.BUDGET, _("Budget"), tables=[outputs_usd, budget]),
        CONTACT,
        FormPart("", _("Rules of the call"), tables=[rules]),
    ],
)
