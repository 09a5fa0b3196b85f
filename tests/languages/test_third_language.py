"""A third language is a setting and a catalogue: addresses, pages, fields and mails follow.

What docs/developers.md says is done here with French, in a folder and a process of its own.
"""

import json
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from sscnet.dev import CHECKOUT, translations

pytestmark = pytest.mark.django_db

SETTINGS = """
from pathlib import Path
from sscnet.settings import *

LANGUAGES = [*LANGUAGES, ("fr", "Français")]
LOCALE_PATHS = [Path(__file__).parent / "locale", *LOCALE_PATHS]
"""
CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Skip to content"
msgstr "Aller au contenu"
"""
# Languages are settings that are read once, at the start: so another process.
ASK = "import django; django.setup(); from tests.languages import in_french; in_french.answer()"


@pytest.fixture(scope="module")
def french(tmp_path_factory, django_db_setup, django_db_blocker):
    """What the portal answers once French was added."""
    folder = tmp_path_factory.mktemp("french")
    (folder / "in_three_languages.py").write_text(SETTINGS)
    catalogue = translations.catalogue_path(folder, "fr")
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE)
    translations.compile_all(folder)
    with django_db_blocker.unblock():
        database = connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    env = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "in_three_languages",
        "PYTHONPATH": os.pathsep.join([str(folder), str(CHECKOUT)]),
    }
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(
        command, check=False, env=env, cwd=CHECKOUT, text=True, capture_output=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def links_to_languages(html):
    [switch] = re.findall(r'<div class="languages".*?</div>', html, re.DOTALL)
    return re.findall(r'href="([^"]+)" lang="([^"]+)"[^>]*>([^<]+)<', switch)


def test_a_page_has_an_address_and_words_in_it(french):
    assert french["address"].startswith("/fr/projects/")
    assert '<html lang="fr">' in french["page"]
    assert "Aller au contenu" in french["page"]
    assert "Un biogaz" in french["page"]


def test_each_page_leads_to_itself_in_the_other_languages(french):
    path = french["address"].removeprefix("/fr")

    assert links_to_languages(french["page"]) == [
        (path, "en", "English"),
        (f"/zh-hans{path}", "zh-Hans", "中文"),
    ]
    assert links_to_languages(french["english page"]) == [
        (f"/zh-hans{path}", "zh-Hans", "中文"),
        (f"/fr{path}", "fr", "Français"),
    ]
    assert f'hreflang="fr" href="http://testserver/fr{path}"' in french["english page"]


def test_what_has_no_french_is_shown_in_english_and_says_so(french):
    heading = re.search(r"<h1.*?</h1>", french["page without french"], re.DOTALL)[0]

    assert 'lang="en"' in heading
    assert "Apples" in heading


def test_every_kind_of_page_opens_lists_are_sorted_by_it_and_search_engines_learn_of_it(french):
    assert set(french["statuses"].values()) == {200}, french["statuses"]
    assert french["by title"].index("Apples") < french["by title"].index("Un biogaz")
    assert "Disallow: /fr/admin/" in french["robots"]
    assert f"http://testserver{french['address']}" in french["sitemap"]


def test_texts_have_a_field_in_it_which_officers_fill_in_and_mails_are_written_in_it(french):
    assert french["mail"] == ["en", "zh-hans", "fr"]
    assert french["fields"] == ["title", "title_zh_hans", "title_fr"]
    assert french["label"] == "title (Français)"
    assert {"title_fr", "summary_fr", "outcome_fr"} <= set(french["form"])


# ------------------------------------------------------------------ the languages of today


def test_each_language_of_the_settings_has_its_catalogue():
    wanted = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}

    catalogues = {code.lower().replace("_", "-") for code in translations.languages(CHECKOUT)}

    assert catalogues == wanted
