"""Accounts to try the admin with, for development only."""

from dataclasses import dataclass

import pghistory
from django.contrib.auth.models import Group

from members.models import User

from .groups import EDITORS, PUBLISHERS, READ_ONLY

PASSWORD = "south-south"  # noqa: S105 -- printed by the command, and only made under DEBUG.


@dataclass(frozen=True)
class DemoAccount:
    email: str
    name: str
    group: str | None
    may: str

    @property
    def password(self) -> str:
        return PASSWORD


ACCOUNTS = [
    DemoAccount(
        "editor@example.org", "Demo Editor", EDITORS, "enters and changes records, marks them ready"
    ),
    DemoAccount(
        "publisher@example.org",
        "Demo Publisher",
        PUBLISHERS,
        "what an editor may; publishes, withdraws, deletes drafts",
    ),
    DemoAccount("reader@example.org", "Demo Reader", READ_ONLY, "looks at everything"),
    DemoAccount("admin@example.org", "Demo Administrator", None, "everything, accounts included"),
]


def make_demo_accounts() -> list[DemoAccount]:
    """Make the accounts that are missing, with the password and group they are known for."""
    with pghistory.context(command="make_demo_accounts"):
        for account in ACCOUNTS:
            make_account(account)
    return ACCOUNTS


def make_account(account: DemoAccount) -> None:
    is_superuser = account.group is None
    user, _created = User.objects.get_or_create(
        email=account.email,
        defaults={"name": account.name, "is_staff": True, "is_superuser": is_superuser},
    )
    if not user.check_password(account.password):
        user.set_password(account.password)
        user.save(update_fields=["password"])
    if account.group:
        user.groups.add(Group.objects.get(name=account.group))
