"""The picture of the packages is that of the code."""

from graphlib import CycleError

import pytest

from sscnet.dev import architecture


def test_the_picture_is_up_to_date():
    assert architecture.PICTURE.read_text(encoding="utf-8") == architecture.picture(), "make docs"


def test_every_arrow_leads_down():
    drawing = architecture.drawing({"page": {"model", "field"}, "model": {"field"}, "field": set()})
    assert [box.name for box in drawing.boxes] == ["page", "model", "field"]
    assert len(drawing.arrows) == 2
    assert all(arrow[0][1] < arrow[-1][1] for arrow in drawing.arrows)


def test_a_circle_is_an_error():
    with pytest.raises(CycleError):
        architecture.drawing({"model": {"page"}, "page": {"model"}})
