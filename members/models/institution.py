"""Institutions: members of the Network, partners and supporters."""

from dataclasses import replace
from datetime import timedelta

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.codelists.choices import Province
from sscnet.codelists.models import Country, Sector
from sscnet.core.database.stamps import INSTITUTIONS
from sscnet.core.database.triggers import (
    LogsChange,
    keep_old_slug,
    reset_confirmation,
    stamp_updated_at,
    touch,
)
from sscnet.core.i18n.addresses import address_of
from sscnet.core.i18n.texts import Text, first_sentence, translated
from sscnet.core.models import PublicRecord, PublicRecordQuerySet, TranslatedModel
from sscnet.core.models.fields import PartialDateField, by_user, partial_date_check

TABLE = "members_institution"
# What the institution itself can fill in, by the names of the form's fields.
PROFILE_FIELDS = {
    *("name", "name_zh_hans", "kind", "city", "website", "role_mailbox"),
    *("summary", "summary_zh_hans", "description", "description_zh_hans", "founded", "phone"),
}
YEAR = timedelta(days=365)


class Standing(models.TextChoices):
    """What an institution is to the Network; suspended members are members."""

    MEMBER = "member", _("member")
    PARTNER = "partner", _("partner")
    FORMER = "former", _("former member")


class InstitutionQuerySet(PublicRecordQuerySet):
    def listed(self):
        """Keep what the directory may show: members and partners, not supporters."""
        return self.exclude(kind=Institution.Kind.SUPPORTER)

    def readable_by(self, user):
        """Keep those that this person acts for today, in whatever role."""
        acting = self.filter(affiliations__in=user.affiliations.current()).distinct()
        return acting.filter(merged_into=None)

    def editable_by(self, user):
        """Keep those for which this person may change and register today."""
        return self.filter(affiliations__in=user.affiliations.editing()).distinct()

    def supporters(self):
        return self.filter(kind=Institution.Kind.SUPPORTER)

    def members(self):
        """Keep the members of today, suspended ones included."""
        return self.filter(
            Exists(Membership.objects.current().of_member().filter(institution=OuterRef("pk")))
        )

    def voting(self):
        """Keep the members of today that may vote: not those that are suspended."""
        may_vote = Membership.objects.current().filter(state=Membership.State.MEMBER)
        return self.filter(Exists(may_vote.filter(institution=OuterRef("pk"))))

    def former_members(self):
        former = Membership.objects.current().filter(state=Membership.State.FORMER)
        return self.filter(Exists(former.filter(institution=OuterRef("pk"))))

    def partners(self):
        """Keep the institutions that never were members: they work with the Network."""
        memberships = Membership.objects.filter(institution=OuterRef("pk"))
        return self.listed().filter(~Exists(memberships))

    def profile_late(self):
        """Keep the members that did not confirm their profile for a year, or never did."""
        confirmed = Q(profile_confirmed_on__gt=timezone.localdate() - YEAR)
        return self.members().exclude(confirmed)

    def for_list(self):
        return self.prefetch_related("sectors", "names", "memberships")

    def for_file(self):
        return self.for_list().prefetch_related("services", "sources")


