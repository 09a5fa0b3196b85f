"""A proposal in the order of the Fund's form: what its document, its page and its ZIP are made of.

The Fund reads English; each label and text stands in both languages, and Chinese is shown beside on
wish. The form: the Fund's model format on g77.org (April 2019), as far as it could be read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.catalogue.amounts import usd
from sscnet.core.i18n.dates import partial_date
from sscnet.core.i18n.texts import in_one_language

from ..models import Call, FormSection, Proposal
from ..papers import asked_papers
from ..precheck import check

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
        return both(lambda: _("none"))


def both(words: Callable[[], object]) -> Both:
    """Return what `words` says in each language."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts[language] = str(words() or "")
    return Both(texts[ENGLISH], texts[CHINESE])


def same(text: object) -> Both:
    """Return words that are the same in both languages, such as a name."""
    return Both(str(text or ""), "")


def text_of(record, name: str) -> Both:
    return Both(*(in_one_language(record, name, code) for code in (ENGLISH, CHINESE)))


def label_of(record, name: str) -> Both:
    return both(lambda: capfirst(str(record._meta.get_field(name).verbose_name)))


def text_line(record, name: str, *, is_long: bool = False) -> Line:
    return Line(label_of(record, name), text_of(record, name), is_long)


def money(amount: int) -> Both:
    return both(lambda: usd(amount))


def outline(proposal: Proposal) -> list[FormPart]:
    """Return the parts of the form in the Fund's order."""
    makers = [cover, situation, strategy, results, countries, partners, papers, budget, contact]
    return [make(proposal) for make in makers]


# ------------------------------------------------------------------ a function a part


def fund_of(proposal: Proposal) -> Both:
    if proposal.call.programme == Call.Programme.PGTF:
        return both(lambda: _("Perez-Guerrero Trust Fund for South-South Cooperation"))
    return both(proposal.call.get_programme_display)


def headings_of(proposal: Proposal) -> list[Both]:
    """Return what stands above the form: whose it is, and for whom."""
    members = both(lambda: _("Members of the Group of 77"))
    found = [members, government_of(proposal), same(proposal.reference)]
    return [one for one in found if one]


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
    lines = [
        Line(label_of(proposal, "scope"), both(proposal.get_scope_display)),
        Line(both(lambda: _("Title")), title),
        Line(both(lambda: _("Sector")), both(lambda: _("(UNDP fills it in)"))),
        Line(label_of(proposal, "area"), both(lambda: proposal.area)),
        Line(both(lambda: _("Implementing institution")), both(lambda: proposal.institution)),
        Line(label_of(proposal, "applicant"), both(proposal.get_applicant_display)),
        Line(both(lambda: _("Number of beneficiaries")), beneficiaries_of(proposal)),
        text_line(proposal, "beneficiaries"),
        Line(both(lambda: _("Duration")), both(lambda: duration_of(proposal))),
        Line(both(lambda: _("Estimated starting date")), both(lambda: month(proposal.starts_in))),
        Line(both(lambda: _("Contribution of the Fund")), money(proposal.asked_usd)),
        Line(both(lambda: _("Other inputs")), money(proposal.other_usd)),
        Line(both(lambda: _("Total cost")), money(proposal.total_usd)),
    ]
    return FormPart(
        FormSection.COVER, both(lambda: _("Cover")), lines, tables=[signatures(proposal)]
    )


def signatures(proposal: Proposal) -> FormTable:
    """Return the block that is signed once the Fund has approved the project."""
    headings = [
        both(lambda: _("On behalf of")),
        both(lambda: _("Name, title and signature")),
        both(lambda: _("Date")),
    ]
    signing = [
        both(lambda: _("Government")),
        both(lambda: proposal.institution),
        both(lambda: _("UNDP Resident Representative")),
    ]
    return FormTable(headings, [[one, Both(), Both()] for one in signing])


def beneficiaries_of(proposal: Proposal) -> Both:
    number, women = proposal.beneficiaries_number, proposal.women_beneficiaries_number
    if number is None:
        return Both()
    if women is None:
        return same(f"{number:,}")
    words = {"n": f"{number:,}", "women": f"{women:,}"}
    return both(lambda: _("%(n)s, of them %(women)s women") % words)


