"""Receiving: a scan finds the line it counts up at once, however long the delivery is."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.delivery import DeliveryLine
from pos_app.services.receiving import Receiving
from pos_app.services.verification import verify
from pos_app.store.records import Records
from tests.store.shops import Counter, new_shop, product


@pytest.fixture
def receiving(tmp_path: Path) -> Iterator[Receiving]:
    path = tmp_path / "shop.db"
    store = new_shop(path)
    yield Receiving(Counter(store).checkout)
    store.close()
    assert verify(path).is_sound


def figures(lines: list[DeliveryLine]) -> list[tuple[int, str, str, int]]:
    return [(line.no, line.code, line.batch, int(line.quantity)) for line in lines]


def read_by(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> int:
    """Return how many records were read while something was done."""
    count = 0
    things = Records._things

    def counted(*words: Any) -> list[Any]:
        nonlocal count
        found = things(*words)
        count += len(found)
        return found

    with monkeypatch.context() as watched:
        watched.setattr(Records, "_things", counted)
        do()
    return count


def test_a_scan_reads_its_own_line_only(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = receiving.begin()
    for number in range(60):
        receiving.add_unknown(delivery, f"unknown {number}")
    receiving.add(delivery, product(1))
    assert read_by(monkeypatch, lambda: receiving.add(delivery, product(1))) == 1
    assert read_by(monkeypatch, lambda: receiving.add(delivery, product(2))) == 0
    assert read_by(monkeypatch, lambda: receiving.add_unknown(delivery, "unknown 7")) == 1
    lines = receiving.lines(delivery)
    assert [line.no for line in lines] == [*range(1, 63)]
    assert (lines[7].quantity, lines[60].quantity) == (2, 2)


def test_each_batch_has_its_line_and_one_that_was_taken_out_begins_anew(
    receiving: Receiving,
) -> None:
    delivery = receiving.begin()
    receiving.add(delivery, product(1), batch="A/1")
    first = receiving.add(delivery, product(1), batch="A")
    receiving.add(delivery, product(1), batch="A")
    receiving.add(delivery, product(1), batch="A/1")
    assert figures(receiving.lines(delivery)) == [(1, "P1", "A/1", 2), (2, "P1", "A", 2)]
    receiving.change(replace(first, quantity=Decimal(0)))
    receiving.add(delivery, product(1), batch="A")
    assert figures(receiving.lines(delivery)) == [(1, "P1", "A/1", 2), (3, "P1", "A", 1)]


def test_an_unknown_code_that_was_settled_counts_up_as_its_product(receiving: Receiving) -> None:
    delivery = receiving.begin()
    line = receiving.add_unknown(delivery, "x" * 150)
    receiving.add_unknown(delivery, "x" * 150)
    assert figures(receiving.lines(delivery)) == [(1, "x" * 100, "", 2)]
    one = product(1)
    receiving.change(replace(line, product_id=one.id, code=one.code, name=one.name))
    receiving.add(delivery, one)
    assert figures(receiving.lines(delivery)) == [(1, "P1", "", 2)]
    receiving.book(delivery)