@pghistory.track(exclude=["updated_at"])
class Institution(PublicRecord):
    """An institution. Without a membership it is a partner, or a supporter by its kind."""

    class Kind(models.TextChoices):
        RESEARCH_INSTITUTE = "research-institute", _("research institute")
        UNIVERSITY_INSTITUTE = "university-institute", _("university institute")
        TRAINING_CENTRE = "training-centre", _("training centre")
        INTERNATIONAL_CENTRE = "international-centre", _("international centre")
        TECHNOLOGY_TRANSFER_CENTRE = "technology-transfer-centre", _("technology transfer centre")
        BUSINESS_ASSOCIATION = "business-association", _("business association")
        ASSOCIATION = "association", _("association")
        SUPPORTER = "supporter", _("supporter of the Network")
        NOT_STATED = "", _("not stated")

    name = models.CharField(_("official name"), max_length=250, blank=True)
    kind = models.CharField(
        _("kind"), max_length=40, choices=Kind, blank=True, default=Kind.NOT_STATED
    )
    city = models.CharField(_("city"), max_length=100, blank=True)
    province = models.CharField(_("province"), max_length=30, choices=Province, blank=True)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="institutions",
        verbose_name=_("country"),
    )
    website = models.URLField(_("website"), max_length=300, blank=True)
    role_mailbox = models.EmailField(
        _("role mailbox"),
        blank=True,
        help_text=_("Shown to the public: an office’s address, not a person’s."),
    )
    phone = models.CharField(
        _("office telephone"),
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text=_("Shown to the public: an office’s number, not a person’s."),
    )
    founded = PartialDateField(_("founded"), blank=True, default="", db_default="")
    relation = models.CharField(
        _("relation to the Network"),
        max_length=250,
        blank=True,
        help_text=_("Of one that is not named as a member: what its sources say instead."),
    )
    summary = models.TextField(
        _("what it can do for partners"),
        blank=True,
        help_text=_("One or two sentences, for lists; the first stands on cards."),
    )
    description = models.TextField(_("description"), blank=True)
    un_origin = models.TextField(
        _("UN origin"), blank=True, help_text=_("How the United Nations helped to set it up.")
    )
    sectors = models.ManyToManyField(
        Sector,
        through="InstitutionSector",
        related_name="institutions",
        verbose_name=_("expertise"),
    )
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    membership_unconfirmed = models.BooleanField(
        _("membership not confirmed"),
        default=False,
        help_text=_("Whether it is a member of the Network is not known."),
    )
    classification_confirmed_on = models.DateField(
        _("classification confirmed on"), null=True, blank=True, editable=False
    )
    classification_confirmed_by = by_user(
        _("classification confirmed by"), blank=True, editable=False
    )
    profile_confirmed_on = models.DateField(
        _("profile confirmed on"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The institution said that its profile is still correct."),
    )
    profile_confirmed_by = by_user(_("profile confirmed by"), blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    i18n = TranslationField(
        fields=["name", "city", "relation", "summary", "description", "un_origin"]
    )

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["name"]
        permissions = [("publish_institution", _("Can publish and withdraw institutions"))]
        constraints = [partial_date_check("founded", "institution")]
        triggers = [stamp_updated_at(), keep_old_slug(), LogsChange(INSTITUTIONS)]

    def __str__(self):
        return self.name_i18n or str(_("Institution without a name"))

    def get_absolute_url(self):
        if self.is_supporter:
            return reverse("secretariat:about") + "#supporters"
        return address_of("members:detail", self.slug)

    def name_for_slug(self):
        return self.name or self.name_zh_hans or ""

    def reason_to_leave(self, model, field):
        if self.merged_into_id:
            return gettext("The institution was merged into another one.")
        return super().reason_to_leave(model, field)

    @property
    def current_membership(self):
        """Return the membership that holds today, or None; prefetched by `for_list`."""
        return next((m for m in self.rows("memberships") if m.until is None), None)

    @property
    def standing(self):
        """Return what the institution is to the Network: a code of the directory, or nothing."""
        if membership := self.current_membership:
            is_former = membership.state == Membership.State.FORMER
            return Standing.FORMER if is_former else Standing.MEMBER
        return "" if self.rows("memberships") else Standing.PARTNER

    @property
    def is_suspended(self):
        membership = self.current_membership
        return membership is not None and membership.state == Membership.State.SUSPENDED

    @property
    def in_short(self):
        """Return a sentence on what it can do, or else on what it is."""
        text = translated(self, "summary") or translated(self, "description")
        return replace(text, value=first_sentence(text.value))

    @property
    def acronym(self):
        return next(
            (n.name for n in self.rows("names") if n.kind == InstitutionName.Kind.ACRONYM), ""
        )

    @property
    def other_name(self):
        """Return the official name in the language that the page is not in, with its language."""
        names = {"en": self.name, "zh-hans": self.name_zh_hans}
        shown = self.name_i18n
        return next((Text(n, code) for code, n in names.items() if n and n != shown), None)

    @property
    def website_name(self):
        """Return the website's address as people write it."""
        return self.website.partition("://")[2].removeprefix("www.").rstrip("/")

    @property
    def published_predecessors(self):
        return [before for before in self.rows("predecessors") if before.is_published]

    @property
    def is_supporter(self):
        return self.kind == self.Kind.SUPPORTER

    @property
    def open_proposal(self):
        """Return the changes of the profile that are drafted, wait or were returned, if any."""
        return self.proposals.select_related("logo", "version").first()

    def profile_gaps(self):
        """Return what the institution itself can fill in: the gap, and its field in the form."""
        anchors = {name: f"id_{name}" for name in PROFILE_FIELDS}
        anchors |= {"institution_sectors": "id_sectors_0", "services": "id_services"}
        return [(gap, anchors[gap.field]) for gap in self.gaps() if gap.field in anchors]


@pghistory.track()
class InstitutionName(models.Model):
    """Another name of an institution, by which it is found."""

    class Kind(models.TextChoices):
        ACRONYM = "acronym", _("acronym")
        FORMER = "former", _("former name")
        ALIAS = "alias", _("other spelling or name")

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="names", verbose_name=_("institution")
    )
    name = models.CharField(_("name"), max_length=250)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.ALIAS)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "name"],
                name="institution_name_once",
                violation_error_message=_("The institution already has this name."),
            )
        ]
        triggers = [touch("institution", TABLE), LogsChange(INSTITUTIONS)]

    def __str__(self):
        return self.name


