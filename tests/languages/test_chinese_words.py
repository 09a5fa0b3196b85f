"""What Chinese pages are made of: names of fields and states, plurals, dates, numbers, lists."""

import re
from datetime import UTC, date, datetime

import pytest
from babel.messages.catalog import Catalog
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.template import Context, Template, engines
from django.test import RequestFactory
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst

from members.models import User
from secretariat.enquiries.forms import AskForm
from secretariat.models import DatedFigure
from secretariat.requests.admin import RecipientsForm
from sscnet.core.i18n.texts import comma_separated, place_in_words
from sscnet.dev import CHECKOUT, translations
from tests import make
from tests.dev.catalogue_problems import placeholders
from tests.english import is_english

OURS = ("core", "outbox", "codelists", "members", "projects", "meetings", "secretariat")
# Written alike in both languages.
ALIKE = {
    "Excel",
    "Word",
    "ID",
    "ISO2",
    "ISO3",
    "M49",
    "IATI",
    "PDF",
    "CSV",
    "XLSX",
    "JSON",
    "ICS",
    "PGTF",
}
ALIKE |= {"CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "Excel", "Word"}


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def has_chinese(text):
    return bool(re.search("[\u4e00-\u9fff]", text))


def ours(model_admin):
    return model_admin.model._meta.app_config.name.split(".")[-1] in OURS


def request_of_officer():
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    return request


def words_of(model_admin):
    """Give what officers read of a record and its parts: names, fields, help and choices."""
    request = request_of_officer()
    for one in (model_admin, *model_admin.get_inline_instances(request)):
        opts = one.opts
        yield from (opts.verbose_name, opts.verbose_name_plural)
        shown = {*flatten_fieldsets(one.get_fieldsets(request)), *getattr(one, "list_display", ())}
        for field in opts.get_fields():
            if field.name in shown:
                yield from (field.verbose_name, field.help_text)
                choices = getattr(field, "base_field", field).flatchoices or []
                yield from (label for _value, label in choices)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model_admin",
    list(filter(ours, admin.site._registry.values())),
    ids=lambda model_admin: model_admin.opts.label,
)
def test_every_name_help_and_state_of_a_record_is_chinese(model_admin):
    words = {str(word) for word in words_of(model_admin) if word}

    assert len(words) > 2
    strange = {word for word in words if not (has_chinese(word) or word.isdigit())}
    assert strange - ALIKE == set()


def plurals() -> Catalog:
    path = translations.catalogue_path(CHECKOUT, "zh_Hans")
    catalogue = translations.read_catalogue(path)
    return [message for message in catalogue if isinstance(message.id, tuple)]


def words_to_avoid():
    """Give the words of the column *Not* of docs/glossary.md, without those that say when."""
    for line in (CHECKOUT / "docs/glossary.md").read_text(encoding="utf-8").splitlines():
        words = re.split("[,;] ", line.strip("| ").rpartition(" | ")[2])
        yield from (word for word in words if has_chinese(word) and "(" not in word)


def chinese_texts():
    """Give every text that is Chinese: of pages, of mails, of the handbook."""
    catalogue = translations.catalogue_path(CHECKOUT, "zh_Hans")
    for message in translations.read_catalogue(catalogue):
        if message.id:
            yield from message.string if message.pluralizable else [message.string]
    for pattern in ("templates/mail/zh_Hans/*.txt", "docs/zh/officers/*.md"):
        yield from (file.read_text(encoding="utf-8") for file in CHECKOUT.glob(pattern))


def test_no_page_mail_or_handbook_says_a_word_that_the_glossary_avoids():
    avoided = set(words_to_avoid())
    assert len(avoided) > 40
    said = [(word, text) for text in chinese_texts() for word in avoided if word in text]
    assert said == []


def test_a_number_is_said_of_one_as_of_many():
    """Chinese has one form, so the number must stand in it: "one" would be said of five, too."""
    assert len(plurals()) > 50
    for message in plurals():
        assert len(message.string) == 1, message.id
        assert placeholders(message.id[1]) <= placeholders(message.string[0]), message.id


def test_a_plural_of_a_template_has_its_number():
    template = Template(
        "{% load i18n %}{% blocktranslate count counter=n %}{{ counter }} gap{% plural %}"
        "{{ counter }} gaps{% endblocktranslate %}"
    )

    for n in (1, 5):
        text = template.render(Context({"n": n}))
        assert str(n) in text
        assert has_chinese(text)


def test_days_months_and_money_are_written_as_chinese_writes_them():
    day = date(2024, 4, 12)

    assert date_format(day) == "2024年4月12日"
    assert date_format(day, "SHORT_DATE_FORMAT") == "2024年4月12日"
    assert date_format(day, "YEAR_MONTH_FORMAT") == "2024年4月"
    assert date_format(day, "MONTH_DAY_FORMAT") == "4月12日"
    moment = datetime(2024, 4, 12, 9, 5, tzinfo=UTC)
    assert date_format(moment, "DATETIME_FORMAT") == "2024年4月12日 09:05"
    # A date known in part is written as far as it is known.
    page = engines["jinja2"].from_string("{{ figure.as_of|partial_date }}")
    days = {"2024": "2024", "2024-04": "2024年4月", "2024-04-12": "2024年4月12日"}
    assert {as_of: page.render({"figure": DatedFigure(as_of=as_of)}) for as_of in days} == days
    assert number_format(35000, force_grouping=True) == "35,000"
    assert number_format(1234567, force_grouping=True) == "1,234,567"
    assert Template("{{ n|floatformat:'0g' }}").render(Context({"n": 35000})) == "35,000"


def test_a_list_in_a_row_has_the_comma_of_lists_and_places_stand_from_large_to_small():
    assert comma_separated(["中国", "肯尼亚", "越南"]) == "中国、肯尼亚、越南"
    assert comma_separated(["中国"]) == "中国"
    assert comma_separated([]) == ""
    with translation.override("en"):
        assert comma_separated(["China", "Kenya"]) == "China, Kenya"

    assert place_in_words(["杭州", "", "浙江", "中国"]) == "中国浙江杭州"
    with translation.override("en"):
        assert place_in_words(["Hangzhou", "China"]) == "Hangzhou, China"


@pytest.mark.django_db
def test_an_institution_stands_in_its_city_and_province(client):
    make.Institution(name_zh_hans="竹子中心", city_zh_hans="杭州", province="zhejiang")

    page = client.get("/zh-hans/members/?membership=").content.decode()

    assert re.sub(r"<[^>]+>|\s", "", page).count("浙江杭州") == 1


def test_what_names_a_form_or_an_app_is_chinese():
    names = [str(capfirst(apps.get_app_config(name).verbose_name)) for name in OURS]

    assert [name for name in names if is_english(name) or not has_chinese(name)] == []


@pytest.mark.django_db
def test_names_to_choose_from_are_in_the_order_of_pinyin():
    for n, name in enumerate(("竹子中心", "沼气研究所", "Bamboo Centre", "安徽农业大学")):
        make.Member(name=f"Institute {n}", name_zh_hans=name)
        make.Country(name=f"Land {n}", name_zh_hans=name)

    ordered = ["Bamboo Centre", "安徽农业大学", "沼气研究所", "竹子中心"]
    chosen = RecipientsForm(asked=None)["institutions"].field.choices
    assert [label for _value, label in chosen] == ordered
    (blank, _words), *countries = AskForm()["country"].field.choices
    assert blank == ""
    assert [label for _value, label in countries if label in ordered] == ordered
