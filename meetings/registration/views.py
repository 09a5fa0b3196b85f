"""The steps of a registration: people, workshops, check with the rule, and sending it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings import places
from meetings.registration import roster
from members import affiliations
from members.models import Institution
from sscnet.core.forms.kept_posts import typed_in
from sscnet.core.i18n.collation import by_name
from sscnet.core.pages.views import ask_first
from sscnet.core.parsing.sheet_rows import MOST_BYTES
from sscnet.core.uploads.documents import SEVERAL_DOCUMENTS_BYTES, takes_files

from . import answers, changes, drafts
from .entry import closed, entry_to_edit, find, may_enter, meetings_of_today, while_open
from .forms import MOST_PEOPLE, PeopleSheetForm
from .sheets import people_of_file, people_of_text


@login_required
@require_safe
def register(request, slug):
    """Lead to the delegation of the person's institution; with several, ask for which.

    An officer who enters one has chosen the institution at the meeting's desk.
    """
    if (chosen := request.GET.get("institution")) and may_enter(request.user):
        found = get_object_or_404(Institution, slug=chosen)
        return redirect("meetings:register_paper", slug, found.slug)
    meeting = get_object_or_404(meetings_of_today().for_slug(slug))
    institutions = by_name(Institution.objects.readable_by(request.user))
    entries = [find(request.user, slug, institution) for institution in institutions]
    if len(entries) == 1:
        (entry,) = entries
        is_to_start = (
            entry.is_new
            and entry.may_add
            and affiliations.may_edit(request.user, entry.institution)
        )
        return redirect(entry.address("people" if is_to_start else "delegation"))
    context = {"meeting": meeting, "entries": entries, "forms": []}
    return render(request, "meetings/register/choose.html", context)


# ------------------------------------------------------------------ people


@entry_to_edit
@while_open
def people(request, entry):
    page = drafts.PeoplePage(entry, *sent_in(request))
    if page.action.startswith("remove-") and (asked := ask_about_person(request, page)):
        return asked
    if request.method != "POST":
        page = page.checked() if "check" in request.GET else page.with_blank()
    return show_step(request, page)


def ask_about_person(request, page):
    """Ask before a person is removed of whom something is typed."""
    typed = page.removed.draft() if page.removed else {}
    if not drafts.is_anybody(typed | {"delegate": None}):
        return None
    n = page.growing.forms.index(page.removed) + 1
    return ask_first(
        request,
        gettext("Remove person %(n)d?") % {"n": n},
        gettext("What was typed about this person is deleted."),
        gettext("Remove"),
        back=page.draft.address("people"),
        about=f"{typed['given_names']} {typed['family_name']}",
        keep=typed_in(request),
    )


def sent_in(request):
    return (request.POST, request.FILES) if request.method == "POST" else ()


def show_step(request, page, **context):
    """Save what was sent and go on; show the step where it was not sent, or cannot be left yet."""
    if request.method == "POST":
        page = page.save(request.POST.get("version", ""))
        for notice in page.notices:
            messages.warning(request, notice)
        if page.leads_to:
            return redirect(page.leads_to)
    context |= {
        "page": page,
        "entry": page.draft,
        "step": page.step,
        "forms": page.forms,
        "conflict": page.conflict,
        "before": page.draft.before(page.step),
    }
    return render(request, f"meetings/register/{page.step}.html", context)


@takes_files(MOST_BYTES)
@entry_to_edit
@while_open
def sheet(request, entry):
    """Take a list of people out of a spreadsheet; what is wrong in it is said row by row."""
    form = PeopleSheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, room = form.cleaned_data["file"], MOST_PEOPLE - len(entry.unsent)
        try:
            if file:
                people, notices = people_of_file(file.read(), room)
            else:
                people, notices = people_of_text(form.cleaned_data["pasted"], room)
        except ValidationError as error:
            form.add_error("file" if file else "pasted", error)
        else:
            drafts.add_people(entry, people)
            for notice in notices:
                messages.warning(request, notice)
            return redirect(entry.address("people") + "?check=1")
    context = {"entry": entry, "form": form, "forms": [form]}
    return render(request, "meetings/register/sheet.html", context)


# ------------------------------------------------------------------ workshops


@entry_to_edit
@while_open
def workshops(request, entry):
    page = drafts.WorkshopsPage(entry, *sent_in(request))
    return show_step(request, page, workshops=answers.workshops_to_choose(entry))


# ------------------------------------------------------------------ questions


@takes_files(SEVERAL_DOCUMENTS_BYTES)
@entry_to_edit
@while_open
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request, entry):
    """Ask each person not sent yet; what is right is kept."""
    if not entry.questions:
        return redirect(entry.address("check"))
    return show_step(request, answers.QuestionsPage(entry, *sent_in(request)))


# ------------------------------------------------------------------ check and send


@entry_to_edit
@while_open
@require_safe
def check(request, entry):
    """Show everything with ways to change it, and what would happen now."""
    return show_answers(request, entry)


def show_answers(request, entry, refusal=None):
    context = {
        "entry": entry,
        "step": "check",
        "problems": answers.problems(entry),
        "warnings": answers.warnings(entry),
        "refusal": refusal,
        "before": entry.before("check"),
        "preview": [],
        "rule_form": None,
        "forms": [],
    }
    if entry.unsent and not context["problems"]:
        context["preview"] = places.preview(entry.delegation)
        waits = any(line.waiting for line in context["preview"])
        # How they wait is a question to several only.
        if waits and len(entry.unsent) > 1 and not entry.is_submitted:
            posted = request.POST if "rule" in request.POST else None
            context["rule_form"] = drafts.RulePage(entry, posted).forms[0]
    return render(request, "meetings/register/check.html", context)


@entry_to_edit
@require_POST
def send(request, entry):
    """Send the delegation; the same form sent again leads to what the first one did."""
    if not entry.may_add:
        return closed(request, entry)
    page = drafts.RulePage(entry, request.POST)
    if "rule" in request.POST and not entry.is_submitted and page.is_valid():
        page = page.save(request.POST.get("version", ""))
    if page.conflict:
        text = gettext("Somebody else has saved this in the meantime")
        return show_answers(request, entry, refusal=text)
    if request.POST.get("then") == "rule":
        return redirect(entry.address("check"))
    if entry.is_new or not entry.unsent or answers.problems(entry):
        return redirect(entry.address("check") if entry.unsent else entry.address())
    try:
        token = UUID(request.POST.get("token", ""))
    except ValueError:
        return redirect(entry.address("check"))
    try:
        if entry.needs_request:
            changes.ask_for_more(entry)
        else:
            places.submit(entry.delegation, token=token, actor=request.user)
    except places.PlacesError as error:
        return show_answers(request, entry, refusal=error)
    roster.keep(entry.unsent)
    return redirect(entry.address() + "?sent=1")