@pghistory.track()
class InstitutionSector(models.Model):
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="institution_sectors")
    sector = models.ForeignKey(
        Sector, models.PROTECT, related_name="institution_sectors", verbose_name=_("sector")
    )

    class Meta:
        verbose_name = _("field of expertise")
        verbose_name_plural = _("expertise")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "sector"],
                name="institution_sector_once",
                violation_error_message=_("This sector has already been added."),
            )
        ]
        triggers = [
            LogsChange(INSTITUTIONS),
            touch("institution", TABLE),
            reset_confirmation("institution", TABLE, "sector_id"),
        ]

    def __str__(self):
        return str(self.sector)


class MembershipQuerySet(models.QuerySet):
    def current(self):
        return self.filter(until=None)

    def of_member(self):
        return self.filter(state__in=[Membership.State.MEMBER, Membership.State.SUSPENDED])


@pghistory.track()
class Membership(TranslatedModel):
    """A period in which an institution is a member, suspended, or a former member."""

    class State(models.TextChoices):
        MEMBER = "member", _("member")
        SUSPENDED = "suspended", _("suspended member")
        FORMER = "former", _("former member")

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="memberships", verbose_name=_("institution")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.MEMBER)
    since = models.DateField(_("since"), null=True, blank=True, help_text=_("Empty: not known."))
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Empty: this still applies.")
    )
    admitted_how = models.CharField(_("how admitted"), max_length=250, blank=True)
    i18n = TranslationField(fields=["admitted_how"])

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = [F("since").asc(nulls_first=True), "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(until=None),
                name="membership_current_once",
                violation_error_message=_(
                    "End the present membership first: only one can be current."
                ),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="membership_until_after_since",
                violation_error_message=_("The end is before the beginning."),
            ),
        ]
        triggers = [touch("institution", TABLE), LogsChange(INSTITUTIONS)]

    def __str__(self):
        return self.get_state_display()


@pghistory.track()
class Service(TranslatedModel):
    """What an institution offers to partners."""

    class Kind(models.TextChoices):
        CONSULTANCY = "consultancy", _("consultancy")
        TRAINING = "training", _("training")
        SEMINAR = "seminar", _("seminar")
        EXCHANGE_VISIT = "exchange_visit", _("exchange visit")
        TECHNOLOGY = "technology", _("technology")

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="services", verbose_name=_("institution")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=250, blank=True)
    description = models.TextField(_("description"), blank=True)
    for_whom = models.CharField(_("for whom"), max_length=250, blank=True)
    as_of = models.DateField(
        _("as of"),
        null=True,
        blank=True,
        help_text=_("When it was last confirmed, or read at its source."),
    )
    i18n = TranslationField(fields=["title", "description", "for_whom"])

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["institution", "kind", "id"]
        triggers = [touch("institution", TABLE), LogsChange(INSTITUTIONS)]

    def __str__(self):
        return self.title_i18n

    def clean(self):
        if not (self.title or self.title_zh_hans):
            raise ValidationError({"title": _("Give the service a title, or remove it.")})

    @property
    def is_confirmed(self):
        """Return whether it was confirmed within a year."""
        return self.as_of is not None and self.as_of > timezone.localdate() - YEAR
