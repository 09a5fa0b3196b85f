"""The sections of a version that was sent, with what officers and readers say of each."""

from ..models import FormSection, Proposal, ProposalVersion, Remark
from ..versions.differences import lines_of


def sections_of(
    proposal: Proposal, version: ProposalVersion | None, form=None, readings=()
) -> list[dict]:
    """Return the sections in the order of the form, as the template takes them.

    `form` has the boxes of who reads it now; `readings` are those whose remarks are shown.
    """
    lines = lines_of(version) if version else []
    remarks = Remark.objects.filter(step__proposal=proposal, step__undone_at=None)
    remarks = list(remarks.select_related("step"))
    boxes = {field.name: field for field in form or ()}
    return [
        {
            "section": section,
            "lines": [line for line in lines if line.section == section],
            "remarks": [remark for remark in remarks if remark.section == section],
            "readers": [(one.reader, one.remarks.get(section)) for one in readings],
            "box": boxes.get(f"remark_{section}"),
        }
        for section in FormSection
    ]
