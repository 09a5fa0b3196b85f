"""python -m benchmarks.places: 1,000 delegations of four, three workshops each, 16 at a time.

Turns take turns: some delegations, then as many seconds of BARE, a view that locks one row and
inserts one behind the same middleware.
"""

import argparse
import json
import statistics
import sys
import tempfile

from benchmarks import stage
from benchmarks.load import Answers, Turn, take
from benchmarks.servers import headers, running
from sscnet.dev import processes

DELEGATIONS, AT_A_TIME, TURNS = 1000, 16, 5
# What every process does once, such as reading modules, is no part of a rate.
WARM_UP = 64
LEAST_SHARE, MOST_TIMES_MEDIAN = 0.25, 10


def main():
    processes.end_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default=8211, type=int)
    parser.add_argument("--delegations", default=DELEGATIONS, type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as static_root, stage.database() as server:
        stage.prepare(static_root, DATABASE_URL=server.url("places"))
        return measure(options.port, options.delegations)


def measure(port, number):
    from benchmarks.views import draft
    from meetings.models import Delegation, Meeting

    meeting, institutions = stage.make_meeting(number)
    other = Meeting.objects.create(title="Bare", capacity=WARM_UP)

    def drafts(meeting, institutions):
        delegations = Delegation.objects.bulk_create(
            Delegation(meeting=meeting, institution=institution) for institution in institutions
        )
        draft(delegations, meeting.workshops.all())
        return [f"/bench/submit/{delegation.pk}/" for delegation in delegations]

    warm_up, paths = drafts(other, institutions[:WARM_UP]), drafts(meeting, institutions)
    size = max(1, number // TURNS)
    turns, bare = [], []
    with running([(stage.RUSH, {})], port):
        for asked in (warm_up, bares(other, WARM_UP)):
            rush(port, asked)
        for n in range(0, number, size):
            turns.append(rush(port, paths[n : n + size]))
            bare.append(rush(port, bares(other, size)).rate)
    return report(meeting, paths, turns, statistics.median(bare))


def bares(meeting, number) -> list[str]:
    return [f"/bench/bare/{meeting.pk}/?{n}" for n in range(4 * number)]


def rush(port, paths) -> Answers:
    return take(Turn(port, paths, headers(), concurrency=AT_A_TIME, once=True, posts=True))


def wrong(meeting, bodies, paths):
    """List what must not be: answers that failed, delegations lost, places answered wrongly."""
    from meetings.models import Delegate
    from meetings.places.mails import confirm_registrations
    from sscnet.outbox.models import Message

    found = stage.check(meeting)
    found += [f"{path}: {status}" for path, (status, _) in bodies.items() if status != "200"]
    asked = Delegate.objects.filter(delegation__meeting=meeting).exclude(place="").count()
    answered = sum(len(json.loads(body)["places"]) for _status, body in bodies.values())
    if (asked, answered) != (4 * len(paths), 16 * len(paths)):
        found.append(f"{asked} people asked, {answered} places answered")
    confirm_registrations()
    # One to the focal point of each; those of the warm-up registered twice.
    written = Message.objects.exclude(text__contains="for Bare")
    if (mails := written.count()) != len(paths):
        found.append(f"{mails} mails")
    return found


def report(meeting, paths, turns, bare):
    bodies = {path: answer for turn in turns for path, answer in turn.bodies.items()}
    times = [took for turn in turns for took in turn.latencies]
    median, slowest = statistics.median(times), max(times)
    rate = len(bodies) / sum(turn.seconds for turn in turns)
    found = wrong(meeting, bodies, paths)
    taken = [f"{one.taken}/{one.capacity}" for one in (meeting, *meeting.workshops.all())]
    print(f"places taken: {', '.join(taken)}")
    print(f"{rate:.0f} delegations a second; BARE {bare:.0f}; share {rate / bare:.2f}")
    print(f"median {median * 1000:.0f} ms, slowest {slowest * 1000:.0f} ms")
    print("".join(f"WRONG: {line}\n" for line in found), end="")
    is_even = slowest <= MOST_TIMES_MEDIAN * median
    met = not found and rate >= LEAST_SHARE * bare and is_even
    print("met" if met else "NOT MET")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
