"""Tills and foreign servers through bad weather: five APIs, five hundred schedules each.

Each API meets head office as it is served, a tenth of the schedules over real HTTP behind the
failing network, and the small servers that were written from the documents alone. More of them by
`python tests/proofs/foreign_schedules.py`.
"""

import logging
import re
import sys
from collections.abc import Iterator

import pytest

from tests.proofs.foreign_schedules import APIS, Run, runner
from tests.proofs.foreign_world.planted import BUGS, planted
from tests.proofs.foreign_world.schedule import Shelf, run_schedule, shelf

IN_PROCESS, OVER_HTTP, INDEPENDENT = 450, 50, 150
AT_ONCE, AT_ONCE_OVER_HTTP = 50, 25
ENOUGH = 200  # schedules within which each planted bug must show
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SQLite's files cannot be replaced")


@pytest.fixture(scope="module")
def made() -> Iterator[Shelf]:
    """The stores and the head office that every schedule of this process begins with."""
    with shelf() as ready:
        yield ready


@pytest.fixture(autouse=True)
def hush() -> Iterator[None]:
    """Let nobody hear the warnings of worlds in which everything goes wrong."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def check(run: Run, api: str, at: str, seeds: range) -> None:
    for seed in seeds:
        faults = run(api, seed).faults
        assert not faults, f"seed {seed}: {faults} (--api {api} --at {at} --replay {seed})"


@pytest.mark.parametrize("first", range(0, IN_PROCESS, AT_ONCE))
@pytest.mark.parametrize("api", APIS)
def test_head_office_holds_what_was_sold_once_whatever_happens_on_the_way(
    made: Shelf, api: str, first: int
) -> None:
    with runner(made, "office") as run:
        check(run, api, "office", range(first, first + AT_ONCE))


@pytest.mark.parametrize("first", range(IN_PROCESS, IN_PROCESS + OVER_HTTP, AT_ONCE_OVER_HTTP))
@pytest.mark.parametrize("api", APIS)
def test_over_a_failing_network_of_real_sockets_too(made: Shelf, api: str, first: int) -> None:
    with runner(made, "proxy") as run:
        check(run, api, "proxy", range(first, first + AT_ONCE_OVER_HTTP))


@pytest.mark.parametrize("first", range(0, INDEPENDENT, AT_ONCE))
@pytest.mark.parametrize("api", APIS)
def test_a_server_written_from_the_document_alone_holds_it_too(
    made: Shelf, api: str, first: int
) -> None:
    with runner(made, "independent") as run:
        check(run, api, "independent", range(first, first + AT_ONCE))


@pytest.mark.parametrize("api", APIS)
def test_a_seed_tells_the_same_story_again(made: Shelf, api: str) -> None:
    assert run_schedule(made, api, 7).trace == run_schedule(made, api, 7).trace


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught_for_what_it_is(made: Shelf, name: str) -> None:
    bug = BUGS[name]
    with planted(bug), runner(made, "independent") as run:
        for seed in range(ENOUGH):
            if re.search(bug.says, "\n".join(run(bug.api, seed).faults)):
                return
    pytest.fail(f"{name}: nothing was found in {ENOUGH} schedules")
