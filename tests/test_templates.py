"""Templates are read in a diff: their lines are short, and none names an app above its own."""

import re
from statistics import quantiles

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
WIDEST = 160
# From the lowest app to the highest; a folder of a template's path names its app.
APPS = ("members", "projects", "calls", "meetings", "secretariat")
NAME = re.compile(r"""["']((?:[\w.-]+/)+[\w.-]+\.(?:html|txt))["']""")
# The words of a sentence that Django's tag or the lines of a block bring, and what they hold.
SENTENCE_TAG = re.compile(r"""\{% translate (?:"[^"]*"|'[^']*') (?:as \w+ )?%\}""")
BLOCK = re.compile(
    r"\{%-? (?:blocktranslate|trans)\b.*?-?%\}(.*?)\{%-? end(?:blocktranslate|trans) -?%\}", re.S
)


def sources():
    """Return the templates; the texts of mails and papers have a paragraph a line."""
    files = (path for path in TEMPLATES.rglob("*") if path.is_file())
    paths = sorted(path for path in files if path.suffix != ".txt")
    return {str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8") for path in paths}


def sentences_of(source):
    """Return the lines that hold nothing but a sentence to translate, or a part of one."""
    in_blocks = "\n".join(BLOCK.findall(source)).split("\n")
    return {line.strip() for line in [*in_blocks, *SENTENCE_TAG.findall(source)]}


def wide_lines(source):
    sentences = sentences_of(source)
    wide = (line.strip() for line in source.splitlines() if len(line) > WIDEST)
    return [line for line in wide if line not in sentences]


def test_only_a_sentence_to_translate_is_wider_than_160_signs():
    wide = {name: lines for name, source in sources().items() if (lines := wide_lines(source))}

    assert wide == {}


def test_nine_lines_of_ten_are_at_most_100_signs_wide():
    widths = [len(line) for source in sources().values() for line in source.splitlines()]

    assert quantiles(widths, n=10)[-1] <= 100


@pytest.mark.parametrize(
    ("source", "is_wide"),
    [
        ("<p>{words}</p>", True),
        ('  {{% translate "{words}" %}}', False),
        ('<p>{{% translate "{words}" %}}</p>', True),
        ("{{% blocktranslate trimmed %}}\n  {words}\n{{% endblocktranslate %}}", False),
        ("{{% trans n=1 -%}}\n  {words}\n{{%- endtrans %}}", False),
        ("{{% trans %}}{words}{{% endtrans %}}", True),
    ],
)
def test_what_counts_as_a_sentence_of_its_own(source, is_wide):
    assert bool(wide_lines(source.format(words="word " * 40))) == is_wide


def height(name):
    """Return how high the app of a template stands; what no app owns stands below them all."""
    return max((APPS.index(part) for part in name.split("/") if part in APPS), default=-1)


def test_no_template_names_one_of_an_app_above_its_own():
    above = {
        (name, other)
        for name, source in sources().items()
        for other in NAME.findall(source)
        if height(other) > height(name)
    }

    assert above == set()
