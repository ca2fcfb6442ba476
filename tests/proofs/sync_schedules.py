"""Lets tills and head office live through bad weather in virtual time, and settles accounts then.

Run it as `python tests/proofs/sync_schedules.py --schedules 100000`. Each schedule is drawn from
its seed: tills sell, customers and prices change everywhere, cards are spent twice; meanwhile the
network loses, doubles and delays, head office and tills die at any commit, disks fill up, clocks
jump, backups come back and disks are cloned. When all of that ends, every entry must be at head
office exactly once within half a minute, to the cent, and everything alike everywhere. Exit
status 1 and the first faults, each with its seed, if not; `--replay SEED` tells that story again.
"""

import argparse
import json
import logging
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

os.environ.setdefault("POS_APP_KEYS", "file")
if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.proofs.sync_world.plan import FULL, SMALL, Size
from tests.proofs.sync_world.planted import BUGS, planted
from tests.proofs.sync_world.schedule import Outcome, run_schedule
from tests.proofs.sync_world.shelf import shelf

SIZES = {"small": SMALL, "full": FULL}
AT_ONCE = 20  # schedules that one process takes at a time
ENOUGH_FAULTS = 20


def outcomes(seeds: Iterator[int], size: Size, bug: str = "") -> Iterator[Outcome]:
    """Run a schedule for each seed, one after the other, with a planted bug if there is one."""
    with shelf(max(size.tills)) as made:
        for seed in seeds:
            if not bug:
                yield run_schedule(made, seed, size)
                continue
            with planted(BUGS[bug]):
                outcome = run_schedule(made, seed, size)
            yield outcome


def _some(work: tuple[range, str, str]) -> list[Outcome]:
    """Run some schedules in a process of its own."""
    logging.disable(logging.CRITICAL)
    seeds, size, bug = work
    return list(outcomes(iter(seeds), SIZES[size], bug))


def _spread(first: int, count: int, size: str, bug: str, jobs: int) -> Iterator[Outcome]:
    """Run schedules in several processes, in order of their seeds."""
    most = max(AT_ONCE, count // (jobs * 50))  # each part makes its own shelf
    starts = range(first, first + count, most)
    parts = ((range(at, min(at + most, first + count)), size, bug) for at in starts)
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for some in pool.imap(_some, parts):
            yield from some


def replay(seed: int, size: str, bug: str) -> int:
    """Tell the story of one schedule."""
    [outcome] = outcomes(iter([seed]), SIZES[size], bug)
    print(*outcome.trace, sep="\n")
    print(*(outcome.faults or ["all is well"]), sep="\n")
    return 1 if outcome.faults else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--planted", choices=BUGS, default="", metavar="BUG")
    parser.add_argument("--until-red", action="store_true")
    parser.add_argument("--replay", type=int, metavar="SEED")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    size, bug = arguments.size, arguments.planted
    if arguments.replay is not None:
        return replay(arguments.replay, size, bug)
    start, done, entries, requests = time.monotonic(), 0, 0, 0
    red: list[Outcome] = []
    if arguments.jobs > 1:
        some = _spread(arguments.seed, arguments.schedules, size, bug, arguments.jobs)
    else:
        seeds = range(arguments.seed, arguments.seed + arguments.schedules)
        some = outcomes(iter(seeds), SIZES[size], bug)
    for outcome in some:
        done, entries, requests = done + 1, entries + outcome.entries, requests + outcome.requests
        if outcome.faults:
            red.append(outcome)
            if arguments.until_red or len(red) >= ENOUGH_FAULTS:
                break
    seconds = round(time.monotonic() - start, 1)
    if arguments.json:
        told = [{"seed": one.seed, "faults": one.faults} for one in red]
        print(json.dumps({"schedules": done, "seconds": seconds, "red": told}))
        return 1 if red else 0
    print(f"{done} schedules, {entries} entries, {requests} requests in {seconds} s")
    for outcome in islice(red, ENOUGH_FAULTS):
        print(f"seed {outcome.seed}:", *outcome.faults[:5], sep="\n  ")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
