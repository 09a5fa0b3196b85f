"""The fields of the code lists, each once: for the open data, the API and loading."""

from sscnet.exchange import FieldList, PublicField, for_officers, internal, sources_field

from .lists import dac_codes, topic_codes
from .models import SDG, Country, DACSector, PGTFArea, Sector, Topic

COUNTRIES = FieldList(
    Country,
    [
        PublicField("iso2", api=False),
        PublicField("iso3"),
        PublicField("m49"),
        PublicField("name"),
        PublicField("region"),
        PublicField("subregion"),
        PublicField("g77", description="Member of the Group of 77; null: not known"),
        PublicField("ldc"),
        PublicField("lldc"),
        PublicField("sids"),
        PublicField("groups_as_of", description="The day of the lists of ldc, lldc and sids"),
        for_officers("note"),
        internal("tile_column"),
        internal("tile_row"),
        sources_field(),
    ],
)
DAC_SECTORS = FieldList(
    DACSector,
    [
        internal("code"),
        internal("level"),
        internal("parent", codes=dac_codes),
        internal("name"),
        internal("name_fr"),
        internal("is_active"),
        sources_field(),
    ],
)
SECTORS = FieldList(
    Sector,
    [
        PublicField("slug", api=False),
        PublicField("name"),
        PublicField("dac_category", codes=dac_codes, key="code"),
        PublicField("dac_purpose", codes=dac_codes, key="code"),
        internal("topic", codes=topic_codes),
        sources_field(),
    ],
)
TOPICS = FieldList(
    Topic,
    [
        *(internal(name) for name in ("slug", "name", "sign", "text", "words", "position")),
        sources_field(),
    ],
)
SDGS = FieldList(
    SDG,
    [
        PublicField("number"),
        PublicField("name"),
        PublicField("full_name"),
        PublicField("color"),
        sources_field(),
    ],
)
AREAS = FieldList(PGTFArea, [PublicField("slug"), PublicField("name"), sources_field()])
