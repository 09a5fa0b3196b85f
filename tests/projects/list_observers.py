"""Observers for the checker's walk that look at what is given: pages, files, feed, API, IATI."""

import csv
import html
import io
import json
import re
from collections import Counter

import feedparser
from django.test import Client
from lxml import etree
from openpyxl import load_workbook

from tests.projects.list_checker import select

LIST = "/projects/"
LABEL = re.compile(
    r'name="(\w+)" value="([^"]*)" id="[^"]*"[^>]*>.*?<span class="count">(\d+)</span>'
)
RESULT = re.compile(r'<li class="result" id="([^"]+)"')
HEADING = re.compile(r'<h2 id="found">(\d+) project')
TILE = re.compile(r"<title>([^<]*): (\d+) projects?(?:, remove filter)?</title>")
TILE_ROW = re.compile(
    r'"row"><a href="[^"]*" rel="nofollow">([^<]*)</a></th>\s*<td class="number">(\d+)</td>'
)
VALUE = re.compile(r'<li data-value="([^"]*)">.*?<span class="count">(\d+)</span>')
API = "/api/v1/projects"
LEFT_OUT = re.compile(r" (SSC-\d+) is left out\.")
# What an IATI activity must have: a status, a start, a sector, and an organisation that takes part
# (the Fund is one) and has a name.
CAN_BE_ACTIVITIES = """
    SELECT id FROM projects_project project
    WHERE status <> ''
      AND EXISTS (
          SELECT FROM projects_projectsector sector WHERE sector.project_id = project.id
      )
      AND (planned_start_on <> '' OR actual_start_on BETWEEN '1' AND now()::date::text)
      AND (programme = 'pgtf' OR EXISTS (
          SELECT FROM projects_projectinstitution link
          JOIN members_institution institution ON institution.id = link.institution_id
          WHERE link.project_id = project.id AND link.role <> 'supporter'
            AND (institution.name <> '' OR institution.i18n->>'name_zh_hans' <> '')))"""
MANY = ("country", "sector", "institution")


def get(path, query):
    response = Client().get(f"{path}?{query}")
    assert response.status_code == 200, query
    return b"".join(response) if response.streaming else response.content


def numbers(pairs):
    return {html.unescape(name): int(number) for name, number in pairs}


def page(asked):
    """Compare the number of the heading, those beside the values, and the results in order."""
    text = get(LIST, asked.query).decode()
    assert int(HEADING.search(text)[1]) == len(asked.expected), asked.query
    beside = LABEL.findall(text)
    assert beside or not asked.records.projects
    for name, code, number in beside:
        expected = asked.expected_beside(name, html.unescape(code))
        assert int(number) == expected, (asked.query, name, code)
    assert RESULT.findall(text) == asked.records.values("code", asked.expected[:20]), asked.query


def all_values(asked):
    """Compare the numbers on the pages of all values, which must include every value in use."""
    for name in MANY:
        shown = numbers(VALUE.findall(get(f"{LIST}values/{name}/", asked.query).decode()))
        assert shown == {code: asked.expected_beside(name, code) for code in shown}, asked.query
        assert set(asked.filters.get(name, [])) <= shown.keys(), asked.query


def files(asked):
    """Compare the rows of CSV, Excel and JSON with the list, in its order."""
    expected = asked.records.values("code", asked.expected)
    text = get(f"{LIST}export.csv", asked.query).decode("utf-8-sig")
    lines = csv.DictReader(io.StringIO(text, newline=""))
    assert [line["code"] for line in lines] == expected, asked.query
    rows = json.loads(get(f"{LIST}export.json", asked.query))["rows"]
    assert [row["code"] for row in rows] == expected, asked.query
    book = load_workbook(io.BytesIO(get(f"{LIST}export.xlsx", asked.query)), read_only=True)
    _labels, *lines = book.active.iter_rows(values_only=True)
    assert [line[0] for line in lines] == expected, asked.query


def tile_map(asked):
    """Compare the tiles and the table behind: by country, what matches all other filters."""
    if not asked.expected:
        return
    text = get(LIST, f"{asked.query}&view=map").decode()
    others = {name: values for name, values in asked.filters.items() if name != "country"}
    carried = asked.records.carried["country"]
    found = Counter(code for project in asked.records.matching(others) for code in carried[project])
    ticked = [code for code in asked.filters.get("country", []) if code != "none"]
    names = dict(select("SELECT iso2, name FROM codelists_country"))
    expected = {names[code]: found[code] for code in {*found, *ticked}}
    without_tile = select("SELECT name FROM codelists_country WHERE tile_column IS NULL")
    assert numbers(TILE_ROW.findall(text)) == expected, asked.query
    on_map = {name: n for name, n in expected.items() if (name,) not in without_tile}
    assert numbers(TILE.findall(text)) == on_map, asked.query


def feed(asked):
    """Compare every page of the feed with the list, in its order."""
    expected = asked.records.values("code", asked.expected)
    codes, address = [], f"{LIST}feed/?{asked.query}"
    while address:
        found = feedparser.parse(get(*address.split("?")))
        codes += [entry.id.rstrip("/").rpartition("/")[2] for entry in found.entries]
        following = [link.href for link in found.feed.links if link.rel == "next"]
        address = following[0].partition("/projects/")[2] if following else ""
        address = f"/projects/{address}" if address else ""
    assert codes == expected, asked.query


def api(asked):
    """Compare total and pages of the API with the list, in its order."""
    expected = asked.records.values("code", asked.expected)
    codes, number = [], 1
    while number:
        found = json.loads(get(API, f"{asked.query}&per_page=100&page={number}"))
        assert found["total"] == len(expected), asked.query
        codes += [item["code"] for item in found["items"]]
        number = number + 1 if found["links"]["next"] else 0
    assert codes == expected, asked.query


def iati(asked):
    """Compare the activities with the list, in its order; what cannot be one is named instead."""
    possible = {project for (project,) in select(CAN_BE_ACTIVITIES)}
    told = [(code, n in possible) for n, code in coded(asked)]
    if not any(is_activity for _code, is_activity in told):
        assert Client().get(f"{LIST}export.iati.xml?{asked.query}").status_code == 404
        return
    root = etree.fromstring(get(f"{LIST}export.iati.xml", asked.query))
    found = [
        (LEFT_OUT.match(node.text)[1], False)
        if isinstance(node, etree._Comment)
        else (node.find("other-identifier").get("ref"), True)
        for node in root
    ]
    assert found == told, asked.query


def coded(asked):
    return zip(asked.expected, asked.records.values("code", asked.expected), strict=True)
