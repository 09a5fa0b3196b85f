"""The fields of the code lists, each once: for the open data, the API and loading."""

from sscnet.exchange import (
    FieldList,
    PublicField,
    SourcesColumn,
    internal,
)

from .models import SDG, Country, DACSector, PGTFArea, Sector, Topic


def sources():
    return internal("sources", columns={"sources": SourcesColumn()})


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
        internal("note"),
        internal("tile_column"),
        internal("tile_row"),
        sources(),
    ],
)
DAC_SECTORS = FieldList(
    DACSector,
    [
        internal("code"),
        internal("level"),
        internal("parent", codes="dac_sectors"),
        internal("name"),
        internal("name_fr"),
        internal("is_active"),
        sources(),
    ],
)
SECTORS = FieldList(
    Sector,
    [
        PublicField("slug", api=False),
        PublicField("name"),
        PublicField("dac_category", codes="dac_sectors", key="code"),
        PublicField("dac_purpose", codes="dac_sectors", key="code"),
        internal("topic", codes="topics"),
        sources(),
    ],
)
TOPICS = FieldList(
    Topic,
    [
        *(internal(name) for name in ("slug", "name", "sign", "text", "words", "position")),
        sources(),
    ],
)
SDGS = FieldList(
    SDG,
    [
        PublicField("number"),
        PublicField("name"),
        PublicField("full_name"),
        PublicField("color"),
        sources(),
    ],
)
AREAS = FieldList(PGTFArea, [PublicField("slug"), PublicField("name"), sources()])
