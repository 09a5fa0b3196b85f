"""All made-up records, made by one function and taken away by another."""

from collections.abc import Iterable

import pgtrigger
from django.db import transaction
from django.utils import timezone

from meetings.models import Meeting
from members.models import Institution
from projects.calls.models import Call
from projects.models import Project
from secretariat.models import Page
from sscnet.changes.parts import parts_of
from sscnet.core.models import OldSlug, PublicRecord
from sscnet.search import renewal as search_index

from .call import make_sample_call, remove_proposals
from .meeting import make_sample_meeting, remove_delegations
from .records import make_sample_projects, mark, read_sample, remove_mails_about
from .requests import remove_requests


@transaction.atomic
def make_sample() -> None:
    """Make the sample records that are missing; those that are there are left as they are."""
    make_sample_projects()
    make_sample_meeting()
    make_sample_call()
    make_sample_news()
    search_index.refresh(search_index.kinds)


@pgtrigger.ignore()
def make_sample_news() -> None:
    news, is_new = Page.objects.get_or_create(
        slug="sample-news",
        defaults={
            "kind": Page.Kind.NEWS,
            "is_sample": True,
            "state": Page.State.PUBLISHED,
            "published_at": timezone.now(),
            "since": timezone.localdate(),
            **read_sample()["news"],
        },
    )
    if is_new:
        mark(news)


def remove_sample() -> dict[str, int]:
    """Remove the sample records with all that hangs on them; say how many of each there were.

    Raises ProtectedError, and removes nothing, while a real record points to one of them.
    """
    with transaction.atomic():
        remove_delegations()
        remove_proposals()
        remove_requests()
        removed = {
            model: remove_all(model) for model in (Page, Call, Meeting, Project, Institution)
        }
    if any(removed.values()):
        # Not just what changed: words that only the sample had must not be suggested any more.
        search_index.rebuild()
    return {str(model._meta.verbose_name_plural): count for model, count in removed.items()}


def remove_all(model: type[PublicRecord]) -> int:
    """Remove the sample records of one model."""
    rows = model._base_manager.filter(is_sample=True)
    keys = list(rows.values_list("pk", flat=True))
    remove_mails_about(rows)
    remove_history(model, keys)
    OldSlug.objects.filter(model=model._meta.label_lower, object_id__in=keys).delete()
    with pgtrigger.ignore():
        model._base_manager.filter(pk__in=keys).delete()
    return len(keys)


def remove_history(model: type[PublicRecord], keys: Iterable[int]) -> None:
    for part in reversed(parts_of(model)):
        part.naming(model, keys).delete()
