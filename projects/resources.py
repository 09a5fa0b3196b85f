"""Projects to and from files: how a row finds its project, and its columns together."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext

from sscnet.codelists.lists import country_codes
from sscnet.core.parsing.sheet_rows import is_blank
from sscnet.exchange import RecordResource, line
from sscnet.exchange.codes import LIST_SEPARATOR
from sscnet.exchange.sheets import as_text

from .columns import COUNTRIES, NUMBERS, SDGS, lead_counts_once
from .fields import FIELDS
from .models import FundNumber
from .models.numbers import fund_number


class ProjectResource(RecordResource):
    field_list, key = FIELDS, ("code",)
    shown_links = (
        *("sectors", "project_countries__country", "project_sdgs__sdg"),
        "project_institutions__institution",
    )

    # -------------------------------------------------------------- finding the project

    def keys_of(self, row):
        code = line(row.get("code"))
        keys = [("code", code.upper())] if code else []
        return keys + [("fund_numbers", number) for number in numbers_in(row.get("fund_numbers"))]

    def load_records(self, keys, queryset):
        codes = {value for column, value in keys if column == "code"}
        numbers = {value for column, value in keys if column == "fund_numbers"}
        owners = dict(
            FundNumber.objects.filter(number__in=numbers).values_list("number", "project_id")
        )
        found = queryset.filter(Q(code__in=codes) | Q(pk__in=owners.values()))
        by_pk = {project.pk: project for project in found}
        records = {("code", project.code): project for project in by_pk.values()}
        self.owners = {number: by_pk[pk] for number, pk in owners.items()}
        return records | {("fund_numbers", n): project for n, project in self.owners.items()}

    def find(self, row):
        keys = self.keys_of(row)
        if keys and keys[0][0] == "code":
            return self.of_code(keys[0])
        found = {self.records[key].pk: self.records[key] for key in keys if key in self.records}
        if len(found) > 1:
            codes = ", ".join(sorted(project.code for project in found.values()))
            text = gettext("These numbers belong to several projects: %(codes)s. Give the code.")
            raise ValidationError({"fund_numbers": text % {"codes": codes}})
        if not keys and is_blank(row.get("title_en")) and is_blank(row.get("title_zh")):
            text = gettext(
                "The row names no project: give a code, a number from the Fund or a title."
            )
            raise ValidationError({"title_en": text})
        return next(iter(found.values()), None)

    def of_code(self, key):
        if key in self.records or self.fields["code"].is_given:
            return self.records.get(key)
        text = gettext(
            "No project has this code. Leave the cell empty for a new project: the portal assigns "
            "the code."
        )
        raise ValidationError({"code": text})

    # -------------------------------------------------------------- what the columns say together

    def settle(self, draft):
        lead_counts_once(draft)
        yield from self.numbers_of_others(draft)
        yield from self.countries_twice(draft)
        for column, numbers in draft.wishes.items():
            if numbers:
                text = gettext("The project does not have these goals: %(numbers)s.")
                yield column, text % {"numbers": ", ".join(map(str, numbers))}
        if len(draft.changed_links.get(SDGS, ())) > 5:
            yield (
                "secondary_sdgs",
                gettext("A project has one primary goal and at most four others."),
            )

    def numbers_of_others(self, draft):
        for entry in draft.changed_links.get(NUMBERS, ()):
            owner = self.owners.get(entry["number"])
            if owner and owner.pk != draft.instance.pk:
                text = gettext("%(number)s is the number of %(code)s. Remove it from the cell.")
                yield "fund_numbers", text % {"number": entry["number"], "code": owner.code}

    def countries_twice(self, draft):
        codes = [entry["country_id"] for entry in draft.changed_links.get(COUNTRIES, ())]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            text = gettext("These countries are in two columns: %(codes)s. Keep each in one.")
            yield "beneficiary_countries", text % {"codes": ", ".join(twice)}

    def title_of(self, draft):
        project = draft.instance
        numbers = "; ".join(entry["number"] for entry in draft.entries(NUMBERS))
        return project.title_i18n or numbers or gettext("Project without a title")

    def warnings_of(self, draft):
        countries = [
            self.lists[country_codes].records[entry["country_id"]]
            for entry in draft.entries(COUNTRIES)
        ]
        warnings = [str(warning) for warning in draft.instance.warnings(countries)]
        if not draft.entries(NUMBERS):
            warnings.append(gettext("It has no number from the Fund."))
        return warnings


def numbers_in(cell) -> list[str]:
    """Return the numbers of the Fund in a cell, whatever else is in it."""
    return list(filter(None, map(fund_number, LIST_SEPARATOR.split(as_text(cell)))))
