"""What the database itself refuses of proposals, whoever writes and however.

A rule is checked here too where a proposal that breaks it would be void at the Fund; the sentences
that people read are those of `projects.calls.proposals.checks.precheck`, which look first.
"""

import pgtrigger
from pgtrigger import Trigger

from members.models.acting import CONFLICT_DAYS

OPEN = "('draft', 'returned')"
# Whom a proposal names; erased on a day, in frozen versions too (`handling/retention.py`).
CONTACTS = ("contact_name", "contact_position", "contact_email", "contact_phone")
ENDORSERS = ("file", "person_name", "person_position")

BROKEN_RULES = """
SELECT * INTO the_call FROM calls_call WHERE id = NEW.call_id;
SELECT coalesce(sum(fund_usd), 0), coalesce(sum(cash_usd::bigint + kind_usd), 0)
    INTO asked, other FROM calls_budgetline WHERE proposal_id = NEW.id;
IF 'countries' = ANY(the_call.binding_rules) AND the_call.least_countries > (
    SELECT count(*) FROM calls_proposalcountry
    WHERE proposal_id = NEW.id AND role IN ('lead', 'participating')
) THEN
    RAISE EXCEPTION 'too few countries' USING ERRCODE = 'check_violation';
END IF;
IF 'ceiling' = ANY(the_call.binding_rules) AND asked > the_call.ceiling_usd THEN
    RAISE EXCEPTION 'more is asked than the ceiling' USING ERRCODE = 'check_violation';
END IF;
IF 'other_inputs' = ANY(the_call.binding_rules)
    AND other * 100 < asked * the_call.least_other_inputs_percent THEN
    RAISE EXCEPTION 'the other inputs are too low' USING ERRCODE = 'check_violation';
END IF;
IF 'endorsements' = ANY(the_call.binding_rules) AND EXISTS (
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
                    AND signed_on IS NOT NULL
                ))
                AND (NOT paper.each_country OR country_id = participant.country_id)
        )
) THEN
    RAISE EXCEPTION 'a paper is missing' USING ERRCODE = 'check_violation';
END IF;
IF 'start' = ANY(the_call.binding_rules) AND NEW.starts_in <> ''
    AND NEW.starts_in <= to_char(the_call.closes_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')
THEN
    RAISE EXCEPTION 'it starts before the call has closed' USING ERRCODE = 'check_violation';
END IF;
IF 'inputs_shown' = ANY(the_call.binding_rules)
    AND EXISTS (
        SELECT FROM calls_requiredpaper WHERE call_id = NEW.call_id AND kind = 'inputs'
    )
    AND other > (
        SELECT coalesce(sum(amount_usd), 0) FROM calls_endorsement
        JOIN calls_requiredpaper paper ON paper.id = paper_id AND paper.kind = 'inputs'
        WHERE proposal_id = NEW.id AND file <> ''
    )
THEN
    RAISE EXCEPTION 'no letter shows the other inputs' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def refuse_broken_rules() -> Trigger:
    """Refuse to send a proposal that breaks a binding rule of its call."""
    return Trigger(
        name="refuse_broken_rules",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        condition=pgtrigger.Condition("NEW.state = 'received'"),
        declare=[("the_call", "calls_call%ROWTYPE"), ("asked", "bigint"), ("other", "bigint")],
        func=BROKEN_RULES,
    )


def kept_after_sending(*fields: str, but: tuple[str, ...] = ()) -> Trigger:
    """Refuse to change what was sent; without fields: to write rows of a proposal that was sent.

    Columns named by `but` may change at any time, those of people (`ENDORSERS`) be emptied.
    """
    message = "RAISE EXCEPTION 'the proposal was sent' USING ERRCODE = 'check_violation';"
    if fields:
        return Trigger(
            name="kept_after_sending",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange(*fields),
            func=f"IF OLD.state NOT IN {OPEN} THEN {message} END IF; RETURN NEW;",
        )
    return Trigger(
        name="kept_after_sending",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - '{{{",".join((*but, *ENDORSERS))}}}'::text[]
                = to_jsonb(OLD) - '{{{",".join((*but, *ENDORSERS))}}}'::text[]
                AND (to_jsonb(NEW) - '{{{",".join(but)}}}'::text[]
                    = to_jsonb(OLD) - '{{{",".join(but)}}}'::text[]
                    OR ({empty("to_jsonb(NEW)", ENDORSERS)}))
            THEN
                RETURN NEW;
            END IF;
            IF EXISTS (
                SELECT FROM calls_proposal
                WHERE id = coalesce(NEW.proposal_id, OLD.proposal_id) AND state NOT IN {OPEN}
            ) THEN {message} END IF;
            RETURN coalesce(NEW, OLD);
        """,
    )


def frozen() -> Trigger:
    """Refuse to change a version that was sent, but for emptying what names people in it."""
    people = f"'{{{','.join(CONTACTS)},endorsements}}'::text[]"
    return Trigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("number", "sent_at", "content"),
        func=f"""
            IF (NEW.number, NEW.sent_at, NEW.content - {people})
                IS DISTINCT FROM (OLD.number, OLD.sent_at, OLD.content - {people})
                OR NOT ({empty("NEW.content", CONTACTS)})
                OR EXISTS (
                    SELECT FROM jsonb_array_elements(NEW.content -> 'endorsements') one
                    WHERE NOT ({empty("one", ENDORSERS)})
                )
            THEN
                RAISE EXCEPTION 'what was sent stays' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def empty(row: str, names: tuple[str, ...]) -> str:
    return " AND ".join(f"coalesce({row} ->> '{name}', '') = ''" for name in names)


def refuse_conflicts() -> Trigger:
    """Refuse a reader who acts for an institution of the proposal, or did in twelve months."""
    return Trigger(
        name="refuse_conflicts",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("reader_id", "proposal_id"),
        func=f"""
            IF EXISTS (
                SELECT FROM members_affiliation
                WHERE user_id = NEW.reader_id
                    AND (until IS NULL OR until > current_date - {CONFLICT_DAYS})
                    AND institution_id IN (
                        SELECT institution_id FROM calls_proposal WHERE id = NEW.proposal_id
                        UNION SELECT institution_id FROM calls_proposalpartner
                        WHERE proposal_id = NEW.proposal_id AND institution_id IS NOT NULL
                    )
            ) THEN
                RAISE EXCEPTION 'the reader belongs to an institution of the proposal'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608
    )
