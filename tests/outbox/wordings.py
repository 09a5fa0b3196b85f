"""A wording for tests, which has no files."""

from sscnet.outbox.wordings import MailText, Wording

ENGLISH = """\
Subject: Invitation to act for {institution}
Kind: invitation
Link: Accept the invitation
{institution}: name of the institution
{days}: days until the invitation ends

You can now act for {institution}.

The invitation is good for {days} days.
"""
CHINESE = """\
Subject: 邀请您代表{institution}
Kind: 邀请
Link: 接受邀请
{institution}: 机构名称
{days}: 邀请的有效天数

您现在可以代表{institution}。

邀请在{days}天内有效。
"""
INVITATION = Wording(
    key="test_invitation",
    placeholders=("institution", "days"),
    texts={"en": MailText.parse(ENGLISH), "zh-hans": MailText.parse(CHINESE)},
)
