"""What officers change in many projects at once."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.models import SDG, PGTFArea, Sector
from sscnet.exchange.bulk import BulkChangeForm, change_links, several

from ..models import Project, ProjectSDG, ProjectSector


class ProjectBulkForm(BulkChangeForm):
    rows = (ProjectSector, ProjectSDG)

    add_sectors = several(Sector, _("Add sectors"))
    remove_sectors = several(Sector, _("Remove sectors"))
    add_goals = several(
        SDG,
        _("Add goals"),
        help_text=_("Each takes the first free place, including that of the primary goal."),
    )
    remove_goals = several(SDG, _("Remove goals"))
    area = forms.ModelChoiceField(PGTFArea.objects.all(), label=_("Set the area"), required=False)

    field_order = ["add_sectors", "remove_sectors", "add_goals", "remove_goals", "area", "confirm"]

    def apply(self, project):
        data = self.cleaned_data
        sectors = data["add_sectors"], data["remove_sectors"]
        change_links(project.project_sectors, "sector", *sectors)
        project.project_sdgs.filter(sdg__in=data["remove_goals"]).delete()
        for goal in data["add_goals"]:
            add_goal(project, goal)
        if data["area"]:
            Project.objects.filter(pk=project.pk).update(area=data["area"])


def add_goal(project, goal):
    taken = dict(project.project_sdgs.values_list("sdg", "place"))
    if goal.pk in taken:
        return
    free = sorted(set(ProjectSDG.Place.values) - set(taken.values()))
    if not free:
        raise ValidationError(gettext("A project has one primary goal and at most four others."))
    project.project_sdgs.create(sdg=goal, place=free[0])
