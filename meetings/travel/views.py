"""The travel page of a person, by the own link or from the delegation, and the papers given."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from sscnet.core.pages.views import ask_first
from sscnet.papers.files import download

from ..models import Delegate, IssuedDocument, Traveller
from ..persons.own_data import by_link
from ..registration.entry import entry_of_institution
from . import documents, passports
from .forms import JourneyForm, PassportForm
from .people import missing, travellers

Kind = IssuedDocument.Kind


# ------------------------------------------------------------------ by the person's own link


@sensitive_post_parameters()
@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def own_travel(request, link):
    def address(page, *more):
        return link.path(f"own_{page}", *more)

    return travel(request, link.delegate, address, back=link.path(), is_own=True)


@by_link
@require_safe
def own_document(request, link, pk):
    return give_paper(request, link.delegate, pk)


# ------------------------------------------------------------------ by the institution


@sensitive_post_parameters()
@entry_of_institution
@require_http_methods(["GET", "HEAD", "POST"])
def travel_of(request, entry, pk):
    def address(page, *more):
        return entry.address(page, pk, *more)

    return travel(request, person_of(entry, pk), address, back=entry.address(), is_own=False)


@entry_of_institution
@require_safe
def document_of(request, entry, person, pk):
    return give_paper(request, person_of(entry, person), pk)


def person_of(entry, pk):
    people = Delegate.objects.filter(delegation=entry.delegation.pk, erased_at=None)
    return get_object_or_404(people.exclude(to_be_named=True), pk=pk)


# ------------------------------------------------------------------ what both do


def travel(request, delegate, address, **pages):
    """Show and take what the meeting asks of this person, and show what was given.

    Papers stay there without a place, too.
    """
    rows = Delegate.objects.select_related(
        "delegation__meeting", "delegation__institution", "traveller", "passport", "attendance"
    )
    delegate = rows.get(pk=delegate.pk)
    meeting = delegate.delegation.meeting
    may_state = states(delegate)
    data = request.POST if request.method == "POST" and may_state else None
    gives_letters = meeting.gives_letters and may_state
    forms = forms_for(delegate, data) if may_state else []
    if data is not None and (response := kept(request, delegate, forms, address("travel"))):
        return response
    papers = delegate.issued_documents.issued().current().with_paper()
    context = {
        "delegate": delegate,
        "meeting": meeting,
        "forms": forms,
        "address": address,
        "passport_days": settings.PASSPORT_DAYS,
        "is_done": "done" in request.GET,
        "has_passport": hasattr(delegate, "passport"),
        "needs_consent": may_state
        and delegate.is_asked_for_passport
        and "passport" not in delegate.consented_to,
        "letter": delegate.issued_documents.letters().with_paper().first(),
        "gives_letters": gives_letters,
        "missing": missing(delegate, Kind.LETTER) if gives_letters else [],
        "papers": [one for one in papers.select_related("meeting") if one.is_valid],
    }
    return render(request, "meetings/travel/travel.html", context | pages)


def states(delegate):
    """Return whether the meeting still asks this person: with a place, until it is over."""
    meeting = delegate.delegation.meeting
    has_place = travellers(meeting).filter(pk=delegate.pk).exists()
    return has_place and meeting.asks_travellers and meeting.takes_changes


def forms_for(delegate, data):
    """Return the forms of what the meeting asks."""
    meeting = delegate.delegation.meeting
    forms = []
    if delegate.is_asked_for_passport and "passport" in delegate.consented_to:
        passport = next((data for _, data in passports.seen_of([delegate], meeting)), None)
        forms.append(PassportForm(data, meeting=meeting, passport=passport))
    if {"journey", "hotel", "room"} & set(meeting.travel_asks):
        found = getattr(delegate, "traveller", None)
        forms.append(JourneyForm(data, meeting=meeting, instance=found))
    return forms


def kept(request, delegate, forms, page):
    """Keep all that was typed, whichever button was pressed, then do what the button says.

    Return None where something is wrong: nothing is kept then.
    """
    forgets = "forget_passport" in request.POST
    forms = [form for form in forms if not (forgets and isinstance(form, PassportForm))]
    if not all(form.is_valid() for form in forms):
        return None
    save(delegate, forms)
    if forgets:
        gone = gettext("A letter of invitation that was issued with them is no longer valid.")
        question, answer = gettext("Delete the passport data?"), gettext("Delete the passport data")
        if asked := ask_first(request, question, gone, answer, back=page):
            return asked
        passports.forget(delegate)
    if "ask_letter" in request.POST and delegate.delegation.meeting.gives_letters:
        documents.ask(delegate)
    return redirect(f"{page}?done=1")


def save(delegate, forms):
    for form in forms:
        if isinstance(form, JourneyForm):
            Traveller.objects.update_or_create(delegate=delegate, defaults=form.cleaned_data)
        elif form.has_changed():
            passports.keep(delegate, form.passport)


def give_paper(request, delegate, pk):
    rows = delegate.issued_documents.issued().current().select_related("meeting", "paper")
    document = get_object_or_404(rows, pk=pk)
    if not document.is_valid:
        raise Http404
    return download(document.paper, request.GET.get("as", ""))
