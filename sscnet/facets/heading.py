"""The heading of a list in words: "12 projects in Viet Nam or Sri Lanka about clean water".

Each facet has its phrase, a whole pattern of its own that each language puts into its words. How
phrases follow one another and where the number stands is a pattern too: Chinese puts them in front
of the noun.
"""

from functools import reduce

from django.utils.translation import get_language, gettext, ngettext, pgettext

from sscnet.core.i18n.texts import comma_separated

from .params import NOT_STATED

# So many values are named; of more, the rest is counted.
MOST_NAMED = 3


def sentence(listing) -> str:
    phrases = [
        phrase
        for values in listing.filterset.values_filters()
        for phrase in of_filter(listing, values)
    ]
    if listing.params.text:
        matching = pgettext("projects …, search", "matching “%(text)s”")
        phrases.append(matching % {"text": listing.params.text})
    if not phrases:
        return listing.filterset.counted % {"n": listing.count}
    words = {"n": listing.count, "phrases": reduce(followed_by, phrases)}
    return listing.filterset.described % words


def followed_by(first: str, second: str) -> str:
    pattern = pgettext("two phrases of a heading, one after the other", "%(first)s %(second)s")
    return pattern % {"first": first, "second": second}


def of_filter(listing, values):
    """Return the phrase of a filter in use; values widen, so they are joined by "or"."""
    words_of = [
        inside_sentence(listing.label(values, code), values)
        for code in listing.params.ticked.get(values.name, ())
        if code != NOT_STATED
    ]
    if values.name in listing.params.ranges:
        words_of.insert(0, range_in_words(listing.params.ranges[values.name]))
    words = {"filter": str(values.label)}
    alternatives = [str(values.phrase) % (words | {"values": any_of(words_of)})] if words_of else []
    if NOT_STATED in listing.params.ticked.get(values.name, ()):
        lacking = pgettext("projects …, a value is missing", "with “%(filter)s” not stated")
        alternatives.append(lacking % words)
    if alternatives:
        yield reduce(either, alternatives)


def inside_sentence(label: str, values) -> str:
    """Write a common noun small, as English does inside a sentence: not names, not ICT."""
    if values.is_name or get_language() != "en" or not label[1:2].islower():
        return label
    return label[0].lower() + label[1:]


def any_of(values: list[str]) -> str:
    """Join values by "or"; of many, the first are named."""
    named, more = values, len(values) - MOST_NAMED
    if more > 1:
        rest = ngettext("%(n)d other", "%(n)d others", more) % {"n": more}
        named = [*values[:MOST_NAMED], rest]
    *first, last = named
    return either(comma_separated(first), last) if first else last


def either(first: str, last: str) -> str:
    return gettext("%(first)s or %(last)s") % {"first": first, "last": last}


def range_in_words(ends) -> str:
    first, last = ends
    if first == last:
        return str(first)
    if last is None:
        return gettext("%(year)d or later") % {"year": first}
    if first is None:
        return gettext("%(year)d or earlier") % {"year": last}
    return gettext("%(first)d–%(last)d") % {"first": first, "last": last}
