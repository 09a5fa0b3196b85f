"""Without a Chromium the browser's tests skip with a reason, or fail where one is required."""

import shutil
import subprocess
import sys

import pytest

from sscnet.dev import CHECKOUT


@pytest.fixture
def run_without_chromium(tmp_path):
    shutil.copy(CHECKOUT / "tests" / "browser" / "conftest.py", tmp_path)
    (tmp_path / "test_page.py").write_text("def test_page(chromium):\n    pass\n")
    (tmp_path / "pytest.ini").touch()

    def run(**environment):
        command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:django", str(tmp_path)]
        environment |= {"PATH": str(tmp_path)}
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    return run


def test_browser_tests_skip_with_a_reason(run_without_chromium):
    result = run_without_chromium()
    assert result.returncode == 0
    assert "no Chromium on PATH" in result.stdout
    assert "1 skipped" in result.stdout


def test_browser_tests_fail_where_a_browser_is_required(run_without_chromium):
    result = run_without_chromium(REQUIRE_BROWSER="1")
    assert result.returncode == 1
    assert "no Chromium on PATH" in result.stdout
