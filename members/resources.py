"""Institutions to and from files: which columns there are, and how a row finds its institution."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.choices import Province
from sscnet.codelists.lists import country_codes, sector_codes
from sscnet.core.i18n.languages import Language
from sscnet.core.models import OldSlug
from sscnet.exchange import (
    ChoiceColumn,
    CodeList,
    LinkColumn,
    RecordResource,
    RelationColumn,
    SourcesColumn,
    TextColumn,
    WebsiteColumn,
    YesNoColumn,
    line,
)
from sscnet.exchange.codes import fold
from sscnet.exchange.sheets import is_blank

from .columns import (
    NAMES,
    SECTORS,
    ForeignNamesColumn,
    LanguagesColumn,
    MembershipSinceColumn,
    MembershipStateColumn,
    SlugColumn,
    names_of_kind,
    settle_membership,
)
from .lists import institution_codes
from .models import Institution, InstitutionName, Membership

Kind = InstitutionName.Kind


class InstitutionResource(RecordResource):
    slug = SlugColumn(
        "slug",
        how=_(
            "The last part of the page's address says which institution the row is about. Leave it"
            " empty for a new one."
        ),
    )
    name_en = TextColumn("name", example="Sample Institute of Rural Energy")
    name_zh_hans = TextColumn("name_zh_hans", example="示例农村能源研究所")
    acronym = names_of_kind(Kind.ACRONYM, label=_("acronym"), example="SIRE")
    aliases = names_of_kind(
        Kind.ALIAS, label=_("other spellings and names"), example="Sample Energy Institute"
    )
    former_names = names_of_kind(Kind.FORMER, label=_("former names"))
    names_in_other_languages = ForeignNamesColumn(
        label=_("names in other languages"),
        how=_("Each with its language before it, and “;” between them."),
        example="fr: Institut modèle de l'énergie rurale",
    )
    kind = ChoiceColumn("kind", "kinds", example="research-institute")
    city_en = TextColumn("city", example="Chengdu")
    city_zh_hans = TextColumn("city_zh_hans", example="成都")
    province = ChoiceColumn("province", "provinces", example="sichuan")
    country = RelationColumn("country_id", "countries", example="CN")
    website = WebsiteColumn("website", example="https://example.org")
    role_mailbox = TextColumn("role_mailbox", example="office@example.org")
    description_en = TextColumn("description")
    description_zh_hans = TextColumn("description_zh_hans")
    un_origin_en = TextColumn("un_origin")
    un_origin_zh_hans = TextColumn("un_origin_zh_hans")
    sectors = LinkColumn(
        SECTORS, "sector_id", codes="sectors", label=_("fields of expertise"), example=None
    )
    working_languages = LanguagesColumn("working_languages", example="zh-hans; en")
    membership_state = MembershipStateColumn(
        "state",
        label=_("membership"),
        how=_("One of: member, suspended, former."),
        example="member",
    )
    membership_since = MembershipSinceColumn(
        "since", label=_("membership since"), example="1995-06-01"
    )
    membership_unconfirmed = YesNoColumn("membership_unconfirmed", example="no")
    sources = SourcesColumn(
        label=_("sources"), example="Website of the institute | https://example.org/about"
    )
    note = TextColumn("note", example="Sample, to be replaced.")
    state = ChoiceColumn("state", "states", readonly=True)

    class Meta(RecordResource.Meta):
        model = Institution

    def load_lists(self):
        lists = {name: CodeList.of_choices(*choices) for name, choices in CHOICES.items()}
        return lists | {
            "countries": country_codes(),
            "sectors": sector_codes(),
            "institutions": institution_codes(),
        }

    # -------------------------------------------------------------- finding the institution

    def keys_of(self, row):
        slug = line(row.get("slug")).lower()
        return [("slug", slug)] if slug else []

    def claims_of(self, row):
        """Two rows without an address must not bring the same name twice."""
        names = ("name_en", "name_zh_hans") if is_blank(row.get("slug")) else ()
        told = [(name, fold(line(row.get(name)))) for name in names]
        return self.keys_of(row) + [(name, value) for name, value in told if value]

    def load_records(self, keys, queryset):
        slugs = {slug for _column, slug in keys}
        old = OldSlug.objects.filter(model=Institution._meta.label_lower, slug__in=slugs)
        old = dict(old.values_list("slug", "object_id"))
        found = queryset.filter(slug__in=slugs) | queryset.filter(pk__in=old.values())
        by_pk = {institution.pk: institution for institution in found}
        records = {("slug", slug): by_pk[pk] for slug, pk in old.items() if pk in by_pk}
        return records | {("slug", record.slug): record for record in by_pk.values()}

    def find(self, row):
        keys = self.keys_of(row)
        if not keys and is_blank(row.get("name_en")) and is_blank(row.get("name_zh_hans")):
            raise ValidationError(
                {
                    "name_en": gettext(
                        "The row names no institution: give the last part of its page's address,"
                        " or a name."
                    )
                }
            )
        return self.records.get(keys[0]) if keys else None

    # -------------------------------------------------------------- what the columns say together

    def settle(self, draft):
        names = [entry["name"] for entry in draft.changed_links.get(NAMES, ())]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            text = gettext("These names stand in two columns: %(names)s. Keep each in one.")
            yield "aliases", text % {"names": "; ".join(twice)}
        yield from settle_membership(draft)

    def title_of(self, draft):
        return str(draft.instance)

    def warnings_of(self, draft):
        if not draft.is_new:
            return []
        names = [draft.instance.name, draft.instance.name_zh_hans]
        known = self.lists["institutions"]
        found = {pk for name in names if name for pk in known.names.get(fold(name), ())}
        if not found:
            return []
        text = gettext("An institution of this name is there already: %(slugs)s.")
        return [text % {"slugs": ", ".join(sorted(known.codes[pk] for pk in found))}]


CHOICES = {
    "kinds": (
        Institution.Kind,
        _("“%(value)s” is no kind of institution. Write a code of the list in the template."),
    ),
    "provinces": (
        Province,
        _("“%(value)s” is no province of the list. Write its name in pinyin, such as sichuan."),
    ),
    "languages": (
        Language,
        _("“%(value)s” is no language of the list. Write its code, such as en."),
    ),
    "memberships": (
        Membership.State,
        _("“%(value)s” is no state of a membership. Write member, suspended or former."),
    ),
    "states": (Institution.State, _("“%(value)s” is no state of publication.")),
}
