"""Which port the portal is served on, and whether it is free.

Standard library only: bin/bootstrap runs this before there is a `.venv`.
"""

import os
import socket
import sys

from sscnet.dev import DevError

HOST = "127.0.0.1"
DEFAULT = "8000"


def chosen_port(text=None):
    """Return the port asked for by the argument, else by PORT in the environment, else 8000."""
    text = (text or os.environ.get("PORT") or DEFAULT).strip()
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise DevError(f"PORT={text} is no port: give a number from 1 to 65535, as in PORT=8010.")
    return int(text)


def check_free(port):
    """Bind the port as the server will, which also finds out whether this user may."""
    with socket.socket() as probe:
        # As runserver does it: connections that linger from the last run are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise DevError(
                f"Port {port} cannot be used ({error.strerror}): stop what uses it, or choose "
                "another one above 1023 as in `make run PORT=8010`."
            ) from error


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def main():
    try:
        check_free(chosen_port())
    except DevError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
