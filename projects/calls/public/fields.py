"""The fields of a call, each once: for the admin's form and for completeness."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.records.completeness import chinese_is_older, chinese_title, missing, sourced
from sscnet.exchange import FieldList, SlugColumn, internal, publication_state, sources_field

from ..models import Call

SECTIONS = {
    "": None,
    "when": _("When"),
    "rules": _("What can be proposed, and by whom"),
    "reports": _("Papers and reports"),
}


def shown(name, section="", **options):
    return internal(name, columns={}, section=section, **options)


FIELDS = FieldList(
    Call,
    [
        internal("slug", columns=SlugColumn("slug"), section=None),
        shown("programme"),
        shown("year", beside=True),
        shown(
            "title",
            requires=[
                missing(_("The title is missing."), "title", "title_zh_hans", blocks=True),
                missing(_("The English title is missing."), "title"),
                chinese_title(_("Calls without a Chinese title")),
            ],
        ),
        shown("summary"),
        shown(
            "description",
            requires=[
                missing(
                    _("The text is missing."), "description", "description_zh_hans", blocks=True
                ),
                missing(_("The English text is missing."), "description"),
                missing(_("The Chinese text is missing."), "description_zh_hans"),
            ],
        ),
        shown("opens_at", "when"),
        shown("closes_at", "when", beside=True),
        shown("fund_closes_at", "when", beside=True),
        shown("answer_days", "when"),
        shown("proposers", "rules"),
        shown("ceiling_usd", "rules"),
        shown("least_other_inputs_percent", "rules", beside=True),
        shown("least_countries", "rules", beside=True),
        shown("areas", "rules", form_field="areas"),
        shown("languages", "rules"),
        shown(
            "binding_rules",
            "rules",
            requires=[
                missing(_("No rule is binding."), "binding_rules", blocks=True),
                missing(_("No paper is required."), "required_papers", blocks=True),
                missing(_("There is no criterion."), "criteria", blocks=True),
            ],
        ),
        shown("least_characters", "rules"),
        shown("one_page_characters", "rules"),
        shown("paper_templates", "reports", form_field="paper_templates"),
        shown("progress_report_months", "reports"),
        shown("final_report_months", "reports", beside=True),
        shown("note", None),
        publication_state(),
        sources_field(
            sourced(),
            chinese_is_older(
                _("Calls whose Chinese is older than the English"),
                Call,
                *("title", "summary", "description"),
            ),
        ),
    ],
)
