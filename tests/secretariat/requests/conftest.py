from datetime import timedelta

import pytest
from django.utils import timezone

from secretariat.models import Request
from secretariat.requests import handling
from tests import make


@pytest.fixture
def institution():
    return make.Member(name="Institute of Biogas")


@pytest.fixture
def focal_point(client, institution):
    user = make.User(email="focal@example.org", name="Focal Point")
    make.Affiliation(user=user, institution=institution)
    client.force_login(user)
    return user


@pytest.fixture
def drafted():
    """Make a request that is not open yet: `drafted(rule="half")`."""

    def draft(**values):
        values = {"closes_at": timezone.now() + timedelta(days=10)} | values
        return Request.objects.create(title="Missing projects", **values)

    return draft


@pytest.fixture
def asked(drafted, institution):
    """Open a request with a text and a table: `asked()` returns it."""

    def ask(*others, **values):
        request = drafted(**values)
        if request.is_vote:
            votes = {"choices": "Yes\nNo\nAbstain", "choices_zh_hans": "同意\n不同意\n弃权"}
            request.questions.create(kind="choice", text="Do you agree?", is_required=True, **votes)
        else:
            request.questions.create(kind="text", text="What is missing?", is_required=True)
            request.questions.create(
                kind="table", text="Projects", choices="Title\nYear (number)", position=1
            )
        handling.open_to(request, [institution, *others])
        request.refresh_from_db()
        return request

    return ask
