"""What the Secretariat's pages may lack, as the admin lists them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sscnet.core.lacks import Lack, LackFilter, chinese_is_older

from .models import Page

LACKS = [
    Lack("chinese_title", _("no Chinese title"), Q(title_zh_hans="") | Q(title_zh_hans=None)),
    Lack(
        "chinese",
        _("Chinese older than English"),
        chinese_is_older(Page, "title", "summary", "body"),
    ),
]


class PageLackFilter(LackFilter):
    lacks = LACKS
