"""Telling the operator what is wrong: once a cause, and again when it is over.

By mail past the outbox, and to a robot of WeChat Work or DingTalk, as the mail server may be what
is wrong. Once a day the robot hears how things stand: its silence says that the watch itself is
down. `HEARTBEAT_URL` is asked after each look, and there too silence is the alarm.
"""

import json
import logging
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from sscnet.core.i18n.texts import per_language

from . import status
from .operator import mail_operator

logger = logging.getLogger(__name__)
# From this hour on the robot hears once a day how things stand.
DAILY_HOUR = 9


def look() -> None:
    """Tell what is new; raise CommandError where nobody could be told."""
    file = settings.OPERATIONS_FOLDER / "watch.json"
    known = json.loads(file.read_text() or "{}") if file.exists() else {}
    before, wrong = known.get("wrong", {}), troubles()
    if "database" in wrong:
        # Of the rest nothing is known.
        wrong = before | wrong
    begun = [text for cause, text in wrong.items() if cause not in before]
    over = [text for cause, text in before.items() if cause not in wrong]
    if begun or over:
        tell(begun, over)
    day = timezone.localdate().isoformat()
    if known.get("day") != day and timezone.localtime().hour >= DAILY_HOUR:
        known["day"] = day
        ask_robot("\n".join(wrong.values()) or in_each_language(_("All is well.")))
    # Written last: what nobody could be told is tried again.
    file.write_text(json.dumps({"wrong": wrong, "day": known.get("day")}))
    ask(settings.HEARTBEAT_URL)


def troubles() -> dict[str, str]:
    """Return what is to do, in each language, by cause."""
    told = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found = [line for line in status.lines() if line.to_do]
            for line in found:
                text = f"{line.name}: {line.shows}\n-> {line.to_do}"
                told.setdefault(line.cause, []).append(text)
        if not found:
            # All is well: it is not looked at once more for the other language.
            break
    return {cause: "\n".join(dict.fromkeys(texts)) for cause, texts in told.items()}


def in_each_language(text) -> str:
    return " / ".join(per_language(lambda: str(text)).values())


def tell(begun: list[str], over: list[str]) -> None:
    parts = [(_("Wrong since now"), begun), (_("No longer wrong"), over)]
    text = "\n\n".join(
        "\n".join([f"{in_each_language(title)}:", *texts]) for title, texts in parts if texts
    )
    first = (begun or over)[0].partition("\n")[0]
    is_told = ask_robot(text)
    if settings.OPERATOR_MAIL:
        try:
            mail_operator(f"{first} ({settings.PORTAL_ADDRESS})", text)
        except CommandError as error:
            if not is_told:
                raise
            logger.warning("%s", error)


def ask_robot(text: str) -> bool:
    """Send a text in the form that the robots of WeChat Work and DingTalk take."""
    content = {"content": f"sscnet, {settings.PORTAL_ADDRESS}\n{text}"[:2000]}
    answer = ask(settings.OPERATOR_ROBOT, {"msgtype": "text", "text": content})
    if b'"errcode":0' in answer.replace(b" ", b""):
        return True
    if settings.OPERATOR_ROBOT:
        logger.warning("The robot did not take it: %s", answer.decode(errors="replace")[:200])
    return False


def ask(address: str, data: dict | None = None) -> bytes:
    """Return what an address answers. Not even an error may show it: it holds a key."""
    if not address:
        return b""
    body = data and json.dumps(data).encode()
    request = Request(address, body, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=20) as answer:  # noqa: S310
            return answer.read(1000)
    except (OSError, ValueError) as error:
        logger.warning("%s does not answer: %s", urlsplit(address).hostname, type(error).__name__)
        return b""
