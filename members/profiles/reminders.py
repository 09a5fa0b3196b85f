"""Once a year each institution is asked whether its profile is still correct."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from sscnet.outbox import due, post
from sscnet.outbox.models import Message

from ..models import Affiliation, Institution

YEAR = timedelta(days=365)
REMINDER = "profile-reminder"


def due_on(institution: Institution) -> date | None:
    """Return the day by which the profile is to be confirmed; None when it never was."""
    confirmed = institution.profile_confirmed_on
    return confirmed + YEAR if confirmed else None


@due.register
def remind() -> None:
    """Write to every institution that is late, unless it was written to within a year."""
    for institution in Institution.objects.published().profile_late():
        person = person_of(institution)
        if person and not was_reminded(institution):
            write(institution, person)


def person_of(institution: Institution):
    """Return the focal point, or else a deputy; None where nobody may change the profile."""
    affiliations = institution.affiliations.editing().select_related("user")
    leads = (a for a in affiliations if a.role == Affiliation.Role.FOCAL_POINT)
    affiliation = next(leads, None) or next(iter(affiliations), None)
    return affiliation and affiliation.user


def was_reminded(institution: Institution) -> bool:
    sent = Message.objects.about(institution).filter(kind=REMINDER)
    return sent.filter(created_at__gt=timezone.now() - YEAR).exists()


@transaction.atomic
def write(institution: Institution, person) -> None:
    post.write(
        REMINDER,
        to=person.email,
        # Two that run at once write one: a year after the last there is always a new year.
        key=f"{REMINDER}-{institution.pk}-{timezone.localdate().year}",
        about=institution,
        words={"institution": institution},
        link=reverse("secretariat:my_institution", args=[institution.slug]),
    )


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
