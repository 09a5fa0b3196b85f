"""Whether a row may be stored: each refusal named by the column that is wrong."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models import CheckConstraint, ForeignKey, Q
from django.utils.translation import gettext as _

from sscnet.core.parsing.sheet_rows import is_blank

from .outcomes import RowKind, RowOutcome


class RowChecks:
    """What a model demands of its records, said of the row of a file."""

    def __init__(self, resource):
        self.resource, self.fields = resource, resource.fields
        options = resource.field_list.model._meta
        # What the row points to was found in a list: no need to ask the database again.
        self.relations = [f.name for f in options.fields if isinstance(f, ForeignKey)]
        self.constraints = [c for c in options.constraints if isinstance(c, CheckConstraint)]
        self.columns = {column.attribute: name for name, column in reversed(self.fields.items())}

    def refuse(self, row: RowOutcome, *, asks_constraints: bool) -> None:
        draft = row.draft
        if draft.is_new and not self.resource.may_add:
            row.refuse("", [_("This would be a new record, and you may not add records.")])
        elif not draft.is_new and not self.resource.may_change(draft.instance):
            row.refuse("", [_("You may not change this record.")])
        self.refuse_fields(row)
        if asks_constraints:
            self.refuse_constraints(row)
        for links, entries in draft.changed_links.items():
            old = draft.old_entries(links)
            for entry in (entry for entry in entries if entry not in old):
                self.refuse_link(row, links, entry)

    def refuse_fields(self, row: RowOutcome) -> None:
        try:
            row.draft.instance.full_clean(
                exclude=self.relations, validate_unique=False, validate_constraints=False
            )
        except ValidationError as error:
            for attribute, messages in error.message_dict.items():
                if attribute == NON_FIELD_ERRORS or attribute in self.columns:
                    row.refuse(self.columns.get(attribute, ""), messages)

    def refuse_constraints(self, row: RowOutcome) -> None:
        """Ask the model's checks, all in one query; one by one only if one of them is broken.

        A check whose fields the row leaves alone holds already, for a new record too: a draft with
        nothing in it can be saved.
        """
        columns = {change.column for change in row.changes}
        changed = {column.attribute for name, column in self.fields.items() if name in columns}
        checks = [c for c in self.constraints if changed & c.condition.referenced_base_fields]
        together = CheckConstraint(condition=Q(*(c.condition for c in checks)), name="together")
        if checks and is_broken(together, row.draft.instance):
            for check in checks:
                if is_broken(check, row.draft.instance):
                    self.refuse_constraint(row, check)

    def refuse_constraint(self, row: RowOutcome, check: CheckConstraint) -> None:
        names = [self.columns.get(name, "") for name in check.condition.referenced_base_fields]
        # A cell that could not be read left its old value behind: that is not what is wrong.
        if not row.refused_columns() & set(names):
            given = (name for name in names if not is_blank(row.cells.get(name)))
            row.refuse(min(given, default=min(names)), [check.get_violation_error_message()])

    def refuse_broken(self, row: RowOutcome, error: IntegrityError) -> None:
        """Refuse a row that the database refused by a check; another error undoes the import."""
        checks = {check.name: check for check in self.constraints}
        name = getattr(error.__cause__, "diag", None) and error.__cause__.diag.constraint_name
        if name not in checks:
            raise error
        row.kind = RowKind.REFUSED
        self.refuse_constraint(row, checks[name])

    def refuse_link(self, row: RowOutcome, links, entry: dict) -> None:
        of_links = ((name, c) for name, c in reversed(self.fields.items()) if c.links == links)
        columns = {c.attribute: name for name, c in of_links}
        try:
            links.clean(row.draft.instance, entry)
        except ValidationError as error:
            for attribute, messages in error.message_dict.items():
                row.refuse(columns.get(attribute, next(reversed(columns.values()))), messages)


def is_broken(check, instance) -> bool:
    try:
        check.validate(type(instance), instance)
    except ValidationError:
        return True
    return False
