"""What the database itself keeps of requests: opened, they stay as institutions were shown them.

Opening seals the questions, who sees the answers, and of a vote its list, rule and quorum. What was
sent is only added to. A vote is counted here, by one statement, at the moment in which it closes.
The role of the pages cannot go round these triggers (`sscnet.core.roles`); the sentences that
people read are those of `secretariat.requests.handling`, which looks first.
"""

# ruff: noqa: S608 -- made of names of tables and columns alone

import pgtrigger
from pgtrigger import Condition, Protect, Trigger

from sscnet.core.database.triggers import refuse
from sscnet.questions.triggers import CHOICES_DIFFER

# Who voted what, of the request whose key stands for {request}: a row for each institution that
# may vote, with the last vote that it sent, and whether it could not be asked.
VOTE_ROLL = """
SELECT
    response.institution_id AS institution,
    institution.name,
    coalesce(institution.i18n ->> 'name_zh_hans', '') AS name_zh_hans,
    sent.vote,
    sent.sent_at,
    sent.way,
    sent.number,
    left(sent.digest, 12) AS check_code,
    sent.vote IS NULL AND NOT EXISTS (
        SELECT FROM members_affiliation affiliation
        JOIN members_user person ON person.id = affiliation.user_id AND person.is_active
        WHERE affiliation.institution_id = response.institution_id
            AND affiliation.role IN ('focal_point', 'deputy')
            AND affiliation.since <= (now() AT TIME ZONE 'Asia/Shanghai')::date
            AND coalesce(affiliation.until > (now() AT TIME ZONE 'Asia/Shanghai')::date, true)
    ) AS has_no_address
FROM secretariat_response response
JOIN members_institution institution ON institution.id = response.institution_id
JOIN secretariat_requestquestion question
    ON question.request_id = response.request_id AND question.is_asked
LEFT JOIN LATERAL (
    SELECT
        (submission.choices -> question.id::text ->> 0)::integer AS vote,
        submission.sent_at, submission.way, submission.number, submission.digest
    FROM secretariat_submission submission
    WHERE submission.response_id = response.id
        AND submission.institution_id = response.institution_id
    ORDER BY submission.number DESC
    LIMIT 1
) sent ON true
WHERE response.request_id = {request}
"""

VOTE_RESULT = f"""
SELECT jsonb_build_object(
    'electorate', count(*),
    'yes', count(*) FILTER (WHERE vote = 1),
    'no', count(*) FILTER (WHERE vote = 2),
    'abstained', count(*) FILTER (WHERE vote = 3),
    'roll', coalesce(jsonb_agg(to_jsonb(roll) ORDER BY institution), '[]')
)
FROM ({VOTE_ROLL}) roll
"""

ENDS = """greatest(
    request.closes_at,
    (SELECT max(closes_at) FROM secretariat_response WHERE request_id = request.id)
)"""


# ------------------------------------------------------------------ of a request


def begins_as_a_draft() -> Trigger:
    return Protect(
        name="begins_as_a_draft",
        operation=pgtrigger.Insert,
        condition=Condition("NEW.state <> 'draft' OR NEW.opened_at IS NOT NULL"),
    )


def opens_now() -> Trigger:
    """Give the opening its moment: nobody opens a request on another day."""
    return Trigger(
        name="opens_now",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("opened_at"),
        condition=Condition("OLD.opened_at IS NULL AND NEW.opened_at IS NOT NULL"),
        func="NEW.opened_at := clock_timestamp(); RETURN NEW;",
    )


def opened_stays() -> Trigger:
    """Refuse to change what opening seals, or to make a draft of it again."""
    columns = (
        "opened_at",
        "opened_by_id",
        "rule",
        "quorum",
        "quorum_percent",
        "members_lacking",
        "candidate_id",
        "seen_by",
    )
    before = ", ".join(f"OLD.{column}" for column in columns)
    after = ", ".join(f"NEW.{column}" for column in columns)
    return Protect(
        name="opened_stays",
        operation=pgtrigger.Update,
        condition=Condition(
            "OLD.opened_at IS NOT NULL"
            f" AND (({before}) IS DISTINCT FROM ({after}) OR NEW.state = 'draft')"
        ),
    )


def closed_stays() -> Trigger:
    """Refuse to change the result of a closed request or its paper, or to open it again."""
    return Protect(
        name="closed_stays",
        operation=pgtrigger.Update,
        condition=Condition(
            "OLD.closed_at IS NOT NULL AND ("
            "(OLD.closed_at, OLD.result) IS DISTINCT FROM (NEW.closed_at, NEW.result)"
            " OR OLD.paper_id IS NOT NULL AND OLD.paper_id IS DISTINCT FROM NEW.paper_id"
            " OR NEW.state NOT IN ('closed', 'archived'))"
        ),
    )


