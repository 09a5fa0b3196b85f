"""What a delegate sees by the own link: what is held, where it went, and what to do about it.

No account is needed: who has the link acts for the person.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sscnet.codelists.nationalities import nationality_in_words
from sscnet.core.forms.confirmation import ConfirmationForm
from sscnet.core.pages.views import ask_first
from sscnet.core.personal_data.fields import declared
from sscnet.core.uploads.documents import SEVERAL_DOCUMENTS_BYTES, takes_files
from sscnet.outbox.models import Message

from .. import places
from ..models import Delegate, DelegateLink
from ..registration import changes
from ..registration.delegation_views import answers_of, file_of
from ..registration.entry import DelegationEntry
from ..registration.forms import SentPersonForm
from . import erasing
from .consents import KEPT, LISTED, TEXTS, ConsentForm, asked_of, withdraw_consent
from .links import by_link

# They have a part of the page of their own.
CONSENTS = (
    *("may_be_listed", "may_be_kept", "roster_entry", "consented_to", "consented_at"),
    *("refused", "consent_version", "consent_scan"),
)


class OwnDataForm(SentPersonForm):
    """What a person corrects about himself or herself."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["to_be_named"]
        self.fields["role"].help_text = gettext("Your role at your institution.")
        self.fields["email"].help_text = gettext("If there is none, emails go to your institution.")


# ------------------------------------------------------------------ pages


@by_link
@require_safe
def own_data(request, link):
    delegate = link.delegate
    papers = delegate.issued_documents.issued().current().with_paper()
    context = {
        "link": link,
        "delegate": delegate,
        "held": held(delegate),
        "consents": consents(delegate),
        "to_answer": to_answer(delegate),
        "asked_for": asked_of(delegate),
        "looks": delegate.passport_looks.select_related("by"),
        "traveller": getattr(delegate, "traveller", None),
        "papers": [one for one in papers.select_related("meeting") if one.is_valid],
        "statuses": [s for s in places.statuses(delegate.delegation) if s.delegate == delegate],
        "answers": delegate.answers.select_related("question"),
        "address_of_file": address_of_file(link),
        "may_answer": may_correct(delegate)
        and delegate.delegation.meeting.questions.asked().exists(),
        "requests": delegate.change_requests.all(),
        "mails": mails_to(delegate),
        "exports": delegate.exports.select_related("by"),
        "may_correct": may_correct(delegate),
        "check_in_address": check_in_address(link),
        "is_done": "done" in request.GET,
        "is_asked": "asked" in request.GET,
        "forms": [],
    }
    return render(request, "meetings/own/data.html", context)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, link):
    """Correct what is held; after the freeze day it becomes a request to the Secretariat."""
    delegate = link.delegate
    if not may_correct(delegate):
        return redirect(link.path())
    entry = entry_of(delegate)
    data = request.POST if request.method == "POST" else None
    form = OwnDataForm(data, instance=delegate, entry=entry)
    refusal = None
    if form.is_valid():
        try:
            changes.edit(entry, delegate, form)
            done = "asked" if entry.needs_request else "done"
            return redirect(f"{link.path()}?{done}=1")
        except places.PlacesError as error:
            refusal = error
    back = link.path()
    context = {"entry": entry, "form": form, "forms": [form], "refusal": refusal, "back": back}
    return render(request, "meetings/own/correct.html", context)


@takes_files(SEVERAL_DOCUMENTS_BYTES, link=DelegateLink)
@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def own_answers(request, link):
    """Change the answers to the meeting's own questions."""
    back = link.path()
    return answers_of(request, link.delegate, back, address=address_of_file(link))


@by_link
@require_safe
def own_answer_file(request, link, question):
    return file_of(link.delegate.answers.filter(question=question))


def address_of_file(link):
    return lambda question: link.path("own_answer_file", question)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request, link):
    """Answer what the person agrees to: passport, diet, access needs."""
    delegate = link.delegate
    if not may_correct(delegate) or not asked_of(delegate):
        return redirect(link.path())
    form = ConsentForm(request.POST if request.method == "POST" else None, delegate=delegate)
    if form.is_valid():
        form.save()
        return redirect(f"{link.path()}?done=1")
    context = {"form": form, "forms": [form], "back": link.path(), "delegate": delegate}
    return render(request, "meetings/own/agree.html", context)


