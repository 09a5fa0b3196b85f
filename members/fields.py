"""The fields of an institution, each once: for imports, files, the API, the admin, completeness."""

from functools import partial

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.lists import country_codes
from sscnet.core.records.basis import How, classified
from sscnet.core.records.completeness import chinese_is_older, missing, sourced
from sscnet.exchange import (
    CodeList,
    FieldList,
    LinkColumn,
    PublicField,
    ShownColumn,
    SlugColumn,
    for_officers,
    publication_state,
    sources_field,
)

from .columns import (
    SECTORS,
    MembershipSinceColumn,
    MembershipStateColumn,
    ServicesColumn,
    names_of_kind,
)
from .models import Institution, InstitutionName, Membership

SECTIONS = {"": None, "seldom": _("Seldom needed"), "texts": _("Texts"), "staff": _("For staff")}
NameKind = InstitutionName.Kind


FIELDS = FieldList(
    Institution,
    [
        PublicField(
            "slug",
            columns=SlugColumn(
                "slug",
                how=_(
                    "The last part of the page’s address says which institution the row is "
                    "about. Leave it empty for a new one."
                ),
            ),
            section=None,
            is_fact=False,
        ),
        PublicField(
            "name",
            example=("Sample Institute of Rural Energy", "示例农村能源研究所"),
            requires=[
                missing(_("It has no name."), "name", "name_zh_hans", blocks=True),
                missing(_("The English name is missing."), "name"),
                missing(
                    _("The Chinese name is missing."),
                    "name_zh_hans",
                    name="chinese_name",
                    label=_("no Chinese name"),
                    title=_("Institutions without a Chinese name"),
                ),
            ],
        ),
        PublicField(
            "acronyms",
            columns={
                "acronym": names_of_kind(NameKind.ACRONYM, label=_("acronym"), example="SIRE")
            },
        ),
        PublicField(
            "other_names",
            columns={
                "aliases": names_of_kind(
                    NameKind.ALIAS,
                    label=_("other spellings and names"),
                    example="Sample Energy Institute",
                ),
            },
        ),
        PublicField(
            "former_names",
            columns=names_of_kind(NameKind.FORMER, label=_("former names")),
        ),
        PublicField("acronym", kind=str, columns={}, is_fact=False),
        PublicField(
            "standing",
            kind=str,
            value=lambda institution: institution.standing or None,
            how=lambda one: How.NOT_CONFIRMED if one.membership_unconfirmed else None,
            columns={
                "membership_state": MembershipStateColumn(
                    "state",
                    partial(CodeList.of_choices, Membership.State.choices),
                    label=_("membership"),
                    how=_("One of: member, suspended, former."),
                    example="member",
                ),
                "standing": ShownColumn(
                    lambda institution: institution.standing, label=_("Standing")
                ),
            },
            description="member, partner or former; null: not stated",
        ),
        PublicField(
            "relation",
            example=("Led a project of the Fund", "曾牵头实施基金项目"),
            section="seldom",
            how=How.IN_OUR_WORDS,
        ),
        PublicField(
            "member_since",
            value=lambda i: i.current_membership and i.current_membership.since,
            columns={
                "membership_since": MembershipSinceColumn(
                    "since", label=_("membership since"), example="1995-06-01"
                )
            },
        ),
        PublicField(
            "kind",
            example="research-institute",
            how=lambda one: None if one.profile_confirmed_on else classified(one),
            requires=[missing(_("The kind of institution is not stated."), "kind")],
        ),
        PublicField(
            "membership_unconfirmed",
            example="no",
            api=False,
            beside=True,
            is_fact=False,
        ),
        PublicField(
            "city",
            example=("Chengdu", "成都"),
            requires=[missing(_("The city is missing."), "city")],
        ),
        PublicField("province", example="sichuan"),
        PublicField("country", codes=country_codes, key="iso2", example="CN", beside=True),
        PublicField(
            "website",
            example="https://example.org",
            requires=[missing(_("The website is missing."), "website")],
        ),
        PublicField(
            "role_mailbox",
            example="office@example.org",
            beside=True,
            requires=[missing(_("There is no email address."), "role_mailbox")],
        ),
        PublicField("phone", example="+86 28 0000 0000", beside=True),
        PublicField("founded", example="1979", beside=True),
        PublicField("successor", columns={}, api=False, section="seldom"),
        PublicField(
            "sectors",
            kind=list[Model],
            value=lambda institution: institution.rows("sectors"),
            how=classified,
            columns=LinkColumn(SECTORS, label=_("fields of expertise"), example=None),
            requires=[
                missing(
                    _("No field of expertise is stated."), "sectors", field="institution_sectors"
                ),
                missing(
                    _("The Secretariat has not confirmed the fields of expertise."),
                    "classification_confirmed_on",
                    field="classification",
                    name="classification",
                    label=_("classification not confirmed"),
                    title=_("Institutions whose classification is not confirmed"),
                ),
            ],
        ),
        PublicField(
            "services",
            columns=ServicesColumn(
                label=_("services"), example="training | Courses on biogas | 沼气培训班"
            ),
            requires=[missing(_("No services are listed."), "services")],
        ),
        PublicField(
            "summary",
            section="texts",
            how=How.IN_OUR_WORDS,
            requires=[
                missing(_("What it can do for partners is not said."), "summary"),
                missing(
                    _("What it can do for partners is not said in Chinese."), "summary_zh_hans"
                ),
            ],
        ),
        PublicField(
            "description",
            section="texts",
            how=How.IN_OUR_WORDS,
            requires=[
                missing(_("The description is missing."), "description"),
                missing(_("The Chinese description is missing."), "description_zh_hans"),
                chinese_is_older(
                    _("Institutions whose Chinese is older than the English"),
                    Institution,
                    "description",
                ),
            ],
        ),
        PublicField("un_origin", api=False, section="texts", how=How.IN_OUR_WORDS),
        sources_field(sourced(), example="Website of the institute | https://example.org/about"),
        for_officers("note", example="Sample, to be replaced.", section="staff"),
        publication_state(),
    ],
    page="members:detail",
    sheet=(
        *("slug", "name_en", "name_zh", "acronym", "membership_state", "membership_since"),
        *("kind", "city_en", "city_zh", "province", "country", "website", "role_mailbox"),
        *("sectors", "page_{}"),
    ),
)
