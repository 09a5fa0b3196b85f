"""Bars are as long as their numbers say, and names fit."""

from django.template import engines
from django.utils.translation import override
from lxml import etree

from sscnet.figures.figure import Figure, Number
from sscnet.figures.section import LONGEST, TALLEST, FigureTable

MACRO = '{% from "components/chart.html" import chart %}{{ chart(table, spoken) }}'


def figure(label, value, address=""):
    return Figure(label, [Number(value, address)])


def drawn(*figures, name="country", spoken="Names"):
    table = FigureTable(name, "", [""], list(figures))
    return engines["jinja2"].from_string(MACRO).render({"table": table, "spoken": spoken})


def bars(*figures, **options):
    """Return left, top, width and height of each bar, and the width and height of all."""
    chart = etree.fromstring(drawn(*figures, **options))
    sides = ("x", "y", "width", "height")
    rects = [tuple(int(rect.get(side)) for side in sides) for rect in chart.iter("rect")]
    return rects, *map(int, chart.get("viewBox").split()[2:])


def test_the_largest_number_has_the_longest_bar_and_the_others_their_part():
    found, _wide, _high = bars(figure("Kenya", 40), figure("Nepal", 10), figure("Peru", 0))

    assert [width for _x, _y, width, _height in found] == [LONGEST, LONGEST // 4, 0]


def test_of_one_among_many_something_is_to_be_seen():
    found, _wide, _high = bars(figure("2026", 1), figure("2027", 2000), name="year")

    assert [height for *_left, height in found] == [3, TALLEST]


def test_bars_stand_or_lie_apart_inside_the_drawing():
    values = [figure(f"Value {n}", n) for n in range(30)]
    standing, lain = bars(*values, name="year"), bars(*values)

    for (x, _y, width, _h), (following, *_more) in zip(standing[0], standing[0][1:], strict=False):
        assert x + width < following
    for (_x, y, _w, height), (_left, following, *_more) in zip(lain[0], lain[0][1:], strict=False):
        assert y + height < following
    for found, wide, high in (standing, lain):
        assert len(found) > 5
        assert all(x + width <= wide and y + height <= high for x, y, width, height in found)


def test_a_long_name_is_cut_in_the_drawing_and_said_whole():
    names = [
        "Asia-Pacific Centre of Small Hydropower and Rural Electrification, Hangzhou",
        "竹" * 40,
    ]
    chart = etree.fromstring(drawn(*(figure(name, 1) for name in names)))

    assert chart.xpath("//text[@class='name']/text()") == [
        f"{names[0][:45].rstrip()}…",
        f"{'竹' * 22}…",
    ]
    assert [title.text for title in chart.iter("title")] == [f"{name}: 1" for name in names]


def test_a_number_is_written_with_separators_or_as_it_says():
    for language in ("en", "zh-hans"):
        with override(language):
            written = list(map(str, [Number(35_000), Number(0), Number(None)]))
            assert written == ["35,000", "0", "–"]
    assert str(Number(2.5, text="2.5%")) == "2.5%"


def test_nothing_is_drawn_of_nothing():
    assert bars()[0] == bars(name="year")[0] == []


def test_a_name_cannot_end_the_drawing():
    chart = drawn(figure("</title><script>", 1, '"><b>'), name="year", spoken='"<i>')

    for dangerous in ("<script>", "<b>", "<i>"):
        assert dangerous not in chart
