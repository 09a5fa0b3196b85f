"""What every gunicorn of the portal needs; it is read from the working folder."""

import os
import shutil
from pathlib import Path

# Not in /tmp: a write to mapped memory of a full disk ends the process (SIGBUS).
folder = Path(os.environ.get("RUNTIME_DIRECTORY", "/dev/shm").split(":")[0])  # noqa: S108
# Each master has a folder of its own, where its workers count (sscnet/monitoring/request_log.py).
counts = folder / f"sscnet-metrics-{os.getpid()}"
counts.mkdir(exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts)

# The portal is read once, and processes are forked from that: all are there at once, share memory,
# and whoever is killed is replaced at once. New code comes with a restart, never with a reload.
preload_app = True

# Threads let long files be sent without holding a process up. A process takes no more requests than
# it has threads: the others wait in the one line from which whichever process is free takes them.
# nginx opens a connection for each request, so none is kept.
threads = 4
worker_connections = threads
keepalive = 0

# A page that waits longer for one answer of the database is given up
# (sscnet/core/database/connections.py).
os.environ.setdefault("DATABASE_ANSWER_SECONDS", "10")

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "sscnet.monitoring.json_lines.JsonLines"}},
    "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {"gunicorn.error": {"handlers": ["json"], "propagate": False}},
    "root": {"handlers": ["json"], "level": "INFO"},
}


def child_exit(server, worker):
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server):
    shutil.rmtree(counts, ignore_errors=True)
