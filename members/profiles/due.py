"""Once a year each institution is to confirm its profile: shown on /my/, asked by a request."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext

from ..models import Institution

YEAR = timedelta(days=365)


def due_on(institution: Institution) -> date | None:
    """Return the day by which the profile is to be confirmed; None when it never was."""
    confirmed = institution.profile_confirmed_on
    return confirmed + YEAR if confirmed else None


def what_is_due(institution: Institution) -> list[dict]:
    """Return rows of what to do about the profile, for the institution's page under /my/."""
    rows = []
    proposal = institution.open_proposal
    if proposal and proposal.is_returned:
        label = gettext("Revise your changes to the profile: the Secretariat returned them")
        url = reverse("members:profile", args=[institution.slug])
        rows.append({"label": label, "url": url, "by": None})
    is_late = Institution.objects.profile_late().filter(pk=institution.pk).exists()
    # What was sent and waits for the Secretariat says as much.
    if is_late and not (proposal and proposal.is_sent):
        label = gettext("Confirm that the profile is still correct")
        url = reverse("secretariat:my_institution", args=[institution.slug]) + "#profile"
        rows.append({"label": label, "url": url, "by": due_on(institution)})
    return rows
