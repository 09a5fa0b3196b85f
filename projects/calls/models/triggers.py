"""What the database itself refuses of proposals, whoever writes and however.

A rule is checked here too where a proposal that breaks it would be void at the Fund; the sentences
that people read are those of `projects.calls.checks.precheck`, which look first.
"""

# ruff: noqa: S608 -- made of names of fields alone

import pgtrigger
from pgtrigger import Trigger

from members.models.acting import CONFLICT_DAYS
from sscnet.core.database.triggers import refuse
from sscnet.core.forms.persons import PHONE

from ..form import FORM

OPEN = "('draft', 'returned')"
ENDORSERS = ("file", "person_name", "person_position")


# ------------------------------------------------------------------ the rules of a call
# `the_call` is its row, `NEW` the proposal, `asked` and `other` its sums in US dollars.

# Texts so short may well be alike.
SHORT_TEXT = 20
OUTPUTS = "calls_output output WHERE proposal_id = NEW.id"
TAKING_PART = """
    calls_proposalcountry WHERE proposal_id = NEW.id AND role IN ('lead', 'participating')
"""


def text(name: str, row: str = "NEW") -> str:
    """Return a text in the language of the proposal."""
    chinese = f"coalesce({row}.i18n ->> '{name}_zh_hans', '')"
    return f"CASE WHEN NEW.language = 'zh-hans' THEN {chinese} ELSE {row}.{name} END"


TEXTS = [text(one.name) for one in FORM if one.is_text]
ONE_PAGE = [one.name for one in FORM if one.is_one_page]
NEEDED = [
    text(one.name) if one.is_text else f"NEW.{one.name}::text" for one in FORM if one.is_needed
]
INCOMPLETE = f"""
    '' = ANY(ARRAY[{", ".join(f"coalesce({one}, '')" for one in NEEDED)}])
    OR NEW.contact_name ~ '[\\u4e00-\\u9fff]' AND NEW.contact_latin_name = ''
    OR NEW.contact_phone <> '' AND NEW.contact_phone !~ '{PHONE}'
    OR asked = 0
    OR NOT EXISTS (SELECT FROM {OUTPUTS} AND {text("name", "output")} <> '')
    OR NOT EXISTS (
        SELECT FROM calls_proposalcountry JOIN members_institution applicant
            ON applicant.id = NEW.institution_id
        WHERE proposal_id = NEW.id AND role = 'lead'
            AND calls_proposalcountry.country_id
                = coalesce(applicant.country_id, calls_proposalcountry.country_id)
    )
"""

OUTPUT_TEXTS = [text(name, "output") for name in ("name", "activities", "inputs")]
WEAK_TEXTS = f"""
    least({", ".join(f"char_length({text(name)})" for name in ONE_PAGE)})
        < the_call.least_characters
    OR EXISTS (
        SELECT FROM (
            SELECT unnest(ARRAY[{", ".join(TEXTS)}])
            UNION ALL SELECT unnest(ARRAY[{", ".join(OUTPUT_TEXTS)}]) FROM {OUTPUTS}
        ) one(written), regexp_replace(lower(btrim(written)), '\\s+', ' ', 'g') AS words
        WHERE char_length(words) > {SHORT_TEXT}
        GROUP BY words HAVING count(*) > 1
    )
"""

# The calls of 2017 and 2019 ask who endorses, as what, and for whom.
MISSING_PAPER = """
    EXISTS (
        SELECT FROM calls_requiredpaper paper
        LEFT JOIN calls_proposalcountry participant ON paper.each_country
            AND participant.proposal_id = NEW.id AND participant.role = 'participating'
        WHERE paper.call_id = NEW.call_id AND paper.of_whom IN ('all', NEW.applicant)
            AND (NOT paper.each_country OR participant.id IS NOT NULL)
            AND NOT EXISTS (
                SELECT FROM calls_endorsement
                WHERE proposal_id = NEW.id AND paper_id = paper.id AND file <> ''
                    AND (paper.kind NOT IN ('endorsement', 'inputs') OR (
                        institution_name <> '' AND person_name <> '' AND person_position <> ''
                        AND signed_on >= coalesce(
                            (the_call.opens_at AT TIME ZONE 'Asia/Shanghai')::date, signed_on
                        )
                    ))
                    AND (NOT paper.each_country OR country_id = participant.country_id)
            )
    )
"""

