"""A day of 1,500 sales in four shifts: each Z is what the journal's own entries add up to."""

import json
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.payment import TenderRequest
from pos_app.services.verification import verify
from tests.services.cash_day import (
    CARD,
    CASH,
    DEPOSIT,
    GIFT_CARD,
    GOODS,
    TIP,
    CashDay,
    counted,
    eur,
    euros,
)

SALES, SHIFTS = 1_500, 4
HELD = {"gift_card", "tip", "deposit", "account_payment"}


def sell_many(day: CashDay, count: int, dice: random.Random) -> None:
    """So many sales in few transactions, of every kind and method."""
    with day.store.transaction() as tx:
        for _ in range(count):
            goods = dice.choices([*GOODS, *GOODS, GIFT_CARD, TIP, DEPOSIT], k=dice.randint(1, 4))
            method = dice.choice([CASH, CASH, CARD])
            tendered = eur(500) if method is CASH and dice.random() < 0.7 else None
            request = TenderRequest(method, tendered=tendered)
            day.checkout.complete_in(tx, day.cart(*goods), [request])


def told_sums(payloads: list[dict[str, Any]]) -> dict[str, Any]:
    """The sums of a shift from nothing but its journal entries."""
    tenders: Counter[str] = Counter()
    taxes: Counter[str] = Counter()
    held = sum(line["gross"] for sale in payloads for line in sale["lines"] if line["kind"] in HELD)
    for sale in payloads:
        for tender in sale["tenders"]:
            tenders[tender["method"]] += tender["tendered"] - tender["change"]
        for tax in sale["taxes"]:
            taxes[tax["code"]] += tax["amount"]
    gross = sum(sale["gross"] for sale in payloads)
    return {
        "count": len(payloads),
        "gross": gross,
        "turnover": gross - held,
        "tax": sum(sale["tax"] for sale in payloads),
        "rounding": sum(sale["rounding"] for sale in payloads),
        "tenders": dict(tenders),
        "taxes": dict(taxes),
    }


def test_every_z_of_a_busy_day_is_the_sum_of_its_journal_entries(tmp_path: Path) -> None:
    day = CashDay(tmp_path / "shop.db")
    dice = random.Random(7)
    for _ in range(SHIFTS):
        left = day.shifts.left_in_drawer()
        day.shifts.open(counted(*left) if left else [euros(100)])
        sell_many(day, SALES // SHIFTS, dice)
        day.shifts.move(MovementKind.DROP, eur(50), "safe")
        expected = [one.expected for one in day.shifts.figures().drawers]
        shift = day.shifts.confirm_count(counted(*expected))
        day.shifts.close(shift.id, eur(100))
    entries = []
    seq = 0
    while some := day.store.journal.entries(seq):
        entries += some
        seq = some[-1].seq
    grand = closings = 0
    sales: list[dict[str, Any]] = []
    for entry in entries:
        told = json.loads(entry.payload)
        if entry.kind == "sale_completed":
            sales.append(told)
        elif entry.kind == "shift_closed":
            closings += 1
            report = told["state"]["report"]
            wanted = told_sums(sales)
            figures = report["sales"]
            grand += wanted["turnover"]
            assert {
                "count": sum(one["count"] for one in figures["documents"]),
                "gross": figures["gross"]["minor"],
                "turnover": report["grand_total"]["minor"] - report["grand_total_before"]["minor"],
                "tax": figures["tax"]["minor"],
                "rounding": figures["rounding"]["minor"],
                "tenders": {
                    one["method"]: one["taken"]["minor"] - one["given_back"]["minor"]
                    for one in figures["tenders"]
                },
                "taxes": {one["tax"]["code"]: one["amount"]["minor"] for one in figures["taxes"]},
            } == wanted
            assert report["number"] == closings
            assert report["grand_total"]["minor"] == grand
            drawer = report["drawers"][0]
            opening = drawer["opening"]["minor"]
            assert drawer["expected"]["minor"] == opening + wanted["tenders"]["cash"] - 5_000
            sales = []
    assert closings == SHIFTS
    assert not sales
    assert Decimal(day.store.sequences.last("z")) == SHIFTS
    day.store.close()
    assert verify(day.path).faults == ()
