"""What the security log says while a test runs."""

import json
import logging

import pytest

PASSWORD = "bamboo-and-tea"


class Lines(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())

    def take(self):
        """Give what was written since the last time, and see that it names nobody."""
        lines, self.lines = self.lines, []
        assert not any(
            word in line for line in lines for word in ("li@example", "Li Hua", PASSWORD)
        )
        return [json.loads(line) for line in lines]

    def events(self):
        return [line["event"] for line in self.take()]


@pytest.fixture
def log(li):
    handler = Lines()
    logger = logging.getLogger("security")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
