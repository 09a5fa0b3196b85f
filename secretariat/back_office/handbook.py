"""The officers' handbook in the admin: in Chinese a page for each task, in English one page."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sscnet.web.markdown import PARSER

DOCS = settings.BASE_DIR / "docs"
FIRST = "README"
# Of each page: where the English handbook says it, and the lists whose help it is.
PAGES = {
    "year": ("the-year", []),
    "first-day": ("groups-and-rights", ["members.user"]),
    "handing-over": ("groups-and-rights", []),
    "record": (
        "publishing-and-versions",
        [
            *("projects.project", "secretariat.publication", "secretariat.page"),
            *("codelists.topic", "secretariat.redirect", "secretariat.datedfigure"),
        ],
    ),
    "correction": ("publishing-and-versions", ["core.proposedversion"]),
    "import": ("the-start-page", []),
    "meeting": (
        "before-a-meeting",
        [
            *("meetings.meeting", "meetings.delegation", "meetings.delegate"),
            *("meetings.changerequest", "meetings.actionpoint"),
        ],
    ),
    "papers": (
        "travel-letters-and-certificates",
        ["papers.paper", "papers.papertemplate", "papers.papersettings"],
    ),
    "request": ("requests-and-votes", ["secretariat.request"]),
    "call": ("calls-and-proposals", ["calls.call", "calls.proposal", "calls.reading"]),
    "member": ("groups-and-rights", ["members.institution", "members.invitation"]),
    "mail": ("mail-and-wordings", ["outbox.message", "outbox.wordingoverride"]),
    "complaint": ("questions", ["secretariat.enquiry", "meetings.erasure", "core.retentionrun"]),
    "head": ("figures-and-yearly-reports", ["secretariat.yearlyreport"]),
}
PAGE_OF = {label: page for page, (_section, labels) in PAGES.items() for label in labels}


def handbook(request, context, page=FIRST):
    """Show a page of the handbook; the English one is a single page, with these as its parts."""
    if page not in [FIRST, *PAGES]:
        raise Http404
    if get_language() == "en":
        if page != FIRST:
            return redirect(f"{reverse('admin:handbook')}#{PAGES[page][0]}")
        file = DOCS / "officers.md"
    else:
        file = DOCS / "zh" / "officers" / f"{page}.md"
    text = file.read_text(encoding="utf-8")
    context |= {"title": _("Handbook"), "text": rendered(text)}
    return TemplateResponse(request, "admin/secretariat/handbook.html", context)


def rendered(text: str) -> str:
    """Return the HTML of a file; links between files and pictures get their addresses here."""
    tokens = PARSER.parse(text)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open":
            token.attrSet("id", slugify(following.content, allow_unicode=True))
        for part in token.children or []:
            href, source = part.attrGet("href"), part.attrGet("src")
            if href and href.endswith(".md"):
                name = href.removesuffix(".md")
                page = [] if name == FIRST else [name]
                part.attrSet("href", reverse("admin:handbook", args=page))
            elif source:
                part.attrSet("src", static(source.partition("static/")[2]))
    return mark_safe(PARSER.renderer.render(tokens, PARSER.options, {}))  # Files of ours.
