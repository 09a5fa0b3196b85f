"""How a vote stands: counted by the database from what was sent, and whether it is carried."""

import json
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from members.mails import write_to_institution
from members.models import Institution, User
from sscnet.core.database.sql import fetch
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.texts import comma_separated
from sscnet.outbox.wordings import register
from sscnet.papers.fields import PaperKind
from sscnet.papers.issuing import issue

from .models import Amendment, Request, Submission
from .models.seals import VOTE_RESULT
from .second_person import ADMISSION

register("vote-result", "request", "institution", "outcome", "vote")

YES, NO, ABSTAIN = 1, 2, 3
CHOICES = 3
Rule = Request.Rule
TWO_THIRDS, HALF = Fraction(2, 3), Fraction(1, 2)


@dataclass(frozen=True)
class Vote:
    """The vote of one institution on the list, None where it sent none; named as on that day."""

    institution: int
    name: str
    name_zh_hans: str
    vote: int | None
    sent_at: datetime | None
    way: str | None
    number: int | None
    check_code: str | None
    has_no_address: bool

    def __str__(self):
        names = [self.name, self.name_zh_hans]
        if get_language() == Language.CHINESE:
            names.reverse()
        return names[0] or names[1]

    @property
    def is_on_paper(self) -> bool:
        return self.way == Submission.Way.PAPER


@dataclass(frozen=True)
class VoteCount:
    """How a vote stands. `electorate`: how many institutions are on the list.

    `lacking`: how many members the list lacked when the vote opened, as the opener said.
    """

    electorate: int
    yes: int
    no: int
    abstained: int
    quorum: int
    rule: str
    lacking: int = 0
    roll: tuple[Vote, ...] = ()

    @property
    def members(self) -> int:
        """Return how many may vote: those whom the list lacks may too, though nobody asked them."""
        return self.electorate + self.lacking

    @property
    def voted(self) -> int:
        return self.yes + self.no + self.abstained

    @property
    def not_voted(self) -> int:
        return self.electorate - self.voted

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
            Rule.TWO_THIRDS_OF_ALL: self.yes >= TWO_THIRDS * self.members,
            Rule.HALF_OF_ALL: self.yes > HALF * self.members,
        }
        return self.has_quorum and carried[Rule(self.rule)]

    @cached_property
    def without_address(self) -> list[Vote]:
        """Return those who could not be asked: nobody of them gets mails, and none has voted."""
        return [vote for vote in self.roll if vote.has_no_address]


def count(request: Request) -> VoteCount:
    """Return how a vote stands: of a closed one as it was counted then, else as of now."""
    result = request.result
    if result is None:
        [(result,)] = fetch(VOTE_RESULT.format(request=int(request.pk)))
        result = json.loads(result) if isinstance(result, str) else result
    return VoteCount(
        electorate=result["electorate"],
        yes=result["yes"],
        no=result["no"],
        abstained=result["abstained"],
        quorum=request.quorum or 0,
        rule=request.rule,
        lacking=request.members_lacking or 0,
        roll=tuple(vote_of(row) for row in result["roll"]),
    )


def vote_of(row: dict) -> Vote:
    sent_at = row["sent_at"] and datetime.fromisoformat(row["sent_at"])
    return Vote(**row | {"sent_at": sent_at})


