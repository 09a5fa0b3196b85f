"""What papers hold of persons."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data.fields import Ground, days, declare, no_one

from .models import SCAN_DAYS, Paper, Scan

OF_RECIPIENTS = {
    "whose": _("people with a letter of invitation or a certificate"),
    "why": _("to give the person the paper, and to show which papers were issued"),
    "ground": Ground.ASKED_FOR,
}
declare(
    Paper,
    "recipient",
    kept=_("until the person is erased; the number of the paper stays"),
    **OF_RECIPIENTS,
)
declare(
    Paper,
    "word",
    "pdf",
    "sealed",
    # Read one at a time, and never searched.
    permission=no_one,
    seen_by=_("the person, the institution, and officers with the right to see passports"),
    kept=days(
        _(
            "letters {days} days after the meeting, as they show passports; other papers until the"
            " person is erased"
        ),
        "PASSPORT_DAYS",
    ),
    **OF_RECIPIENTS,
)
declare(
    Scan,
    "name",
    "content",
    permission=no_one,
    seen_by=_("officers who keep the register of papers"),
    kept=format_lazy(
        _("until an officer said which paper it is, at most {days} days"), days=SCAN_DAYS
    ),
    **OF_RECIPIENTS,
)
