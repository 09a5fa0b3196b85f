"""Triggers that outdate and withdraw letters and certificates, for every way of writing."""

import pgtrigger


def outdate_letters_of_moved():
    """Make the trigger that outdates the letters of a meeting that is moved."""
    return pgtrigger.Trigger(
        name="outdate_letters",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("starts_on", "ends_on"),
        func="""
            UPDATE meetings_issueddocument SET outdated_at = now()
            WHERE meeting_id = NEW.id AND kind = 'letter' AND paper_id IS NOT NULL
            AND outdated_at IS NULL AND withdrawn_at IS NULL;
            RETURN NULL;
        """,
    )


def outdate_documents_of_renamed():
    """Make the trigger beside a delegate's names and place: what was issued is no longer right."""
    return pgtrigger.Trigger(
        name="outdate_documents",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("family_name", "given_names", "chinese_name", "place"),
        func="""
            IF NEW.place IN ('withdrawn', 'declined') AND NEW.place <> OLD.place THEN
                UPDATE meetings_issueddocument SET withdrawn_at = now()
                WHERE delegate_id = NEW.id AND kind = 'letter'
                AND outdated_at IS NULL AND withdrawn_at IS NULL;
            END IF;
            IF (NEW.family_name, NEW.given_names, NEW.chinese_name)
                IS DISTINCT FROM (OLD.family_name, OLD.given_names, OLD.chinese_name) THEN
                UPDATE meetings_issueddocument SET outdated_at = now()
                WHERE delegate_id = NEW.id AND paper_id IS NOT NULL
                AND outdated_at IS NULL AND withdrawn_at IS NULL;
            END IF;
            RETURN NULL;
        """,
    )