def quorum_of(percent: int, members: int) -> int:
    """Return how many of the members are this share, at least one: half of 51 are 26."""
    return max(1, -(-members * percent // 100))


def refuse_early_end(request: Request) -> None:
    """Raise ValidationError where a vote would end before its day, and somebody has not voted."""
    ends = [request.closes_at, *request.responses.values_list("closes_at", flat=True)]
    counted = count(request)
    if max(filter(None, ends)) > timezone.now() and counted.not_voted:
        text = gettext(
            "A vote closes before its day only when all have voted: %(n)d have not, and it ends"
            " on %(day)s by itself."
        )
        day = date_format(timezone.localtime(request.closes_at), "DATETIME_FORMAT")
        raise ValidationError(text % {"n": counted.not_voted, "day": day})


def outcome(request: Request) -> str:
    """Return in words whether a vote is carried."""
    return gettext("Carried") if count(request).passes else gettext("Not carried")


def how_it_counts(request: Request) -> list[str]:
    """Return in sentences how the result follows from the votes, for the page and the paper."""
    counted = count(request)
    lines = [
        gettext("Rule: %(rule)s.") % {"rule": request.get_rule_display()},
        gettext("Quorum: %(quorum)d have to vote, %(voted)d of %(electorate)d on the list did.")
        % {
            "quorum": counted.quorum,
            "voted": counted.voted,
            "electorate": counted.electorate,
        },
        gettext("Yes %(yes)d, no %(no)d, abstained %(abstained)d, not voted %(not_voted)d.")
        % {
            "yes": counted.yes,
            "no": counted.no,
            "abstained": counted.abstained,
            "not_voted": counted.not_voted,
        },
    ]
    if request.members_lacking is None:
        lines.append(gettext("Whether the list of members is complete was not said."))
    elif request.members_lacking:
        text = gettext("The list lacked %(n)d members of whom the portal has no record.")
        lines.append(text % {"n": request.members_lacking})
    else:
        lines.append(gettext("Who opened the vote confirmed the list of members as complete."))
    if counted.without_address:
        text = gettext("Could not be asked for want of an address (%(n)d): %(institutions)s.")
        names = comma_separated(str(vote) for vote in counted.without_address)
        lines.append(text % {"n": len(counted.without_address), "institutions": names})
    else:
        lines.append(gettext("All on the list could be asked by email."))
    later = request.amendments.filter(kind=Amendment.Kind.LATER_END).count()
    if later:
        lines.append(gettext("The end was moved: %(n)d time(s).") % {"n": later})
    if request.closed_at and request.closed_at < request.closes_at:
        lines.append(gettext("It closed before its day, as all had voted."))
    return lines


def labels_of(request: Request) -> dict[int | None, str]:
    """Return yes, no and abstain as the ballot calls them, in the page's language."""
    options: dict[int | None, str] = dict(request.questions.asked().get().options)
    return options | {None: gettext("not voted")}


def put_down(request: Request, by: User | None) -> None:
    """Issue the result of a closed vote as a paper, and tell every institution on the list."""

    def values():
        labels = labels_of(request)
        return {
            "subject": gettext("Result of the vote: %(request)s") % {"request": request},
            "to": gettext("the members"),
            "outcome": outcome(request),
            "text": "\n".join(how_it_counts(request)),
            "votes": [
                {
                    "no": str(number),
                    "institution": str(vote),
                    "vote": labels[vote.vote],
                    "on": day_of(vote),
                }
                for number, vote in enumerate(count(request).roll, 1)
            ],
        }

    request.paper = issue(PaperKind.VOTE, Language.CHINESE, values, by)
    request.save(update_fields=["paper"])
    for response in request.responses.select_related("institution"):
        tell_result(request, response.institution, response.address)
    if request.candidate and count(request).passes:
        address = reverse("admin:secretariat_request_responses", args=[request.pk])
        ADMISSION.tell_others(request, request.opened_by, address)


def day_of(vote: Vote) -> str:
    if not vote.sent_at:
        return ""
    day = date_format(timezone.localtime(vote.sent_at), "DATE_FORMAT")
    return f"{day} ({gettext('on paper')})" if vote.is_on_paper else day


def tell_result(request: Request, institution: Institution, link: str) -> None:
    [own] = [vote for vote in count(request).roll if vote.institution == institution.pk]
    write_to_institution(
        "vote-result",
        institution,
        str(request.pk),
        link=link,
        words={
            "request": request,
            "institution": institution,
            "outcome": _("carried") if count(request).passes else _("not carried"),
            "vote": VoteLabel(request, own.vote),
        },
    )


@dataclass(frozen=True)
class VoteLabel:
    """A vote that reads in whatever language a mail is written."""

    request: Request
    vote: int | None

    def __str__(self):
        return labels_of(self.request)[self.vote]