INPUTS_NOT_SHOWN = """
    EXISTS (SELECT FROM calls_requiredpaper WHERE call_id = NEW.call_id AND kind = 'inputs')
    AND other > (
        SELECT coalesce(sum(amount_usd), 0) FROM calls_endorsement
        JOIN calls_requiredpaper paper ON paper.id = paper_id AND paper.kind = 'inputs'
        WHERE proposal_id = NEW.id AND file <> ''
    )
"""

TOO_LONG = " OR ".join(
    f"char_length(NEW.{name}) > the_call.one_page_characters"
    f" OR char_length(NEW.i18n ->> '{name}_zh_hans') > the_call.one_page_characters"
    for name in ONE_PAGE
)

FOREIGN_AREA = """
    EXISTS (SELECT FROM calls_call_areas WHERE call_id = NEW.call_id)
    AND NOT EXISTS (
        SELECT FROM calls_call_areas WHERE call_id = NEW.call_id AND pgtfarea_id = NEW.area_id
    )
"""

BEFORE_THE_END = """
    NEW.starts_in <> ''
    AND NEW.starts_in <= to_char(the_call.closes_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')
"""

NO_MEMBER = f"""
    EXISTS (
        SELECT FROM codelists_country
        WHERE g77 IS NOT TRUE AND iso2 IN (SELECT country_id FROM {TAKING_PART})
    )
"""

TOO_FEW = f"the_call.least_countries > (SELECT count(*) FROM {TAKING_PART})"

# By the rule of the call: when it is broken, and what the database says then.
BROKEN = {
    "complete": (INCOMPLETE, "the form is not filled in"),
    "texts": (WEAK_TEXTS, "a text is too short, or stands twice"),
    "length": (TOO_LONG, "a text is longer than a page"),
    "language": (
        "the_call.languages <> '{}' AND NEW.language <> ALL(the_call.languages)",
        "the language is none of the call",
    ),
    "area": (FOREIGN_AREA, "the area is none of the call"),
    "start": (BEFORE_THE_END, "it starts before the call has closed"),
    "countries": (TOO_FEW, "too few countries"),
    "group_of_77": (NO_MEMBER, "a country is no member of the Group of 77"),
    "ceiling": ("asked > the_call.ceiling_usd", "more is asked than the ceiling"),
    "other_inputs": (
        "other * 100 < asked * the_call.least_other_inputs_percent",
        "the other inputs are too low",
    ),
    "endorsements": (MISSING_PAPER, "a paper is missing"),
    "inputs_shown": (INPUTS_NOT_SHOWN, "no letter shows the other inputs"),
}


def refusals() -> str:
    """Return the statements that refuse a proposal, a rule each."""
    return "".join(
        f"""
        IF '{rule}' = ANY(the_call.binding_rules) AND ({is_broken}) THEN
            RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';
        END IF;"""
        for rule, (is_broken, message) in BROKEN.items()
    )


def refuse_broken_rules() -> Trigger:
    """Refuse to send a proposal that breaks a binding rule of its call."""
    return Trigger(
        name="refuse_broken_rules",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        condition=pgtrigger.Condition("NEW.state = 'received'"),
        declare=[("the_call", "calls_call%ROWTYPE"), ("asked", "bigint"), ("other", "bigint")],
        func=f"""
            SELECT * INTO the_call FROM calls_call WHERE id = NEW.call_id;
            SELECT coalesce(sum(fund_usd), 0), coalesce(sum(cash_usd::bigint + kind_usd), 0)
                INTO asked, other FROM calls_budgetline WHERE proposal_id = NEW.id;
            {refusals()}
            RETURN NEW;
        """,
    )


