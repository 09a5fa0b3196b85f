"""The list of meetings: what it is filtered by."""

from dataclasses import replace
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.texts import Name
from sscnet.core.records import samples
from sscnet.facets import heading
from sscnet.facets.filters import Order, ValuesFilter, YearFilter, Years, choices_of
from sscnet.facets.filterset import ListFilterSet
from sscnet.facets.params import NOT_STATED, read

from ..models import Meeting, MeetingSeries
from .numbers import numbers_of_each, people_of_each

PUBLISHED, WITH_WOMEN = "published", "women"


class NumbersFilter(ValuesFilter):
    """A filter of what the public is told of who came, as `numbers` says."""

    def told(self, codes) -> Q:
        telling = Meeting.objects.filter(Q(shows_numbers=True) | Q(participants_number__gte=0))
        if PUBLISHED in codes:
            return Q(pk__in=list(people_of_each(telling)))
        found = numbers_of_each(telling).items() if WITH_WOMEN in codes else ()
        return Q(pk__in=[pk for pk, numbers in found if numbers.women is not None])

    def carries(self, records, values, also=Q()):  # noqa: B008
        return self.told(values)

    def is_not_stated(self, records):
        return ~self.told([PUBLISHED])


def words_of_series() -> dict[str, str]:
    """Return the series of the meetings that are shown, by the numbers that addresses name."""
    shown = Meeting.objects.public().exclude(series=None)
    series = MeetingSeries.objects.filter(pk__in=shown.order_by().values("series"))
    return {str(one.pk): str(one) for one in series}


class MeetingFilter(ListFilterSet):
    kind = ValuesFilter(
        "kind",
        label=_("Kind"),
        labels=choices_of(Meeting.Kind),
        phrase=pgettext_lazy("meetings …, kind", "of the kind “%(values)s”"),
    )
    year = YearFilter(
        "year",
        label=_("Year"),
        labels=Years,
        phrase=pgettext_lazy("meetings …, years", "in %(values)s"),
    )
    series = ValuesFilter(
        "series",
        label=_("Series"),
        labels=words_of_series,
        phrase=pgettext_lazy("meetings …, series", "of the series “%(values)s”"),
    )
    numbers = NumbersFilter(
        "shows_numbers",
        label=_("Numbers of those present"),
        labels=lambda: {PUBLISHED: gettext("published"), WITH_WOMEN: gettext("with the women")},
    )

    class Meta:
        model = Meeting
        fields: list = []

    # The page has an order of its own.
    orders = [Order("newest", "", "", "starts_on", is_descending=True)]

    @staticmethod
    def counted(n, is_described):
        if is_described:
            return ngettext("%(n)d meeting %(phrases)s", "%(n)d meetings %(phrases)s", n)
        return ngettext("%(n)d meeting", "%(n)d meetings", n)


class MeetingListing:
    """The meetings that match the parameters of an address.

    There are few, and which are over depends on the clock: asked in SQL, not kept in memory.
    Nothing is searched for among them, so there is no `answer`.
    """

    filterset = MeetingFilter
    answer = None

    def __init__(self, data):
        params, self.unknown = read(data, MeetingFilter, ValuesFilter.words)
        self.params = replace(params, text="", sort="", has_samples=samples.are_shown())

    @cached_property
    def meetings(self):
        return Meeting.objects.public().filter(MeetingFilter().condition(self.params))

    @cached_property
    def count(self) -> int:
        return self.meetings.count()

    @property
    def is_filtered(self) -> bool:
        return bool(self.params.names)

    @cached_property
    def heading(self) -> str:
        return heading.sentence(self)

    def label(self, values: ValuesFilter, code: str) -> Name:
        return Name(gettext("not stated") if code == NOT_STATED else values.words()[code])
