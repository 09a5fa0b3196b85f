"""Code lists that the records point to; loaded from files, editable by staff."""

import pghistory
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.database.stamps import WORDS
from sscnet.core.database.triggers import LogsChange
from sscnet.core.models import Source, TranslatedModel
from sscnet.core.models.fields import PartialDateField, partial_date_check

from .choices import Region, Subregion


@pghistory.track()
class Country(TranslatedModel):
    """A country or area of the UN's M49 list. `g77` and its like are empty where not known."""

    iso2 = models.CharField(
        _("ISO code"),
        max_length=2,
        primary_key=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Write two capital letters."))],
    )
    iso3 = models.CharField(_("ISO code, three letters"), max_length=3, unique=True)
    m49 = models.CharField(_("UN M49 code"), max_length=3, unique=True)
    name = models.CharField(_("name"), max_length=120)
    region = models.CharField(_("region"), max_length=20, choices=Region, blank=True)
    subregion = models.CharField(_("sub-region"), max_length=40, choices=Subregion, blank=True)
    g77 = models.BooleanField(_("member of the Group of 77"), null=True, blank=True)
    ldc = models.BooleanField(_("least developed country"), null=True, blank=True)
    groups_as_of = PartialDateField(_("groups of the UN as of"), blank=True)
    lldc = models.BooleanField(_("landlocked developing country"), null=True, blank=True)
    sids = models.BooleanField(_("small island developing state"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    tile_column = models.PositiveSmallIntegerField(
        _("column on the tile map"), null=True, blank=True
    )
    tile_row = models.PositiveSmallIntegerField(_("row on the tile map"), null=True, blank=True)
    sources = GenericRelation(Source)
    i18n = TranslationField(fields=["name"])

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["name"]
        triggers = [LogsChange(WORDS)]
        constraints = [
            partial_date_check("groups_as_of", "country"),
            models.UniqueConstraint(
                fields=["tile_column", "tile_row"],
                name="country_tile_once",
                violation_error_message=_(
                    "Another country already has this place on the tile map."
                ),
            ),
        ]

    def get_absolute_url(self):
        return reverse("landing:country", args=[self.iso2])


@pghistory.track()
class DACSector(models.Model):
    """A sector category or purpose code of the OECD's Development Assistance Committee."""

    class Level(models.TextChoices):
        CATEGORY = "category", _("category")
        PURPOSE = "purpose", _("purpose")

    code = models.CharField(_("code"), max_length=5, primary_key=True)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="purposes",
        verbose_name=_("category"),
    )
    name = models.CharField(_("name"), max_length=200)
    name_fr = models.CharField(_("name in French"), max_length=250, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    sources = GenericRelation(Source)

    class Meta:
        verbose_name = _("DAC sector")
        verbose_name_plural = _("DAC sectors")
        ordering = ["code"]
        triggers = [LogsChange(WORDS)]

    def __str__(self):
        return f"{self.code} {self.name}"


@pghistory.track()
class Topic(TranslatedModel):
    """What partners ask about: a text, and the sectors and words of the records that belong."""

    class Sign(models.TextChoices):
        # The drawings of static/img/signs.svg.
        BIOGAS = "biogas", _("digester")
        BAMBOO = "bamboo", _("bamboo")
        HYDROPOWER = "hydropower", _("water wheel")
        MUSHROOMS = "mushrooms", _("mushrooms")
        FISH = "fish", _("fish")
        WATER = "water", _("water tap")
        SOLAR = "solar", _("solar panel")
        CROPS = "crops", _("shield with a plant")
        MOUNTAINS = "mountains", _("mountains and water")
        EGOV = "egov", _("public office")
        FINANCE = "finance", _("coins and exchange")
        WOMEN = "women", _("woman")
        PEOPLE = "people", _("people")
        BOOK = "book", _("open book")

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    sign = models.CharField(_("sign"), max_length=20, choices=Sign)
    text = models.TextField(_("text"), help_text=_("About 100 words; say what sources state."))
    words = models.CharField(
        _("words"),
        max_length=500,
        blank=True,
        help_text=_("With commas between them. What has one of these words belongs to the topic."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    sources = GenericRelation(Source)
    i18n = TranslationField(fields=["name", "text"])

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "id"]
        triggers = [LogsChange(WORDS)]

    def get_absolute_url(self):
        return reverse("secretariat:topic", args=[self.slug])


@pghistory.track()
class Sector(TranslatedModel):
    """A sector of the Network's own list, with the DAC codes it is reported under."""

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    dac_category = models.ForeignKey(
        DACSector, models.PROTECT, related_name="+", verbose_name=_("DAC category")
    )
    dac_purpose = models.ForeignKey(
        DACSector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("DAC purpose"),
    )
    topic = models.ForeignKey(
        Topic,
        models.SET_NULL,
        related_name="sectors",
        null=True,
        blank=True,
        verbose_name=_("topic"),
    )
    sources = GenericRelation(Source)
    i18n = TranslationField(fields=["name"])

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["name"]
        triggers = [LogsChange(WORDS)]

    def get_absolute_url(self):
        return reverse("secretariat:sector", args=[self.slug])


@pghistory.track()
class SDG(TranslatedModel):
    """One of the seventeen Sustainable Development Goals."""

    number = models.PositiveSmallIntegerField(_("number"), primary_key=True)
    name = models.CharField(_("short name"), max_length=120)
    full_name = models.CharField(_("full name"), max_length=500)
    color = models.CharField(_("colour"), max_length=7)
    sources = GenericRelation(Source)
    i18n = TranslationField(fields=["name", "full_name"])

    class Meta:
        verbose_name = _("SDG")
        verbose_name_plural = _("SDGs")
        ordering = ["number"]
        triggers = [LogsChange(WORDS)]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__range=(1, 17)),
                name="sdg_number_range",
                violation_error_message=_("The goals are numbered 1 to 17."),
            )
        ]

    def __str__(self):
        return f"{self.number} {self.name_i18n}"

    def get_absolute_url(self):
        return reverse("landing:sdg", args=[self.number])


@pghistory.track()
class PGTFArea(TranslatedModel):
    """One of the eight priority areas of the Perez-Guerrero Trust Fund."""

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    sources = GenericRelation(Source)
    i18n = TranslationField(fields=["name"])

    class Meta:
        verbose_name = _("PGTF area")
        verbose_name_plural = _("PGTF areas")
        ordering = ["id"]
        triggers = [LogsChange(WORDS)]
