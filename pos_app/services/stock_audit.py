"""Whether deliveries, average costs and stock takes are what the journal before them makes of them.

A booked delivery or stock take has to stand beside one STOCK_MOVED entry that moves exactly its
lines; each average is worked out again from the levels and the lines. In memory are the levels
and averages by product, and the lines of what is open.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from pos_app.domain.facts import FactKind
from pos_app.domain.plain import UNREADABLE
from pos_app.domain.stock_value import average_after
from pos_app.services.heard import Heard
from pos_app.store.inspection import Inspection

Payload = Mapping[str, Any]
Located = tuple[str, str]
Moves = dict[tuple[str, str, str], Decimal]
_MOST_FAULTS = 20


class StockAudit:
    """Hears every entry in order; a wrong payload is left to other checks."""

    def __init__(self, _inspection: Inspection) -> None:
        self._found: list[Located] = []
        self._levels: dict[str, Decimal] = {}
        self._averages: dict[str, Decimal] = {}
        self._lines: dict[str, dict[str, Payload]] = {}  # of open deliveries
        self._counts: dict[str, dict[str, Payload]] = {}  # of open stock takes
        self._closed: set[str] = set()
        self._told_averages: list[tuple[str, Decimal]] = []  # of the delivery being booked
        self._last_moves: Moves | None = None  # nothing but an entry of its own came since
        self._before_moves: dict[str, Decimal] = {}
        self._hearers: dict[str, Callable[[Payload], None]] = {
            FactKind.SALE_COMPLETED: lambda told: self._move(told["stock"]),
            FactKind.STOCK_MOVED: self._hear_moves,
            FactKind.PRODUCTS_IMPORTED: lambda told: self._move(told.get("moves") or []),
            FactKind.AVERAGE_COST_CHANGED: self._hear_average,
            FactKind.GOODS_RECEIVED: self._hear_delivery,
            FactKind.STOCK_TAKE_COUNTED: self._hear_take,
            FactKind.STOCK_TAKE_OPENED: self._hear_take,
            FactKind.STOCK_TAKE_CLOSED: self._hear_take,
        }

    def hear(self, heard: Heard) -> None:
        """Take note of an entry."""
        kind = heard.entry.kind
        hearer = self._hearers.get(kind)
        if hearer is not None and heard.told:
            with suppress(*UNREADABLE):  # the entry was changed then, and its hash says so
                hearer(heard.told)
        if kind != FactKind.STOCK_MOVED:
            self._last_moves = None

    def faults(self) -> Iterator[Located]:
        """Yield what does not agree, the first first."""
        self._no_stray_average()
        yield from self._found

    def _hear_moves(self, told: Payload) -> None:
        self._before_moves = {
            move["product"]: self._levels.get(move["product"], Decimal(0)) for move in told["moves"]
        }
        self._last_moves = _moves(told["moves"])
        self._move(told["moves"])

    def _move(self, moves: list[Payload]) -> None:
        for move in moves:
            level = self._levels.get(move["product"], Decimal(0))
            self._levels[move["product"]] = level + Decimal(move["quantity"])

    def _hear_average(self, told: Payload) -> None:
        if told["record"] == "average_cost":
            average = Decimal(told["state"]["average"])
            self._told_averages.append((told["state"]["product_id"], average))

    def _hear_delivery(self, told: Payload) -> None:
        state = told["state"]
        if told["record"] == "delivery_line":
            self._hear_line(told["id"], state)
            return
        if told["record"] != "delivery":
            return
        if state["id"] in self._closed:
            self._fault(told["id"], "was changed after it was booked or given up")
        elif state["state"] == "open":
            self._lines.setdefault(state["id"], {})
        else:
            lines = self._lines.pop(state["id"], {})
            self._closed.add(state["id"])
            if state["state"] == "booked":
                self._check_booking(state, [lines[key] for key in sorted(lines)])

    def _hear_line(self, line_id: str, state: Payload) -> None:
        if state["delivery_id"] in self._closed:
            self._fault(line_id, "was changed after its delivery was booked or given up")
        self._lines.setdefault(state["delivery_id"], {})[line_id] = state

    def _check_booking(self, delivery: Payload, lines: list[Payload]) -> None:
        lines = [line for line in lines if Decimal(line["quantity"])]
        moved: Moves = {}
        for line in lines:
            key = (line["product_id"], delivery["location"], "receipt")
            moved[key] = moved.get(key, Decimal(0)) + Decimal(line["quantity"])
        where = delivery["id"]
        if moved != self._last_moves:
            self._fault(where, "was booked, but the stock was not moved by its lines")
        wanted = list(self._worked_out(lines))
        if wanted != self._told_averages:
            self._fault(where, "has other average costs than its lines make")
        self._averages.update(self._told_averages)
        self._told_averages = []

    def _worked_out(self, lines: list[Payload]) -> Iterator[tuple[str, Decimal]]:
        """The average after each line with a cost, in their order."""
        received: dict[str, Decimal] = {}
        averages: dict[str, Decimal] = {}
        for line in lines:
            product, quantity = line["product_id"], Decimal(line["quantity"])
            level = self._before_moves.get(product, Decimal(0))
            level += received.get(product, Decimal(0))
            if line["unit_cost"] is not None:
                before = averages.get(product, self._averages.get(product))
                cost = Decimal(line["unit_cost"])
                averages[product] = average_after(before, level, quantity, cost)
                yield product, averages[product]
            received[product] = received.get(product, Decimal(0)) + quantity

    def _hear_take(self, told: Payload) -> None:
        state = told["state"]
        if told["record"] == "stock_count":
            if state["take_id"] in self._closed:
                self._fault(told["id"], "was counted after its stock take was closed")
            self._counts.setdefault(state["take_id"], {})[state["product_id"]] = state
            return
        if told["record"] != "stock_take":
            return
        if state["id"] in self._closed:
            self._fault(told["id"], "was changed after it was closed")
        elif state["state"] in ("booked", "discarded"):
            counts = self._counts.pop(state["id"], {})
            self._closed.add(state["id"])
            if state["state"] == "booked":
                self._check_take(state, counts)

    def _check_take(self, take: Payload, counts: dict[str, Payload]) -> None:
        wanted: Moves = {}
        for product, count in counts.items():
            difference = Decimal(count["counted"]) - Decimal(count["expected"])
            if difference:
                wanted[product, take["location"], "count"] = difference
        if wanted != (self._last_moves or {}):
            self._fault(take["id"], "was booked, but the stock was not moved by its differences")

    def _no_stray_average(self) -> None:
        for product, _ in self._told_averages:
            self._fault(product, "has an average cost that no delivery explains")
        self._told_averages = []

    def _fault(self, where: str, sentence: str) -> None:
        if len(self._found) < _MOST_FAULTS:
            self._found.append((where, f"{where} {sentence}"))


def _moves(moves: list[Payload]) -> Moves:
    found: Moves = {}
    for move in moves:
        key = (move["product"], move["location"], move["reason"])
        found[key] = found.get(key, Decimal(0)) + Decimal(move["quantity"])
    return found
