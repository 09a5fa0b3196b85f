"""The picture of the packages is that of the code."""

from graphlib import CycleError

import pytest

from sscnet.dev import architecture


def test_the_picture_is_up_to_date():
    assert architecture.PICTURE.read_text(encoding="utf-8") == architecture.picture(), "make docs"


def test_an_import_that_a_chain_leads_to_has_no_arrow():
    graph = {"page": {"model", "field"}, "model": {"field"}, "field": set()}
    arrows = [line.strip() for line in architecture.drawing(graph) if "-->" in line]
    assert arrows == ["model --> field", "page --> model"]


def test_a_circle_is_an_error():
    with pytest.raises(CycleError):
        architecture.drawing({"model": {"page"}, "page": {"model"}})
