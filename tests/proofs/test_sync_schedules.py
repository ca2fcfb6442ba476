"""Till and head office through two thousand schedules of bad weather, and the mistakes they find.

More of them by `python tests/proofs/sync_schedules.py --schedules 1000000 --jobs 8`.
"""

import logging
import re
import sys
from collections.abc import Iterator

import pytest

from tests.proofs.sync_schedules import outcomes
from tests.proofs.sync_world.plan import FULL, SMALL
from tests.proofs.sync_world.planted import BUGS, planted
from tests.proofs.sync_world.schedule import run_schedule
from tests.proofs.sync_world.shelf import Shelf, shelf

SCHEDULES, AT_ONCE = 2_000, 50
ENOUGH = 200  # schedules within which each planted bug must show
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SQLite's files cannot be replaced")


@pytest.fixture(scope="module")
def made() -> Iterator[Shelf]:
    """The stores that every schedule of this process begins with."""
    with shelf(max(SMALL.tills)) as ready:
        yield ready


@pytest.fixture(autouse=True)
def hush() -> Iterator[None]:
    """Let nobody hear the warnings of worlds in which everything goes wrong."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("first", range(0, SCHEDULES, AT_ONCE))
def test_every_fact_arrives_once_whatever_happens_on_the_way(made: Shelf, first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        outcome = run_schedule(made, seed)
        assert not outcome.faults, f"seed {seed}: {outcome.faults} (--replay {seed} tells more)"


def test_a_seed_tells_the_same_story_again(made: Shelf) -> None:
    first, again = run_schedule(made, 7), run_schedule(made, 7)
    assert first.trace == again.trace
    assert first.head == again.head


def test_ten_tills_and_a_busy_day_come_to_the_same_end() -> None:
    for outcome in outcomes(iter(range(2)), FULL):
        assert not outcome.faults, f"seed {outcome.seed}: {outcome.faults} (--size full)"


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught_for_what_it_is(
    made: Shelf, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bug = BUGS[name]
    with planted(bug):
        for seed in range(ENOUGH):
            faults = "\n".join(run_schedule(made, seed).faults)
            if re.search(bug.says, faults):
                with capsys.disabled():
                    print(f" [{name}: schedule {seed + 1}]", end="")
                return
    pytest.fail(f"{name}: nothing was found in {ENOUGH} schedules")
