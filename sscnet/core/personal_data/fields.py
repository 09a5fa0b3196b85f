"""Which fields hold personal data: each is declared once, with whose it is and who may see it.

An app declares its own in a module `privacy.py` that its AppConfig imports in `ready`. The admin
asks here before it shows, searches, sorts by or looks up a field; the privacy page says what is
declared, and erasing empties it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.core.exceptions import FieldDoesNotExist
from django.db.models import FileField, Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ..uploads.storage import throw_away

# Who may see a field: who has the permission of this name, or of whom this is true.
Permission = str | Callable[[Any], bool]


def no_one(user) -> bool:
    """Return False, for secrets: not even administrators read them."""
    return False


class Ground:
    """On which ground data are held."""

    CONSENT = _("your consent, which you can withdraw at any time")
    ASKED_FOR = _("it is needed for what you or your institution asked for")
    SAFETY = _("it is needed to keep accounts and the portal safe")
    LAW = _("the law of China requires it")
    ACCOUNT_OF = _("the Secretariat has to be able to show what the portal did")


def days(text: str, setting: str):
    """Return a period in words; `{days}` in the text is the number that a setting states."""
    return format_lazy(text, days=lazy(getattr, int)(settings, setting))


@dataclass(frozen=True)
class PersonalField:
    # None for what is in no table.
    model: type[Model] | None
    name: str
    whose: Any
    why: Any
    kept: Any
    permission: Permission
    # On which ground it is held (`Ground`).
    ground: Any = ""
    # Who sees it besides the officers that `permission` lets see it; empty: nobody.
    seen_by: Any = ""
    # Whom it reaches outside the portal, perhaps in another country; empty: nobody.
    goes_to: Any = ""
    # Tells of health or belief, or is a passport: held by a consent of its own.
    is_sensitive: bool = False
    # Why erasing leaves it; empty: erasing empties it.
    stays: Any = ""
    # What it is called, where the model's own name of it is not for readers.
    called: Any = ""

    @property
    def column(self):
        return self.model._meta.get_field(self.name)

    @property
    def label(self) -> str:
        return str(self.called or self.column.verbose_name)

    def may_be_seen_by(self, user) -> bool:
        if callable(self.permission):
            return self.permission(user)
        # As in Django's admin, who may change may view.
        names = {self.permission, self.permission.replace(".view_", ".change_")}
        return any(user.has_perm(name) for name in names)


_fields: dict[tuple[type[Model], str], PersonalField] = {}


def declare(model: type[Model], *names: str, **said: Any) -> None:
    """Declare fields of a model, with what `PersonalField` says of a field.

    Without a `permission` who may see the model's rows may see the field.
    """
    said = {"permission": view_permission(model)} | said
    for name in names:
        model._meta.get_field(name)
        _fields[model, name] = PersonalField(model, name, **said)


def declared(model: type[Model] | None = None) -> list[PersonalField]:
    return [field for field in _fields.values() if model in (None, field.model)]


def emptied(model: type[Model]) -> dict[str, Any]:
    """Return the values of the model's personal fields once they are erased."""
    fields = [field for field in declared(model) if not field.stays]
    return {field.name: field.column.get_default() for field in fields}


def erase(rows: QuerySet, **also: Any) -> None:
    """Empty the personal fields of these rows, and delete their files once that is certain.

    `also` are further columns to write.
    """
    values = emptied(rows.model)
    for name in values:
        if isinstance(rows.model._meta.get_field(name), FileField):
            throw_away(*rows.order_by().exclude(**{name: ""}).values_list(name, flat=True))
    rows.update(**values | also)


def is_personal(model: type[Model]) -> bool:
    """Return whether rows of this model hold personal data themselves, not only links to them."""
    return any(field.column.concrete for field in declared(model))


def may_see(user, model: type[Model], name: str) -> bool:
    """Return whether a person may see this field; one that is not declared is not personal."""
    field = _fields.get((model, name))
    return field is None or field.may_be_seen_by(user)


def may_ask(user, model: type[Model], path: str) -> bool:
    """Return whether a person may see all that a look-up, a search or an order goes by."""
    return all(
        may_see(user, owner, field.name) and may_follow(user, field)
        for owner, field in steps(model, path)
    )


def may_follow(user, link) -> bool:
    """Return whether a person may know of the rows that link to a record.

    Where all of them is hidden, that there are any is hidden too.
    """
    fields = declared(link.related_model) if link.auto_created and not link.concrete else []
    if not fields or user.has_perm(view_permission(link.related_model)):
        return True
    return any(field.may_be_seen_by(user) for field in fields)


def view_permission(model: type[Model]) -> str:
    return f"{model._meta.app_label}.{get_permission_codename('view', model._meta)}"


def may_order(user, model: type[Model], by) -> bool:
    """Return whether a person may see all that an order goes by; a link's order is its model's."""
    passed = list(steps(model, path_of_order(by)))
    if not all(may_see(user, owner, field.name) for owner, field in passed):
        return False
    linked = passed and passed[-1][1].related_model
    return all(may_order(user, linked, one) for one in (linked._meta.ordering if linked else ()))


def path_of_order(by) -> str:
    """Return the path that an order goes by: a name, or an expression around one."""
    expression = getattr(by, "expression", by)
    return expression if isinstance(expression, str) else getattr(expression, "name", "")


def steps(model: type[Model], path: str) -> Iterator[tuple[type[Model], Any]]:
    """Follow a path such as `delegate__email__startswith`: each model with the field asked for."""
    for name in path.lstrip("-^=@").split(LOOKUP_SEP):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return
        # The history of a model holds the same fields.
        yield getattr(model, "pgh_tracked_model", model), field
        if not getattr(field, "path_infos", None):
            return
        model = field.path_infos[-1].to_opts.model


def visible_fields(user, model: type[Model], fields: Iterable) -> list:
    """Return the fields of a form, or its rows of fields, without those not to be seen."""
    rows = (
        tuple(visible_fields(user, model, row)) if isinstance(row, list | tuple) else row
        for row in fields
    )
    return [row for row in rows if row and (isinstance(row, tuple) or may_see(user, model, row))]
