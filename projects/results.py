"""The HTML of results, ready-made: kept beside the index until their project or a name changes.

Writing twenty results by a template takes longer than finding, counting and all the rest.
"""

import re

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from sscnet.records.texts import translated

from .catalogue.selection import Selection
from .found_in import found_in
from .search import mark

TEMPLATE = "projects/components/result.html"
# Stands for what leads back to the list, which differs while the rest does not.
WAY_BACK = "way-back-to-the-list"
INDENTATION = re.compile(r"\s*\n\s*")


def results(selection: Selection, ids: list[int], way_back: str) -> SafeString:
    """Give the results of a page; those that are not kept are loaded in one query."""
    text = searched_for(selection)
    keys = {id: (id, get_language(), text) for id in ids}
    kept = selection.engine.results
    html = {id: kept[key] for id, key in keys.items() if key in kept}
    missing = [id for id in ids if id not in html]
    for project in selection.projects(missing) if missing else ():
        html[project.pk] = result(project, text)
        selection.engine.keep_result(keys[project.pk], html[project.pk])
    joined = "".join(html[id] for id in ids if id in html)
    return mark_safe(joined.replace(WAY_BACK, escape(way_back)))


def searched_for(selection: Selection) -> str:
    """Give the words to mark: as they were corrected, where nothing was found otherwise."""
    return (selection.answer and selection.answer.corrected) or selection.given.text


def result(project, text: str) -> str:
    context = {"project": project, "way_back": WAY_BACK}
    if text:
        title = mark(str(translated(project, "title")), text)
        context["marked_title"] = title
        context["match"] = "" if "<mark>" in title else found_in(project, text)
    return INDENTATION.sub("\n", get_template(TEMPLATE).render(context))
