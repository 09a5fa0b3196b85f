"""Which institutions fit a need; an introduction proposed, answered, reminded of, ended."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.directory.topics import with_topics
from members.mails import write_to_institution
from members.models import Institution
from projects.models import ProjectInstitution
from sscnet.core.i18n.texts import guessed
from sscnet.core.personal_data import retention
from sscnet.outbox import due, post
from sscnet.outbox.models import Message
from sscnet.outbox.wordings import register

from .models import Introduction, Need

OF_INTRODUCTION = ("need", "institution", "state", "words")
register("introduction-proposed", *OF_INTRODUCTION)
register("introduction-answered", *OF_INTRODUCTION)
register("introduction-waits", *OF_INTRODUCTION, is_weekly=True)
NEEDS_FIT = "needs-fit"
register(NEEDS_FIT, "institution", "needs", is_weekly=True)

State = Introduction.State
COUNTRY = "project__project_countries__country"
# So long an introduction may wait before officers are reminded.
WAITS = timedelta(days=14)
# Of a month; later none is looked for, and a worker that stood still has made up for it.
TOLD_WITHIN_DAYS = 7


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


def tell_institution(introduction: Introduction) -> None:
    """Write to the people of an institution that a need was introduced to it; once."""
    write_to_institution(
        "introduction-proposed",
        introduction.institution,
        str(introduction.pk),
        link=introduction.address,
        words=words_of(introduction, introduction.reason),
    )


def words_of(introduction: Introduction, words: str) -> dict:
    return {
        "need": introduction.need,
        "institution": introduction.institution,
        "state": State(introduction.state).label,
        "words": guessed(words),
    }


@transaction.atomic
def answer(introduction: Introduction, state: str, answer: str) -> None:
    """Take the answer of an institution, once; the Secretariat is told, and tells who asked.

    Raise ValidationError where it was answered or ended in the meantime.
    """
    introduction = Introduction.objects.select_for_update().get(pk=introduction.pk)
    if introduction.state != State.PROPOSED:
        raise ValidationError(_("It was answered in the meantime; nothing was changed."))
    introduction.state, introduction.answer, introduction.since = state, answer, timezone.now()
    introduction.save()
    tell_secretariat("introduction-answered", introduction)


def tell_secretariat(kind: str, introduction: Introduction) -> None:
    """Write to the Secretariat; once for each kind and step."""
    post.write_to_secretariat(
        kind,
        key=f"{kind}:{introduction.pk}:{introduction.since:%Y%m%d%H%M%S}",
        about=introduction.institution,
        link=reverse("admin:secretariat_introduction_change", args=[introduction.pk]),
        words=words_of(introduction, introduction.answer),
    )


@due.register
def remind_officers() -> None:
    """Remind of introductions where nothing has happened for two weeks; once a step."""
    waiting = Introduction.objects.filter(state__in=Introduction.GOING_ON)
    for introduction in waiting.filter(since__lte=timezone.now() - WAITS):
        with transaction.atomic():
            tell_secretariat("introduction-waits", introduction)


@due.register
@transaction.atomic
def tell_of_needs() -> None:
    """Tell institutions, once a month, of the needs of the month before that fit them."""
    today = timezone.localdate()
    if today.day > TOLD_WITHIN_DAYS:
        return
    first = today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    if Message.objects.filter(kind=NEEDS_FIT, key__contains=f":{first}:").exists():
        return
    needs = Need.objects.open().filter(made_on__gte=before, made_on__lt=first)
    found = reasons_for(needs)
    fitting = {pk for institutions in found.values() for pk in institutions}
    for institution in Institution.objects.filter(pk__in=fitting):
        titles = [need for need in needs if institution.pk in found[need.pk]]
        listed = format_lazy("\n".join(["– {}"] * len(titles)), *titles)
        write_to_institution(
            NEEDS_FIT,
            institution,
            f"{institution.pk}:{first}",
            wanted=institution.affiliations.filter(wants_needs=True),
            link=reverse("secretariat:my_needs", args=[institution.slug]),
            words={"institution": institution, "needs": listed},
        )


@retention.rule("needs", gettext_lazy("contacts of needs"))
def erase_contacts() -> int:
    day = timezone.localdate() - timedelta(days=settings.ENQUIRY_RETENTION_DAYS)
    return Need.objects.filter(valid_until__lt=day).exclude(contact="").update(contact="")
