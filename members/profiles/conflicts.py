"""Two changed one profile at once: what is stored, beside what is on the page."""

from django.utils.translation import gettext as _

from sscnet.changes.history import Act, acts_since
from sscnet.changes.parts import parts_in_form
from sscnet.changes.stale import MOST_ACTS, Conflict, Difference, HistoryPosition, differences

from ..models import Institution, InstitutionName, InstitutionSector, Logo, ProfileProposal, Service
from .forms import filled_with, is_filled, row_of, said

PUBLIC_PARTS = {InstitutionName, InstitutionSector, Service, Logo}
PARTS = PUBLIC_PARTS | {ProfileProposal}


def version_of(institution: Institution) -> HistoryPosition:
    return HistoryPosition.of(institution, parts_in_form(Institution, PARTS))


def of_profile(institution, version: HistoryPosition, stored: dict, form, services):
    """Return the conflict, and the values to show: those typed, then services added meanwhile."""
    reached = version.newest(parts_in_form(Institution, PARTS))
    # Who and when alone: the record also has what only the Secretariat reads.
    acts = [Act(act.at, act.who) for act in acts_since(institution, reached, MOST_ACTS)]
    saved, saved_services = filled_with(stored)
    found = differences(form, saved)
    in_rows, added = compare_services(services, saved_services)
    files = [file.name for file in form.files.values()]
    values = said(form, services) | {"remark": form["remark"].data}
    values["services"] += [row.initial for row in added]
    return Conflict(acts, found + in_rows, files), values


def compare_services(services, saved_services) -> tuple[list[Difference], list]:
    """Return where the services differ, and the forms of those that were added meanwhile."""
    saved = [row for row in saved_services.forms if row.initial]
    found = []
    for form in services.forms:
        is_out = form in services.deleted_forms
        values = row_of(form)
        name = values["title"] or values["title_zh_hans"] or _("A new service")
        there = next((row for row in saved if is_same(form, row)), None)
        if there:
            saved.remove(there)
            out = [Difference(name, "", name, _("removed"))]
            found += out if is_out else differences(form, there, name)
        elif is_filled(form) and not is_out:
            removed = _("removed in the meantime") if values["id"] else ""
            found.append(Difference(name, "", removed, name))
    for row in saved:
        name = row.initial["title"] or row.initial["title_zh_hans"]
        text = _("added in the meantime; kept at the end of this page")
        found.append(Difference(name, "", text, ""))
    return found, saved


def is_same(form, saved) -> bool:
    """Return whether both are one service; a new one that was sent twice is there already."""
    key = row_of(form)["id"]
    return key == saved.initial["id"] if key else not differences(form, saved)
