"""The drawing of a meeting, and its card for those who share its page."""

from django.http import Http404
from django.views.decorators.http import require_safe

from sscnet.codelists import tiles
from sscnet.codelists.cards import Card
from sscnet.core.database.stamps import MEETINGS, PROJECTS, WORDS, of_request
from sscnet.core.pages.page_cache import keep_until_changed

from .page import MeetingPage, read_page
from .times import days_of


@require_safe
@keep_until_changed(MEETINGS, PROJECTS, WORDS)
def meeting_card(request, slug):
    page = read_page(slug, is_staff=False)
    if page is None or not page.meeting.is_published:
        raise Http404
    meeting = page.meeting
    line = [days_of(meeting) or meeting.dates_as_stated_i18n or meeting.year, meeting.city_i18n]
    pictures = meeting.rows("pictures")
    card = Card(
        meeting.get_kind_display(),
        str(meeting),
        " · ".join(str(one) for one in line if one),
        cover_of(page, of_request(request)),
        pictures[0].image.name if pictures else "",
    )
    return card.answer()


def cover_of(page: MeetingPage, stamps: dict[str, str]) -> tiles.Cover | None:
    """Draw the countries of the projects it dealt with, in the colours of their goals."""
    codes = dict.fromkeys(code for project in page.projects for code in project.codes)
    colours = dict.fromkeys(colour for project in page.projects for colour in project.colours)
    return tiles.cover(stamps[WORDS], codes, colours)
