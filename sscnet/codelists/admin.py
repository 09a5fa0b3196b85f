"""The code lists, for the few corrections that they need."""

from django.contrib import admin

from sscnet.admin import RecordAdmin, SourceInline
from sscnet.core.i18n.labels import each_language

from .models import SDG, Country, DACSector, PGTFArea, Sector, Topic


class CodeAdmin(RecordAdmin):
    """For the admin of a code list: a saved code is read only, since others point to it."""

    code = "slug"
    inlines = [SourceInline]

    def view_on_site(self, obj):
        """Return the address of the public page, which some of the lists have."""
        return getattr(obj, "get_absolute_url", lambda: None)()

    def get_readonly_fields(self, request, obj=None):
        return [self.code] if obj else []


@admin.register(Country)
class CountryAdmin(CodeAdmin):
    code = "iso2"
    list_display = ["iso2", "name_i18n", "region", "subregion", "g77", "ldc", "lldc", "sids"]
    list_display_links = ["iso2", "name_i18n"]
    list_filter = ["g77", "ldc", "lldc", "sids", "region", "subregion"]
    search_fields = ["=iso2", "=iso3", *each_language("name")]
    fields = [
        ("iso2", "iso3", "m49"),
        each_language("name"),
        ("region", "subregion"),
        ("g77", "ldc", "lldc", "sids", "groups_as_of"),
        "note",
        ("tile_column", "tile_row"),
    ]


@admin.register(DACSector)
class DACSectorAdmin(CodeAdmin):
    code = "code"
    list_display = ["code", "name", "level", "parent", "is_active"]
    list_display_links = ["code", "name"]
    list_select_related = ["parent"]
    list_filter = ["level", "is_active"]
    search_fields = ["code", "name", "name_fr"]
    autocomplete_fields = ["parent"]
    fields = ["code", "level", "parent", "name", "name_fr", "is_active"]


@admin.register(Sector)
class SectorAdmin(CodeAdmin):
    list_display = ["name_i18n", "slug", "topic", "dac_category", "dac_purpose"]
    list_select_related = ["topic", "dac_category", "dac_purpose"]
    search_fields = ["slug", *each_language("name")]
    autocomplete_fields = ["dac_category", "dac_purpose"]
    fields = ["slug", each_language("name"), ("dac_category", "dac_purpose"), "topic"]


@admin.register(Topic)
class TopicAdmin(CodeAdmin):
    list_display = ["name_i18n", "slug", "sign", "words", "position"]
    search_fields = ["slug", "words", *each_language("name")]
    fields = ["slug", each_language("name"), ("sign", "position"), each_language("text"), "words"]


@admin.register(SDG)
class SDGAdmin(CodeAdmin):
    code = "number"
    list_display = ["number", "name_i18n", "full_name_i18n"]
    list_display_links = ["number", "name_i18n"]
    search_fields = ["=number", *each_language("name")]
    fields = ["number", each_language("name"), each_language("full_name"), "color"]


@admin.register(PGTFArea)
class PGTFAreaAdmin(CodeAdmin):
    list_display = ["name_i18n", "slug"]
    search_fields = ["slug", *each_language("name")]
    fields = ["slug", each_language("name")]
