"""Ready to travel: what is missing of each person of a delegation, its return slip, reminders."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Prefetch, QuerySet, TextChoices
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from sscnet.core.pages.views import private_file
from sscnet.core.uploads.documents import (
    DOCX,
    SEVERAL_DOCUMENTS_BYTES,
    safe_download_name,
    takes_files,
)
from sscnet.outbox import due
from sscnet.outbox.wordings import register
from sscnet.papers.fields import PaperKind
from sscnet.papers.files import word_download
from sscnet.papers.filling import fill_now
from sscnet.papers.forms import ScansField

from ..models import Delegate, DelegateLink, Delegation, ReturnSlip
from ..office.lists.columns import people_of_paper
from ..persons.consents import asked_of
from ..places.mails import WORDS, write
from ..programme.times import on_papers
from ..registration.entry import entry_to_edit
from .people import travellers_of

TRAVEL, SLIP = "travel-missing", "slip-missing"
register(TRAVEL, *WORDS, "facts")
register(SLIP, *WORDS, "day")
# So long before a meeting those are reminded of whom something is missing.
BEFORE = timedelta(days=21)
# In the cache: on which day it was last looked for what is due.
LOOKED_ON = "meetings.ready.looked_on"
COLUMNS = {
    "consent": _("Consent"),
    "passport": _("Passport"),
    "arrival": _("Arrival"),
    "room": _("Room"),
    "letter": _("Letter"),
}
# What the meeting asks for, the column, and the field of the traveller.
STATED = [
    ("journey", "arrival", "arrives_on"),
    ("hotel", "room", "hotel"),
    ("room", "room", "room"),
]


class Ready(TextChoices):
    """How a person stands in a column."""

    THERE = "there", _("stated")
    GIVEN = "given", pgettext_lazy("consent", "given")
    REFUSED = "refused", pgettext_lazy("consent", "refused")
    MISSING = "missing", _("missing")
    ASKED = "asked", pgettext_lazy("consent", "asked")
    NOT_ASKED = "not_asked", pgettext_lazy("consent", "not asked")

    @property
    def is_missing(self) -> bool:
        """Whether somebody has to do something."""
        return self in (Ready.MISSING, Ready.ASKED, Ready.NOT_ASKED)


def cells(delegate: Delegate) -> dict[str, Ready]:
    """Return the columns of one person, as far as the meeting asks for them.

    A consent is the person's own: here stands whether it was asked for, and the answer.
    """
    meeting = delegate.delegation.meeting
    found = {}
    if asked := {*asked_of(delegate)}:
        found["consent"] = Ready.REFUSED if asked & {*delegate.refused} else Ready.GIVEN
        if not asked <= {*delegate.consented_to, *delegate.refused}:
            found["consent"] = Ready.ASKED if delegate.valid_links else Ready.NOT_ASKED
    if delegate.is_asked_for_passport:
        found["passport"] = there(hasattr(delegate, "passport"))
        if "passport" in delegate.refused:
            found["passport"] = Ready.REFUSED
        if meeting.gives_letters:
            papers = delegate.issued_documents.all()
            found["letter"] = there(any(one.is_letter and one.is_current for one in papers))
    traveller = getattr(delegate, "traveller", None)
    for asks, column, name in STATED:
        if asks in meeting.travel_asks and found.get(column) != Ready.MISSING:
            found[column] = there(getattr(traveller, name, None))
    return found


def there(value: Any) -> Ready:
    return Ready.THERE if value else Ready.MISSING


def table(delegations: Iterable[Delegation]) -> list[tuple[Delegate, dict[str, Ready]]]:
    """Return the people with a place and what is missing of each, in as many queries for all."""
    links = Prefetch("links", DelegateLink.objects.valid(), to_attr="valid_links")
    people = travellers_of(delegations).prefetch_related(links, "issued_documents")
    return [(one, cells(one)) for one in people]


def lacking(delegations: QuerySet[Delegation]) -> list[tuple[Delegation, int]]:
    """Return the delegations of which people lack something, with the number of these people."""
    counted = Counter(
        one.delegation_id
        for one, found in table(delegations)
        if any(cell.is_missing for cell in found.values())
    )
    return [(one, counted[one.pk]) for one in delegations.filter(pk__in=counted)]


def to_travel() -> QuerySet[Delegation]:
    """Return the delegations that come to meetings which still ask for something."""
    today = timezone.localdate()
    rows = Delegation.objects.with_places().filter(
        meeting__cancelled_at=None, meeting__ends_on__gte=today
    )
    return rows.select_related("meeting", "institution").order_by("meeting__starts_on", "pk")


# ------------------------------------------------------------------ the page


class SlipForm(forms.Form):
    files = ScansField(label=_("Photographs or scan of the sealed return slip"))


@takes_files(SEVERAL_DOCUMENTS_BYTES)
@entry_to_edit
@require_http_methods(["GET", "HEAD", "POST"])
def ready(request, entry):
    """Show what is missing of each person, and take the return slip."""
    if entry.is_new:
        return redirect(entry.address())
    is_sent = request.method == "POST"
    form = SlipForm(*((request.POST, request.FILES) if is_sent else ()))
    if is_sent and form.is_valid():
        keep_slip(entry.delegation, form.cleaned_data["files"], request.user)
        messages.success(request, gettext("The return slip is uploaded."))
        return redirect(entry.address("ready"))
    rows = table([entry.delegation])
    columns = [name for name in COLUMNS if any(name in found for _one, found in rows)]
    context = {
        "entry": entry,
        "rows": rows,
        "columns": [(name, COLUMNS[name]) for name in columns],
        "form": form,
        "forms": [form],
        "slips": entry.delegation.return_slips.all(),
    }
    return render(request, "meetings/travel/ready.html", context)


@transaction.atomic
def keep_slip(delegation: Delegation, files: list, by) -> None:
    """Keep the pages of a return slip in the place of what was uploaded before."""
    Delegation.objects.select_for_update(no_key=True).get(pk=delegation.pk)
    delegation.return_slips.forget()
    for name, _extension, content in files:
        file = ContentFile(content, name)
        ReturnSlip.objects.create(delegation=delegation, file=file, uploaded_by=by)


@entry_to_edit
@require_safe
def slip_file(request, entry, pk):
    found = get_object_or_404(ReturnSlip, pk=pk, delegation=entry.delegation.pk)
    return private_file(found.file, f"{entry.delegation.reference}-{found.pk}")


@entry_to_edit
@require_safe
def slip_paper(request, entry):
    """Give the delegation on one page as a Word file, to be signed and sealed."""
    if entry.is_new:
        return redirect(entry.address())
    content = fill_now(PaperKind.SLIP, lambda: slip_values(entry.delegation))
    title = gettext("Return slip %(reference)s") % {"reference": entry.delegation.reference}
    return word_download(content, safe_download_name(title, DOCX.extension))


def slip_values(delegation: Delegation) -> dict:
    people = delegation.delegates.active().filter(to_be_named=False, erased_at=None)
    people = people.select_related("traveller", "delegation__institution__country")
    return on_papers(delegation.meeting) | {
        "subject": delegation.meeting,
        "institution": delegation.institution,
        "number": delegation.reference,
        "people": people_of_paper(people),
    }


# ------------------------------------------------------------------ reminders


@due.register
def remind() -> None:
    """Look once a day for what people lack and for late slips; each person hears of it once."""
    today = timezone.localdate()
    if cache.get(LOOKED_ON) == str(today):
        return
    near = to_travel().filter(meeting__starts_on__lte=today + BEFORE)
    late = Delegation.objects.lacking_slip().filter(meeting__slip_due_on__lt=today)
    late = late.exclude(meeting__ends_on__lt=today)
    for kind, rows in ((TRAVEL, [one for one, _people in lacking(near)]), (SLIP, late)):
        for delegation in rows:
            day = delegation.meeting.slip_due_on
            with transaction.atomic():
                write(delegation, kind, f"{delegation.pk}", [], day=day)
    cache.set(LOOKED_ON, str(today), timeout=None)