def month(value: str) -> str:
    return partial_date(value) if value else ""


def duration_of(proposal: Proposal) -> str:
    first, last = month(proposal.starts_in), month(proposal.ends_in)
    return _("%(first)s to %(last)s") % {"first": first, "last": last} if first and last else ""


def situation(proposal: Proposal) -> FormPart:
    heading = both(lambda: _("Part Ia. Situation analysis"))
    lines = [text_line(proposal, "situation", is_long=True)]
    return FormPart(FormSection.SITUATION, heading, lines)


def strategy(proposal: Proposal) -> FormPart:
    lines = [
        text_line(proposal, "strategy", is_long=True),
        Line(label_of(proposal, "modality"), both(proposal.get_modality_display)),
        Line(label_of(proposal, "gender_marker"), both(proposal.get_gender_marker_display)),
        text_line(proposal, "gender_evidence"),
    ]
    goals = FormTable(
        [both(lambda: _("Sustainable Development Goal")), both(lambda: _("Reason"))],
        [
            [both(lambda row=row: row.sdg), text_of(row, "reason")]
            for row in proposal.proposal_sdgs.all()
        ],
    )
    heading = both(lambda: _("Part Ib. Strategy"))
    return FormPart(FormSection.STRATEGY, heading, lines, [goals])


def results(proposal: Proposal) -> FormPart:
    """Return the results and resources framework: a row an output."""
    lines = [
        text_line(proposal, "intended_outcome"),
        text_line(proposal, "outcome_indicator"),
        Line(both(lambda: _("Project title and number")), text_of(proposal, "title")),
    ]
    years = years_of(proposal)
    headings = [
        both(lambda: _("Intended outputs")),
        both(lambda: _("Activities")),
        both(lambda: _("Inputs")),
        both(lambda: _("Budget line")),
        *(both(lambda n=n: _("Year %(n)d, US$") % {"n": n}) for n in years),
    ]
    rows = [
        [
            *(text_of(output, name) for name in ("name", "activities", "inputs")),
            both(lambda: _("(UNDP fills it in)")),
            *(same(f"{spent_in(proposal, n, output):,}") for n in years),
        ]
        for output in proposal.outputs.all()
    ]
    amounts = tuple(range(4, 4 + len(years)))
    heading = both(lambda: _("Part II. Results and resources framework"))
    return FormPart(FormSection.RESULTS, heading, lines, [FormTable(headings, rows, amounts)])


def years_of(proposal: Proposal) -> list[int]:
    return sorted({line.year for line in proposal.budget_lines.all()})


def spent_in(proposal: Proposal, year: int, output) -> int:
    """Return what an output asks of the Fund in a year."""
    lines = [one for one in proposal.budget_lines.all() if one.output_id == output.pk]
    return sum(line.fund_usd for line in lines if line.year == year)


def countries(proposal: Proposal) -> FormPart:
    table = FormTable(
        [both(lambda: _("Country")), both(lambda: _("Role in the project"))],
        [
            [both(lambda row=row: row.country), both(row.get_role_display)]
            for row in proposal.proposal_countries.all()
        ],
    )
    heading = both(lambda: _("Participating and beneficiary countries"))
    return FormPart(FormSection.COUNTRIES, heading, tables=[table])


def partners(proposal: Proposal) -> FormPart:
    headings = [
        both(lambda: _("Institution")),
        both(lambda: _("Country")),
        both(lambda: _("Role in the project")),
    ]
    rows = [
        [
            both(lambda row=row: row),
            both(lambda row=row: row.country or (row.institution and row.institution.country)),
            both(row.get_role_display),
        ]
        for row in proposal.partners.all()
    ]
    return FormPart(
        FormSection.PARTNERS, both(lambda: _("Partners")), tables=[FormTable(headings, rows)]
    )


