"""The steps of a registration: people, workshops, rule and letter, check, and sending it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from meetings import places
from meetings.registration import roster
from members import affiliations
from members.models import Institution
from sscnet.changes.stale import Stale
from sscnet.core.forms.kept_posts import typed_in
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.pages.views import ask_first
from sscnet.core.parsing.sheet_rows import MOST_BYTES
from sscnet.core.uploads import MAX_DOCUMENT_BYTES, takes_files
from sscnet.exchange.writing.formats import FORMATS

from . import changes, conflicts, drafts
from .entry import closed, entry_to_edit, find, may_enter, meetings_of_today, while_open
from .forms import (
    BOTH,
    MOST_PEOPLE,
    PeopleFormSet,
    PeopleSheetForm,
    RuleForm,
    WhoComesForm,
    WorkshopsForm,
)
from .questions import answers
from .sheets import headings, people_of_file, people_of_text


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
    institutions = list(Institution.objects.readable_by(request.user).alphabetical())
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
    if request.method == "POST":
        return save_people(request, entry)
    written = answers.people(entry)
    if "check" in request.GET:
        formset = answers.bound_people(entry, written)
    else:
        knows_nobody = entry.is_on_paper or not roster.known(entry.delegation)
        blank = [{}] if knows_nobody and not entry.unsent and not entry.is_submitted else []
        formset = PeopleFormSet(
            initial=written or blank, meeting=entry.meeting, prefix=answers.PREFIX
        )
    return show_people(request, entry, formset)


def show_people(request, entry, formset, conflict=None, coming=None):
    context = {
        "entry": entry,
        "step": "people",
        "formset": formset,
        "who_comes": coming or WhoComesForm(entry=entry, number=len(formset.forms)),
        "forms": [formset],
        "conflict": conflict,
    }
    return render(request, "meetings/register/people.html", context)


def save_people(request, entry):
    """Save whatever is there; go on only where it is right, and the button said so."""
    formset = PeopleFormSet(request.POST, meeting=entry.meeting, prefix=answers.PREFIX)
    coming = WhoComesForm(request.POST, entry=entry)
    coming.full_clean()
    say_what_was_not_kept(request, formset)
    if asked := ask_about_person(request, entry, formset):
        return asked
    people, action = people_to_save(request, formset, coming)
    try:
        drafts.save_people(entry, version_of(request), people)
    except Stale:
        conflict, people = conflicts.of_people(entry, formset, coming.ticked)
        if conflict.differences:
            formset = answers.bound_people(entry, people)
            return show_people(request, entry, formset, conflict, coming)
    forms = [formset] if formset.forms or not people else []
    return after_saving(request, entry, "people", action, forms)


def ask_about_person(request, entry, formset):
    """Ask before a person is removed of whom something is typed."""
    for n, form in enumerate(formset.forms):
        if request.POST.get("then") != f"remove-{n}":
            continue
        typed = {name: value for name, value in form.draft().items() if name != "delegate"}
        if any(typed.values()):
            return ask_first(
                request,
                gettext("Remove person %(n)d?") % {"n": n + 1},
                gettext("What was typed about this person is deleted."),
                gettext("Remove"),
                back=entry.address("people"),
                about=f"{typed['given_names']} {typed['family_name']}",
                keep=typed_in(request),
            )
    return None


def people_to_save(request, formset, coming):
    """Return the people as typed and ticked, with what the button asks for done, and what next."""
    action = request.POST.get("then", "continue")
    people = [form.draft() for form in formset.forms]
    people += [roster.values_of(one) for one in coming.ticked if one in coming.offered]
    missing = (coming.cleaned_data.get("how_many") or 0) - len(people)
    if action.startswith("remove-"):
        people = [person for n, person in enumerate(people) if f"remove-{n}" != action]
    elif action == "add":
        people.append({})
    elif action == "sheet":
        # The form that waits for the first person is nobody.
        people = [person for person in people if any(person.values())]
    elif action in ("continue", "how_many") and missing > 0:
        people += [{} for _person in range(missing)]
        action = "how_many"
    if len(people) > MOST_PEOPLE:
        text = gettext(
            "At most %(most)d people can be sent at a time; the last ones were not added."
        )
        messages.warning(request, text % {"most": MOST_PEOPLE})
    return people[:MOST_PEOPLE], action


def say_what_was_not_kept(request, formset):
    """Say whose diet or needs were left out for want of consent, and what was cut."""
    for n, form in enumerate(formset.forms, 1):
        if cut := [str(field.label) for field in form if form.has_error(field.name, "max_length")]:
            text = gettext("Person %(n)d: too long and therefore cut: %(fields)s.")
            messages.warning(request, text % {"n": n, "fields": comma_separated(cut)})
        if form.has_error("consented_to"):
            text = gettext(
                "Person %(n)d: diet or access needs were not kept because the consent is not "
                "ticked."
            )
            messages.warning(request, text % {"n": n})


def version_of(request):
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1


def after_saving(request, entry, step, action, forms):
    """Lead on from a step that was saved: to the next one, to the draft, or back to mistakes."""
    if not entry.may_add:
        found = find(
            request.user,
            entry.meeting.slug,
            entry.institution,
            is_on_paper=entry.is_on_paper,
        )
        return closed(request, found)
    if action == "draft":
        return redirect(entry.address())
    if action == "sheet":
        return redirect(entry.address("sheet"))
    if action != "continue":
        last = "#last" if action == "add" else ""
        return redirect(entry.address(step) + last)
    if all(form.is_valid() for form in forms):
        return redirect(entry.after(step))
    return redirect(entry.address(step) + "?check=1")


@takes_files(MOST_BYTES)
@entry_to_edit
@while_open
def sheet(request, entry):
    """Take a list of people out of a spreadsheet; what is wrong in it is said row by row."""
    form = PeopleSheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            people, notices = people_from(form.cleaned_data, MOST_PEOPLE - len(entry.unsent))
        except ValidationError as error:
            form.add_error("file" if form.cleaned_data["file"] else "pasted", error)
        else:
            drafts.add_people(entry, people)
            for notice in notices:
                messages.warning(request, notice)
            return redirect(entry.address("people") + "?check=1")
    context = {"entry": entry, "form": form, "forms": [form]}
    return render(request, "meetings/register/sheet.html", context)


def people_from(data, room):
    if data["file"]:
        return people_of_file(data["file"].read(), room)
    return people_of_text(data["pasted"], room)


@entry_to_edit
@require_safe
def template(request, entry, format):
    """Return an empty sheet to fill in, with the names of its columns."""
    if not (file_format := FORMATS.get(format)):
        raise Http404
    content = file_format.write(gettext("Delegates"), headings(), [])
    return file_format.download(content, f"delegation-{entry.meeting.slug}")


# ------------------------------------------------------------------ workshops


@entry_to_edit
@while_open
def workshops(request, entry):
    data = request.POST if request.method == "POST" else None
    forms = [
        WorkshopsForm(data, delegate=delegate, workshops=entry.workshops)
        for delegate in entry.unsent
    ]
    conflict = None
    # What was chosen stays on the page until it is confirmed.
    is_asked = any(not form.is_valid() and BOTH in form.fields for form in forms)
    if request.method == "POST" and not is_asked:
        wishes = {
            form.delegate.pk: set(form.cleaned_data["workshops"])
            for form in forms
            if form.is_valid()
        }
        try:
            drafts.save_workshops(entry, version_of(request), wishes)
        except Stale:
            conflict = conflicts.of_workshops(entry, forms)
        if not conflict or not conflict.differences:
            action = request.POST.get("then", "continue")
            return after_saving(request, entry, "workshops", action, forms)
    context = {
        "entry": entry,
        "step": "workshops",
        "forms": forms,
        "lines": answers.lines(entry),
        "conflict": conflict,
        "before": entry.before("workshops"),
    }
    return render(request, "meetings/register/workshops.html", context)


# ------------------------------------------------------------------ rule and letter


@takes_files(MAX_DOCUMENT_BYTES)
@entry_to_edit
@while_open
def rule(request, entry):
    if request.method != "POST" and "rule" not in entry.steps:
        return redirect(entry.address("check"))
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    # The rule is asked for beside the answers to check, the letter here.
    asks_for_rule = "rule" in request.POST or not entry.meeting.asks_for_letter
    asked = {"entry": entry, "asks_for_rule": asks_for_rule}
    form = RuleForm(*posted, **asked)
    conflict = None
    if request.method == "POST":
        form.is_valid()
        try:
            drafts.save_rule(entry, version_of(request), form)
        except Stale:
            conflict = conflicts.of_rule(entry, form, RuleForm(**asked))
        action = request.POST.get("then", "continue")
        is_saved = not conflict or not conflict.differences
        if is_saved and (action != "continue" or form.is_valid()):
            return after_saving(request, entry, "rule", action, [form])
    context = {
        "entry": entry,
        "step": "rule",
        "form": form,
        "forms": [form],
        "conflict": conflict,
        "before": entry.before("rule"),
    }
    return render(request, "meetings/register/rule.html", context)


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
        "could_be_more": False,
        "rule_form": None,
        "forms": [],
    }
    if entry.unsent and not context["problems"]:
        context["preview"] = places.preview(entry.delegation)
        context["could_be_more"] = answers.could_be_more(entry, context["preview"])
        if not entry.is_submitted and any(line.waiting for line in context["preview"]):
            posted = request.POST if "rule" in request.POST else None
            context["rule_form"] = RuleForm(posted, entry=entry, asks_for_rule=True)
    return render(request, "meetings/register/check.html", context)


@entry_to_edit
@require_POST
def send(request, entry):
    """Send the delegation; the same form sent again leads to what the first one did."""
    if not entry.may_add:
        return closed(request, entry)
    rule_form = RuleForm(request.POST, entry=entry, asks_for_rule=True)
    try:
        if "rule" in rule_form.changed_data and rule_form.is_valid():
            drafts.save_rule(entry, version_of(request), rule_form)
    except Stale:
        text = gettext("Somebody else has saved this in the meantime")
        return show_answers(request, entry, refusal=text)
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
