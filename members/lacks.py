"""What institutions may lack, as the admin lists them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sscnet.core.lacks import Lack, LackFilter, chinese_is_older

from .models import Institution

LACKS = [
    Lack("chinese_name", _("no Chinese name"), Q(name_zh_hans="") | Q(name_zh_hans=None)),
    Lack(
        "classification",
        _("classification not confirmed"),
        Q(classification_confirmed_on=None),
    ),
    Lack("chinese", _("Chinese older than English"), chinese_is_older(Institution, "description")),
]


class InstitutionLackFilter(LackFilter):
    lacks = LACKS
