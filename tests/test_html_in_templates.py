"""HTML is written in templates: a change of a page is then found where one looks for it."""

import ast
import re

import pytest
from django.conf import settings

ROOMS = ("sscnet", "members", "projects", "meetings", "secretariat")
# `<p `, `</p>`, `<br>`, but not the name of a group in a pattern nor a part of an address.
TAG = re.compile(r"(?<!\(\?P)</?[a-z][a-z0-9]*(?=[\s/>{]|$)")

# Modules that write it all the same, and why.
ALLOWED = {
    "sscnet/admin/fields.py": "the language of a text in a form that may only be read",
    "sscnet/changes/history.py": "the marks of names and values inside a sentence",
    "sscnet/web/markdown.py": "what Markdown becomes: a frame around a table",
}


def modules():
    paths = (path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py"))
    return sorted(str(path.relative_to(settings.BASE_DIR)) for path in paths)


def tags_in(code):
    """Return the lines with a tag in a string, leaving out docstrings."""
    tree = ast.parse(code)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return sorted(
        {
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
            and TAG.search(node.value)
        }
    )


def lines_with_tags():
    read = {
        module: (settings.BASE_DIR / module).read_text(encoding="utf-8") for module in modules()
    }
    return {module: lines for module, code in read.items() if (lines := tags_in(code))}


def test_no_tag_stands_in_a_string():
    written = lines_with_tags()

    assert {module: lines for module, lines in written.items() if module not in ALLOWED} == {}
    # A module that has none any more leaves the list.
    assert ALLOWED.keys() - written.keys() == set()


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ('link = f"<a href={address}>{words}</a>"', [1]),
        ('words = "one<br>two"', [1]),
        ("parts = ['</p>']", [1]),
        ("'<span{}>'.format(language)", [1]),
        ('"""Below /my/<slug>/: <p>."""', []),
        ('def f():\n    """Give <b>.</b>"""', []),
        ('path("<slug:slug>/"); re.compile("(?P<name>x)")', []),
        ('"1 < 2 <= 3"', []),
    ],
)
def test_what_counts_as_a_tag(code, lines):
    assert tags_in(code) == lines
