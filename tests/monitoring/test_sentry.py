import pytest
import sentry_sdk
from sentry_sdk.transport import Transport

from sscnet.monitoring import sentry

SECRETS = ["Li Hua", "li@example.org", "passport"]


class Kept(Transport):
    def __init__(self):
        super().__init__()
        self.events = []

    def capture_envelope(self, envelope):
        self.events.append(envelope.get_event())


@pytest.fixture
def sent():
    kept = Kept()
    sentry.start("https://key@errors.example.org/1", transport=kept, default_integrations=False)
    yield kept.events
    sentry_sdk.init()


def test_an_error_abroad_names_kind_and_place_and_nobody(sent):
    with sentry_sdk.new_scope() as scope:
        scope.set_user({"email": "li@example.org"})
        scope.set_extra("form", {"passport": "E123"})
        # As its part for Django does where no page is found.
        scope.set_transaction_name("/person/Li Hua/travl")
        try:
            raise ValueError("Li Hua has no place")
        except ValueError:
            sentry_sdk.capture_exception()
        sentry_sdk.flush()

    (event,) = sent
    (error,) = event["exception"]["values"]
    assert error["type"] == "ValueError"
    assert event["transaction"] == "/person/…"
    assert error["stacktrace"]["frames"][-1]["function"].startswith("test_an_error_abroad")
    assert set(event) == {*sentry.KEPT, "exception", "tags"} & set(event)
    frames = error["stacktrace"]["frames"]
    for frame in frames:
        # Lines of this file's code hold them.
        for lines in ("context_line", "pre_context", "post_context"):
            frame.pop(lines, None)
    assert [word for word in SECRETS if word in str(event)] == []
