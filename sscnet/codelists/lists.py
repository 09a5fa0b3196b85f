"""How files may write the values of the code lists that several apps use."""

from babel import Locale
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sscnet.exchange import CodeList, names_of

from .models import SDG, Country, DACSector, PGTFArea, Sector, Topic


def country_codes() -> CodeList:
    codes = CodeList(
        _("“%(value)s” is not a country in the list. Write its two-letter code, such as VN.")
    )
    # People write Vietnam and 老挝; what is shown is the name of the United Nations.
    short = [Locale.parse(language, sep="-").territories for language, _name in settings.LANGUAGES]
    for country in Country.objects.all():
        names = [*names_of(country), country.iso3, *(one.get(country.iso2) for one in short)]
        codes.add(country.pk, country.iso2, names, country)
    return codes


def sector_codes() -> CodeList:
    return CodeList.of_records(
        Sector.objects.all(),
        _("“%(value)s” is not a sector in the Network’s list. Write its code, such as trade."),
    )


def area_codes() -> CodeList:
    return CodeList.of_records(
        PGTFArea.objects.all(),
        _("“%(value)s” is not an area of the Fund. Write its code, such as energy."),
    )


def topic_codes() -> CodeList:
    return CodeList.of_records(
        Topic.objects.all(), _("“%(value)s” is not a topic. Write its code, such as bamboo.")
    )


def dac_codes() -> CodeList:
    unknown = _("“%(value)s” is not a code of the DAC sectors.")
    return CodeList.of_records(DACSector.objects.all(), unknown, "code")


def sdg_codes() -> CodeList:
    codes = CodeList(_("“%(value)s” is not a goal. Write its number, 1 to 17."))
    for sdg in SDG.objects.all():
        n, names = sdg.number, names_of(sdg)
        numbered = [f"SDG {n}", f"SDG{n}", f"SDG{n:02}", *(f"{n} {name}" for name in names)]
        codes.add(n, str(n), [*names, *numbered], sdg)
    return codes
