"""An institution that asked to join becomes a candidate: its record, and the draft of a vote."""

import re

from django.db import transaction

from members.models import Institution
from members.similar import similar_to
from sscnet.core.i18n.texts import guessed

from ..enquiries.models import Enquiry
from .models import Request

WEBSITE = re.compile(r"https?://[\w./~-]*[\w/]", re.ASCII)


@transaction.atomic
def candidate_of(enquiry: Enquiry) -> Request:
    """Return the draft of the vote on who asked, made once; an institution of a like name is taken.

    Who asked stays with the question: the contact is not copied.
    """
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if made := enquiry.requests.first():
        return made
    name = guessed(enquiry.organisation or enquiry.reference)
    if alike := similar_to([str(name)]):
        candidate = alike[0]
    else:
        field = "name_zh_hans" if name.language == "zh-hans" else "name"
        website = WEBSITE.search(enquiry.question)
        values = {field: str(name), "website": website[0][:300] if website else ""}
        candidate = Institution.objects.create(note=enquiry.reference, **values)
    return enquiry.requests.create(
        title=f"Admission of {candidate.name or name}"[:200],
        title_zh_hans=f"接纳{candidate.name_zh_hans or name}为成员单位"[:200],
        text=enquiry.question,
        rule=Request.Rule.UNANIMOUS,
        candidate=candidate,
    )
