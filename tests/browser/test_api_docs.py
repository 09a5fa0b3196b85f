"""The page of the API runs under the portal's own rules for scripts and pictures."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_api_explains_itself_in_a_browser(page):
    make.Project(title="Biogas")
    refused = []
    page.on("console", lambda message: message.type == "error" and refused.append(message.text))
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/api/v1/docs")
    page.get_by_text("/api/v1/projects", exact=True).first.click()

    page.get_by_text("List projects", exact=False).first.wait_for()
    assert refused == []
    assert all(url.startswith((page.url.split("/api/")[0], "data:")) for url in asked)
