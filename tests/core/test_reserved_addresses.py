"""A record takes no address that another page of the portal has."""

import re

import pytest
from django.core.exceptions import ValidationError

from meetings.urls import meetings
from members.directory.urls import directory
from projects import urls as projects
from sscnet.core.models.records import RESERVED_SLUGS
from tests import make

FACTORIES = [make.Project, make.Institution, make.Meeting, make.Page]
NAMED_BY = {make.Institution: "name"}


def patterns_of(urls):
    return urls[0] if isinstance(urls, tuple) else urls


@pytest.mark.parametrize("urls", [projects.urlpatterns, directory, meetings])
def test_each_fixed_page_below_a_list_is_reserved(urls):
    first = {str(pattern.pattern).split("/")[0] for pattern in patterns_of(urls)}
    fixed = {part for part in first if re.fullmatch(r"[-\w]+", part)}

    assert fixed
    assert fixed <= RESERVED_SLUGS


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES)
def test_a_record_of_that_name_gets_another_address(factory):
    record = factory(**{NAMED_BY.get(factory, "title"): "Feed"}, slug="")

    assert record.slug == f"feed-{record._meta.model_name}"
    # An officer who writes it is told.
    record.slug = "feed"

    with pytest.raises(ValidationError) as error:
        record.full_clean()

    assert set(error.value.message_dict) == {"slug"}
