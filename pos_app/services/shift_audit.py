"""Whether every Z report is what the journal says: figures, drawer, numbers and grand total.

Only the shift in progress is in memory, however many sales and shifts there were.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money
from pos_app.domain.plain import UNREADABLE
from pos_app.services.heard import Heard
from pos_app.services.payload_difference import first_difference
from pos_app.services.told_takings import ToldCash, ToldSales
from pos_app.store.inspection import Inspection

Payload = Mapping[str, Any]
Located = tuple[str, str]
_MOST_FAULTS = 20
_EVENTS = (
    "drawer_opened",
    "line_removed",
    "quantity_lowered",
    "price_overridden",
    "discount_given",
    "sale_discarded",
    "receipt_reprinted",
    "payment_given_back",
    "approval_given",
    "approval_refused",
)


class ShiftAudit:
    """Hears every entry in order; a wrong payload is left to other checks."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        self._found: list[Located] = []
        self._grand: dict[str, int] = {}  # all turnover ever, by currency
        self._rows = 0
        self._z = self._shift = self._slip = 0
        self._since = {"sale_row": 0, "seq": 0}
        self._day = ""
        self._kept: dict[str, int] | None = None
        self._opened: Payload | None = None
        self._seq_of_last = 0
        self._hearers: dict[str, Callable[[Payload, int], None]] = {
            FactKind.SALE_COMPLETED: self._hear_sale,
            FactKind.SHIFT_OPENED: self._hear_opening,
            FactKind.CASH_MOVED: self._hear_movement,
            FactKind.SHIFT_CLOSED: self._hear_closing,
        }
        self._since_sale: dict[str, int] = {}
        self._begin_period()
        self._begin_drawer()

    def hear(self, heard: Heard) -> None:
        """Take note of an entry."""
        kind = heard.entry.kind
        hearer = self._hearers.get(kind)
        if kind in _EVENTS:
            for counts in (self._events, self._since_sale):
                counts[kind] = counts.get(kind, 0) + 1
        if hearer is None or not heard.told:
            return
        try:
            hearer(heard.told, heard.entry.seq)
        except UNREADABLE:
            return  # the entry was changed, and its hash says so

    def faults(self) -> Iterator[Located]:
        """Yield what does not agree, the first shift first."""
        yield from self._found
        for series, last in (("z", self._z), ("shift", self._shift), ("cash slip", self._slip)):
            number = self._inspection.last_number(series)
            if number != last:
                where = f"series {series}"
                yield where, f"{where} stands at {number}, the journal ends at {last}"

    def _hear_sale(self, sale: Payload, seq: int) -> None:
        if self._shift == 0:
            self._begin_day(sale["business_day"])
        self._rows += 1
        self._seq_of_last = seq
        self._since_sale = {}
        code = sale["currency"]
        before = self._sales.setdefault(code, ToldSales())
        turnover = before.turnover
        before.hear(sale)
        self._grand[code] = self._grand.get(code, 0) + before.turnover - turnover
        self._cash.setdefault(code, ToldCash()).hear(sale["tenders"])

    def _hear_opening(self, told: Payload, seq: int) -> None:
        state = told["state"]
        where = f"shift {state['number']}"
        code = state["currency"]
        if self._opened is not None:
            self._fault(where, f"was opened while shift {self._opened['number']} was open")
        if self._shift == 0:
            self._begin_day(state["business_day"])
        self._shift += 1
        self._compare(where, "number", state["number"], self._shift)
        self._compare(where, "period", state["since"], self._since)
        self._compare(where, "opening", state["opened"], {"sale_row": self._rows, "seq": seq - 1})
        before = self._grand.get(code, 0) - self._period_of(code).turnover
        self._compare(where, "grand total before", state["grand_total_before"], _m(before, code))
        if self._kept is not None:
            expected = {m["currency"]: m["minor"] for m in state["opening_expected"]}
            self._compare(where, "expected opening", _nonzero(expected), self._left(code))
        self._opened = state
        self._begin_drawer()

    def _hear_movement(self, told: Payload, _seq: int) -> None:
        state = told["state"]
        where = f"cash slip {state['number']}"
        self._slip += 1
        self._compare(where, "number", state["number"], self._slip)
        if self._opened is None or state["shift_id"] != self._opened["id"]:
            self._fault(where, "moved cash of a shift that was not open")
        amount, code = state["amount"]["minor"], state["amount"]["currency"]
        if amount <= 0:
            self._fault(where, f"moved {amount}")
        self._movements += 1
        sums = self._moved.setdefault(code, {"pay_in": 0, "pay_out": 0, "drop": 0})
        sums[state["kind"]] += amount

    def _hear_closing(self, told: Payload, _seq: int) -> None:
        state = told["state"]
        report = state["report"]
        self._z += 1
        where = f"Z report {report['number']}"
        self._compare(where, "number", report["number"], self._z)
        if self._opened is None or self._opened["id"] != state["id"]:
            self._fault(where, "closes a shift that was not open")
        for name in ("opening", "since", "opened", "opened_at", "grand_total_before"):
            if self._opened is not None:
                self._compare(where, name, state[name], self._opened[name])
        self._check_report(where, state)
        self._check_parting(where, state)
        self._compare(where, "end", state["ended"]["sale_row"], self._rows)
        self._since = dict(state["ended"])
        self._kept = {count["currency"]: _total(count) for count in state["kept"]}
        self._opened = None
        self._begin_period()

    def _check_report(self, where: str, state: Payload) -> None:
        report, code = state["report"], state["currency"]
        period = self._period_of(code)
        others = {
            other: sums.totals["gross"] for other, sums in self._sales.items() if other != code
        }
        wanted = {
            **report,
            "sales": period.plain(code, others),
            "events": [
                {"kind": kind, "count": self._events[kind]}
                for kind in _EVENTS
                if kind in self._events
            ],
            "drawers": self._drawers(state),
            "cash_before_opening": _m(period.cash.own - self._cash_of(code).own, code),
            "movement_count": self._movements,
            "grand_total_before": _m(self._grand.get(code, 0) - period.turnover, code),
            "grand_total": _m(self._grand.get(code, 0), code),
        }
        if proof := report.get("head_office"):
            self._compare(where, "count of receipts", proof["here"], self._rows)
        difference = first_difference(_written(report), _written(wanted))
        if difference:
            difference = difference.replace("in the rows", "in the report")
            self._fault(where, f"{difference}, worked out again")

    def _drawers(self, state: Payload) -> list[Payload]:
        code = state["currency"]
        codes = dict.fromkeys((code, *(count["currency"] for count in state["opening"])))
        codes |= dict.fromkeys(sorted(self._cash_of(code).foreign))
        codes |= dict.fromkeys(self._moved)
        codes |= dict.fromkeys(count["currency"] for count in state["counts"])
        return [self._drawer(state, one) for one in codes]

    def _drawer(self, state: Payload, code: str) -> Payload:
        own = state["currency"]
        opening = sum(_total(c) for c in state["opening"] if c["currency"] == code)
        counted = sum(_total(c) for c in state["counts"] if c["currency"] == code)
        sold = self._cash_of(own).of(code, own)
        moved = self._moved.get(code, {"pay_in": 0, "pay_out": 0, "drop": 0})
        expected = opening + sold + moved["pay_in"] - moved["pay_out"] - moved["drop"]
        figures = {
            "opening": opening,
            "sold": sold,
            "paid_in": moved["pay_in"],
            "paid_out": moved["pay_out"],
            "dropped": moved["drop"],
            "expected": expected,
            "counted": counted,
            "difference": counted - expected,
        }
        return {name: _m(minor, code) for name, minor in figures.items()}

    def _check_parting(self, where: str, state: Payload) -> None:
        """What stays and what is bagged must be what was counted, piece by piece."""
        counted, parted = _pieces(state["counts"]), _pieces((*state["kept"], *state["bagged"]))
        if counted != parted:
            self._fault(where, "what was kept and bagged is not what was counted")

    def _left(self, code: str) -> dict[str, int]:
        """What the last closing left and what was sold since, by currency."""
        left = dict(self._kept or {})
        cash = self._period_of(code).cash
        left[code] = left.get(code, 0) + cash.own
        for other, (_, notes, _) in cash.foreign.items():
            left[other] = left.get(other, 0) + notes
        return _nonzero(left)

    def _period_of(self, code: str) -> ToldSales:
        return self._sales.get(code) or ToldSales()

    def _cash_of(self, code: str) -> ToldCash:
        return self._cash.get(code) or ToldCash()

    def _begin_day(self, day: str) -> None:
        """Before the first shift only the last day's documents wait for a report."""
        if self._rows and day != self._day:
            self._begin_period()
            self._events.update(self._since_sale)  # they come after the last document, and so here
            self._since = {"sale_row": self._rows, "seq": self._seq_of_last}
        self._day = day

    def _begin_period(self) -> None:
        self._sales: dict[str, ToldSales] = {}
        self._events: dict[str, int] = {}

    def _begin_drawer(self) -> None:
        self._cash: dict[str, ToldCash] = {}
        self._moved: dict[str, dict[str, int]] = {}
        self._movements = 0

    def _compare(self, where: str, name: str, told: object, wanted: object) -> None:
        if told != wanted:
            self._fault(where, f"has a {name} of {told}; the journal before it gives {wanted}")

    def _fault(self, where: str, sentence: str) -> None:
        if len(self._found) < _MOST_FAULTS:
            self._found.append((where, f"{where} {sentence}"))


