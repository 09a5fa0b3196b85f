"""What officers change in many institutions at once."""

from django.utils.translation import gettext_lazy as _

from sscnet.codelists.models import Sector
from sscnet.exchange.bulk import BulkChangeForm, change_links, several

from ..models import InstitutionSector


class InstitutionBulkForm(BulkChangeForm):
    rows = (InstitutionSector,)

    add_sectors = several(Sector, _("Add sectors"))
    remove_sectors = several(Sector, _("Remove sectors"))

    field_order = ["add_sectors", "remove_sectors", "confirm"]

    def apply(self, institution):
        sectors = self.cleaned_data["add_sectors"], self.cleaned_data["remove_sectors"]
        change_links(institution.institution_sectors, "sector", *sectors)
