"""What projects may lack, as the admin lists them."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from sscnet.core.lacks import Lack, LackFilter, chinese_is_older

from .models import Project, ProjectCountry, ProjectSDG

OF_PROJECT = {"project": OuterRef("pk")}
TEXTS = ["title", "subtitle", "summary", "challenge", "approach", "outcome"]

LACKS = [
    Lack("outcome", _("no outcome"), Q(outcome="")),
    Lack("final_report", _("no date of the final report"), Q(final_report_on="")),
    Lack("countries", _("no country"), ~Q(Exists(ProjectCountry.objects.filter(**OF_PROJECT)))),
    Lack(
        "reason",
        _("a goal (SDG) without a reason"),
        Q(Exists(ProjectSDG.objects.filter(**OF_PROJECT, reason=""))),
    ),
    Lack("chinese_title", _("no Chinese title"), Q(title_zh_hans="") | Q(title_zh_hans=None)),
    Lack(
        "classification",
        _("classification not confirmed"),
        Q(classification_confirmed_on=None),
    ),
    Lack("chinese", _("Chinese older than English"), chinese_is_older(Project, *TEXTS)),
]


class ProjectLackFilter(LackFilter):
    lacks = LACKS
