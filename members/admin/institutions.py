"""How the Secretariat works with institutions and accounts."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin import (
    CaseFilter,
    CompletenessFilter,
    PartInline,
    PublicRecordAdmin,
    RecordAdmin,
    SourceInline,
    Tab,
    link,
)
from sscnet.core.forms.formsets import RecordForm, RowFormSet
from sscnet.core.i18n.labels import each_language
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models import ProposedVersion
from sscnet.exchange.admin.records import ExchangeMixin
from sscnet.exchange.fields import CONFIRMATION, parts_of_form

from ..accounts import admin as accounts_admin  # noqa: F401
from ..accounts.adapters import forget_other_addresses, take_away_second_factor
from ..accounts.invitations import invite_colleague
from ..accounts.rights import (
    LAST,
    RIGHTS,
    AsksAnew,
    ColleagueForm,
    UserForm,
    none_stays,
)
from ..accounts.security.notices import tell_administrators, write_account_changed
from ..accounts.sessions.ending import end, end_others, ended_text, others_of
from ..affiliations import lacks_focal_point
from ..fields import FIELDS, SECTIONS
from ..models import (
    Affiliation,
    Institution,
    InstitutionName,
    InstitutionSector,
    Logo,
    Membership,
    Service,
    User,
)
from ..resources import InstitutionResource
from ..similar import similar_to
from .focal_points import FocalPointPages, focal_points
from .merging import MergePages, merge

# ------------------------------------------------------------------ institutions


class NameInline(PartInline, admin.TabularInline):
    model = InstitutionName
    fields = ["name", "kind"]


class MembershipInline(PartInline, admin.TabularInline):
    model = Membership
    fields = ["state", "since", "until", *each_language("admitted_how")]


class InstitutionSectorInline(PartInline, admin.TabularInline):
    model = InstitutionSector
    fields = ["sector"]


class ServiceInline(PartInline, admin.StackedInline):
    model = Service
    fields = [
        ("kind", "as_of"),
        each_language("title"),
        each_language("description"),
        each_language("for_whom"),
    ]


class LogoInline(PartInline, admin.StackedInline):
    model = Logo
    fields = [("image", "is_current"), each_language("alt"), ("credit", "licence")]


class AffiliationFormSet(RowFormSet):
    """Affiliations of others, which the officer `by` may end; new ones come by invitation."""

    by = None

    def clean(self):
        super().clean()
        for form in self.forms:
            if not form.has_changed():
                continue
            # Raised of the rows: nobody asks those that go for errors.
            if self.by.pk == form.instance.user_id:
                text = gettext("Another officer ends your own affiliations.")
                raise forms.ValidationError(text)
            ended, until = form.initial.get("until"), form.cleaned_data.get("until")
            if ended and (until is None or until > ended):
                text = gettext("An affiliation that has an end is not prolonged: invite anew.")
                raise forms.ValidationError(text)


class AffiliationInline(PartInline, admin.TabularInline):
    """Who acts for an institution: one ends it here, and begins it by an invitation."""

    model = Affiliation
    formset = AffiliationFormSet
    fields = ["user", "role", "since", "until", "given_by", "confirmed_by"]
    readonly_fields = ["user", "role", "since", "given_by", "confirmed_by"]
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        people = ("user", "institution", "given_by", "confirmed_by")
        return super().get_queryset(request).select_related(*people)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.by = request.user
        return formset


PROFILE = ("profile_confirmed_on", "profile_confirmed_by")
PARTS = parts_of_form(FIELDS, SECTIONS, [CONFIRMATION, PROFILE])


class MembershipFilter(CaseFilter):
    title = _("membership")
    parameter_name = "membership"
    cases = {
        "member": (_("members"), lambda rows: rows.members()),
        "partner": (_("partners"), lambda rows: rows.partners()),
        "former": (_("former members"), lambda rows: rows.former_members()),
    }


class ProfileFilter(CaseFilter):
    title = _("profile")
    parameter_name = "profile"
    cases = {
        "late": (_("not confirmed for a year"), lambda rows: rows.profile_late()),
        "proposed": (
            _("changes waiting"),
            lambda rows: rows.filter(proposals__version__state=ProposedVersion.State.WAITING),
        ),
    }


class InstitutionForm(RecordForm):
    class Meta:
        help_texts = {
            "name": _("The official name in each language; other names are listed below."),
            "website": _("With https:// or http://."),
            "successor": _("The institution that goes on with its work."),
            "description": _("What it does, and what it offers to other developing countries."),
        }


@admin.register(Institution)
class InstitutionAdmin(ExchangeMixin, PublicRecordAdmin):
    form = InstitutionForm
    page_classes = [MergePages, FocalPointPages]
    resource_class = InstitutionResource
    change_form_template = "admin/members/institution/change_form.html"
    list_display = [
        "shown_name",
        "shown_acronym",
        "kind",
        "shown_membership",
        "city_i18n",
        "province",
        "state",
        "updated_at",
    ]
    list_filter = [
        "state",
        MembershipFilter,
        ProfileFilter,
        CompletenessFilter,
        "kind",
        ("institution_sectors__sector", admin.RelatedOnlyFieldListFilter),
        ("country", admin.RelatedOnlyFieldListFilter),
        "membership_unconfirmed",
        ("classification_confirmed_on", admin.EmptyFieldListFilter),
        "is_sample",
    ]
    search_fields = [*each_language("name"), "names__name", *each_language("city")]
    search_help_text = _("Any of its names, or the city.")
    autocomplete_fields = ["country", "successor"]
    readonly_fields = [
        "classification_confirmed_on",
        "classification_confirmed_by",
        *PROFILE,
        *PublicRecordAdmin.readonly_fields,
    ]
    actions = [*PublicRecordAdmin.actions, focal_points, merge]
    tabs = (
        Tab("basics", _("Basics"), (PARTS[""], PARTS["seldom"], SourceInline, NameInline)),
        Tab("work", _("Fields and services"), (InstitutionSectorInline, ServiceInline)),
        Tab("texts", _("Texts"), (PARTS["texts"], LogoInline)),
        Tab("people", _("Membership and people"), (MembershipInline, AffiliationInline)),
        Tab("publication", _("Publication"), (PARTS["staff"], PARTS["publication"])),
    )

    def for_list(self, queryset):
        return queryset.filter(merged_into=None).for_list()

    def warnings(self, institution):
        found = super().warnings(institution)
        if lacks_focal_point(institution):
            found.append(gettext("It has no focal point today: invite one."))
        names = [institution.name, institution.name_zh_hans]
        for other in similar_to(names, besides=institution):
            text = gettext("“%(name)s” has a similar name. If it is the same, merge the two.")
            found.append(text % {"name": other})
        return found

    @admin.display(description=_("name"), ordering="name_i18n")
    def shown_name(self, institution):
        return str(institution)

    @admin.display(description=_("acronym"))
    def shown_acronym(self, institution):
        return institution.acronym

    @admin.display(description=_("membership"))
    def shown_membership(self, institution):
        return institution.current_membership


# ------------------------------------------------------------------ accounts


class RightsChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, right):
        return gettext(right.name)


class AffiliationOfUserInline(AffiliationInline):
    fk_name = "user"
    fields = ["institution", "role", "since", "until", "given_by", "confirmed_by"]
    readonly_fields = ["institution", "role", "since", "given_by", "confirmed_by"]


@admin.register(User)
class UserAdmin(AsksAnew, RecordAdmin):
    form = UserForm
    list_display = ["email", "name", "is_staff", "is_active", "shown_groups", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "created_at", "leaves"]
    fieldsets = [
        (None, {"fields": ["email", "name", "latin_name"]}),
        (
            _("Rights"),
            {"fields": [*RIGHTS, "leaves"]},
        ),
        (_("Dates and times"), {"fields": ["last_login", "created_at"]}),
    ]
    # Who may only look sees who it is; rights are the business of those who set them.
    fieldsets_to_view = [(None, {"fields": ["email", "name", "latin_name", "is_active"]})]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["email", "name", "groups"],
                "description": _(
                    "A colleague of the Secretariat gets an email, signs in with a code sent to"
                    " this address, and sets up a second factor. People of institutions are"
                    " invited under Institutions, Invitations."
                ),
            },
        )
    ]
    inlines = [AffiliationOfUserInline]
    actions = ["take_away_second_factor", "end_sessions"]

    def for_list(self, queryset):
        return queryset.prefetch_related("groups")

    def lookup_allowed(self, lookup, value, request):
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    # Rights are the business of administrators, and so is who is one.
    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        is_over = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not is_over and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        is_over = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not is_over and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, *RIGHTS]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = ColleagueForm
        form = super().get_form(request, obj, change=change, **kwargs)
        form.officer = request.user
        return form

    def get_deleted_objects(self, objs, request):
        to_delete, counts, permissions, protected = super().get_deleted_objects(objs, request)
        if none_stays(objs):
            protected = [*protected, LAST]
        return to_delete, counts, permissions, protected

    def save_model(self, request, obj, form, change):
        if change and obj.is_staff and "is_staff" in form.changed_data:
            self.vouch_for(request, obj)
        super().save_model(request, obj, form, change)
        if not change:
            invite_colleague(obj, by=request.user)
        if change and "email" in form.changed_data:
            forget_other_addresses(obj)
            end_others(obj, request)
            write_account_changed(obj, "email_entered", form.initial["email"])

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        rights = [name for name in form.changed_data if name in RIGHTS]
        if change and rights:
            user = form.instance
            names = [self.opts.get_field(name).verbose_name for name in rights]
            write_account_changed(user, "rights_changed", form.initial["email"])
            change = lazy(comma_separated, str)(names)
            tell_administrators(user, change, by=request.user, besides=[user])

    def vouch_for(self, request, user):
        """Note as given by this officer what a new officer holds already, and show it."""
        held = user.affiliations.exclude(until__lte=timezone.localdate())
        if held.update(given_by=request.user):
            text = gettext("%(person)s still acts for: %(institutions)s.")
            names = comma_separated(one.institution for one in held.select_related("institution"))
            words = {"person": user, "institutions": names}
            self.message_user(request, text % words, messages.WARNING)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        if not self.has_change_permission(request, obj):
            return self.fieldsets_to_view
        return super().get_fieldsets(request, obj)

    def get_inlines(self, request, obj):
        return super().get_inlines(request, obj) if obj else []

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs |= {"form_class": RightsChoices, "widget": forms.CheckboxSelectMultiple}
        if db_field.name == "user_permissions":
            # All other rights come with a role.
            kwargs["queryset"] = Permission.objects.filter(codename="see_passport")
        kwargs["help_text"] = ""
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("leaves the Secretariat"))
    def leaves(self, user):
        words = gettext("See what is still theirs, and hand it over")
        return link(reverse("admin:leaving", args=[user.pk]), words) if user.is_staff else "–"

    def changeable(self, request, users):
        return [user for user in users if self.has_change_permission(request, user)]

    @admin.action(
        description=_("Remove the second factor: the device is lost"), permissions=["change"]
    )
    def take_away_second_factor(self, request, queryset):
        n = sum(take_away_second_factor(user) for user in self.changeable(request, queryset))
        text = ngettext(
            "%(n)d person has to set up a new second factor.",
            "%(n)d people have to set up a new second factor.",
            n,
        )
        self.message_user(request, text % {"n": n})

    @admin.action(description=_("End all sessions: sign out everywhere"), permissions=["change"])
    def end_sessions(self, request, queryset):
        users = self.changeable(request, queryset)
        n = sum(end(others_of(user, request)) for user in users)
        self.message_user(request, ended_text(n))

    @admin.display(description=_("groups"))
    def shown_groups(self, user):
        return comma_separated(gettext(group.name) for group in user.groups.all())


# An account's address stands with the user; second factors and sessions are nobody's to read.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])
