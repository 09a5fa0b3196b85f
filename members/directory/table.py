"""The directory as a table."""

from django.utils.translation import gettext_lazy as _

from sscnet.facets import table
from sscnet.facets.table import Column

from ..models import Standing


def services(institution):
    """Name each kind of service once."""
    return list(dict.fromkeys(s.get_kind_display() for s in institution.rows("services")))


ALL = [
    Column("name", _("Name"), lambda i: i, "name", kind="title"),
    Column("acronym", _("Acronym"), lambda i: i.acronym),
    Column("standing", _("Standing"), lambda i: i.standing and Standing(i.standing).label),
    Column("kind", _("Kind"), lambda i: i.get_kind_display() if i.kind else ""),
    Column("city", _("City"), lambda i: i.city_i18n or ""),
    Column("province", _("Province"), lambda i: i.get_province_display()),
    Column("sectors", _("Expertise"), lambda i: i.rows("sectors"), kind="names"),
    Column("services", _("Offers"), services, is_usual=False, kind="names"),
    Column("website", _("Website"), lambda i: i, is_usual=False, kind="website"),
    Column("changed", _("Last changed"), lambda i: i.updated_at, "changed", False, kind="day"),
]


class InstitutionTable(table.Table):
    all_columns = ALL
    title = "name"
