"""A project in a sentence or two."""

import pytest
from django.utils import translation

from projects.pages.project import read_page
from sscnet.core.i18n.texts import first_sentence
from tests import make

pytestmark = pytest.mark.django_db


def in_short(project, language="en"):
    with translation.override(language):
        return read_page(project.slug, is_staff=False).in_short


def countries(number):
    return [make.Country(name=f"C{n}", name_zh_hans=f"国{n}") for n in range(number)]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, ""),
        ({"granted_usd": 29000}, ""),
        ({"submitter": "BIOMA"}, "A project led by BIOMA."),
        ({"countries": 1}, ""),
        ({"countries": 3}, "A project in C0, C1, C2."),
        ({"countries": 38, "submitter": "BIOMA"}, "A project led by BIOMA in 38 countries."),
        (
            {"submitter": "BIOMA", "year_approved": 2017},
            "A project led by BIOMA. It was approved in 2017.",
        ),
        (
            {"submitter": "BIOMA", "year_approved": 2017, "granted_usd": 29000},
            (
                "A project led by BIOMA. It was approved in 2017 with a grant of US$ 29,000 from"
                " the Perez-Guerrero Trust Fund."
            ),
        ),
        (
            {"submitter": "BIOMA", "granted_usd": 29000, "other_inputs_usd": 56000},
            "A project led by BIOMA. The Perez-Guerrero Trust Fund granted US$ 29,000.",
        ),
    ],
)
def test_only_what_is_stated_is_told(facts, told):
    facts = dict(facts)
    if "submitter" in facts:
        facts["submitter"] = make.Institution(name=facts["submitter"])
    facts["countries"] = countries(facts.get("countries", 0))

    assert in_short(make.Project(**facts)) == told


def test_chinese_names_are_chinese_and_others_are_left_out():
    known = make.Institution(name="BIOMA", name_zh_hans="沼气所")
    facts = {"countries": countries(2), "year_approved": 2017, "granted_usd": 0}

    told = in_short(make.Project(submitter=known, **facts), "zh-hans")
    other = in_short(make.Project(submitter=make.Institution(name="CIFAL")), "zh-hans")

    assert told == (
        "由沼气所牵头，涉及国0、国1的项目。项目于2017年获批，佩雷斯-格雷罗信托基金资助0美元。"
    )
    assert other == ""


def test_the_page_shows_its_own_summary_or_else_what_the_facts_say(client):
    bare = make.Project(submitter=make.Institution(name="BIOMA"))
    told = make.Project(summary="Biogas for all.", submitter=make.Institution(name="CIFAL"))

    pages = [client.get(one.get_absolute_url()).content.decode() for one in (bare, told)]

    assert "<p>A project led by BIOMA. <small" in pages[0]
    assert '<meta name="description" content="A project led by BIOMA.">' in pages[0]
    assert "<p>Biogas for all.</p>" in pages[1]
    assert "A project led by CIFAL" not in pages[1]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Short. Still the first sentence, as no other end is near. Next.", 1),
        ("It was held from 5 to 10 September 2022 in Hangzhou, China. Then more.", 0),
        (
            "中国南南合作网成员单位利用佩雷斯-格雷罗信托基金实施本项目，向发展中国家示范和推广技术。又一句。",
            0,
        ),
        ("竹子生长快，可替代木材和塑料。后面还有很长的一句话，说明项目在哪里实施、由谁实施。", 0),
        ("No end at all", None),
        ("An end without more, which is long enough to be one.", None),
    ],
)
def test_the_first_sentence(text, first):
    ends = [n for n, sign in enumerate(text, 1) if sign in ".。"]
    assert first_sentence(text) == (text if first is None else text[: ends[first]])


def test_a_very_long_sentence_is_cut():
    assert first_sentence("longer " * 200).endswith("longer…")
    assert len(first_sentence("word " * 200)) <= 220