def papers(proposal: Proposal) -> FormPart:
    """Return the papers asked for, in the order of the call, and who signed them."""
    headings = [
        both(lambda: _("Required document")),
        both(lambda: _("Institution that endorses")),
        both(lambda: _("Signed by")),
        both(lambda: _("Enclosed")),
    ]
    rows = [
        [
            both(lambda one=one: one),
            *signed_by(one.endorsement),
            both(lambda one=one: yes_or_no(one)),
        ]
        for one in asked_papers(proposal)
    ]
    heading = both(lambda: _("Endorsements"))
    return FormPart(FormSection.ENDORSEMENTS, heading, tables=[FormTable(headings, rows)])


def signed_by(paper) -> list[Both]:
    if not paper:
        return [Both(), Both()]
    day = paper.signed_on.isoformat() if paper.signed_on else ""
    person = [paper.person_name, paper.person_position, day]
    return [same(paper.institution_name), same(", ".join(filter(None, person)))]


def yes_or_no(asked) -> str:
    return _("yes") if asked.is_there else _("no")


def budget(proposal: Proposal) -> FormPart:
    headings = [
        both(lambda: _("Year")),
        both(lambda: _("Output")),
        both(lambda: _("Purpose")),
        both(lambda: _("From the Fund, US$")),
        both(lambda: _("Others in cash, US$")),
        both(lambda: _("Others in kind, US$")),
        both(lambda: _("Total, US$")),
    ]
    lines = list(proposal.budget_lines.all())
    rows = []
    for year in years_of(proposal):
        of_year = [line for line in lines if line.year == year]
        rows += [budget_row(line) for line in of_year]
        rows.append(total_row(both(lambda n=year: _("Total for year %(n)d") % {"n": n}), of_year))
    rows.append(total_row(both(lambda: _("Total")), lines))
    table = FormTable(headings, rows, amounts=(3, 4, 5, 6))
    return FormPart(FormSection.BUDGET, both(lambda: _("Budget")), tables=[table])


def budget_row(line) -> list[Both]:
    output = text_of(line.output, "name") if line.output else both(lambda: _("the whole project"))
    return [same(line.year), output, text_of(line, "purpose"), *amounts_of([line])]


def total_row(label: Both, lines: Iterable) -> list[Both]:
    return [label, Both(), Both(), *amounts_of(lines)]


def amounts_of(lines: Iterable) -> list[Both]:
    lines = list(lines)
    parts = [sum(getattr(line, name) for line in lines) for name in AMOUNTS]
    return [same(f"{amount:,}") for amount in (*parts, sum(parts))]


AMOUNTS = ("fund_usd", "cash_usd", "kind_usd")


def contact(proposal: Proposal) -> FormPart:
    names = ("contact_name", "contact_position", "contact_email", "contact_phone")
    lines = [Line(label_of(proposal, name), same(getattr(proposal, name))) for name in names]
    lines[1] = Line(both(lambda: _("Position held")), lines[1].value)
    return FormPart(FormSection.CONTACT, both(lambda: _("Contact")), lines)


# ------------------------------------------------------------------ the summary as a checklist


def checklist(proposal: Proposal) -> FormPart:
    """Return the summary: each rule of the call, whether it is met, and how."""
    with_words = {}
    for language in (ENGLISH, CHINESE):
        with override(language):
            with_words[language] = [
                (one.label, one.words, _("yes") if one.is_met else _("no"))
                for one in check(proposal)
            ]
    rows = [
        [Both(*texts) for texts in zip(*pair, strict=True)]
        for pair in zip(with_words[ENGLISH], with_words[CHINESE], strict=True)
    ]
    headings = [both(lambda: _("Rule")), both(lambda: _("Finding")), both(lambda: _("Met"))]
    lines = [
        Line(both(lambda: _("Title")), text_of(proposal, "title")),
        Line(both(lambda: _("Institution")), both(lambda: proposal.institution)),
        Line(both(lambda: _("Call")), both(lambda: proposal.call)),
        Line(both(lambda: _("Reference")), same(proposal.reference)),
    ]
    return FormPart("", both(lambda: _("Summary checklist")), lines, [FormTable(headings, rows)])
