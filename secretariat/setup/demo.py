"""Accounts to try the admin with, for development only."""

from dataclasses import dataclass

import pghistory
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.utils import timezone

from members.accounts.second_factor import needs_second_factor
from members.models import Affiliation, Institution, User

from ..back_office.groups import HELPER, OFFICER, READER

FOCAL_POINT = "focal@example.org"
PASSWORD = "south-south"  # noqa: S105 -- printed by the command, and only made under DEBUG.


@dataclass(frozen=True)
class DemoAccount:
    email: str
    name: str
    group: str | None
    may: str
    is_staff: bool = True


ACCOUNTS = [
    DemoAccount("officer@example.org", "Demo Officer", OFFICER, "everything of the day"),
    DemoAccount("helper@example.org", "Demo Helper", HELPER, "enters records, proposes changes"),
    DemoAccount("reader@example.org", "Demo Reader", READER, "looks at everything"),
    DemoAccount("admin@example.org", "Demo Administrator", None, "everything, accounts included"),
    DemoAccount(
        FOCAL_POINT,
        "Demo Focal Point",
        None,
        "acts for a member and two sample institutions: /my/; signs in without a second factor",
        is_staff=False,
    ),
]


def make_demo_accounts() -> list[DemoAccount]:
    """Make the accounts that are missing, with the password and group they are known for."""
    with pghistory.context(command="make_demo_accounts"):
        for account in ACCOUNTS:
            make_account(account)
    return ACCOUNTS


def make_account(account: DemoAccount) -> None:
    is_superuser = account.is_staff and account.group is None
    user, _created = User.objects.get_or_create(
        email=account.email,
        defaults={
            "name": account.name,
            "is_staff": account.is_staff,
            "is_superuser": is_superuser,
        },
    )
    if not user.check_password(PASSWORD):
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    if account.group:
        user.groups.add(Group.objects.get(name=account.group))
    if needs_second_factor(user):
        TOTP.activate(user, generate_totp_secret())
    if account.email == FOCAL_POINT:
        member = Institution.objects.published().members().order_by("pk").first()
        let_focal_point_act_for(member)


def let_focal_point_act_for(institution: Institution | None) -> None:
    """Let the demo focal point act for the institution, where there are both."""
    for user in User.objects.filter(email=FOCAL_POINT) if institution else ():
        role = {"role": Affiliation.Role.FOCAL_POINT, "institution": institution}
        user.affiliations.get_or_create(**role, defaults={"since": timezone.localdate()})
