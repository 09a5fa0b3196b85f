"""Earlier proposals that say much the same as one."""

from projects.calls.form import TEXTS
from projects.calls.models import Proposal
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.texts import in_one_language

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
