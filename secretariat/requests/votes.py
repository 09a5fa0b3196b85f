"""Counting a vote: what was voted, and whether it passes by the request's rule."""

from dataclasses import asdict, dataclass
from fractions import Fraction

from .models import Request, Response, ResponseAnswer

YES, NO, ABSTAIN = 1, 2, 3
Rule = Request.Rule
TWO_THIRDS, HALF = Fraction(2, 3), Fraction(1, 2)


@dataclass(frozen=True)
class Count:
    """How a vote stands. `electorate`: how many institutions may vote."""

    electorate: int
    yes: int
    no: int
    abstained: int
    quorum: int
    rule: str

    @property
    def voted(self) -> int:
        return self.yes + self.no + self.abstained

    @property
    def has_quorum(self) -> bool:
        return self.voted >= max(self.quorum, 1)

    @property
    def passes(self) -> bool:
        """Return whether it is carried. Who abstains, or does not vote, says neither yes nor no."""
        deciding = self.yes + self.no
        carried = {
            Rule.UNANIMOUS: self.yes > 0 and self.no == 0,
            Rule.TWO_THIRDS: deciding > 0 and self.yes >= TWO_THIRDS * deciding,
            Rule.HALF: self.yes > HALF * deciding,
            Rule.TWO_THIRDS_OF_ALL: self.yes >= TWO_THIRDS * self.electorate,
            Rule.HALF_OF_ALL: self.yes > HALF * self.electorate,
        }
        return self.has_quorum and carried[Rule(self.rule)]


def votes(request: Request) -> dict[str, int]:
    """Return the vote of each institution that sent one, by its key."""
    answers = ResponseAnswer.objects.filter(
        response__request=request, response__state=Response.State.SENT, chosen__len=1
    )
    rows = answers.values_list("response__institution", "chosen")
    return {str(institution): chosen for institution, [chosen] in rows}


def count(request: Request) -> Count:
    given = list(votes(request).values())
    return Count(
        electorate=request.responses.count(),
        yes=given.count(YES),
        no=given.count(NO),
        abstained=given.count(ABSTAIN),
        quorum=request.quorum,
        rule=request.rule,
    )


def frozen(request: Request) -> dict:
    """Return result, list and rule as plain values, to be kept when the vote closes."""
    counted = count(request)
    return asdict(counted) | {"passes": counted.passes, "votes": votes(request)}
