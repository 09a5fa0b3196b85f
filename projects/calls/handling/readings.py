"""Readers of proposals: assigned, scored; what their scores come to; and proposals much alike."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.texts import in_one_language
from sscnet.core.personal_data.security_log import log_security

from ..form import TEXTS
from ..models import Criterion, Proposal, Reading
from . import mails


def assign(proposal: Proposal, reader: User, by: User) -> Reading:
    """Give a proposal to a reader, and write to them. The database refuses a conflict."""
    try:
        with transaction.atomic():
            reading = Reading.objects.create(proposal=proposal, reader=reader, assigned_by=by)
            mails.tell_reader(reading)
    except IntegrityError as error:
        text = _("%(reader)s acts for an institution of the proposal and cannot assess it.")
        if "reading_once" in str(error):
            text = _("%(reader)s is already assessing the proposal.")
        raise ValidationError(text % {"reader": reader}) from error
    return reading


def declare_conflict(reading: Reading) -> None:
    """Keep that a reader has a conflict: the proposal is hidden at once."""
    reading.has_conflict, reading.finished_at = True, None
    reading.save(update_fields=["has_conflict", "finished_at"])


def take_back_conflict(reading: Reading) -> None:
    """Let a reader go on who declared a conflict by mistake.

    An officer with a conflict sees no proposal, so nobody takes back a declaration of his own.
    """
    reading.has_conflict = False
    reading.save(update_fields=["has_conflict"])
    log_security("conflict_taken_back", account=reading.reader_id, reading=reading.pk)


@transaction.atomic
def score(
    reading: Reading,
    points: dict[Criterion, tuple[int | None, str]],
    note: str,
    remarks: dict[str, str],
    *,
    is_finished: bool,
) -> None:
    """Keep points and notes a criterion, and remarks by section; finished, no points may miss."""
    if is_finished and any(number is None for number, _note in points.values()):
        raise ValidationError(_("Give points for every criterion, then finish."))
    for criterion, (number, words) in points.items():
        if number is None:
            reading.scores.filter(criterion=criterion).delete()
        else:
            values = {"points": number, "note": words}
            reading.scores.update_or_create(criterion=criterion, defaults=values)
    reading.note, reading.remarks = note, remarks
    reading.finished_at = timezone.now() if is_finished else None
    reading.save(update_fields=["note", "remarks", "finished_at"])


# ------------------------------------------------------------------ what they come to


@dataclass(frozen=True)
class Appraisal:
    """What the finished readings of a proposal come to: a total each, from 0 to 10."""

    proposal: Proposal
    totals: list[float]

    @property
    def mean(self) -> float | None:
        return round(sum(self.totals) / len(self.totals), 2) if self.totals else None

    @property
    def lowest(self) -> float | None:
        return min(self.totals, default=None)

    @property
    def highest(self) -> float | None:
        return max(self.totals, default=None)


def appraisal(proposal: Proposal, criteria: list[Criterion]) -> Appraisal:
    """Return the totals of the finished readings; `proposal` was loaded by `with_readings`."""
    points = (
        {score.criterion_id: score.points for score in one.scores.all()}
        for one in proposal.readings.all()
        if one.finished_at
    )
    return Appraisal(proposal, [weighted(given, criteria) for given in points])


def weighted(points: dict[int, int], criteria: list[Criterion]) -> float:
    """Return the mean of the points by the criteria's weights, from 0 to 10."""
    given = [one for one in criteria if one.pk in points]
    weights = sum(one.weight for one in given)
    total = sum(points[one.pk] * one.weight for one in given)
    return round(total / weights, 2) if weights else 0.0


# ------------------------------------------------------------------ earlier proposals

# So many characters in a row are hardly the same by chance, in English as in Chinese.
IN_A_ROW = 12
# Names of places and of the institution come again in any two proposals.
LEAST_PERCENT = 30


def alike(proposal: Proposal) -> list[tuple[Proposal, int]]:
    """Return earlier proposals of the institution, with per cent of this one's text in them.

    Of those that were sent, granted or not; the most alike first.
    """
    own = pieces(proposal)
    if not own:
        return []
    sent = Proposal.objects.of_institution(proposal.institution).exclude(reference="")
    found = [
        (earlier, round(100 * len(own & pieces(earlier)) / len(own)))
        for earlier in sent.filter(pk__lt=proposal.pk)
    ]
    return sorted(
        [(earlier, percent) for earlier, percent in found if percent >= LEAST_PERCENT],
        key=lambda pair: -pair[1],
    )


def pieces(proposal: Proposal) -> set[str]:
    """Return what stands in the texts of a proposal, in overlapping pieces."""
    found = set()
    for name in TEXTS:
        for language in (Language.ENGLISH, Language.CHINESE):
            text = "".join(in_one_language(proposal, name, language).casefold().split())
            found |= {text[n : n + IN_A_ROW] for n in range(len(text) - IN_A_ROW + 1)}
    return found
