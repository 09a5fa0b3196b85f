"""What is released, and what is said of faults known in the locked packages."""

import json

import pytest

from sscnet.dev import DevError, release


def test_the_version_is_the_newest_of_the_changes():
    changes = (release.CHECKOUT / "CHANGELOG.md").read_text()
    assert f"\n\n## {release.released_version()}\n" in changes


def test_a_version_without_its_changes_is_not_released(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "2027.1.4"\n')
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## 2026.11.28\n")
    monkeypatch.setattr(release, "CHECKOUT", tmp_path)

    with pytest.raises(DevError, match=r"not “## 2027\.1\.4”"):
        release.released_version()


def test_faults_and_what_nobody_was_asked_about():
    def findings(**jinja2):
        django = {"name": "django", "version": "6.1.3", "vulns": []}
        packages = [{"name": "jinja2", **jinja2}, django]
        return release.findings(json.dumps({"dependencies": packages}))

    known = findings(version="3.0", vulns=[{"id": "PYSEC-1"}, {"id": "CVE-2"}])
    assert known == ([("jinja2", "3.0", "PYSEC-1"), ("jinja2", "3.0", "CVE-2")], "")
    assert findings(skip_reason="not found") == ([], "1 of 2 packages")
    # No report is not a good one.
    assert release.findings("") == ([], "the packages")
