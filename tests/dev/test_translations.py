import gettext
import os

import pytest
from babel.messages.catalog import Catalog

from sscnet.dev import CHECKOUT, translations
from tests.dev import catalogue_problems


@pytest.fixture
def catalogue():
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("Search", "搜索")
    return catalogue


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Search"\nmsgstr "搜索"\n\n#, fuzzy\nmsgid "Guessed"\nmsgstr "猜"\n'
    )
    return tmp_path


def test_a_catalogue_that_is_complete_has_no_findings(catalogue):
    assert catalogue_problems.untranslated(catalogue) == []
    assert catalogue_problems.differences(catalogue, catalogue) == []


def test_strings_without_translation_and_guesses_are_named(catalogue):
    catalogue.add("Find", "")
    catalogue.add(("one row", "%(n)s rows"), ("", ""))
    catalogue.add("Guessed", "猜", flags=["fuzzy"])
    catalogue.add("May", "", context="month")
    assert catalogue_problems.untranslated(catalogue) == [
        "'Find'",
        "'one row'",
        "'Guessed'",
        "'May' (month)",
    ]


def test_a_translation_that_lost_a_placeholder_is_named(catalogue):
    catalogue.add("By %(name)s", "作者")
    catalogue.add("To {institution}", "致{institution}")
    catalogue.add(("one row", "%(n)s rows"), ("一行",))
    catalogue.add(("one page", "%(n)s pages"), ("%(n)s页",))
    assert catalogue_problems.losing(catalogue) == ["'By %(name)s'", "'one row'"]


def test_strings_that_were_not_collected_or_are_no_longer_used_are_named(catalogue):
    fresh = Catalog()
    fresh.add("Find")
    assert catalogue_problems.differences(catalogue, fresh) == [
        "missing: 'Find'",
        "no longer used: 'Search'",
    ]


def test_compiled_translations_are_read_by_gettext_and_leave_guesses_out(checkout):
    translations.compile_all(checkout)
    compiled = gettext.translation("django", checkout / "locale", ["zh_Hans"])
    assert compiled.gettext("Search") == "搜索"
    assert compiled.gettext("Guessed") == "Guessed"


def test_translations_are_compiled_again_only_when_their_source_changed(checkout):
    translations.compile_all(checkout)
    compiled = checkout / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    first = compiled.stat().st_ino
    translations.compile_all(checkout)
    assert compiled.stat().st_ino == first
    later = compiled.stat().st_mtime + 10
    os.utime(compiled.with_suffix(".po"), (later, later))
    translations.compile_all(checkout)
    assert compiled.stat().st_ino != first


def test_strings_of_code_and_of_both_kinds_of_templates_are_collected(tmp_path):
    write(tmp_path / "views.py", 'title = _("From code")\nhint = pgettext_lazy("menu", "About")\n')
    write(
        tmp_path / "templates" / "django" / "admin.html",
        '  {% load i18n %}\n{% translate "From Django" %}\n'
        "{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
    )
    write(
        tmp_path / "templates" / "jinja2" / "page.html",
        "{% trans %}\n  From\n  Jinja2\n{% endtrans %}{{ _('In code of it') }}",
    )
    write(tmp_path / "tests" / "test_views.py", 'title = _("From a test")\n')

    found = {catalogue_problems.describe(one) for one in translations.collected(tmp_path) if one.id}

    assert found == {
        "'From code'",
        "'About' (menu)",
        "'From Django'",
        "'%(n)s row'",
        "'From Jinja2'",
        "'In code of it'",
    }


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_every_catalogue_is_complete_and_compiles():
    """`make messages` collects what is missing."""
    for language in translations.languages(CHECKOUT):
        assert catalogue_problems.problems(language) == []
        catalogue = translations.read_catalogue(translations.catalogue_path(CHECKOUT, language))
        problems = {
            message.id: [str(error) for error in errors] for message, errors in catalogue.check()
        }
        assert problems == {}
