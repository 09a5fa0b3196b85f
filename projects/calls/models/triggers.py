"""What the database itself refuses of proposals, whoever writes and however.

A rule is checked here too where a proposal that breaks it would be void at the Fund; the sentences
that people read are those of `projects.calls.checks.precheck`, which look first.
"""

import pgtrigger
from pgtrigger import Trigger

from members.models.acting import CONFLICT_DAYS

from .binding_rules import refusals

OPEN = "('draft', 'returned')"
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


def refuse(name: str, operation, broken: str, message: str, *, first="", **options) -> Trigger:
    """Refuse an operation where `broken`, a condition in SQL, is true once `first` was done."""
    raising = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';"
    func = f"{first} IF {broken} THEN {raising} END IF; RETURN coalesce(NEW, OLD);"
    return Trigger(name=name, when=pgtrigger.Before, operation=operation, func=func, **options)


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
        )""",  # noqa: S608
        "the reader belongs to an institution of the proposal",
    )
