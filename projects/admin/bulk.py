"""What officers change in many projects at once."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.models import SDG, PGTFArea, Sector
from sscnet.exchange.bulk import BulkChangeForm, cell_of, changed, several


class ProjectBulkForm(BulkChangeForm):
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

    def cells(self, project):
        data = self.cleaned_data
        sectors = changed(project.sectors.all(), data["add_sectors"], data["remove_sectors"])
        places = {link.sdg: link.is_primary for link in project.project_sdgs.order_by("place")}
        goals = changed(places, data["add_goals"], data["remove_goals"])
        primary = [goal for goal in goals if places.get(goal)]
        # Without a primary goal the first new one becomes it.
        primary = primary or [goal for goal in goals if goal not in places][:1]
        others = [goal for goal in goals if goal not in primary]
        return {
            "sectors": cell_of(sector.slug for sector in sectors),
            "primary_sdg": cell_of(goal.pk for goal in primary),
            "secondary_sdgs": cell_of(goal.pk for goal in others),
            "area": data["area"].slug if data["area"] else "",
        }
