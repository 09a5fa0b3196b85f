"""A delegation after it was sent: its status, and what may still be changed."""

from functools import partial

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from meetings import places
from meetings.models import Delegate, DelegateAnswer, DelegateLink, Offer, WorkshopPlace
from sscnet.core.pages.qr import qr_code
from sscnet.core.pages.views import ask_first, private_file
from sscnet.core.uploads.documents import SEVERAL_DOCUMENTS_BYTES, takes_files
from sscnet.papers.files import download
from sscnet.papers.models import Paper

from . import changes, drafts
from .answers import DelegateAnswersForm
from .entry import entry_of_institution, entry_to_edit, entry_to_read
from .forms import PersonForm, SwapForm
from .views import sent_in


@entry_to_read
@require_safe
def delegation(request, entry):
    """Show the reference, each person's places, and what happens next; or the draft so far."""
    papers = Paper.objects.defer(*Paper.FILES).filter(meeting_paper__meeting=entry.meeting)
    context = {
        "entry": entry,
        "may_edit": entry.may_edit,
        "just_sent": "sent" in request.GET,
        "papers": [paper for paper in papers if paper.is_valid],
        "forms": [],
    }
    context |= changes.statuses_of(entry)
    return render(request, "meetings/register/delegation.html", context)


@entry_to_read
@require_safe
def meeting_paper(request, entry, pk):
    """Give a paper of the meeting, sealed where its sealed copy is there."""
    found = get_object_or_404(entry.meeting.papers.select_related("paper"), paper=pk)
    if not found.paper.is_valid:
        raise Http404
    return download(found.paper, request.GET.get("as", ""))


def sent_person(entry, pk):
    people = entry.delegation.delegates.active() if not entry.is_new else None
    if people is None:
        raise Http404
    person = get_object_or_404(people.prefetch_related("workshop_places"), pk=pk)
    person.delegation = entry.delegation
    return person


def change(request, entry, form, apply, template, *, said, **context):
    """Take a change of a delegation that was sent; after the freeze day it becomes a request.

    `said` tells what was done, on the page that follows.
    """
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            apply()
            messages.success(request, said)
            return redirect(entry.address())
        except places.PlacesError as error:
            refusal = error
    context |= {"entry": entry, "form": form, "forms": [form], "refusal": refusal}
    return render(request, f"meetings/register/{template}.html", context)


def change_if_sure(request, entry, apply, *, person=None, place=None, is_draft=False):
    """Withdraw a person, a place or, without either, all, after a page that says what that does."""
    what = {"person": person, "place": place, "is_draft": is_draft}
    said = gettext("Unsent changes are discarded.")
    if not is_draft:
        row = person or (place and place.delegate)
        whose = {"person": row or gettext("The delegation")}
        said = gettext("Withdrawn: %(person)s.") % whose
        if place:
            said = gettext("Withdrawn: %(person)s from “%(workshop)s”.") % {
                **whose,
                "workshop": place.workshop,
            }
    return change(request, entry, forms.Form(request.POST), apply, "withdraw", said=said, **what)


def said_of(entry, done: str) -> str:
    """Return what was done, or after the freeze day asked for."""
    if entry.needs_request:
        return gettext("Your request was sent to the Secretariat. You will be answered by email.")
    return done


@entry_to_edit
def person(request, entry, pk):
    """Change what is known of a person, name one who was to be named, choose other workshops."""
    found = sent_person(entry, pk)
    form = PersonForm(request.POST or None, instance=found, entry=entry)
    edit = partial(changes.edit, entry, found, form)
    said = said_of(entry, gettext("Your changes to this person are saved."))
    return change(request, entry, form, edit, "person", said=said, person=found)


@entry_to_edit
def swap(request, entry, pk):
    """Put another person in the place of this one."""
    found = sent_person(entry, pk)
    form = SwapForm(request.POST or None, entry=entry)
    swap_person = partial(changes.swap, entry, found, form)
    former = {"person": found}
    said = said_of(entry, gettext("Another person will attend instead of %(person)s.") % former)
    return change(request, entry, form, swap_person, "swap", said=said, person=found)


