"""The fields of the dated figures, and of the Secretariat's pages, each once."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.completeness import chinese_is_older, missing
from sscnet.exchange import (
    ChoiceColumn,
    FieldKind,
    FieldList,
    PublicField,
    SlugColumn,
    SourcesColumn,
)
from sscnet.exchange.fields import ExportColumn, source_texts

from .models import DatedFigure, Page

FIGURES = FieldList(
    DatedFigure,
    [
        PublicField("figure", exports=[ExportColumn("figure", lambda figure: figure.figure)]),
        PublicField("label"),
        PublicField("value"),
        PublicField(
            "qualifier",
            exports=[ExportColumn("qualifier", lambda figure: figure.qualifier)],
            description="over: more than the value",
        ),
        PublicField("as_of", description="A year or a month"),
        PublicField("position", exports=[], api=False),
        PublicField(
            "sources",
            kind=FieldKind.WORDS,
            value=source_texts,
            columns={"sources": SourcesColumn()},
            api=False,
        ),
    ],
)

PAGES = FieldList(
    Page,
    [
        PublicField("slug", columns={"slug": SlugColumn("slug")}),
        PublicField(
            "title",
            requires=[
                missing(_("The title is missing."), "title", "title_zh_hans", blocks=True),
                missing(
                    _("The Chinese title is missing."),
                    "title_zh_hans",
                    name="chinese_title",
                    label=_("no Chinese title"),
                    title=_("Pages without a Chinese title"),
                ),
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
        PublicField("position"),
        PublicField("state", columns={"state": ChoiceColumn("state", "state", readonly=True)}),
        PublicField(
            "sources",
            columns={"sources": SourcesColumn()},
            requires=[
                missing(_("It has no source."), "sources", blocks=True),
                chinese_is_older(
                    _("Pages whose Chinese is older than the English"),
                    Page,
                    *("title", "summary", "body"),
                ),
            ],
        ),
    ],
)
