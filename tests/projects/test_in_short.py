"""The first sentence of a summary, as lists show it."""

import pytest

from sscnet.core.i18n.texts import first_sentence


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
