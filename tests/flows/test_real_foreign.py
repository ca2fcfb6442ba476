"""A retailer's history through each sales API that carries it: the same sums at head office.

The suite tells the sample beside the tests, with some sales undone; the first five hundred
documents of the half year by `pytest --run-long`, all of it by `tests/flows/real_foreign.py`.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.real_foreign import CARRYING, HALF_YEAR, SAMPLE, Told, told_history

# What a dialect says that it cannot carry; anything else put aside is a fault.
LEFT = {
    "retail": (),
    "sales": ("return not carried", "adjustment not carried", "void not carried"),
    "xtrakit": ("return not carried", "adjustment not carried", "void not carried"),
    "erp": ("without the receipt of its sale", "an adjustment goes back to no sale"),
}


@pytest.fixture(autouse=True)
def hush() -> Iterator[None]:
    """Let nobody hear of what is put aside."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def check(told: Told, api: str) -> None:
    assert told.ours == told.theirs
    assert all(value > 0 for value in told.ours.values())
    odd = [one for one in told.left if not any(words in one for words in LEFT[api])]
    assert not odd


@pytest.mark.parametrize("api", CARRYING)
def test_the_sample_comes_to_the_same_penny(tmp_path: Path, api: str) -> None:
    check(told_history(tmp_path, api, SAMPLE), api)


@pytest.mark.long
@pytest.mark.skipif(not HALF_YEAR.exists(), reason="the half year is not beside the project")
@pytest.mark.parametrize("api", CARRYING)
def test_the_first_weeks_of_the_half_year_come_to_the_same_penny(tmp_path: Path, api: str) -> None:
    check(told_history(tmp_path, api, HALF_YEAR, 500), api)