def opened_is_kept() -> Trigger:
    return Protect(
        name="opened_is_kept",
        operation=pgtrigger.Delete,
        condition=Condition("OLD.opened_at IS NOT NULL"),
    )


def ends_later() -> Trigger:
    """Refuse another end than a later one whose amendment says why."""
    return refuse(
        "ends_later",
        pgtrigger.UpdateOf("closes_at"),
        """NEW.closes_at <= OLD.closes_at OR NOT EXISTS (
            SELECT FROM secretariat_amendment
            WHERE request_id = NEW.id AND kind = 'later_end' AND reason <> ''
                AND closes_at = NEW.closes_at AND made_at >= now()
        )""",
        "an open request ends later only, with a reason",
        condition=Condition(
            "OLD.opened_at IS NOT NULL AND OLD.closes_at IS DISTINCT FROM NEW.closes_at"
        ),
    )


def closes_now() -> Trigger:
    """Give the end its moment, from which what was sent is kept its days, and count a vote.

    Refuse to close a vote early while somebody has not voted.
    """
    return refuse(
        "closes_now",
        pgtrigger.UpdateOf("closed_at", "state"),
        """ends > clock_timestamp() AND EXISTS (
            SELECT FROM jsonb_array_elements(NEW.result -> 'roll') voter
            WHERE voter ->> 'vote' IS NULL
        )""",
        "a vote closes early only when all have voted",
        first=f"""
            NEW.closed_at := clock_timestamp();
            IF NEW.rule <> '' THEN
                ends := (SELECT {ENDS} FROM secretariat_request request WHERE request.id = NEW.id);
                NEW.result := ({VOTE_RESULT.format(request="NEW.id")});
            END IF;
        """,
        declare=[("ends", "timestamptz")],
        condition=Condition("OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL"),
    )


