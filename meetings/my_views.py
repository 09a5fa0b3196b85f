"""The institution's action points and exchange visits, below /my/."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import normalize_newlines
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members import affiliations

from . import action_points, visits
from .models import ActionPoint, Meeting, VisitStatement
from .related import role_label

LONGEST_WORDS = 10_000


class ActionReportForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_words(self):
        return normalize_newlines(self.cleaned_data["words"])


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def action_point(request, slug, pk):
    """Show what the institution is to do, and take its report that it is done."""
    is_sent = request.method == "POST"
    reading = affiliations.institution_to_edit if is_sent else affiliations.institution_to_read
    institution = reading(request.user, slug)
    published = ActionPoint.objects.filter(meeting__state=Meeting.State.PUBLISHED)
    found = get_object_or_404(published.select_related("meeting"), institution=institution, pk=pk)
    form = ActionReportForm(request.POST if is_sent else None)
    if form.is_valid() and keep_report(request, found, form):
        return redirect("meetings:my_action_point", slug, pk)
    may_edit = affiliations.may_edit(request.user, institution)
    context = {
        "institution": institution,
        "action_point": found,
        "form": form if may_edit and (form.is_bound or found.waits_for_institution) else None,
        "may_edit": may_edit,
        "forms": [form],
    }
    return render(request, "meetings/my/action_point.html", context)


def keep_report(request, found, form):
    try:
        action_points.report(found, form.cleaned_data["words"], request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, gettext("Your report is saved. The Secretariat will read it."))
    return True


# ------------------------------------------------------------------ exchange visits


class VisitTextForm(forms.Form):
    """A programme or report in one language or both."""

    text = forms.CharField(
        label=gettext_lazy("In English"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    text_zh_hans = forms.CharField(
        label=gettext_lazy("In Chinese"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self):
        texts = {name: normalize_newlines(text) for name, text in super().clean().items()}
        if not any(texts.values()):
            self.add_error("text", gettext("Write it in English, in Chinese or in both."))
        return texts


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request, slug, meeting):
    """Let a side of an exchange visit confirm it, and send its programme and its report."""
    is_sent = request.method == "POST"
    reading = affiliations.institution_to_edit if is_sent else affiliations.institution_to_read
    institution = reading(request.user, slug)
    sides = institution.meeting_institutions.of_visits().select_related("meeting", "institution")
    side = sides.filter(meeting__slug=meeting).first()
    if side is None:
        raise Http404
    texts = texts_of(side, request.POST if is_sent else None)
    if is_sent and keep_statements(request, side, texts):
        return redirect("meetings:my_visit", slug, meeting)
    context = {
        "institution": institution,
        "side": side,
        "role": role_label(side.meeting, side.role),
        "texts": texts,
        "may_edit": affiliations.may_edit(request.user, institution),
        "forms": [form for _kind, _newest, form in texts],
    }
    return render(request, "meetings/my/visit.html", context)


def texts_of(side, data):
    """Return each kind of text a side may send by now, the newest it sent, and its form.

    Whichever button is pressed, all that was typed is sent.
    """
    kinds = [VisitStatement.Kind.PROGRAMME]
    if side.meeting.has_begun:
        kinds.append(VisitStatement.Kind.REPORT)
    newest = {}
    for statement in VisitStatement.objects.filter(**visits.of(side)):
        newest.setdefault(statement.kind, statement)
    rows = []
    for kind in kinds:
        found = newest.get(kind)
        initial = {"text": found.text, "text_zh_hans": found.text_zh_hans} if found else None
        form = VisitTextForm(data, prefix=kind, initial=initial)
        if form.is_bound and data.get("kind") != kind and not form.has_changed():
            form = VisitTextForm(prefix=kind, initial=initial)
        rows.append((kind, found, form))
    return rows


@transaction.atomic
def keep_statements(request, side, texts):
    confirms = request.POST.get("kind") == VisitStatement.Kind.CONFIRMATION
    sent = [(kind, form) for kind, _newest, form in texts if form.is_bound]
    if not (sent or confirms) or not all(form.is_valid() for _kind, form in sent):
        return False
    if confirms:
        visits.confirm(side, request.user)
        messages.success(request, gettext("The visit is confirmed by your institution."))
    for kind, form in sent:
        visits.send(side, kind, request.user, **form.cleaned_data)
    if sent:
        text = gettext("Your text is saved. The Secretariat will read and release it.")
        messages.success(request, text)
    return True
