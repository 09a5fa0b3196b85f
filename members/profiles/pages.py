"""The page on which an institution writes a proposal of its profile."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from sscnet.changes.history import Act, acts_since
from sscnet.changes.parts import parts_in_form
from sscnet.changes.stale import MOST_ACTS, HistoryPosition
from sscnet.drafts.page import DraftPage

from ..models import Institution, Logo, ProfileProposal, User
from .forms import ProfileForm, Services, filled_with, is_filled, said
from .proposals import PUBLIC_PARTS, proposed_form, save_draft


class ProfilePage(DraftPage):
    """The profile with its services; a draft of it keeps whatever is typed."""

    def __init__(self, institution: Institution, by: User, data=None, files=None):
        super().__init__(data, files)
        self.institution, self.by = institution, by

    @cached_property
    def forms(self) -> list:
        if self.data is None:
            return list(filled_with(proposed_form(self.institution)))
        return [ProfileForm(self.data, self.files), Services(self.data, prefix="services")]

    @property
    def growing(self):
        return self.forms[1]

    @property
    def parts(self) -> list:
        return parts_in_form(Institution, PUBLIC_PARTS | {ProfileProposal})

    def name_of(self, form) -> str:
        if form is self.forms[0]:
            return ""
        names = (form[name].value() for name in ("title", "title_zh_hans"))
        return next(filter(None, names), _("A new service"))

    def is_blank(self, form) -> bool:
        return not is_filled(form)

    def remade(self, data=None, files=None) -> "ProfilePage":
        return ProfilePage(self.institution, self.by, data, files)

    def locked(self) -> "ProfilePage":
        institution = Institution.objects.select_for_update().get(pk=self.institution.pk)
        return ProfilePage(institution, self.by)

    def version(self) -> str:
        return str(HistoryPosition.of(self.institution, self.parts))

    def acts(self, version: str) -> list[Act]:
        """Return who and when alone: the record also has what only the Secretariat reads."""
        reached = HistoryPosition.read(version).newest(self.parts)
        acts = acts_since(self.institution, reached, MOST_ACTS)
        return [Act(act.at, act.who) for act in acts]

    def store(self, stored: "ProfilePage") -> None:
        form, services = self.forms
        save_draft(
            stored.institution,
            said(form, services),
            by=self.by,
            remark=form.cleaned_data.get("remark", ""),
            logo=self.new_logo(),
        )

    def new_logo(self) -> Logo | None:
        names = ("logo", "logo_alt", "logo_alt_zh_hans")
        file, alt, chinese = (self.forms[0].cleaned_data.get(name) or "" for name in names)
        if not (file and (alt or chinese)):
            return None
        return Logo(institution=self.institution, image=file, alt=alt, alt_zh_hans=chinese)
