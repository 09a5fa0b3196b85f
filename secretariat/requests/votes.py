"""Counting a vote: what was voted, and whether it passes by the request's rule."""

from dataclasses import asdict, dataclass
from fractions import Fraction

from django.db.models import F
from django.utils.translation import gettext

from members.models import Institution
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.texts import comma_separated
from sscnet.papers.fields import PaperKind
from sscnet.papers.issuing import issue
from sscnet.papers.models import Paper

from .models import Request, Response

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


def votes(request: Request) -> dict[Institution, int]:
    """Return the vote of each institution that sent one."""
    sent = request.responses.filter(state=Response.State.SENT, answers__chosen__len=1)
    rows = sent.select_related("institution").annotate(vote=F("answers__chosen__0"))
    return {row.institution: row.vote for row in rows}


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
    chosen = {str(institution): vote for institution, vote in votes(request).items()}
    return asdict(counted) | {"passes": counted.passes, "votes": chosen}


def paper(request: Request, by) -> Paper:
    """Issue the result with the rule and the vote of each institution, in Chinese."""

    def values():
        return {
            "subject": gettext("Result of the vote: %(request)s") % {"request": request},
            "to": gettext("the members"),
            "text": "\n".join(result_in_words(request)),
        }

    return issue(PaperKind.COVER, Language.CHINESE, values, by)


def result_in_words(request: Request) -> list[str]:
    counted, chosen = count(request), votes(request)
    outcome = gettext("Carried") if counted.passes else gettext("Not carried")
    lines = [f"{outcome}: {request.get_rule_display()}"]
    for number, label in request.questions.asked().first().options:
        voted = [str(one) for one, vote in chosen.items() if vote == number]
        lines.append(f"{label} ({len(voted)}): {comma_separated(voted)}")
    everybody = [row.institution for row in request.responses.for_list()]
    silent = [str(one) for one in everybody if one not in chosen]
    return [*lines, f"{gettext('Not voted')} ({len(silent)}): {comma_separated(silent)}"]
