import pytest

from sscnet.dev import DevError, rooms

TABLE = """| Room | Holds |
|---|---|
| `shop`, `run.py` | what is sold |
| `shop/till` | money |
"""
FILES = ["shop/a.py", "shop/till/deep/b.py", "shop/migrations/0001.py", "run.py"]


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    monkeypatch.setattr(rooms, "CHECKOUT", tmp_path)
    for name in [*FILES, "tests/c.py", ".venv/d.py", "docs/e.md"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "docs" / "architecture.md").write_text(TABLE)
    return tmp_path


def test_a_file_stands_in_the_room_of_a_folder_above_it(checkout):
    rooms.check()


def test_a_file_of_no_room_is_refused(checkout):
    (checkout / "shop" / "till" / "deep" / "b.py").rename(checkout / "b.py")
    with pytest.raises(DevError, match=r"b\.py is in no room"):
        rooms.check()


def test_a_room_without_files_is_refused(checkout):
    (checkout / "shop" / "till" / "deep" / "b.py").unlink()
    with pytest.raises(DevError, match="shop/till: no code there"):
        rooms.check()
