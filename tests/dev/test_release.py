"""What is released."""

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
