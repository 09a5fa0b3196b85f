"""The columns of the directory's table."""

from django.utils.translation import gettext_lazy as _

from sscnet.facets.table import Column

from ..models import Standing

COLUMNS = [
    Column("name", _("Name"), lambda i: i, "name", kind="title"),
    Column("acronym", _("Acronym"), lambda i: i.acronym),
    Column("standing", _("Standing"), lambda i: i.standing and Standing(i.standing).label),
    Column("kind", _("Kind"), lambda i: i.get_kind_display() if i.kind else ""),
    Column("city", _("City"), lambda i: i.city_i18n or ""),
    Column("province", _("Province"), lambda i: i.get_province_display()),
    Column("sectors", _("Expertise"), lambda i: i.rows("sectors"), kind="names"),
]
