"""How many pages a second two nodes give against one.

`wrk`, nginx, the databases and Valkey share the cores with the nodes. So both are measured: nodes
held to a share of a core each, which leaves room for the rest and shows whether nodes wait for one
another; and nodes with a core each, where the rest's share of the work says what two can give.
"""

import os
import re
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.servers import children

from . import servers

# A page kept, and one made anew each time: no two addresses are alike.
PAGES = {"made before": "/projects/", "made anew": "/projects/?n="}
SCRIPT = """
local n = {start}
request = function()
  n = n + 1
  return wrk.format("GET", "{path}" .. ({counts} and n or ""))
end
"""
CONNECTIONS, SECONDS, ROUNDS = 16, 4, 3
# Of a core, in percent: two nodes and the work of the rest for them then fit on two cores.
SHARE = 25
TICKS = os.sysconf("SC_CLK_TCK")
CORES = len(os.sched_getaffinity(0))
starts = count(1_000_000, 1_000_000)


@dataclass(frozen=True)
class Measured:
    """Requests a second, and processor seconds of each request: of the nodes, and of the rest."""

    rate: float
    of_nodes: float
    of_rest: float


@dataclass(frozen=True)
class Rates:
    """The turns of one node, and those of two."""

    one: list[Measured]
    two: list[Measured]

    def middle(self, nodes: str, name: str) -> float:
        return median(getattr(turn, name) for turn in getattr(self, nodes))

    @property
    def times(self) -> float:
        # Each with its neighbour: what else runs here changes from minute to minute.
        return median(two.rate / one.rate for one, two in zip(self.one, self.two, strict=True))

    @property
    def at_most(self) -> float:
        """Return what all cores together can give, by what one node gives with a core of its own.

        One node: 1 / of_nodes. Two, with all cores at work: CORES / (of_nodes + of_rest).
        """
        of_nodes, of_rest = self.middle("one", "of_nodes"), self.middle("one", "of_rest")
        return min(2, CORES * of_nodes / (of_nodes + of_rest))


def rates(databases, env, ports, fronts) -> dict[str, tuple[Rates, Rates]]:
    """Return for each page the rates of nodes that are held to SHARE, and of those that are not."""
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(servers.node(port, env, core=core, workers=1))
            for core, port in enumerate(ports)
        ]
        nginx = stack.enter_context(servers.nginx({fronts[0]: ports[:1], fronts[1]: ports}))
        rest = [nginx.pid, *map(servers.postmaster, (databases.primary, databases.replica))]
        pids = [node.process.pid for node in nodes]
        free = {name: compared(path, fronts, pids, rest) for name, path in PAGES.items()}
        for worker in (child for pid in pids for child in children(pid)):
            stack.enter_context(servers.held(worker, SHARE))
        held = {name: compared(path, fronts, pids, rest) for name, path in PAGES.items()}
        return {name: (held[name], free[name]) for name in PAGES}


def compared(path: str, fronts, nodes: list[int], rest: list[int]) -> Rates:
    """Let one node and two take turns; the first turn of each warms up."""
    found = Rates([], [])
    for turn in range(ROUNDS + 1):
        one, two = (measured(front, path, nodes, rest) for front in fronts[:2])
        if turn:
            found.one.append(one)
            found.two.append(two)
    return found


def measured(port: int, path: str, nodes: list[int], rest: list[int]) -> Measured:
    began, of_nodes, of_rest = time.monotonic(), seconds(nodes), seconds(rest) + of_children()
    asked = wrk(port, path)
    took = time.monotonic() - began
    of_nodes, of_rest = seconds(nodes) - of_nodes, seconds(rest) + of_children() - of_rest
    return Measured(asked / took, of_nodes / asked, of_rest / asked)


def wrk(port: int, path: str) -> int:
    """Return how many requests were answered; none may fail."""
    counts = "true" if path.endswith("=") else "false"
    with tempfile.TemporaryDirectory() as home:
        script = Path(home, "paths.lua")
        script.write_text(SCRIPT.format(start=next(starts), path=path, counts=counts))
        host = os.environ["ALLOWED_HOSTS"].split(",")[0]
        command = f"wrk --threads 1 --connections {CONNECTIONS} --duration {SECONDS}s --timeout 30s"
        options = ["--header", f"Host: {host}", "--script", script, f"http://127.0.0.1:{port}"]
        text = subprocess.check_output([*command.split(), *options], text=True)
    if "Non-2xx" in text or "Socket errors" in text:
        raise AssertionError(text)
    return int(re.search(r"(\d+) requests in", text)[1])


def seconds(pids: list[int]) -> float:
    """Return the processor time of processes and of their children, those that ended too."""
    return sum(of_process(pid) + seconds(children(pid)) for pid in pids)


def of_process(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def of_children() -> float:
    """Return what ended children of this process took: wrk."""
    times = os.times()
    return times.children_user + times.children_system
