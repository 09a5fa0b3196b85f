"""What the database itself refuses of proposals, whoever writes and however.

A rule is checked here too where a proposal that breaks it would be void at the Fund; the sentences
that people read are those of `projects.calls.proposals.checks.precheck`, which look first.
"""

import pgtrigger
from pgtrigger import Trigger

from members.models.acting import CONFLICT_DAYS

from ..form import FormSection, fields_of
from .binding_rules import refusals

OPEN = "('draft', 'returned')"
# Whom a proposal names; erased on a day, in frozen versions too (`handling/retention.py`).
CONTACTS = tuple(one.name for one in fields_of(FormSection.CONTACT))
ENDORSERS = ("file", "person_name", "person_position")


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
        """,  # noqa: S608
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
