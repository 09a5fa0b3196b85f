"""The drawing of an institution, and its card for those who share its page."""

from django.db.models import Count
from django.http import Http404
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sscnet.codelists import tiles
from sscnet.codelists.cards import Card
from sscnet.codelists.models import SDG
from sscnet.core.database.stamps import INSTITUTIONS, PROJECTS, WORDS, of_request
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.pages.page_cache import keep_until_changed

from .page import InstitutionPage, read_page


@require_safe
@keep_until_changed(INSTITUTIONS, PROJECTS, WORDS)
def institution_card(request, slug):
    page = read_page(slug, is_staff=False)
    if page is None or not page.institution.is_published:
        raise Http404
    institution, n = page.institution, page.count
    about = [str(sector) for sector in institution.rows("sectors")]
    projects = ngettext("%(n)d project", "%(n)d projects", n) % {"n": n}
    line = comma_separated([*about, projects] if n else about)
    card = Card(
        institution.get_kind_display() if institution.kind else "",
        str(institution),
        line,
        cover_of(page, of_request(request)),
        page.logo.image.name if page.logo else "",
        is_logo=True,
    )
    return card.answer()


def cover_of(page: InstitutionPage, stamps: dict[str, str]) -> tiles.Cover | None:
    """Draw where it worked, in the colours of the goals it worked for most."""
    parts = page.institution.project_institutions.of_published().order_by().values("project")
    goals = SDG.objects.filter(project_sdgs__project__in=parts)
    commonest = goals.annotate(shared=Count("project_sdgs")).order_by("-shared", "number")
    abroad = [one.iso2 for one in page.countries if one != page.institution.country]
    return tiles.cover(stamps[WORDS], abroad, [goal.color for goal in commonest])