def texts_corrected(table: str, *fields: str) -> Trigger:
    """Refuse to change a text that institutions were shown, unless an amendment tells both texts.

    A language that has no text yet may get one.
    """
    of_question = table.endswith("question")
    request = "NEW.request_id" if of_question else "NEW.id"
    question = "NEW.id" if of_question else "NULL"
    checks = ""
    for field in fields:
        for name, text in (
            (field, f"{{row}}.{field}"),
            (f"{field}_zh_hans", f"coalesce({{row}}.i18n ->> '{field}_zh_hans', '')"),
        ):
            before, after = text.format(row="OLD"), text.format(row="NEW")
            checks += f"""
                IF {before} <> '' AND {after} <> {before} AND NOT EXISTS (
                    SELECT FROM secretariat_amendment
                    WHERE kind = 'correction' AND request_id = {request}
                        AND question_id IS NOT DISTINCT FROM {question}
                        AND field = '{name}' AND before = {before} AND after = {after}
                        AND made_at >= now()
                ) THEN
                    RAISE EXCEPTION 'a text that institutions were shown is corrected, not changed'
                        USING ERRCODE = 'check_violation';
                END IF;"""
    return Trigger(
        name="texts_corrected",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF (SELECT opened_at FROM secretariat_request WHERE id = {request}) IS NOT NULL THEN
                {checks}
            END IF;
            RETURN NEW;
        """,
    )


def amends_what_is_open() -> Trigger:
    """Give an amendment its moment; refuse one of a request that is not open.

    The choices of a vote are never corrected.
    """
    return refuse(
        "amends_what_is_open",
        pgtrigger.Insert,
        "asked.state <> 'open' OR asked.rule <> '' AND NEW.field LIKE 'choices%'",
        "only an open request is amended, and no choices of a vote",
        first="""
            SELECT * INTO asked FROM secretariat_request WHERE id = NEW.request_id;
            NEW.made_at := clock_timestamp();
        """,
        declare=[("asked", "secretariat_request%ROWTYPE")],
    )


# ------------------------------------------------------------------ of its questions and files


def questions_stay() -> Trigger:
    """Refuse other questions, another order, or other choices of a request that was opened."""
    return refuse(
        "questions_stay",
        pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        """EXISTS (
            SELECT FROM secretariat_request
            WHERE id IN (NEW.request_id, OLD.request_id) AND opened_at IS NOT NULL
        ) AND is_other""",
        "the questions of a request that was opened stay",
        first=f"""
            is_other := TG_OP <> 'UPDATE';
            IF TG_OP = 'UPDATE' THEN
                is_other := (
                    OLD.request_id, OLD.kind, OLD.position, OLD.takes_several, OLD.is_asked
                ) IS DISTINCT FROM (
                    NEW.request_id, NEW.kind, NEW.position, NEW.takes_several, NEW.is_asked
                ) OR {CHOICES_DIFFER};
            END IF;
        """,
        declare=[("is_other", "boolean")],
    )


def files_of_a_vote_stay() -> Trigger:
    return refuse(
        "files_of_a_vote_stay",
        pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        """EXISTS (
            SELECT FROM secretariat_request
            WHERE id IN (NEW.request_id, OLD.request_id)
                AND rule <> '' AND opened_at IS NOT NULL
        )""",
        "the files of a vote that was opened stay",
    )


# ------------------------------------------------------------------ of a response


def asked_stays() -> Trigger:
    """Refuse to take an institution from an opened request, or to change the list of a vote.

    The candidate of a vote is never on its list. Once a vote has closed, a merge moves its rows.
    """
    return refuse(
        "asked_stays",
        pgtrigger.Insert
        | pgtrigger.UpdateOf("institution_id", "request_id", "closes_at")
        | pgtrigger.Delete,
        """CASE TG_OP
            WHEN 'DELETE' THEN asked.opened_at IS NOT NULL
            WHEN 'INSERT' THEN asked.rule <> '' AND (
                asked.opened_at IS NOT NULL OR NEW.institution_id = asked.candidate_id
            )
            ELSE OLD.request_id <> NEW.request_id OR asked.state = 'open' AND asked.rule <> '' AND (
                (OLD.institution_id, OLD.closes_at)
                IS DISTINCT FROM (NEW.institution_id, NEW.closes_at)
            )
        END""",
        "who was asked stays, and the list of a vote is that of its opening",
        first="""
            SELECT * INTO asked FROM secretariat_request
            WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.request_id ELSE NEW.request_id END;
        """,
        declare=[("asked", "secretariat_request%ROWTYPE")],
    )


# ------------------------------------------------------------------ of what was sent


def sent_in_time() -> Trigger:
    """Give a submission its moment and number; refuse one that comes too late, or is not a vote.

    A vote on paper is confirmed by a second person, and none was sent before it.
    """
    return refuse(
        "sent_in_time",
        pgtrigger.Insert,
        """asked.state <> 'open'
        OR greatest(asked.closes_at, response.closes_at) <= NEW.sent_at
        OR NEW.institution_id IS DISTINCT FROM response.institution_id
        OR asked.rule <> '' AND (
            NEW.choices <> ALL (ARRAY(
                SELECT jsonb_build_object(question.id::text, jsonb_build_array(vote))
                FROM secretariat_requestquestion question, generate_series(1, 3) vote
                WHERE question.request_id = asked.id AND question.is_asked
            ))
            OR NEW.way = 'paper' AND (NEW.confirmed_by_id IS NULL OR NEW.number > 1)
        )""",
        "it comes too late, or is no vote of this institution",
        first="""
            SELECT * INTO response FROM secretariat_response WHERE id = NEW.response_id;
            SELECT * INTO asked FROM secretariat_request WHERE id = response.request_id FOR SHARE;
            NEW.sent_at := clock_timestamp();
            NEW.number := 1 + (
                SELECT count(*) FROM secretariat_submission WHERE response_id = NEW.response_id
            );
        """,
        declare=[
            ("response", "secretariat_response%ROWTYPE"),
            ("asked", "secretariat_request%ROWTYPE"),
        ],
    )


def beside_its_envelope() -> Trigger:
    """Refuse an answer that is not written together with the envelope it belongs to."""
    return refuse(
        "beside_its_envelope",
        pgtrigger.Insert,
        """NOT EXISTS (
            SELECT FROM secretariat_submission WHERE id = NEW.submission_id AND sent_at >= now()
        )""",
        "what was sent is not added to",
    )


# ------------------------------------------------------------------ of a vote on paper


def begins_waiting() -> Trigger:
    return Protect(
        name="begins_waiting",
        operation=pgtrigger.Insert,
        condition=Condition("NEW.state <> 'waiting' OR NEW.decided_at IS NOT NULL"),
    )


def entered_stays() -> Trigger:
    """Refuse to change what was entered, by whom, or what was decided about it.

    Its slip is emptied by the owner's function alone, when its time is over.
    """
    entered = "response_id", "vote", "slip", "entered_at", "entered_by_id"
    decided = "state", "decided_at", "decided_by_id", "reason"
    differs = {
        fields: "({}) IS DISTINCT FROM ({})".format(
            *(", ".join(f"{row}.{field}" for field in fields) for row in ("OLD", "NEW"))
        )
        for fields in (entered, decided)
    }
    return refuse(
        "entered_stays",
        pgtrigger.Update | pgtrigger.Delete,
        f"TG_OP = 'DELETE' OR {differs[entered]} OR OLD.state <> 'waiting' AND {differs[decided]}",
        "a vote on paper stays as it was entered and decided",
    )
