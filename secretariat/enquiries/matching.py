"""Which institutions fit a need, and why."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from members.directory.topics import with_topics
from members.models import Institution
from projects.models import ProjectInstitution

from .needs import Need

COUNTRY = "project__project_countries__country"


def reasons_for(needs: Iterable[Need]) -> dict[int, dict[int, list[str]]]:
    """Return for each need the institutions that fit, by number, with why: topic and country."""
    if not needs:
        return {}
    of_topic = {topic: found["institution"] for topic, found in with_topics("institution")}
    links = ProjectInstitution.objects.of_published().order_by()
    of_country = defaultdict(set)
    for code, institution in links.values_list(COUNTRY, "institution"):
        of_country[code].add(institution)
    reasons = {need.pk: defaultdict(list) for need in needs}
    for need in needs:
        for pk in of_topic.get(need.topic, ()):
            reasons[need.pk][pk].append(_("same topic: %(name)s") % {"name": need.topic})
        for pk in of_country[need.country_id] if need.country else ():
            reasons[need.pk][pk].append(_("worked with: %(name)s") % {"name": need.country})
    return reasons


def fitting(institution: Institution) -> list[Need]:
    """Return the open needs that fit an institution and were not introduced to it."""
    needs = Need.objects.open().exclude(introductions__institution=institution)
    found = reasons_for(needs)
    return [need for need in needs if institution.pk in found[need.pk]]
