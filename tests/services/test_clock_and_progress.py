"""A check tells how far it is, can be stopped there, and notes a clock behind the journal."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pos_app.services.verification import verify
from pos_app.store.store import open_store
from tests.store.shops import CASH, Counter, new_shop


class Stopped(Exception):
    """Somebody stopped the check."""


@pytest.fixture
def sold(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with new_shop(path) as store:
        counter = Counter(store)
        for _ in range(150):
            counter.checkout.complete(counter.cart(1), CASH)
    return path


def test_a_check_tells_how_far_it_is_and_ends_whole(sold: Path) -> None:
    told: list[tuple[int, int]] = []
    found = verify(sold, lambda done, total: told.append((done, total)))
    assert found.is_sound
    assert len(told) > 1
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert all(share < 1 for share in shares[:-1])
    assert told[-1][0] == told[-1][1]


def test_a_check_can_be_stopped_where_it_tells_how_far_it_is(sold: Path) -> None:
    def stop(*_figures: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        verify(sold, stop)
    assert verify(sold).is_sound


@pytest.mark.parametrize(
    ("behind", "is_told"), [(timedelta(hours=2), True), (timedelta(seconds=20), False)]
)
def test_a_clock_behind_the_journal_is_noted_and_is_no_fault(
    sold: Path, behind: timedelta, is_told: bool
) -> None:
    with open_store(sold) as store:
        last = store.journal.head()
    assert last is not None
    found = verify(sold, now=datetime.fromisoformat(last.at) - behind)
    assert found.is_sound
    assert any("Set the clock right" in note for note in found.notes) is is_told
