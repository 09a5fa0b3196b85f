"""Who asked that an institution be admitted: its own people are asked, its address is compared."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from members.accounts.invitations import invite
from members.models import Affiliation, Institution, Invitation, User

from .models import Request


@dataclass(frozen=True)
class Applicant:
    """What an officer looks at beside the candidate of a vote.

    `mail_host` is where the applicant's address ends, `site_host` the host of the website on the
    candidate's record; either may be empty.
    """

    mail_host: str
    site_host: str
    is_confirmed: bool
    # What the candidate's own people were asked, where it has any.
    invitation: Invitation | None

    @property
    def agrees(self) -> bool:
        """Return whether the mail's domain is the website's, or one lies within the other."""
        mail, site = self.mail_host, self.site_host
        return bool(mail and site) and (
            mail == site or mail.endswith(f".{site}") or site.endswith(f".{mail}")
        )


def applicant_of(request: Request, candidate: Institution | None) -> Applicant | None:
    """Return who asked for the admission; None of a vote without such a question."""
    enquiry = request.enquiry
    if not (enquiry and candidate):
        return None
    site = urlsplit(candidate.website).hostname or ""
    return Applicant(
        mail_host=enquiry.email.rpartition("@")[2].lower(),
        site_host=site.removeprefix("www."),
        is_confirmed=enquiry.email_confirmed_at is not None,
        invitation=invitation_of(candidate, enquiry.email),
    )


def invitation_of(candidate: Institution, email: str) -> Invitation | None:
    """Return the newest invitation of the address to act for the candidate."""
    return candidate.invitations.filter(email=email.lower()).first() if email else None


def ask_own_people(request: Request, by: User) -> None:
    """Ask the people of a candidate that has some whether who applied may act for it.

    They get the mail about an officer's invitation, and their focal point confirms it or refuses.
    """
    candidate, enquiry = request.candidate, request.enquiry
    if not (candidate and enquiry and enquiry.email and has_people(candidate)):
        return
    if not invitation_of(candidate, enquiry.email) and not acts_for(candidate, enquiry.email):
        invite(candidate, email=enquiry.email, role=Affiliation.Role.FOCAL_POINT, by=by)


def invite_applicant(candidate: Institution, email: str, opened_by: User | None, by: User) -> None:
    """Invite who applied as the focal point of the institution that was admitted.

    The admission is the second person's act where the institution has no people of its own. They
    were asked else, and what they said stands.
    """
    if invitation_of(candidate, email) or acts_for(candidate, email):
        return
    role = Affiliation.Role.FOCAL_POINT
    if opened_by and opened_by != by and not has_people(candidate):
        invite(candidate, email=email, role=role, by=opened_by, confirmed_by=by)
    else:
        invite(candidate, email=email, role=role, by=by)


def has_people(institution: Institution) -> bool:
    return institution.affiliations.current().filter(user__is_active=True).exists()


def acts_for(institution: Institution, email: str) -> bool:
    return institution.affiliations.current().filter(user__email=email.lower()).exists()
