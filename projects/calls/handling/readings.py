"""Readers of proposals: assigned, declared, scored; and how far their scores lie apart."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from sscnet.core.personal_data.security_log import log_security

from ..models import Criterion, Proposal, Reading
from . import mails


def assign(proposal: Proposal, reader: User, by: User) -> Reading:
    """Give a proposal to a reader, and write to them. The database refuses a conflict."""
    if Proposal.objects.concerning(reader).filter(pk=proposal.pk).exists():
        raise ValidationError(conflict_of(reader))
    try:
        with transaction.atomic():
            reading = Reading.objects.create(proposal=proposal, reader=reader, assigned_by=by)
            mails.tell_reader(reading)
    except IntegrityError as error:
        if "reading_once" in str(error):
            text = _("%(reader)s is already assessing the proposal.") % {"reader": reader}
            raise ValidationError(text) from error
        raise ValidationError(conflict_of(reader)) from error
    return reading


def conflict_of(reader: User) -> str:
    text = _("%(reader)s acts for an institution of the proposal and cannot assess it.")
    return text % {"reader": reader}


def declare(reading: Reading, *, has_conflict: bool) -> None:
    """Keep what a reader declares; with a conflict the proposal is hidden at once."""
    reading.has_conflict, reading.declared_at = has_conflict, timezone.now()
    reading.finished_at = None
    reading.save(update_fields=["has_conflict", "declared_at", "finished_at"])


def take_back_conflict(reading: Reading) -> None:
    """Let a reader who declared a conflict by mistake declare again.

    An officer with a conflict sees no proposal, so nobody takes back a declaration of his own.
    """
    reading.has_conflict = reading.declared_at = None
    reading.save(update_fields=["has_conflict", "declared_at"])
    log_security("conflict_taken_back", account=reading.reader_id, reading=reading.pk)


@transaction.atomic
def score(
    reading: Reading,
    points: dict[Criterion, tuple[int | None, str]],
    note: str,
    *,
    is_finished: bool,
) -> None:
    """Keep points and notes a criterion, whatever is missing; finished, none may be missing."""
    if reading.has_conflict is not False:
        raise ValidationError(_("Declare first that there is no conflict of interest."))
    if is_finished and any(number is None for number, _note in points.values()):
        raise ValidationError(_("Give points for every criterion, then finish."))
    for criterion, (number, words) in points.items():
        if number is None:
            reading.scores.filter(criterion=criterion).delete()
        else:
            values = {"points": number, "note": words}
            reading.scores.update_or_create(criterion=criterion, defaults=values)
    reading.note = note
    reading.finished_at = timezone.now() if is_finished else None
    reading.save(update_fields=["note", "finished_at"])


# ------------------------------------------------------------------ what they come to


@dataclass(frozen=True)
class Spread:
    """Scores of several readers on one matter, from 0 to 10."""

    scores: list[float]

    def __bool__(self):
        return bool(self.scores)

    @property
    def mean(self) -> float:
        return sum(self.scores) / len(self.scores)

    @property
    def lowest(self) -> float:
        return min(self.scores)

    @property
    def highest(self) -> float:
        return max(self.scores)

    @property
    def range(self) -> float:
        return self.highest - self.lowest


@dataclass(frozen=True)
class Appraisal:
    """What the finished readings of a proposal come to: in all, and a criterion."""

    proposal: Proposal
    total: Spread
    by_criterion: list[tuple[Criterion, Spread]]

    @property
    def readers(self) -> int:
        return len(self.total.scores)


def appraisal(proposal: Proposal, criteria: list[Criterion]) -> Appraisal:
    """Return the scores of the finished readings; `proposal` was loaded by `with_readings`."""
    finished = [one for one in proposal.readings.all() if one.finished_at]
    points = [{score.criterion_id: score.points for score in one.scores.all()} for one in finished]
    by_criterion = [
        (criterion, Spread([given[criterion.pk] for given in points if criterion.pk in given]))
        for criterion in criteria
    ]
    return Appraisal(
        proposal, Spread([weighted(given, criteria) for given in points]), by_criterion
    )


def weighted(points: dict[int, int], criteria: list[Criterion]) -> float:
    """Return the mean of the points by the criteria's weights, from 0 to 10."""
    given = [one for one in criteria if one.pk in points]
    weights = sum(one.weight for one in given)
    return sum(points[one.pk] * one.weight for one in given) / weights if weights else 0.0
