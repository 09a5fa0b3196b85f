"""What an address or an account did, by the log of requests (docs/security.md)."""

import contextlib
import json
from fileinput import FileInput, hook_compressed
from ipaddress import ip_address, ip_interface

from django.core.management.base import BaseCommand

IN_WORDS = "{time:.19} {address} {account} {method} {path}{query} {status}"


class Command(BaseCommand):
    help = "Show what an address or an account asked for. `sscnet requests` reads the log as root."

    def add_arguments(self, parser):
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--address", type=ip_interface, help="192.0.2.77 or 192.0.2.0/24")
        who.add_argument("--account", help="the number of an account, as in the security log")
        parser.add_argument("--from", default="", dest="first", help="2026-11-29 or 2026-11-29T14")
        parser.add_argument("--to", default="~", dest="last", help="the last day, hour or minute")
        parser.add_argument("files", nargs="*", help="of the log; otherwise what is piped in")

    def handle(self, files, address, account, first, last, **options):
        with FileInput(files or ["-"], openhook=hook_compressed, encoding="utf-8") as texts:
            for text in texts:
                # A line may have been cut short where the machine stopped, or be no request.
                with contextlib.suppress(ValueError, KeyError):
                    line = json.loads(text)
                    time, by = line["time"], line["account"] == account
                    if address:
                        by = ip_address(line["address"]) in address.network
                    line["query"] = line["query"] and f"?{line['query']}"
                    if by and first <= time[: len(first)] and time[: len(last)] <= last:
                        self.stdout.write(IN_WORDS.format(**line))
