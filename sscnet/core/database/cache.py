"""Django's cache in the database, as JSON: whoever writes into its table runs no code here.

Django's own backend keeps pickles. Here one statement counts one step, however many ask at once.
"""

import time
from contextlib import closing

from django.core.cache import cache
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.signing import JSONSerializer
from django.db import connection

SET = """
INSERT INTO portal_cache VALUES (%(key)s, %(value)s, to_timestamp(%(expires)s))
ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""
ADD = SET + "WHERE portal_cache.expires <= to_timestamp(%(now)s)"
GET = """
SELECT value FROM portal_cache
WHERE cache_key = %(key)s AND expires > to_timestamp(%(now)s)
"""
COUNT = """
UPDATE portal_cache SET value = value::bigint + %(delta)s
WHERE cache_key = %(key)s AND expires > to_timestamp(%(now)s) RETURNING value
"""
DELETE = """
DELETE FROM portal_cache WHERE cache_key = %(key)s AND expires > to_timestamp(%(now)s)
"""
DELETE_EXPIRED = "DELETE FROM portal_cache WHERE expires <= to_timestamp(%(now)s)"


def count_up(name: str, seconds: int) -> int:
    """Count one more; return how many there were in this hour, or day, of so many seconds."""
    key = f"{name}:{int(time.time()) // seconds}"
    cache.add(key, 0, 2 * seconds)
    try:
        return cache.incr(key)
    except ValueError:
        # Valkey was full, and gave it up between the two.
        return 1


class JSONDatabaseCache(BaseCache):
    """Keeps what is JSON, on the primary. `run_due` deletes what has expired."""

    serializer = JSONSerializer()

    def __init__(self, location, params):
        super().__init__(params)

    def run(self, sql, key="", version=None, timeout=DEFAULT_TIMEOUT, **values):
        """Return how many rows a statement found, and the value where it gives one."""
        expires = self.get_backend_timeout(timeout)
        values |= {
            "key": self.make_and_validate_key(key, version=version),
            "now": time.time(),
            "expires": float("inf") if expires is None else expires,
        }
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql, values)
            row = cursor.fetchone() if cursor.description else None
            return cursor.rowcount, row and self.serializer.loads(row[0].encode())

    def dumped(self, value):
        return self.serializer.dumps(value).decode()

    def get(self, key, default=None, version=None):
        found, value = self.run(GET, key, version)
        return value if found else default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self.run(SET, key, version, timeout, value=self.dumped(value))

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self.run(ADD, key, version, timeout, value=self.dumped(value))[0] == 1

    def incr(self, key, delta=1, version=None):
        found, value = self.run(COUNT, key, version, delta=delta)
        if not found:
            raise ValueError(f"Key {key!r} not found")
        return value

    def delete(self, key, version=None):
        return self.run(DELETE, key, version)[0] == 1

    def clear(self):
        self.run("DELETE FROM portal_cache")

    def delete_expired(self):
        self.run(DELETE_EXPIRED)
