"""Addresses of what the portal no longer has lead on."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_what_is_gone_says_where_to_go_on(client, prefix):
    for address, way_on in {
        "/members/compare/?id=bamboo": "/members/",
        "/members/compare.csv?id=bamboo": "/members/",
        f"/meetings/calendar/{'aB3-_kX9' * 4}-{'0f' * 16}.ics": "/meetings/",
    }.items():
        response = client.get(prefix + address)
        assert response.status_code == 410, address
        assert f'<a class="button" href="{prefix}{way_on}">' in response.content.decode()
    # The second list of institutions leads to the first, with its filters.
    query = "?sector=agriculture&province=hubei&q=a%20b"

    response = client.get(f"{prefix}/institutions/{query}")

    assert (response.status_code, response.url) == (301, f"{prefix}/members/{query}")
