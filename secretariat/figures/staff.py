"""What staff see beside the public figures: records that are not public, and who came."""

from django.db.models import Count
from django.urls import reverse
from django.utils.text import capfirst

from meetings.models import Meeting
from meetings.office.figures.head_counts import PRESENT, Door
from meetings.office.figures.statistics import linked
from members.models import Institution
from projects.models import Project
from sscnet.core.models import State

NOT_PUBLIC = (State.DRAFT, State.READY, State.WITHDRAWN)
KINDS = (Project, Institution, Meeting)


def figures_of_staff(user, found) -> dict:
    """Return what this person may see; nothing for the public."""
    shown = {}
    if kinds := [model for model in KINDS if user.has_perm(view_permission(model))]:
        shown["not_public"] = [not_public(model) for model in kinds]
    if user.has_perm("meetings.view_delegate"):
        door = Door(found.meetings.meetings)
        shown["came"] = [
            (meeting, linked(door.of_places(meeting, PRESENT), meeting, attendance=PRESENT))
            for meeting in found.meetings.meetings
            if door.is_kept_at(meeting)
        ]
    return shown


def view_permission(model) -> str:
    return f"{model._meta.app_label}.view_{model._meta.model_name}"


def not_public(model):
    """Return the label of a kind, and for each state that is not public the number and its list."""
    rows = model.objects.filter(is_sample=False, state__in=NOT_PUBLIC).order_by()
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return capfirst(model._meta.verbose_name_plural), [
        (state, counts.get(state, 0), f"{page}?state__exact={state}&is_sample__exact=0")
        for state in NOT_PUBLIC
    ]