@by_link
@require_POST
def withdraw(request, link):
    """Take back a consent, after a page that says what that does."""
    what, back = request.POST.get("consent", ""), link.path()
    for one in consents(link.delegate):
        if one.what == what and (
            asked := ask_first(
                request,
                gettext("Withdraw this consent?"),
                gettext("What is held or shown because of it is removed at once."),
                gettext("Withdraw this consent"),
                back,
                about=one.label,
            )
        ):
            return asked
    withdraw_consent(link.delegate, what)
    return redirect(f"{back}?done=1")


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request, link):
    """Erase all that is held of the person, after a word is typed."""
    form = ConfirmationForm(request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_valid():
        try:
            erasing.erase_person(link.delegate)
            return render(request, "meetings/own/erased.html", {"forms": []})
        except places.PlacesError as error:
            refusal = error
    context = {
        "form": form,
        "forms": [form],
        "delegate": link.delegate,
        "keeps_slip": keeps_slip(link.delegate),
        "refusal": refusal,
        "back": link.path(),
    }
    return render(request, "meetings/own/erase.html", context)


# ------------------------------------------------------------------ what is held


def held(delegate: Delegate) -> list[tuple[Any, Any]]:
    """Return the declared fields that hold something of this person: label and value."""
    fields = [field for field in declared(Delegate) if field.name not in CONSENTS]
    found = [(field.column.verbose_name, shown(delegate, field.name)) for field in fields]
    return [(label, value) for label, value in found if value]


def shown(delegate: Delegate, name: str):
    if name == "nationality":
        return nationality_in_words(delegate.nationality)
    display = getattr(delegate, f"get_{name}_display", None)
    return display() if display and getattr(delegate, name) else getattr(delegate, name)


@dataclass(frozen=True)
class ConsentGiven:
    what: str
    label: Any
    at: Any
    version: str = ""


def consents(delegate: Delegate) -> list[ConsentGiven]:
    found = [
        ConsentGiven(name, TEXTS[name][0], delegate.consented_at, delegate.consent_version)
        for name in delegate.consented_to
    ]
    if delegate.may_be_listed:
        text = gettext("to be named on the public page of the meeting")
        found.append(ConsentGiven(LISTED, text, None))
    if delegate.may_be_kept:
        text = gettext("to stay in the institution’s list, for future registrations")
        found.append(ConsentGiven(KEPT, text, None))
    return found


def to_answer(delegate: Delegate) -> list:
    """Return what the person is asked to agree to and has not answered."""
    answered = {*delegate.consented_to, *delegate.refused}
    open_now = asked_of(delegate) if may_correct(delegate) else []
    return [TEXTS[name][0] for name in open_now if name not in answered]


def mails_to(delegate: Delegate) -> QuerySet[Message]:
    mails = Message.objects.about(delegate.delegation).for_list()
    return mails.filter(to__iexact=delegate.email) if delegate.email else mails.none()


def keeps_slip(delegate: Delegate) -> bool:
    """Return whether a return slip stays, as it names others too."""
    slips = delegate.delegation.return_slips
    return slips.exists() and not erasing.of_person(delegate).letters.exists()


def check_in_address(link) -> str:
    """Return where the person checks in, on the days of the meeting."""
    meeting = link.delegate.delegation.meeting
    today = timezone.localdate(timezone=meeting.zone)
    is_held = meeting.starts_on and meeting.starts_on <= today <= meeting.ends_on
    return link.path("own_check_in") if is_held else ""


def may_correct(delegate: Delegate) -> bool:
    return delegate.is_active and delegate.delegation.meeting.takes_changes


def entry_of(delegate: Delegate) -> DelegationEntry:
    delegation = delegate.delegation
    return DelegationEntry(delegation.meeting, delegation.institution, None, delegation)
