"""Institutions to and from files: how a row finds its institution, and its columns together."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from sscnet.core.models import OldSlug
from sscnet.core.parsing.sheet_rows import is_blank
from sscnet.exchange import RecordResource, line
from sscnet.exchange.codes import fold

from .columns import NAMES, institution_codes, settle_membership
from .fields import FIELDS
from .models import Institution


class InstitutionResource(RecordResource):
    field_list, key = FIELDS, ("slug",)
    shown_links = ("sectors",)

    # -------------------------------------------------------------- finding the institution

    def keys_of(self, row):
        slug = line(row.get("slug")).lower()
        return [("slug", slug)] if slug else []

    def claims_of(self, row):
        """Two rows without an address must not bring the same name twice."""
        names = ("name_en", "name_zh") if is_blank(row.get("slug")) else ()
        given = [(name, fold(line(row.get(name)))) for name in names]
        return self.keys_of(row) + [(name, value) for name, value in given if value]

    def load_records(self, keys, queryset):
        slugs = {slug for _column, slug in keys}
        old = OldSlug.objects.filter(model=Institution._meta.label_lower, slug__in=slugs)
        old = dict(old.values_list("slug", "object_id"))
        found = queryset.filter(slug__in=slugs) | queryset.filter(pk__in=old.values())
        by_pk = {institution.pk: institution for institution in found}
        records = {("slug", slug): by_pk[pk] for slug, pk in old.items() if pk in by_pk}
        return records | {("slug", record.slug): record for record in by_pk.values()}

    def find(self, row):
        if not self.keys_of(row) and is_blank(row.get("name_en")) and is_blank(row.get("name_zh")):
            raise ValidationError(
                {
                    "name_en": gettext(
                        "The row names no institution: give the last part of its page’s address, "
                        "or a name."
                    )
                }
            )
        return super().find(row)

    # -------------------------------------------------------------- what the columns say together

    def settle(self, draft):
        names = [entry["name"] for entry in draft.changed_links.get(NAMES, ())]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            text = gettext("These names are in two columns: %(names)s. Keep each in one.")
            yield "aliases", text % {"names": "; ".join(twice)}
        yield from settle_membership(draft)

    def warnings_of(self, draft):
        if not draft.is_new:
            return []
        names = [draft.instance.name, draft.instance.name_zh_hans]
        known = self.lists[institution_codes]
        found = {pk for name in names if name for pk in known.names.get(fold(name), ())}
        if not found:
            return []
        text = gettext("There is already an institution with this name: %(slugs)s.")
        return [text % {"slugs": ", ".join(sorted(known.codes[pk] for pk in found))}]
