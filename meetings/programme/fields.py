"""The fields of a meeting, each once: for files, the API, the admin and completeness."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.columns import LanguagesColumn, institution_codes
from projects.columns import project_codes
from projects.models import Project
from sscnet.codelists.lists import country_codes
from sscnet.core.records.basis import How
from sscnet.core.records.completeness import (
    Requirement,
    chinese_is_older,
    chinese_title,
    missing,
    sourced,
)
from sscnet.exchange import (
    CodeList,
    FieldList,
    LinkColumn,
    Links,
    PublicField,
    RecordResource,
    SlugColumn,
    for_officers,
    internal,
    publication_state,
    sources_field,
)

from ..models import Meeting, MeetingInstitution
from ..models.approval import NOT_APPROVED

SECTIONS = {
    "": None,
    "when": _("When and where"),
    "who": _("Who"),
    "joining": _("How to take part"),
    "texts": _("Texts"),
    "afterwards": pgettext_lazy("meeting", "Afterwards"),
}


def public_projects() -> CodeList:
    return project_codes(Project.objects.published().filter(is_sample=False))


INSTITUTIONS = Links(
    "meeting_institutions", "meeting", ("institution_id", "role"), codes=institution_codes
)


class ApprovalRequirement(Requirement):
    """Lacked by a meeting that may invite nobody yet."""

    def is_lacked_by(self, record):
        return bool(record.reason_not_to_open())


COUNTRIES = Links("meeting_countries", "meeting", ("country_id",), ("country_id",), country_codes)
PROJECTS = Links("meeting_projects", "meeting", ("project_id",), ("project_id",), public_projects)


class ProjectsColumn(LinkColumn):
    """Projects of which there is a page; others that are tied to the meeting stay with it."""

    def get(self, draft):
        return tuple(pk for pk in super().get(draft) if pk in draft.lists[self.codes].codes)

    def set(self, draft, value):
        others = [pk for pk in super().get(draft) if pk not in draft.lists[self.codes].codes]
        super().set(draft, [*others, *value])


def with_role(name, role, label):
    return internal(name, columns=LinkColumn(INSTITUTIONS, {"role": role.value}, label=label))


FIELDS = FieldList(
    Meeting,
    [
        PublicField("slug", columns=SlugColumn("slug"), section=None, is_fact=False),
        PublicField("kind"),
        PublicField("ordinal", beside=True),
        PublicField(
            "title",
            requires=[
                missing(_("The title is missing."), "title", "title_zh_hans", blocks=True),
                missing(_("The English title is missing."), "title"),
                chinese_title(_("Meetings without a Chinese title")),
            ],
        ),
        PublicField("theme"),
        PublicField(
            "starts_on",
            section="when",
            requires=[missing(_("The days are not known."), "starts_on")],
        ),
        PublicField(
            "ends_on",
            section="when",
            beside=True,
            requires=[missing(_("The retention day is missing."), "retain_until", blocks=True)],
        ),
        PublicField(
            "year",
            section="when",
            beside=True,
            requires=[missing(_("The year is not known."), "year")],
        ),
        PublicField("dates_as_stated", section="when"),
        PublicField("start_as_known", section="when"),
        PublicField("end_as_known", section="when", beside=True),
        PublicField("time_zone", section="when", is_fact=False),
        PublicField("city", section="when", requires=[missing(_("The city is missing."), "city")]),
        PublicField(
            "venue", section="when", requires=[missing(_("The venue is missing."), "venue")]
        ),
        PublicField("country", section="when", codes=country_codes, key="iso2", beside=True),
        PublicField("mode", section="when"),
        PublicField("languages", columns=LanguagesColumn("languages"), section="when", beside=True),
        internal("cancelled_at", section="when"),
        with_role("hosts", MeetingInstitution.Role.HOST, _("host")),
        with_role("organisers", MeetingInstitution.Role.ORGANISER, _("organiser")),
        with_role("co_organisers", MeetingInstitution.Role.PARTNER, _("co-organisers")),
        with_role("attending", MeetingInstitution.Role.ATTENDED, _("took part")),
        PublicField("sponsor", section="who"),
        internal("host_as_stated", section="who", is_fact=True),
        internal("organiser_as_stated", section="who", is_fact=True),
        PublicField("participants_number", section="who"),
        PublicField("participants_bound", section="who", beside=True, is_fact=False),
        PublicField("women_number", section="who", beside=True),
        PublicField(
            "countries",
            columns=LinkColumn(COUNTRIES, label=_("countries of participants")),
            requires=[ApprovalRequirement("meeting_countries", NOT_APPROVED, blocks=True)],
        ),
        PublicField("countries_number", section="who"),
        PublicField("countries_are_complete", section="who", beside=True, is_fact=False),
        internal("members_present_as_stated", section="who", is_fact=True),
        internal("projects", columns=ProjectsColumn(PROJECTS, label=_("related projects"))),
        PublicField("open_to", section="joining"),
        PublicField("apply_until", section="joining"),
        PublicField("apply_at", section="joining", beside=True),
        PublicField("costs", section="joining"),
        PublicField("description", section="texts", how=How.IN_OUR_WORDS),
        internal("report", section="afterwards"),
        internal("shows_action_points", section="afterwards"),
        internal("shows_numbers", section="afterwards"),
        PublicField("is_cancelled", kind=bool, columns={}, is_fact=False),
        for_officers("note", section=None),
        publication_state(),
        sources_field(
            sourced(),
            chinese_is_older(
                _("Meetings whose Chinese is older than the English"),
                Meeting,
                *("title", "theme", "description", "report"),
            ),
        ),
    ],
    page="meetings:detail",
    sheet=(
        *("slug", "kind", "title_en", "title_zh", "theme_en", "theme_zh", "starts_on", "ends_on"),
        *("year", "city_en", "city_zh", "venue_en", "venue_zh", "page_{}"),
    ),
)


class MeetingResource(RecordResource):
    """Meetings to and from files."""

    field_list, key = FIELDS, ("slug",)
