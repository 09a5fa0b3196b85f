"""Mails about an account: codes, links, and what was changed in it."""

import uuid

from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language

from members import mails
from members.models import TAKE_BACK_HOURS, AccountChange, User
from sscnet.outbox import post


def write(kind, *, to, words, link=""):
    """Write a mail that stands for itself: asked for twice, it is sent twice."""
    with transaction.atomic():
        key = f"{kind.key}:{uuid.uuid4()}"
        language = get_language() or ""
        post.write(kind.key, to=to, key=key, words=words, link=link, language=language)


@transaction.atomic
def write_account_changed(user, change, email=""):
    """Tell the owner, at the address of before, with a link that takes the change back."""
    email = email or user.email
    token = AccountChange.objects.note(user, email)
    link = reverse("account_take_back", args=[token])
    words = {"change": mails.CHANGES[change], "hours": TAKE_BACK_HOURS}
    write(mails.ACCOUNT_CHANGED, to=email, words=words, link=link)


def tell_administrators(record, change, *, by=None, besides=()):
    """Tell the administrators but for who did it, and those told otherwise."""
    notified = User.objects.administrators().exclude(
        pk__in=[one.pk for one in (by, *besides) if one]
    )
    words = {"account": str(record), "change": change, "officer": str(by or "")}
    opts = record._meta
    link = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
    for administrator in notified:
        write(mails.ACCOUNTS_CHANGED, to=administrator.email, words=words, link=link)
