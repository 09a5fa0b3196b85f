"""Whether a row may be stored: each refusal named by the column that is wrong."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, ForeignKey, Q
from django.utils.translation import gettext as _

from sscnet.core.parsing.sheet_rows import is_blank

from .columns import FieldColumn
from .outcomes import RowOutcome


class RowChecks:
    """What a model demands of its records, said of the row of a file."""

    def __init__(self, model, fields: dict[str, FieldColumn]):
        self.model, self.fields = model, fields
        constraints = model._meta.constraints
        self.constraints = {c.name: c for c in constraints if isinstance(c, CheckConstraint)}
        self.joined: dict[tuple[str, ...], CheckConstraint] = {}

    # -------------------------------------------------------------- fields

    def refuse_fields(self, row: RowOutcome) -> None:
        # What the row points to was found in a list: no need to ask the database again.
        relations = [f.name for f in self.model._meta.fields if isinstance(f, ForeignKey)]
        try:
            row.draft.instance.full_clean(
                exclude=relations, validate_unique=False, validate_constraints=False
            )
        except ValidationError as error:
            by_attribute = {c.attribute: name for name, c in reversed(self.fields.items())}
            for attribute, messages in error.message_dict.items():
                column = by_attribute.get(attribute, "")
                if attribute == NON_FIELD_ERRORS or column:
                    row.refuse(column, messages)

    # -------------------------------------------------------------- constraints

    def refuse_constraints(self, row: RowOutcome) -> None:
        """Ask the model's checks, all in one query; one by one only if one of them is broken.

        A check whose fields the row leaves alone holds already, for a new record too: a draft with
        nothing in it can be saved.
        """
        changed = {self.fields[change.column].attribute for change in row.changes}
        checks = [
            check
            for check in self.constraints.values()
            if changed & check.condition.referenced_base_fields
        ]
        if checks and is_broken(self.together(checks), row.draft.instance):
            for check in checks:
                if is_broken(check, row.draft.instance):
                    self.refuse_constraint(row, check)

    def together(self, checks) -> CheckConstraint:
        """Make one check of several; kept, because it is dear to make."""
        names = tuple(check.name for check in checks)
        if names not in self.joined:
            condition = Q(*(check.condition for check in checks))
            self.joined[names] = CheckConstraint(condition=condition, name="together")
        return self.joined[names]

    def refuse_constraint(self, row: RowOutcome, check: CheckConstraint) -> None:
        columns = {column.attribute: name for name, column in self.fields.items()}
        names = [columns.get(name, "") for name in check.condition.referenced_base_fields]
        # A cell that could not be read left its old value behind: that is not what is wrong.
        if not row.refused_columns() & set(names):
            given = (name for name in names if not is_blank(row.cells.get(name)))
            column = min(given, default=min(names))
            row.refuse(column, [check.get_violation_error_message()])

    # -------------------------------------------------------------- links

    def refuse_links(self, row: RowOutcome) -> None:
        for links, entries in row.draft.changed_links.items():
            old = row.draft.old_entries(links)
            for entry in entries:
                if entry not in old:
                    self.refuse_link(row, links, entry)

    def refuse_link(self, row: RowOutcome, links, entry: dict) -> None:
        columns = {name: c.attribute for name, c in self.fields.items() if c.links == links}
        try:
            links.clean(row.draft.instance, entry)
        except ValidationError as error:
            for attribute, messages in error.message_dict.items():
                named = (name for name, own in columns.items() if own == attribute)
                row.refuse(next(named, next(iter(columns))), messages)


def refuse_without_permission(row: RowOutcome, *, may_add: bool, may_change) -> None:
    if row.draft.is_new and not may_add:
        row.refuse("", [_("This would be a new record, and you may not add records.")])
    elif not row.draft.is_new and not may_change(row.draft.instance):
        row.refuse("", [_("You may not change this record.")])


def is_broken(check, instance) -> bool:
    try:
        check.validate(type(instance), instance)
    except ValidationError:
        return True
    return False
