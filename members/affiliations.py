"""Who may act for an institution today. Asked anew at every click: rights end at once.

Somebody else's institution looks like none at all (404). Who may only read it is told so (403).
"""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from .models import Affiliation, Institution, User


def institution_to_read(user: User, slug: str) -> Institution:
    """Return the institution with this slug, if the person acts for it today in whatever role."""
    return get_object_or_404(Institution.objects.readable_by(user), slug=slug)


def institution_to_edit(user: User, slug: str) -> Institution:
    """Return the institution with this slug, if the person may change things for it today."""
    institution = institution_to_read(user, slug)
    if not may_edit(user, institution):
        raise PermissionDenied
    return institution


def institution_of_page(request, slug: str) -> Institution:
    """Return the institution of a page that all its people see and some may send."""
    find = institution_to_edit if request.method == "POST" else institution_to_read
    return find(request.user, slug)


def institution_to_lead(user: User, slug: str) -> Institution:
    """Return the institution with this slug, if the person decides who else acts for it."""
    institution = institution_to_read(user, slug)
    if not leading(user, institution):
        raise PermissionDenied
    return institution


def may_edit(user: User, institution: Institution) -> bool:
    return user.affiliations.editing().filter(institution=institution).exists()


def leading(user: User, institution: Institution) -> Affiliation | None:
    """Return the affiliation by which the person is the institution's focal point.

    None for everybody else, and for a focal point who is handing over.
    """
    return (
        user.affiliations.editing()
        .filter(institution=institution, role=Affiliation.Role.FOCAL_POINT)
        .first()
    )


def lacks_focal_point(institution: Institution) -> bool:
    """Return whether people act for the institution, or did, but none is its focal point today."""
    affiliations = institution.affiliations.all()
    leads = affiliations.current().filter(role=Affiliation.Role.FOCAL_POINT)
    return affiliations.exists() and not leads.exists()
