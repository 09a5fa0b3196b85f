"""Columns of a file that only institutions have: other names, services, the membership.

And how other files name institutions.
"""

from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sscnet.codelists.lists import sector_codes
from sscnet.core.i18n.languages import Language
from sscnet.exchange import CodeList, DateColumn, FieldColumn, LinkColumn, Links, names_of
from sscnet.exchange.columns import ChoiceColumn, tidy
from sscnet.exchange.links import LinesColumn, SeveralColumn
from sscnet.exchange.sheets import as_text, plain

from .models import Institution, Service

NAMES = Links("names", "institution", ("name",), ("name", "kind"))
SECTORS = Links("institution_sectors", "institution", ("sector_id",), codes=sector_codes)
MEMBERSHIPS = Links("memberships", "institution", ("id",), ("id", "state", "since", "until"))
SERVICE = ("kind", "title", "title_zh_hans", "for_whom", "for_whom_zh_hans", "as_of")
SERVICES = Links("services", "institution", ("id",), ("id", *SERVICE))

KINDS = partial(CodeList.of_choices, Service.Kind.choices)


def institution_codes() -> CodeList:
    codes = CodeList(
        _(
            "“%(value)s” is not an institution we know. Write the last part of its page’s "
            "address, or one of its names; a new institution has to be added first."
        )
    )
    for institution in Institution.objects.prefetch_related("names"):
        others = [name.name for name in institution.names.all()]
        codes.add(institution.pk, institution.slug, [*names_of(institution), *others], institution)
    return codes


def names_of_kind(kind, **kwargs):
    return LinkColumn(NAMES, {"kind": kind.value}, **kwargs)


class LanguagesColumn(SeveralColumn):
    """Languages, by code or name."""

    codes = staticmethod(partial(CodeList.of_choices, Language.choices))


class ServicesColumn(LinesColumn):
    """Services, one a line: kind | English | Chinese | for whom | in Chinese | as of."""

    links, parts, day = SERVICES, SERVICE, "as_of"
    how = gettext_lazy(
        "One service per line: kind | title | title in Chinese | for whom | for whom in Chinese | "
        "day on which it was confirmed."
    )
    refusal = gettext_lazy("Write the kind and the title of a service, divided by “|”.")

    def read(self, cell, draft):
        lines = tidy(plain(as_text(cell).strip())).split("\n")
        return tuple(self.service(text, draft) for text in lines if text.strip())

    def service(self, text, draft):
        texts = self.divided(text)
        if not (texts["title"] or texts["title_zh_hans"]):
            raise ValidationError(self.refusal)
        return tuple((texts | {"kind": draft.lists[KINDS].find(texts["kind"])}).values())

    def set(self, draft, value):
        """Change the service of the same title, else one of the same kind: texts stay with it."""
        old, new = list(draft.entries(SERVICES)), []
        for texts in sorted(value, key=lambda one: one not in self.get(draft)):
            alike = [entry for entry in old if entry["kind"] == texts[0]]
            alike.sort(key=lambda entry: self.texts(entry)[:3] != texts[:3])
            entry = self.entry(texts)
            for known in alike[:1]:
                old.remove(known)
                entry["id"] = known["id"]
            new.append(entry)
        draft.replace(SERVICES, new)

    def same(self, old, new):
        return sorted(old) == sorted(new)


def current(entries) -> dict | None:
    return next((entry for entry in entries if entry["until"] is None), None)


class OfMembership(FieldColumn):
    """A field of the membership of today; `settle_membership` brings both fields together."""

    links = MEMBERSHIPS

    def get(self, draft):
        membership = current(draft.entries(MEMBERSHIPS))
        return membership[self.attribute] if membership else self.empty

    def set(self, draft, value):
        draft.wishes[self.attribute] = value


class MembershipStateColumn(OfMembership, ChoiceColumn):
    pass


class MembershipSinceColumn(OfMembership, DateColumn):
    pass


def settle_membership(draft):
    """Begin a membership, or correct since when that of today is."""
    wishes, entries = draft.wishes, draft.entries(MEMBERSHIPS)
    if not wishes.keys() & {"state", "since"}:
        return
    membership = current(entries) or {"until": None}
    others = [entry for entry in entries if entry is not membership]
    state = wishes.get("state", membership.get("state"))
    since = wishes.get("since", membership.get("since"))
    if not (state or "state" in membership):
        yield "membership_since", _("Say in membership_state what its status is since that day.")
    elif state == membership.get("state", state):
        draft.replace(MEMBERSHIPS, [*others, membership | {"state": state, "since": since}])
    else:
        text = _(
            "A file does not change the status of a membership: the form of the institution does."
        )
        yield "membership_state", text
