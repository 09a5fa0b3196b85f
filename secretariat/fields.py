"""The fields of the dated figures, the Secretariat's pages and the synonyms, each once."""

from django.utils.translation import gettext_lazy as _

from members.columns import institution_codes
from projects.columns import project_codes
from sscnet.core.records.basis import How
from sscnet.core.records.completeness import chinese_is_older, chinese_title, missing, sourced
from sscnet.exchange import (
    FieldList,
    LinkColumn,
    Links,
    PublicField,
    SlugColumn,
    for_officers,
    internal,
    publication_state,
    sources_field,
)
from sscnet.search.models import Synonym

from .models import DatedFigure, Page, Publication

FIGURES = FieldList(
    DatedFigure,
    [
        PublicField("figure"),
        PublicField("label"),
        PublicField("value"),
        PublicField("qualifier", description="over: more than the value"),
        PublicField("as_of", description="A year or a month"),
        PublicField("position", api=False, is_fact=False),
        sources_field(),
    ],
)

PAGES = FieldList(
    Page,
    [
        PublicField("slug", columns=SlugColumn("slug"), is_fact=False),
        PublicField(
            "title",
            requires=[
                missing(_("The title is missing."), "title", "title_zh_hans", blocks=True),
                chinese_title(_("Pages without a Chinese title")),
            ],
        ),
        PublicField("summary"),
        PublicField(
            "body",
            requires=[
                missing(_("The text is missing."), "body"),
                missing(_("The Chinese text is missing."), "body_zh_hans"),
            ],
        ),
        PublicField("position", is_fact=False),
        internal("kind"),
        internal("since"),
        internal("until"),
        internal("is_pinned"),
        publication_state(),
        sources_field(
            sourced(),
            chinese_is_older(
                _("Pages whose Chinese is older than the English"),
                Page,
                *("title", "summary", "body"),
            ),
        ),
    ],
)

INSTITUTIONS = Links(
    "publication_institutions", "publication", ("institution_id",), codes=institution_codes
)

PUBLICATIONS = FieldList(
    Publication,
    [
        PublicField("slug", columns=SlugColumn("slug"), is_fact=False),
        PublicField("kind"),
        PublicField(
            "title",
            requires=[
                missing(_("The title is missing."), "title", "title_zh_hans", blocks=True),
                chinese_title(_("Publications without a Chinese title")),
            ],
        ),
        PublicField("publisher"),
        PublicField("dated"),
        PublicField("language"),
        PublicField("pages"),
        PublicField(
            "institutions", columns=LinkColumn(INSTITUTIONS, label=_("institutions")), is_fact=False
        ),
        PublicField("project", codes=project_codes),
        PublicField("summary", how=How.IN_OUR_WORDS),
        for_officers("note"),
        publication_state(),
        sources_field(sourced()),
    ],
)

SYNONYMS = FieldList(Synonym, [internal("slug"), internal("words"), internal("says_nothing")])
