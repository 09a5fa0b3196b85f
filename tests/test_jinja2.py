"""The environment of the site's own pages."""

from datetime import UTC, datetime

import pytest
from django.template import engines
from django.utils.translation import override
from jinja2 import UndefinedError

pytestmark = pytest.mark.django_db


def rendered(source, **context):
    return engines["jinja2"].from_string(source).render(context)


def test_each_language_has_an_environment_of_its_own():
    source = "{% trans %}Skip to content{% endtrans %} {{ url('projects:list') }}"
    assert rendered(source) == "Skip to content /projects/"
    with override("zh-hans"):
        assert rendered(source) == "跳到正文 /zh-hans/projects/"
    assert rendered(source) == "Skip to content /projects/"


def test_a_sentence_is_a_pattern_with_or_without_variables():
    assert rendered("{% trans %}100 % sure{% endtrans %}") == "100 % sure"
    assert rendered("{% trans n=3 %}{{ n }} % sure{% endtrans %}") == "3 % sure"


@pytest.mark.parametrize(
    ("language", "spaces"), [("en", [" ", "\n", "\n", "\n  "]), ("zh-hans", ["", "", "", ""])]
)
def test_white_space_stands_after_a_sentence_except_in_chinese(language, spaces):
    label = "{% trans %}Its reference:{% endtrans %}"
    source = f"{label} {label}\n{{% if 1 %}}\n{label}\n{{% endif %}}\n{label}\n  <a>"
    with override(language):
        words, page = rendered(label), rendered(source)
    assert page == "".join(words + space for space in spaces) + "<a>"


@pytest.mark.parametrize(("language", "colon"), [("en", ": "), ("zh-hans", "：")])
def test_a_colon_after_words_is_that_of_the_language(language, colon):
    with override(language):
        words = rendered("{% trans %}Reference{% endtrans %}")
        assert rendered("{% trans %}Reference{% endtrans %}: {{ n }}", n=7) == f"{words}{colon}7"


def test_what_is_put_into_a_page_is_escaped():
    assert rendered("{{ name }}", name="<b>") == "&lt;b&gt;"
    source = "{% trans name=name %}By {{ name }}{% endtrans %}"
    assert rendered(source, name="<b>") == "By &lt;b&gt;"


def test_lines_of_a_text_become_paragraphs_of_escaped_words():
    source = "{{ text|linebreaks }}"
    assert rendered(source, text="a <b>\n\nc") == "<p>a &lt;b&gt;</p>\n\n<p>c</p>"


def test_a_name_that_a_page_is_not_given_is_an_error():
    with pytest.raises(UndefinedError):
        rendered("{{ nobody_gives_this }}")


def test_moments_are_written_in_the_time_of_the_portal():
    moment = datetime(2026, 11, 2, 22, 30, tzinfo=UTC)
    assert rendered('{{ at|date("Y-m-d") }} {{ at|time("H:i") }}', at=moment) == "2026-11-03 06:30"


def test_a_key_that_a_dict_lacks_may_be_asked_for_and_nothing_else():
    # As the templates of Django's own widgets do.
    assert rendered("{% if attrs.class %}yes{% endif %}", attrs={}) == ""
    for source in ("{{ attrs.class }}", "{% if attrs.class.name %}yes{% endif %}"):
        with pytest.raises(UndefinedError):
            rendered(source, attrs={})
    with pytest.raises(UndefinedError):
        rendered("{% if word.class %}yes{% endif %}", word="any")
