"""A class name means one thing in the whole portal, so that a search for it finds it."""

import ast
from collections import defaultdict

from django.conf import settings

ROOMS = ["benchmarks", "meetings", "members", "projects", "secretariat", "sscnet"]
# Django finds these by their place; the API's schemas are named as its description shows them.
LEFT_OUT = ("/migrations/", "/management/commands/", "/api/schemas.py")
# What the search finds a record by, and a file of a record: tables of two apps.
TWICE = {"Document"}


def test_no_class_name_is_used_twice():
    files = defaultdict(list)
    for path in (path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")):
        if any(part in path.as_posix() for part in LEFT_OUT):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                files[node.name].append(path)

    assert len(files) > 300
    assert {name for name, paths in files.items() if len(paths) > 1} == TWICE
