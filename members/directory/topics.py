"""Which topics an institution belongs to, by the words and sectors that the search finds."""

from functools import lru_cache

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q

from sscnet.codelists.models import Topic
from sscnet.core.database import stamps
from sscnet.core.pages.statements import sources_of
from sscnet.core.records import samples
from sscnet.search import having_any


def with_topics(*kinds: str, **which) -> list[tuple[Topic, dict[str, set[int]]]]:
    """Return topics in their order, with sources, each with the ids of its records by kind."""
    in_any = ArrayAgg("sectors", filter=Q(sectors__isnull=False), default=[])
    known = ArraySubquery(sources_of(Topic))
    topics = Topic.objects.filter(**which).annotate(in_any=in_any, known=known)
    topics = topics.order_by("position", "id")
    groups = [(one.words, [f"sector={pk}" for pk in one.in_any]) for one in topics]
    found = having_any(groups, kinds)
    return list(zip(topics, found, strict=True))


def topics_of_institutions(request) -> dict[int, list[Topic]]:
    """Return the topics of each institution, first the one that the fewest share: its own.

    They are found once in each state of the records: that takes longer than to write a page.
    """
    stamp = stamps.stamp_of(stamps.TOPICS, stamps.of_request(request))
    return _topics_at(stamp, samples.are_shown())


@lru_cache(maxsize=2)
def _topics_at(_stamp: str, _with_samples: bool) -> dict[int, list[Topic]]:
    found = sorted(with_topics("institution"), key=lambda one: len(one[1]["institution"]))
    topics: dict[int, list[Topic]] = {}
    for topic, ids in found:
        for pk in ids["institution"]:
            topics.setdefault(pk, []).append(topic)
    return topics
