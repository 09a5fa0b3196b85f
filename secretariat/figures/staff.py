"""What staff see beside the public figures: records that are not public, and who came."""

from django.db.models import Count
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from meetings.models import Meeting
from meetings.office.figures.head_counts import PRESENT, CheckIn
from meetings.office.figures.statistics import linked
from members.models import Institution
from projects.models import Project
from sscnet.core.models import State
from sscnet.figures.figure import Figure, Number
from sscnet.figures.section import FigureSection, FigureTable

NOT_PUBLIC = (State.DRAFT, State.READY, State.WITHDRAWN)
KINDS = (Project, Institution, Meeting)


def sections_for_staff(user, meetings: list[Meeting]) -> list[FigureSection]:
    """Return what this person may see; nothing for the public."""
    sections = []
    if kinds := [model for model in KINDS if user.has_perm(view_permission(model))]:
        rows = [not_public(model) for model in kinds]
        table = FigureTable("not_public", "", [state.label for state in NOT_PUBLIC], rows)
        title = gettext("Records that are not public")
        sections.append(FigureSection("not_public", title, table=table))
    if user.has_perm("meetings.view_delegate"):
        check_in = CheckIn(meetings)
        rows = [
            Figure(str(meeting), [linked(came, meeting, attendance=PRESENT)])
            for meeting in meetings
            if check_in.is_kept_at(meeting)
            for came in [check_in.of_places(meeting, PRESENT)]
        ]
        table = FigureTable("came", gettext("Meeting"), [gettext("People")], rows)
        title = gettext("Delegates noted as present")
        sections.append(FigureSection("came", title, table=table))
    return [section for section in sections if section.table.rows]


def view_permission(model) -> str:
    return f"{model._meta.app_label}.view_{model._meta.model_name}"


def not_public(model) -> Figure:
    """Count the records in each state that is not public."""
    rows = model.objects.filter(is_sample=False, state__in=NOT_PUBLIC).order_by()
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    numbers = [
        Number(counts.get(state, 0), f"{page}?state__exact={state}&is_sample__exact=0")
        for state in NOT_PUBLIC
    ]
    return Figure(capfirst(model._meta.verbose_name_plural), numbers)
