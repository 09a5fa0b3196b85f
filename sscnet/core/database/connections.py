"""A connection that does not wait for ever, and a memory of the database being away."""

import os
import threading
import time

import psycopg
from django.db import DatabaseError, connection
from psycopg.waiting import Ready

# Set by gunicorn.conf.py alone: imports and migrations may take as long as they need.
ANSWER_SECONDS = float(os.environ.get("DATABASE_ANSWER_SECONDS", 0))
PAUSE = 1


class LimitedConnection(psycopg.Connection):
    """Give up on a server that holds the connection and says nothing, as when it is frozen.

    The server's own `statement_timeout` needs a server that runs.
    """

    def wait(self, gen, *args, **kwargs):
        if ANSWER_SECONDS:
            gen = limited(gen, ANSWER_SECONDS)
        return super().wait(gen, *args, **kwargs)


def limited(gen, seconds):
    """Pass on what psycopg waits for, until the time is over."""
    ends = time.monotonic() + seconds
    ready = None
    while True:
        try:
            wanted = gen.send(ready)
        except StopIteration as done:
            return done.value
        ready = yield wanted
        if ready == Ready.NONE and time.monotonic() > ends:
            raise psycopg.OperationalError(f"the database has not answered for {seconds} s")


class Outage:
    """While the database is away, one request a second looks whether it is back.

    All others are answered at once. Each would wait for a connection instead, and soon no thread
    was left for `/healthz` and for files.
    """

    def __init__(self):
        self.lock, self.next_look = threading.Lock(), None

    def begin(self):
        self.next_look = time.monotonic() + PAUSE

    def goes_on(self) -> bool:
        with self.lock:
            if self.next_look is None:
                return False
            if time.monotonic() < self.next_look:
                return True
            self.begin()
        try:
            connection.ensure_connection()
        except DatabaseError:
            self.begin()
            return True
        self.end()
        return False

    def end(self):
        self.next_look = None


outage = Outage()
