import pytest
from django.db import IntegrityError, transaction

from secretariat.models import DatedFigure
from tests import make

pytestmark = pytest.mark.django_db


def test_the_newest_statement_of_each_figure_is_shown():
    make.DatedFigure(as_of="2022-12", value=48)
    newest = make.DatedFigure(as_of="2024-04", value=51)
    make.DatedFigure(as_of="2020", value=20)
    projects = make.DatedFigure(figure="pgtf_projects", as_of="2023-12", position=1)
    assert list(DatedFigure.objects.newest_of_each()) == [newest, projects]


def test_a_figure_has_one_statement_a_date():
    make.DatedFigure(as_of="2024-04")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.DatedFigure(as_of="2024-04")


def test_a_page_without_a_source_cannot_be_published():
    assert [gap.field for gap in make.Page().gaps() if gap.blocks] == ["sources"]
