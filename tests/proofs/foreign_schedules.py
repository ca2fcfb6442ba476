"""Schedules of bad weather between tills and foreign servers, as many as wanted, by command.

python tests/proofs/foreign_schedules.py                          200 of each API
python tests/proofs/foreign_schedules.py --api erp --replay 17    what happened in one of them
python tests/proofs/foreign_schedules.py --at proxy               over real HTTP
python tests/proofs/foreign_schedules.py --at independent --planted "the look-up is skipped"

Each schedule sells at one or two tills of a shop; requests are lost, doubled, late, cut and lied
to, and tills die. In the end the server must hold what was sold, once, and a person must be asked
where nobody can know. Exit status 1: a schedule found a fault.
"""

import argparse
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.proofs.foreign_world.planted import BUGS, planted
from tests.proofs.foreign_world.proxied import proxied_line
from tests.proofs.foreign_world.schedule import Outcome, Shelf, run_schedule, shelf

APIS = ("sales", "retail", "xtrakit", "feed", "erp")
ENOUGH_FAULTS = 20


class Run(Protocol):
    """Runs a schedule."""

    def __call__(self, api: str, seed: int) -> Outcome: ...


@contextmanager
def runner(made: Shelf, at: str) -> Iterator[Run]:
    """Lend what runs schedules: against head office in this process, over HTTP, or against others.

    `at` is `office`, `proxy` or `independent`.
    """
    if at == "proxy":
        with proxied_line(made.office) as line:
            yield partial(run_schedule, made, line=line)
    else:
        yield partial(run_schedule, made, is_served=at == "office")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--api", choices=APIS, action="append")
    parser.add_argument("--at", choices=("office", "proxy", "independent"), default="office")
    parser.add_argument("--schedules", type=int, default=200, help="of each API")
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    parser.add_argument("--planted", choices=BUGS, metavar="BUG")
    parser.add_argument("--replay", type=int, metavar="SEED")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with ExitStack() as stack:
        run = stack.enter_context(runner(stack.enter_context(shelf()), arguments.at))
        if arguments.planted:
            stack.enter_context(planted(BUGS[arguments.planted]))
        if arguments.replay is not None:
            return _replay(run, (arguments.api or APIS)[0], arguments.replay)
        seeds = range(arguments.seed, arguments.seed + arguments.schedules)
        red = [_tried(run, api, seeds) for api in arguments.api or APIS]
    return 1 if any(red) else 0


def _replay(run: Run, api: str, seed: int) -> int:
    outcome = run(api, seed)
    print(*outcome.trace, sep="\n")
    print(*(outcome.faults or ["all is well"]), sep="\n")
    return 1 if outcome.faults else 0


def _tried(run: Run, api: str, seeds: range) -> int:
    """Run schedules of an API, print what came of them, and return how many found a fault."""
    begun, processor = time.monotonic(), time.process_time()
    red, requests, mishaps, parked = [], 0, 0, 0
    for seed in seeds:
        outcome = run(api, seed)
        requests += outcome.requests
        mishaps += outcome.mishaps
        parked += outcome.parked
        if outcome.faults:
            red.append(outcome)
        if len(red) >= ENOUGH_FAULTS:
            break
    took, worked = time.monotonic() - begun, time.process_time() - processor
    print(
        f"{api}: {len(seeds)} schedules, {requests} requests, {mishaps} mishaps, {parked} put "
        f"aside, {len(red)} with faults; {took:.0f} s, {worked:.0f} s of the processor"
    )
    for outcome in red:
        print(f"  seed {outcome.seed}:", *outcome.faults[:4], sep="\n    ")
    return len(red)


if __name__ == "__main__":
    sys.exit(main())
