"""One search over everything that is public: one ranking of all kinds."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from meetings.models import Meeting
from members.models import Institution
from projects.calls.models import Call
from projects.catalogue.filters import ProjectFilter
from projects.catalogue.snippets import FoundLine, found_in
from projects.models import Project
from sscnet.codelists.aliases import names_besides
from sscnet.codelists.models import SDG, Country, Topic
from sscnet.core.database.stamps import CALLS, MEETINGS, PAGES, REGISTRATIONS
from sscnet.core.i18n.labels import each_language
from sscnet.core.i18n.texts import Text, first_sentence, translated
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.records import samples
from sscnet.search import Pieces, closest, highlights, matching_each, ranked_together, snippet
from sscnet.search.engine import text_of
from sscnet.search.models import UnmetWord
from sscnet.search.text.words import tokens

from ..models import Page, Publication

# Texts of which a search shows where it found the words, in this order.
TEXTS = {
    "theme": _("Theme"),
    "summary": _("In short"),
    "description": _("In short"),
    "text": _("In short"),
    "outcome": _("What came of it"),
    "challenge": _("The challenge"),
    "approach": _("Towards a solution"),
}
OF_SERVICE = ("title", "description")
# So many are shown of all kinds, and of one.
IN_SIGHT = 10
MOST = 50
# Of fewer that have all the words, those that come close are shown as well.
FEW = 3


@dataclass(frozen=True)
class SearchKind:
    """A kind of record; `list` is the name of the list that takes the words, if there is one."""

    key: str
    label: Any
    one: Any
    model: type[Model]
    sign: str = "book"
    list: str = ""


@dataclass(frozen=True)
class Hit:
    """A record that was found, and why it fits: where the words stand, and which it has."""

    kind: SearchKind
    record: Model
    name: Text
    pieces: Pieces
    sentence: Text
    line: FoundLine | None
    words: list[str]

    @property
    def sign(self) -> str:
        return getattr(self.record, "sign", self.kind.sign)

    @property
    def city(self) -> Text:
        return translated(self.record, "city") if hasattr(self.record, "city") else Text()

    @property
    def year(self) -> int | None:
        return getattr(self.record, "year_approved", getattr(self.record, "year", None))


KINDS = [
    SearchKind("topic", _("Topics"), _("Topic"), Topic),
    SearchKind("country", _("Countries"), _("Country"), Country, "mountains"),
    SearchKind("sdg", _("Goals (SDGs)"), _("Goal (SDG)"), SDG, "people"),
    SearchKind(
        "institution", _("Institutions"), _("Institution"), Institution, "egov", "members:list"
    ),
    SearchKind("project", _("Projects"), _("Project"), Project, "book", "projects:list"),
    SearchKind(
        "meeting", _("Activities"), _("Activity"), Meeting, "people", "meetings:activities:list"
    ),
    SearchKind("call", _("Calls"), _("Call"), Call, "finance", "calls:list"),
    SearchKind("publication", _("Publications"), _("Publication"), Publication),
    SearchKind("page", _("Pages"), _("Page"), Page),
]
OF_KEY = {kind.key: kind for kind in KINDS}


@require_safe
@keep_until_changed(*ProjectFilter.topics, MEETINGS, REGISTRATIONS, CALLS, PAGES)
def search(request):
    """Show what was found, of all kinds or of one; `all=1` also what has just this name or number.

    Where no record has all the words, those that have the rarest are shown.
    """
    text, is_all, only = text_of(request), "all" in request.GET, request.GET.get("kind", "")
    if not is_all and (project := Project.objects.with_address().numbered(text).first()):
        return redirect(address_for(project, text))
    found = matching_each(text, list(OF_KEY)) if text else {}
    corrected = next((one.text for one in found.values() if one.is_corrected), "")
    words: dict[tuple[str, Any], list[str]] = {}
    unmet: list[str] = []
    order = ranked_together(found.values()) if found else []
    counts = Counter({kind: len(one.ids) for kind, one in found.items()})
    is_enough = len(order) >= FEW
    if text and not corrected and not (is_enough and "institution" in dict(order)):
        hits, asked = closest(text, ["institution"] if is_enough else list(OF_KEY))
        hits = hits[:1] if is_enough else hits
        unmet = asked if not order and (not hits or 2 * len(hits[0][2]) < len(asked)) else []
        words = {hit[:2]: hit[2] for hit in hits if hit[:2] not in order}
        order += words
        counts += Counter(kind for kind, _key in words)
    order = with_whom_to_ask(order, words)
    shown = order[:IN_SIGHT] if only not in OF_KEY else [pair for pair in order if pair[0] == only]
    # Others may have the words of a topic's name more often than the topic.
    topics = [pair for pair in order if pair[0] == "topic"]
    records = read([*dict.fromkeys([*shown[:MOST], *topics])])
    named = {pair: one for pair, one in records.items() if is_named(text, one)}
    if len(named) == 1 and not is_all:
        return redirect(address_for(*named.values(), text))
    records = named | {pair: one for pair, one in records.items() if pair in shown}
    if unmet and not samples.are_shown():
        note_unmet(request, unmet)
    kind = OF_KEY.get(only)
    context = {
        "text": text,
        "kinds": [(one, counts[one.key]) for one in KINDS if counts[one.key]],
        "count": counts.total(),
        "only": kind,
        "hits": (hits := hits_of(records, corrected or text, words)),
        "exact": [hit for hit in hits if is_enough or not hit.words],
        "closest": [hit for hit in hits if hit.words and not is_enough],
        "corrected": corrected,
        "suggestion": next((one.suggestion for one in found.values() if one.suggestion), ""),
        "list_address": "" if words or not kind else list_address(kind, corrected or text),
    }
    return render(request, "secretariat/search.html", context)


def note_unmet(request, words: list[str]) -> None:
    """Count words without an answer: each time, so the page is not kept."""
    request.is_provisional = request.is_unanswered = True
    UnmetWord.note(words)


def with_whom_to_ask(order: list[tuple[str, Any]], words) -> list[tuple[str, Any]]:
    """Put the first institution among the first three: who needs something needs whom to ask.

    Not one that has fewer of the words than the others.
    """
    first = next((pair for pair in order[FEW:] if pair[0] == "institution"), None)
    if first is None or "institution" in dict(order[:FEW]):
        return order
    if len(words.get(first, ())) < min(len(words.get(pair, ())) for pair in order[:FEW]):
        return order
    return [*order[: FEW - 1], first, *(pair for pair in order[FEW - 1 :] if pair != first)]


def read(pairs: list[tuple[str, Any]]) -> dict[tuple[str, Any], Model]:
    """Read the records in this order."""
    found = {}
    for kind in KINDS:
        records = kind.model._base_manager.filter(
            pk__in=[key for of, key in pairs if of == kind.key]
        )
        if kind.key == "institution":
            records = records.prefetch_related("names", "services")
        found |= {(kind.key, one.pk): one for one in records}
    return {pair: found[pair] for pair in pairs if pair in found}


def is_named(text: str, record: Model) -> bool:
    """Return whether the text is a whole name of the record, in whatever language and case."""
    names = [getattr(record, name) for name in each_language(title_field(record))]
    others = [one.name for one in record.names.all()] if hasattr(record, "names") else []
    every = (*names, *others, *names_besides(record))
    return in_words(text) in {in_words(name) for name in every if name}


def title_field(record: Model) -> str:
    return "title" if hasattr(record, "title") else "name"


def in_words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(text))


def address_for(record, text: str) -> str:
    """Return the address of the one record meant, with the words: its page shows the way back."""
    address = samples.keep(record.get_absolute_url())
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'searched': text})}"


def hits_of(records, text: str, words) -> list[Hit]:
    """Say of each record where the words stand in it, or begin its own text."""
    hits = []
    projects = ProjectFilter.read([key for kind, key in records if kind == "project"])
    by_key = {("project", one.pk): one for one in projects}
    for pair, record in records.items():
        asked = " ".join(words.get(pair, [text]))
        line = found_in(by_key[pair], asked) if pair in by_key else None
        hits.append(hit_of(OF_KEY[pair[0]], record, asked, line, words.get(pair, [])))
    return hits


def hit_of(kind: SearchKind, record: Model, text: str, line, words: list[str]) -> Hit:
    name = translated(record, title_field(record))
    has = {field.name for field in record._meta.concrete_fields}
    own = [(said, translated(record, field)) for field, said in TEXTS.items() if field in has]
    services = record.services.all() if isinstance(record, Institution) else ()
    own += [(_("Offers"), translated(one, name)) for one in services for name in OF_SERVICE]
    if line is None or line.text.is_other or line.text.value == name.value:
        found = ((label, snippet(one.value, text), one) for label, one in own if not one.is_other)
        line = next((FoundLine(*one) for one in found if one[1]), None)
    sentence = next((one for _label, one in own if one and not one.is_other), Text())
    sentence = Text(first_sentence(sentence.value), sentence.language) if sentence else sentence
    return Hit(kind, record, name, highlights(name.value, text), sentence, line, words)


def list_address(kind: SearchKind, text: str) -> str:
    return samples.keep(f"{reverse(kind.list)}?{urlencode({'q': text})}") if kind.list else ""