def _written(plain: Any) -> Any:
    """Write amounts as people read them, so that a fault names the figure and not its parts."""
    if isinstance(plain, list):
        return [_written(one) for one in plain]
    if not isinstance(plain, dict):
        return plain
    if set(plain) == {"minor", "currency"}:
        return str(Money(plain["minor"], plain["currency"]))
    return {name: _written(value) for name, value in plain.items()}


def _m(minor: int, code: str) -> dict[str, Any]:
    return {"minor": minor, "currency": code}


def _nonzero(amounts: Mapping[str, int]) -> dict[str, int]:
    return {code: minor for code, minor in amounts.items() if minor}


def _total(count: Payload) -> int:
    """A count's total in minor units of its own currency."""
    amount = sum((Decimal(one["value"]) * one["count"] for one in count["pieces"]), Decimal(0))
    return Money.of(amount + Decimal(count["loose"]), count["currency"]).minor


def _pieces(counts: Any) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = {}
    for count in counts:
        for one in count["pieces"]:
            key = (count["currency"], one["value"])
            found[key] = found.get(key, Decimal(0)) + one["count"]
        key = (count["currency"], "loose")
        found[key] = found.get(key, Decimal(0)) + Decimal(count["loose"])
    return {key: number for key, number in found.items() if number}
