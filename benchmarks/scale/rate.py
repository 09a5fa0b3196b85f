"""How many pages a second two nodes give against one, each on a core of its own.

`wrk`, nginx, the databases and Valkey share these cores. So their share of a request's work is
measured too: it says how much more two nodes can give at most here.
"""

import os
import re
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.places import crash

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
CONNECTIONS, SECONDS, ROUNDS = 8, 4, 3
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Rates:
    one: float
    two: float
    at_most: float
    cpu: float

    @property
    def times(self) -> float:
        return self.two / self.one


def rates(databases, env, ports, fronts) -> dict[str, Rates]:
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(servers.node(port, env, core=core, workers=1))
            for core, port in enumerate(ports)
        ]
        nginx = stack.enter_context(servers.nginx({fronts[0]: ports[:1], fronts[1]: ports}))
        others = [nginx.pid, *map(crash.postmaster, (databases.primary, databases.replica))]
        return {
            name: compared(path, fronts, nodes[0].process.pid, others)
            for name, path in PAGES.items()
        }


def compared(path: str, fronts, node: int, others: list[int]) -> Rates:
    """Let one node and two take turns; the first turn of each warms up."""
    one, two, at_most, cpu = [], [], [], []
    for turn in range(ROUNDS + 1):
        before = seconds([node]), seconds(others) + of_children()
        asked, rate = wrk(fronts[0], path, turn)
        of_node, of_rest = (
            now - then
            for now, then in zip(
                (seconds([node]), seconds(others) + of_children()), before, strict=True
            )
        )
        both = wrk(fronts[1], path, turn + 100)[1]
        if turn:
            one.append(rate)
            two.append(both)
            at_most.append(2 * of_node / (of_node + of_rest))
            cpu.append(of_node / asked)
    return Rates(median(one), median(two), median(at_most), median(cpu))


def wrk(port: int, path: str, turn: int) -> tuple[int, float]:
    """Return how many requests were answered, and how many a second; none may fail."""
    counts = "true" if path.endswith("=") else "false"
    with tempfile.TemporaryDirectory() as home:
        script = Path(home, "paths.lua")
        script.write_text(SCRIPT.format(start=turn * 1_000_000, path=path, counts=counts))
        host = os.environ["ALLOWED_HOSTS"].split(",")[0]
        command = f"wrk --threads 1 --connections {CONNECTIONS} --duration {SECONDS}s --timeout 30s"
        options = ["--header", f"Host: {host}", "--script", script, f"http://127.0.0.1:{port}"]
        text = subprocess.check_output([*command.split(), *options], text=True)
    if "Non-2xx" in text or "Socket errors" in text:
        raise AssertionError(text)
    time.sleep(0.5)
    asked = int(re.search(r"(\d+) requests in", text)[1])
    return asked, float(re.search(r"Requests/sec: +([\d.]+)", text)[1])


def seconds(pids: list[int]) -> float:
    """Return the processor time of processes and of their children, those that ended too."""
    return sum(of_process(pid) + seconds(crash.children(pid)) for pid in pids)


def of_process(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def of_children() -> float:
    """Return what ended children of this process took: wrk."""
    times = os.times()
    return times.children_user + times.children_system