@entry_of_institution
@require_http_methods(["GET", "HEAD", "POST"])
def own_link(request, entry, pk):
    """Show the person's own link, to be handed on; make it anew, or take it back."""
    people = Delegate.objects.filter(delegation=entry.delegation.pk, erased_at=None)
    found = get_object_or_404(people.exclude(place="").exclude(to_be_named=True), pk=pk)
    if request.method == "POST":
        take_back = request.POST.get("then") == "revoke"
        if found.links.valid().first() and (
            asked := ask_first(
                request,
                gettext("Cancel the link?") if take_back else gettext("Create a new link?"),
                gettext("The old link stops working at once."),
                gettext("Cancel the link") if take_back else gettext("Create a link"),
                back=request.path,
            )
        ):
            return asked
        if take_back:
            found.links.revoke()
        else:
            DelegateLink.renew(found)
        return redirect(entry.address("own_link", pk))
    link = found.links.valid().first()
    address = link and settings.PORTAL_ADDRESS + link.path()
    words = {"person": found, "meeting": entry.meeting, "address": address}
    context = {"entry": entry, "person": found, "link": link, "address": address, "forms": []}
    if address:
        text = gettext("%(person)s: this is your own page for “%(meeting)s”. %(address)s")
        context |= {"for_wechat": text % words, "qr": qr_code(address)}
    return render(request, "meetings/register/own_link.html", context)


@entry_to_edit
def withdraw_person(request, entry, pk):
    """Withdraw one person, after a page that says what that does."""
    found = sent_person(entry, pk)
    withdraw_one = partial(places.withdraw, found, actor=request.user)
    return change_if_sure(request, entry, withdraw_one, person=found)


@entry_to_edit
def withdraw(request, entry):
    """Withdraw the whole delegation, after a page that says what that does."""
    if not entry.is_submitted:
        raise Http404
    withdraw_all = partial(places.withdraw, entry.delegation, actor=request.user)
    return change_if_sure(request, entry, withdraw_all)


@entry_to_edit
def leave(request, entry, pk):
    """Withdraw from one workshop: the place, or the wait for it."""
    rows = WorkshopPlace.objects.active().select_related("workshop", "delegate")
    place = get_object_or_404(rows, pk=pk, delegate__delegation=entry.delegation.pk)
    place.delegate.delegation = entry.delegation
    give_up = partial(places.withdraw, place, actor=request.user)
    return change_if_sure(request, entry, give_up, place=place)


@entry_to_edit
def discard(request, entry):
    """Throw a draft away, or the people added to a delegation and not sent."""
    if entry.is_new:
        raise Http404
    return change_if_sure(request, entry, partial(drafts.discard, entry), is_draft=True)


@entry_to_edit
def offers(request, entry):
    """Answer the offers that are open, all on one page."""
    rows = Offer.objects.filter(delegate__delegation=entry.delegation.pk)
    open_offers = list(rows.open().select_related("delegate", "workshop"))
    refusals = []
    if request.method == "POST":
        refusals = changes.answer_offers(entry, request.POST)
        if not refusals:
            messages.success(request, gettext("Your answers to the offers are saved."))
            return redirect(entry.address())
        open_offers = list(rows.open().select_related("delegate", "workshop"))
    context = {"entry": entry, "offers": open_offers, "refusals": refusals, "forms": []}
    return render(request, "meetings/register/offers.html", context)


# ------------------------------------------------------------------ the meeting's own questions


@takes_files(SEVERAL_DOCUMENTS_BYTES)
@entry_to_edit
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request, entry, pk):
    """Change the answers of a person who was sent, until the meeting is over."""
    person = sent_person(entry, pk)
    address = partial(entry.address, "answer_file", pk)
    return answers_of(request, person, entry.address(), entry=entry, address=address)


def answers_of(request, person, back, *, address, entry=None):
    """Show and take the answers of one person; the own link does so too."""
    asked = list(person.delegation.meeting.questions.asked())
    if not asked or not person.delegation.meeting.takes_changes:
        raise Http404
    posted = sent_in(request)
    form = DelegateAnswersForm(*posted, delegate=person, questions=asked)
    if posted and form.is_valid():
        form.save()
        messages.success(request, gettext("The answers are saved."))
        return redirect(back)
    context = {"person": person, "form": form, "forms": [form], "back": back}
    context |= {"entry": entry, "address": address}
    return render(request, "meetings/register/answers.html", context)


@entry_to_edit
@require_safe
def answer_file(request, entry, pk, question):
    """Return a file that a person of the delegation answered with."""
    own = DelegateAnswer.objects.filter(delegate__delegation=entry.delegation.pk)
    return file_of(own.filter(delegate=pk, question=question))


def file_of(answers):
    answer = get_object_or_404(answers)
    return private_file(answer.file, f"{answer.delegate}-{answer.question_id}")
