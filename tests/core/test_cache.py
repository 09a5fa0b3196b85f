"""The cache in the database: JSON alone, counted in one step, forgotten in time."""

import pickle
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.django_db
VALUES = [1, 0, -3, True, None, "竹子 \\ '", 1.5, [3.25, 2.5], {"7": ["Li", 1.5]}, {}]


class Runs:
    def __reduce__(self):
        return pytest.fail, ("code ran",)


def rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM portal_cache")
        return dict(cursor.fetchall())


def test_what_is_json_comes_back_as_it_was():
    for value in VALUES:
        cache.set("one", value)
        assert cache.get("one", "nothing") == value
        assert type(cache.get("one")) is type(value)
        assert "one" in cache


def test_nothing_else_is_kept_and_no_code_runs_that_somebody_wrote_into_the_table():
    with pytest.raises(TypeError):
        cache.set("one", Runs())
    cache.set("one", 1)
    with connection.cursor() as cursor:
        poison = b64encode(pickle.dumps(Runs())).decode()
        cursor.execute("UPDATE portal_cache SET value = %s", [poison])

    with pytest.raises(ValueError, match="Expecting value"):
        cache.get("one")


def test_it_does_what_django_asks_of_a_cache():
    assert cache.add("one", 1)
    assert not cache.add("one", 2)
    assert (cache.incr("one", 4), cache.decr("one")) == (5, 4)
    assert cache.get_or_set("two", 2) == 2
    cache.set_many({"one": 3, "three": 4})
    assert cache.get_many(["one", "two", "none"]) == {"one": 3, "two": 2}
    assert cache.get("one", version=2) is None
    assert cache.delete("one")
    assert not cache.delete("one")
    for count in (cache.incr, cache.decr):
        with pytest.raises(ValueError, match="not found"):
            count("one")
    cache.clear()
    assert rows() == {}


def test_what_has_expired_is_gone_and_its_row_too(monkeypatch):
    cache.set("short", 1, 10)
    cache.set("longer", 1, 100)
    cache.set("for-ever", 1, None)
    cache.set("never", 1, 0)
    moment = time.time() + 50
    monkeypatch.setattr(time, "time", lambda: moment)

    left = cache.get_many(["short", "longer", "for-ever", "never"])
    assert left == {"longer": 1, "for-ever": 1}
    with pytest.raises(ValueError, match="not found"):
        cache.incr("short")
    call_command("run_due", verbosity=0)
    assert {":1:short", ":1:never"}.isdisjoint(rows())
    assert cache.add("short", 5)
    assert cache.incr("short") == 6


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_none_is_missed():
    def count(_n):
        cache.add("counted", 0)
        try:
            return cache.incr("counted")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        counted = list(threads.map(count, range(40)))

    assert sorted(counted) == list(range(1, 41))
    cache.clear()
