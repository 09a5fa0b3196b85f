"""How many pages a second two nodes give against one.

`wrk`, nginx, the databases and Valkey share the cores with the nodes. So both are measured: nodes
held to a share of a core each, which leaves room for the rest and shows whether nodes wait for one
another; and nodes with a core each, which shows what these cores allow.
"""

import os
import re
import subprocess
import tempfile
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
CORES = len(os.sched_getaffinity(0))
starts = count(1_000_000, 1_000_000)


@dataclass(frozen=True)
class Rates:
    """Requests a second, of the turns of one node and of those of two."""

    one: list[float]
    two: list[float]

    @property
    def times(self) -> float:
        # Each with its neighbour: what else runs here changes from minute to minute.
        return median(two / one for one, two in zip(self.one, self.two, strict=True))

    def __str__(self) -> str:
        one, two = median(self.one), median(self.two)
        return f"one gives {one:.0f} a second, two {two:.0f}: {self.times:.2f} times"


def rates(env, ports, fronts) -> dict[str, tuple[Rates, Rates]]:
    """Return for each page the rates of nodes that are held to SHARE, and of those that are not."""
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(servers.node(port, env, core=core, workers=1))
            for core, port in enumerate(ports)
        ]
        stack.enter_context(servers.nginx({fronts[0]: ports[:1], fronts[1]: ports}))
        free = {name: compared(path, fronts) for name, path in PAGES.items()}
        for worker in (child for node in nodes for child in children(node.process.pid)):
            stack.enter_context(servers.held(worker, SHARE))
        held = {name: compared(path, fronts) for name, path in PAGES.items()}
        return {name: (held[name], free[name]) for name in PAGES}


def compared(path: str, fronts) -> Rates:
    """Let one node and two take turns; the first turn of each warms up."""
    found = Rates([], [])
    for turn in range(ROUNDS + 1):
        one, two = (wrk(front, path) for front in fronts[:2])
        if turn:
            found.one.append(one)
            found.two.append(two)
    return found


def wrk(port: int, path: str) -> float:
    """Return how many requests were answered a second; none may fail."""
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
    return float(re.search(r"Requests/sec: +([\d.]+)", text)[1])
