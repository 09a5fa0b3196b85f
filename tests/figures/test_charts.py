"""Bars are as long as their numbers say, and names fit."""

from django.template import engines
from django.utils.translation import override

from sscnet.figures.charts import LONGEST, TALL, horizontal_bars, vertical_bars
from sscnet.figures.figure import Figure, Number

MACRO = '{% from "components/chart.html" import chart as draw %}{{ draw(chart, spoken) }}'


def figure(label, value, address=""):
    return Figure(label, [Number(value, address)])


def test_the_largest_number_has_the_longest_bar_and_the_others_their_part():
    chart = horizontal_bars([figure("Kenya", 40), figure("Nepal", 10), figure("Peru", 0)])

    assert [bar.width for bar in chart.bars] == [LONGEST, LONGEST // 4, 0]


def test_of_one_among_many_something_is_to_be_seen():
    chart = vertical_bars([figure("2026", 1), figure("2027", 2000)])

    assert [bar.height for bar in chart.bars] == [3, TALL]


def test_bars_stand_or_lie_apart_inside_the_drawing():
    values = [figure(f"Value {n}", n) for n in range(30)]
    standing, lain = vertical_bars(values), horizontal_bars(values)

    for first, second in zip(standing.bars, standing.bars[1:], strict=False):
        assert first.x + first.width < second.x
    for first, second in zip(lain.bars, lain.bars[1:], strict=False):
        assert first.y + first.height < second.y
    for chart in (standing, lain):
        assert all(bar.x + bar.width <= chart.width for bar in chart.bars)
        assert all(bar.y + bar.height <= chart.height for bar in chart.bars)


def test_a_long_name_is_cut_in_the_drawing_and_said_whole():
    names = [
        "Asia-Pacific Centre of Small Hydropower and Rural Electrification, Hangzhou",
        "竹" * 40,
    ]
    chart = horizontal_bars([figure(name, 1) for name in names])

    written = [bar.words[0].text for bar in chart.bars]
    assert written == [f"{names[0][:45].rstrip()}…", f"{'竹' * 22}…"]
    template = engines["jinja2"].from_string(MACRO)
    drawn = template.render({"chart": chart, "spoken": "Names"})
    assert all(f"<title>{name}: 1</title>" in drawn for name in names)


def test_a_number_is_written_with_separators_or_as_it_says():
    for language in ("en", "zh-hans"):
        with override(language):
            written = list(map(str, [Number(35_000), Number(0), Number(None)]))
            assert written == ["35,000", "0", "–"]
    assert str(Number(2.5, text="2.5%")) == "2.5%"


def test_nothing_is_drawn_of_nothing():
    assert horizontal_bars([]).bars == vertical_bars([]).bars == []


def test_a_name_cannot_end_the_drawing():
    chart = vertical_bars([figure("</title><script>", 1, '"><b>')])

    template = engines["jinja2"].from_string(MACRO)
    drawn = template.render({"chart": chart, "spoken": '"<i>'})

    for dangerous in ("<script>", "<b>", "<i>"):
        assert dangerous not in drawn
