"""Marking what was asked for, in both scripts, without breaking HTML."""

import html
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sscnet.search import highlights, may_show, snippet

MARKED = [
    ("Biogas digesters", "biogas", "<mark>Biogas</mark> digesters"),
    ("Biogas digesters", "DIGESTER", "Biogas <mark>digesters</mark>"),
    ("Two technologies", "technology", "Two <mark>technologies</mark>"),
    ("Hydropower", "hydro", "<mark>Hydropower</mark>"),
    ("hydro and power", "hydro power", "<mark>hydro</mark> and <mark>power</mark>"),
    ("A programme of organisations", "program organization", None),
    ("e-Government here", "egovernment", "<mark>e-Government</mark> here"),
    ("eGovernment here", "e-government", "<mark>eGovernment</mark> here"),
    ("e government here", "e-government", "<mark>e government</mark> here"),
    ("In Viet Nam", "vietnam", "In <mark>Viet Nam</mark>"),
    ("In Vietnam", "viet nam", "In <mark>Vietnam</mark>"),
    ("Fiber Glass", "fibreglass", "<mark>Fiber Glass</mark>"),
    ("The Côte d’Ivoire", "cote d'ivoire", "The <mark>Côte</mark> <mark>d’Ivoire</mark>"),
    ("cafe\u0301 owners", "café", "<mark>cafe\u0301</mark> owners"),
    ("ＢＩＯＧＡＳ", "biogas", "<mark>ＢＩＯＧＡＳ</mark>"),
    ("区域间沼气合作", "沼气", "区域间<mark>沼气</mark>合作"),
    ("區域間沼氣合作", "沼气", "區域間<mark>沼氣</mark>合作"),
    ("区域间沼气合作", "沼氣 合作", "区域间<mark>沼气</mark><mark>合作</mark>"),
    ("瓷器和瓷", "瓷", "<mark>瓷</mark>器和<mark>瓷</mark>"),
    ("发展中国家小水电", "小水电", "发展中国家<mark>小水电</mark>"),
    ("小水，水电", "小水电", "小水，水电"),
    ("Clean drinking water, water", '"drinking water"', "Clean <mark>drinking water</mark>, water"),
    ("end of the year", '"end of year"', "end of the year"),
    ("the end of 2018", '"the end of 2018"', "the <mark>end of 2018</mark>"),
    ("biogas in Malaysia", "biogas -malaysia", "<mark>biogas</mark> in Malaysia"),
    ("INT/18/K08", "int18k08", "<mark>INT/18/K08</mark>"),
    ("SSC-0002", "ssc 2", "<mark>SSC-0002</mark>"),
    ("The biogas", "the", "The biogas"),
    ("biogas", "", "biogas"),
    ("", "biogas", ""),
    ("<b>biogas</b> & co", "biogas", "&lt;b&gt;<mark>biogas</mark>&lt;/b&gt; &amp; co"),
    ("a<b", "<b>", "a&lt;<mark>b</mark>"),
    ("bio&gas", "amp", "bio&amp;gas"),
    ("Bamboo's uses", "bamboo", "<mark>Bamboo</mark>&#x27;s uses"),
]


def mark(text, query, **kwargs):
    """Write the pieces as a page does."""
    return "".join(
        f"<mark>{html.escape(piece)}</mark>" if is_marked else html.escape(piece)
        for piece, is_marked in highlights(text, query, **kwargs)
    )


@pytest.mark.parametrize(("text", "query", "marked"), MARKED)
def test_marks(text, query, marked):
    if marked is None:
        assert mark(text, query).count("<mark>") == len(query.split())
    else:
        assert mark(text, query) == marked


@pytest.mark.parametrize(("text", "query", "marked"), MARKED)
def test_the_quick_look_passes_over_nothing_that_is_marked(text, query, marked):
    assert may_show(text, query) or "<mark>" not in mark(text, query)


def test_highlights_are_pieces_and_a_snippet_stands_around_the_first():
    assert highlights("Two <b>digesters</b>", "digester") == [
        ("Two <b>", False),
        ("digesters", True),
        ("</b>", False),
    ]
    assert highlights("Bamboo", "digester") == [("Bamboo", False)]
    assert highlights("", "digester") == highlights(None, None) == []

    text = "word " * 40 + "a digester of steel" + " word" * 40
    pieces = snippet(text, "digester", 158)
    assert pieces[0] == pieces[-1] == ("…", False)
    assert ("digester", True) in pieces
    # No word is cut.
    assert pieces[1][0].split(maxsplit=1)[0] == pieces[-2][0].split()[-1] == "word"
    assert snippet(text, "bamboo") == []


PIECES = st.one_of(
    st.text(),
    st.text(alphabet="<>&\"'/=;#x39amplt"),
    st.text(alphabet="e\u0301a\u0308\u200d\u00ad-.'’ n"),
    st.sampled_from(
        ["biogas", "Biogas", "沼气", "沼氣", "竹", "<mark>", "</mark>", "&amp;", "&#x27;"]
    ),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


@settings(max_examples=3000 if os.environ.get("PROOF") else 300, deadline=None)
@given(text=TEXTS, query=TEXTS)
def test_without_the_marks_it_is_the_text(text, query):
    # What the text itself says of marks is escaped, so that only ours are taken out.
    marked = mark(text, query)
    assert html.unescape(marked.replace("<mark>", "").replace("</mark>", "")) == html.unescape(
        html.escape(text)
    )
    assert marked.count("<mark>") == marked.count("</mark>")
    assert "<mark></mark>" not in marked
    assert "<" not in marked.replace("<mark>", "").replace("</mark>", "")


@settings(max_examples=1000 if os.environ.get("PROOF") else 100, deadline=None)
@given(word=st.text(alphabet="abcdefgin", min_size=4, max_size=12))
def test_a_word_is_marked_in_itself(word):
    assert mark(word, word) == f"<mark>{word}</mark>"
