"""What officers change in many institutions at once."""

from django.utils.translation import gettext_lazy as _

from sscnet.codelists.models import Sector
from sscnet.exchange.bulk import BulkChangeForm, cell_of, changed, several


class InstitutionBulkForm(BulkChangeForm):
    add_sectors = several(Sector, _("Add sectors"))
    remove_sectors = several(Sector, _("Remove sectors"))

    field_order = ["add_sectors", "remove_sectors", "confirm"]

    def cells(self, institution):
        data = self.cleaned_data
        sectors = changed(institution.sectors.all(), data["add_sectors"], data["remove_sectors"])
        return {"sectors": cell_of(sector.slug for sector in sectors)}
