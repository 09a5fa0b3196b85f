"""python -m benchmarks.places.rate: 1,000 delegations of four, three workshops each, 16 at a time.

Turns take turns: some delegations, then as many seconds of BARE, a view that locks one row and
inserts one behind the same middleware.
"""

import argparse
import json
import statistics
import sys
import tempfile

from benchmarks.places import stage
from benchmarks.places.rush import rush
from benchmarks.servers import headers
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
        stage.prepare(server.url("places"), static_root)
        return report(measure(options.port, options.delegations))


def measure(port, number):
    from meetings.models import Delegation, Meeting

    from .views import draft

    meeting, institutions = stage.make_meeting(number)
    other = Meeting.objects.create(title="Bare", capacity=WARM_UP)

    def drafts(meeting, institutions):
        delegations = Delegation.objects.bulk_create(
            Delegation(meeting=meeting, institution=institution) for institution in institutions
        )
        draft(delegations, meeting.workshops.all())
        return [f"/bench/submit/{delegation.pk}/" for delegation in delegations]

    warm_up, paths = drafts(other, institutions[:WARM_UP]), drafts(meeting, institutions)
    size = number // TURNS
    answers, seconds, bare = {}, 0.0, []
    with stage.serving(port):
        for asked in (warm_up, [f"/bench/bare/{other.pk}/?{n}" for n in range(4 * WARM_UP)]):
            rush(port, asked, headers(), AT_A_TIME)
        for turn in range(TURNS):
            took = rush(port, paths[turn * size : (turn + 1) * size], headers(), AT_A_TIME)
            answers |= took["answers"]
            seconds += took["seconds"]
            asked = [f"/bench/bare/{other.pk}/?{n}" for n in range(4 * size)]
            bare.append(len(asked) / rush(port, asked, headers(), AT_A_TIME)["seconds"])
    return {
        "wrong": wrong(meeting, answers, paths),
        "rate": len(answers) / seconds,
        "bare": statistics.median(bare),
        "times": sorted(took for _, took, _ in answers.values()),
        "taken": [f"{h.taken}/{h.capacity}" for h in (meeting, *meeting.workshops.all())],
    }


def wrong(meeting, answers, paths):
    """List what must not be: answers that failed, delegations lost, places told wrongly."""
    from meetings.models import Delegate
    from meetings.places.mails import confirm_registrations
    from sscnet.outbox.models import Message

    found = stage.check(meeting)
    found += [f"{path}: {status}" for path, (status, _, _) in answers.items() if status != 200]
    asked = Delegate.objects.filter(delegation__meeting=meeting).exclude(place="").count()
    told = sum(len(json.loads(body)["places"]) for status, _, body in answers.values())
    if (asked, told) != (4 * len(paths), 16 * len(paths)):
        found.append(f"{asked} people asked, {told} places told")
    confirm_registrations()
    # One to the focal point of each; those of the warm-up registered twice.
    written = Message.objects.exclude(text__contains="for Bare")
    if (mails := written.count()) != len(paths):
        found.append(f"{mails} mails")
    return found


def report(found):
    times = found["times"]
    median, slowest = statistics.median(times), times[-1]
    share, spread = found["rate"] / found["bare"], slowest / median
    print(f"places taken: {', '.join(found['taken'])}")
    print(f"{found['rate']:.0f} delegations a second; BARE {found['bare']:.0f}; share {share:.2f}")
    print(f"median {median * 1000:.0f} ms, slowest {slowest * 1000:.0f} ms: {spread:.1f} times")
    for line in found["wrong"]:
        print(f"WRONG: {line}")
    met = not found["wrong"] and share >= LEAST_SHARE and spread <= MOST_TIMES_MEDIAN
    print("met" if met else "NOT MET")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