def kept_after_sending(*fields: str, but: tuple[str, ...] = ()) -> Trigger:
    """Refuse to change what was sent; without fields: to write rows of a proposal that was sent.

    Columns named by `but` may change at any time, those of people (`ENDORSERS`) be emptied.
    """
    name, message = "kept_after_sending", "the proposal was sent"
    if fields:
        broken, condition = f"OLD.state NOT IN {OPEN}", pgtrigger.AnyChange(*fields)
        return refuse(name, pgtrigger.Update, broken, message, condition=condition)
    changeable, people = (f"'{{{','.join(one)}}}'::text[]" for one in (but, (*but, *ENDORSERS)))
    return refuse(
        name,
        pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        f"""EXISTS (
            SELECT FROM calls_proposal
            WHERE id = coalesce(NEW.proposal_id, OLD.proposal_id) AND state NOT IN {OPEN}
        )""",
        message,
        first=f"""
            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - {people} = to_jsonb(OLD) - {people}
                AND (to_jsonb(NEW) - {changeable} = to_jsonb(OLD) - {changeable}
                    OR ({empty("to_jsonb(NEW)", ENDORSERS)}))
            THEN
                RETURN NEW;
            END IF;
        """,
    )


def within_grant() -> Trigger:
    """Refuse a payment with which the proposal has received more than was granted, or below 0."""
    return refuse(
        "within_grant",
        pgtrigger.Insert,
        """NEW.amount_usd + (
            SELECT coalesce(sum(amount_usd), 0) FROM calls_payment
            WHERE proposal_id = NEW.proposal_id
        ) NOT BETWEEN 0 AND (
            SELECT coalesce(granted_usd, 0) FROM calls_proposal WHERE id = NEW.proposal_id
        )""",
        "more is paid than was granted",
        # Another payment to the same proposal waits here.
        first="PERFORM FROM calls_proposal WHERE id = NEW.proposal_id FOR NO KEY UPDATE;",
    )


def revised_while_due() -> Trigger:
    """Refuse to revise a budget line unless the revised budget is due: what was sent stays."""
    return refuse(
        "revised_while_due",
        pgtrigger.UpdateOf("revised_usd"),
        """NOT EXISTS (
            SELECT FROM calls_reportdue
            WHERE proposal_id = NEW.proposal_id AND kind = 'budget' AND accepted_at IS NULL
                AND (uploaded_at IS NULL OR returned_at IS NOT NULL)
        )""",
        "no revised budget is due",
        condition=pgtrigger.AnyChange("revised_usd"),
    )


def erased_only(column: str) -> Trigger:
    """Refuse to change what a version holds in a column, but for emptying it."""
    broken, condition = f"NEW.{column} <> '{{}}'", pgtrigger.AnyChange(column)
    return refuse(
        "erased_only", pgtrigger.Update, broken, "what was sent stays", condition=condition
    )


def empty(row: str, names: tuple[str, ...]) -> str:
    return " AND ".join(f"coalesce({row} ->> '{name}', '') = ''" for name in names)


def refuse_conflicts() -> Trigger:
    """Refuse a reader who acts for an institution of the proposal, or did in twelve months."""
    return refuse(
        "refuse_conflicts",
        pgtrigger.Insert | pgtrigger.UpdateOf("reader_id", "proposal_id"),
        f"""EXISTS (
            SELECT FROM members_affiliation
            WHERE user_id = NEW.reader_id
                AND (until IS NULL OR until > current_date - {CONFLICT_DAYS})
                AND institution_id IN (
                    SELECT institution_id FROM calls_proposal WHERE id = NEW.proposal_id
                    UNION SELECT institution_id FROM calls_proposalpartner
                    WHERE proposal_id = NEW.proposal_id AND institution_id IS NOT NULL
                )
        )""",
        "the reader belongs to an institution of the proposal",
    )
