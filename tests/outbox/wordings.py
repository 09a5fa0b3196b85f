"""A wording for tests, whose texts know both languages by themselves."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from sscnet.outbox.wordings import Wording


def both(english, chinese):
    """Give a lazy string, as gettext_lazy does where the translation is there."""
    return lazy(lambda: chinese if get_language() == "zh-hans" else english, str)()


INVITATION = Wording(
    key="test_invitation",
    label=both("invitation", "邀请"),
    subject=both("Invitation to act for {institution}", "邀请您代表{institution}"),
    body=both(
        "You can now act for {institution}.\n\nThe invitation is good for {days} days.",
        "您现在可以代表{institution}。\n\n邀请在{days}天内有效。",
    ),
    words={
        "institution": both("name of the institution", "机构名称"),
        "days": both("days until the invitation ends", "邀请的有效天数"),
    },
    link_label=both("Accept the invitation", "接受邀请"),
)
