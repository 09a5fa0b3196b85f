"""What an address or an account did: read from the log of requests (docs/security.md)."""

import contextlib
import ipaddress
import json
from collections.abc import Iterable, Iterator
from fileinput import FileInput, hook_compressed
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Show what an address or an account asked for. `sscnet requests` reads the log as root."

    def add_arguments(self, parser):
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--address", type=network, help="192.0.2.77 or a network 192.0.2.0/24")
        who.add_argument("--account", help="the number of an account, as in the security log")
        parser.add_argument("--from", default="", dest="first", help="2026-11-29 or 2026-11-29T14")
        parser.add_argument("--to", default="~", dest="last", help="the last day, hour or minute")
        parser.add_argument("files", nargs="*", help="of the log, or - for what is piped in")

    def handle(self, files, address, account, first, last, **options):
        found = 0
        for line in lines_of(files or kept_files()):
            time = line["time"]
            if not time[: len(first)] >= first or not time[: len(last)] <= last:
                continue
            if is_from(line, address) if address else line["account"] == account:
                found += 1
                self.stdout.write(in_words(line))
        self.stderr.write(f"{found} requests.")


def network(text: str):
    return ipaddress.ip_network(text, strict=False)


def kept_files() -> list[Path]:
    """Return the files of the log, oldest first; the last is being written."""
    log = Path(settings.REQUEST_LOG or "none")
    try:
        files = [*sorted(log.parent.glob(f"old/{log.name}*")), log]
        files[-1].open().close()
    except OSError as error:
        message = f"{error}: no log is kept (MAINLAND), or only root may read it: sscnet requests."
        raise CommandError(message) from error
    return files


def lines_of(files: Iterable[Path | str]) -> Iterator[dict]:
    with FileInput(files, openhook=hook_compressed, encoding="utf-8") as texts:
        for text in texts:
            # A line may have been cut short where the machine stopped.
            with contextlib.suppress(ValueError):
                yield json.loads(text)


def is_from(line: dict, asked) -> bool:
    return bool(line["address"]) and ipaddress.ip_address(line["address"]) in asked


def in_words(line: dict) -> str:
    query = f"?{line['query']}" if line["query"] else ""
    who = f"{line['address'] or '-'} {line['account'] or '-'}"
    return f"{line['time'][:19]} {who} {line['method']} {line['path']}{query} {line['status']}"
