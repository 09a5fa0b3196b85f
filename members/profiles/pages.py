"""The page on which an institution writes a proposal of its profile."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from sscnet.changes.history import Act, acts_since
from sscnet.changes.parts import parts_in_form
from sscnet.changes.stale import MOST_ACTS, HistoryPosition
from sscnet.core.i18n.labels import each_language, own_language_first
from sscnet.drafts.page import DraftPage

from ..models import Institution, Logo, ProfileProposal
from .forms import ProfileForm, Services, filled_with, said
from .proposals import PUBLIC_PARTS, proposed_form, save_draft


class ProfilePage(DraftPage):
    """The profile with its services; a draft of it keeps whatever is typed."""

    @cached_property
    def forms(self) -> list:
        if self.data is None:
            return list(filled_with(proposed_form(self.draft)))
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
        names = (form[name].value() for name in own_language_first(each_language("title")))
        return next(filter(None, names), _("A new service"))

    def lock(self) -> Institution:
        return Institution.objects.select_for_update().get(pk=self.draft.pk)

    def version(self) -> str:
        return str(HistoryPosition.of(self.draft, self.parts))

    def acts(self, version: str) -> list[Act]:
        """Return who and when alone: the record also has what only the Secretariat reads."""
        reached = HistoryPosition.read(version).newest(self.parts)
        acts = acts_since(self.draft, reached, MOST_ACTS)
        return [Act(act.at, act.who) for act in acts]

    def store(self, institution: Institution) -> None:
        form, services = self.forms
        remark = form.cleaned_data.get("remark", "")
        values, logo = said(form, services, self.removed), self.new_logo()
        save_draft(institution, values, by=self.by, remark=remark, logo=logo)

    def new_logo(self) -> Logo | None:
        names = ("logo", "logo_alt", "logo_alt_zh_hans")
        file, alt, chinese = (self.forms[0].cleaned_data.get(name) or "" for name in names)
        if not (file and (alt or chinese)):
            return None
        return Logo(institution=self.draft, image=file, alt=alt, alt_zh_hans=chinese)
