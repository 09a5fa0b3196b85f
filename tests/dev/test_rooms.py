import pytest

from sscnet.dev import DevError, rooms

TABLE = """| Room | Lines | Holds |
|---|---:|---|
| `shop`, `run.py` | {shop} | what is sold |
| `shop/till` | 1,000 | money |
"""
FILES = {"shop/a.py": 4, "shop/till/deep/b.py": 1100, "shop/migrations/0001.py": 99, "run.py": 6}


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    monkeypatch.setattr(rooms, "CHECKOUT", tmp_path)
    for name, lines in {**FILES, "tests/c.py": 50, ".venv/d.py": 50, "docs/e.md": 9}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x\n" * lines)
    return tmp_path


def check(checkout, shop):
    (checkout / "docs" / "architecture.md").write_text(TABLE.format(shop=shop))
    rooms.check()


def test_each_file_counts_in_the_room_with_the_longest_path(checkout, capsys):
    check(checkout, 10)
    assert capsys.readouterr().out == (
        "      10 of     10  shop, run.py\n   1,100 of  1,000  shop/till\n   1,110 of  1,010\n"
    )


def test_a_room_that_outgrows_its_budget_by_a_tenth_is_refused(checkout):
    check(checkout, 10)
    with pytest.raises(DevError, match=r"shop, run\.py: 10 lines where 9 are its budget"):
        check(checkout, 9)


def test_a_file_of_no_room_and_a_room_without_files_are_refused(checkout):
    (checkout / "shop" / "till" / "deep" / "b.py").rename(checkout / "b.py")
    with pytest.raises(DevError, match=r"b\.py is in no room"):
        check(checkout, 10)
    (checkout / "b.py").unlink()
    with pytest.raises(DevError, match="shop/till: no code there"):
        check(checkout, 10)
