"""The kinds of mail about requests to institutions."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from sscnet.core.i18n.languages import Language
from sscnet.outbox.wordings import register

for kind in ("opened", "extended", "returned", "reminder", "received"):
    register(
        f"request-{kind}",
        "request",
        "institution",
        "due",
        "words",
        is_weekly=kind == "reminder",
    )


def for_wechat(request) -> str:
    """Return a text for a group of WeChat, in Chinese and English, with a link."""
    lines = []
    for language in (Language.CHINESE, Language.ENGLISH):
        with override(language):
            text = gettext("“%(request)s”: please answer by %(until)s, Beijing time: %(address)s")
            until = date_format(timezone.localtime(request.closes_at), "DATETIME_FORMAT")
            address = settings.PORTAL_ADDRESS + reverse("secretariat:my")
            lines.append(text % {"request": request, "until": until, "address": address})
    return "\n".join(lines)
