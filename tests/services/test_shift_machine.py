"""Whatever happens at a drawer, its books follow from the journal and never go below zero unasked.

A state machine opens, sells, gives back, moves cash, counts, closes, restarts and sets the clock
back. Beside the till a second set of books is kept with plain sums.
"""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pos_app.domain.cash_movement import LessInDrawer, MovementKind
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale
from pos_app.domain.shift import CountFirst, CountIsStale, NoShiftOpen, ShiftState
from pos_app.services.drawer_guard import RefundAboveDrawer
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
)


class Books:
    """Plain sums of what the drawer and the shift should say, in cents."""

    def __init__(self) -> None:
        self.drawer = self.dollars = 0
        self.turnover = self.ever = self.documents = 0
        self.is_open = False
        self.left = 0
        self.z = 0
        self.day = ""

    def next_day(self, day: str) -> None:
        """Before the first shift only the last day waits for a report."""
        if self.z == 0 and not self.is_open and day != self.day:
            self.turnover = self.documents = 0
            self.day = day

    def sold(self, sale: Sale) -> None:
        self.next_day(sale.stamp.business_day.isoformat())
        held = sum(line.figures.gross.minor for line in sale.lines if line.kind in HELD)
        self.turnover += sale.gross.minor - held
        self.ever += sale.gross.minor - held
        self.documents += 1
        for tender in sale.tenders:
            if tender.method is not CASH:
                continue
            if tender.foreign is None:
                self.drawer += tender.tendered.minor - tender.change.minor
            else:
                self.drawer -= tender.change.minor
                self.dollars += tender.foreign.tendered.minor


HELD = (GIFT_CARD.kind, TIP.kind, DEPOSIT.kind)
some_goods = st.lists(st.sampled_from([*GOODS, GIFT_CARD, TIP, DEPOSIT]), min_size=1, max_size=3)


class Drawer(RuleBasedStateMachine):
    """One till from its first opening to its last closing."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.day = CashDay(self.folder / "shop.db")
        self.books = Books()
        self.sold: list[Sale] = []
        self.was_asked = False

    @precondition(lambda self: not self.books.is_open)
    @rule(short=st.integers(0, 300))
    def open(self, short: int) -> None:
        lies_there = max(self.books.left + self.books.drawer - short, 0)
        dollars = Money(self.books.dollars, "USD")
        shift = self.day.shifts.open(counted(Money(lies_there, "EUR"), dollars))
        self.books.next_day(shift.business_day.isoformat())
        self.books.drawer = lies_there
        self.books.is_open = True
        self.books.left = 0

    @rule(goods=some_goods, method=st.sampled_from([CASH, CARD]), note=st.sampled_from([0, 200]))
    def sell(self, goods: list, method: object, note: int) -> None:
        tendered = note if note and method is CASH else None
        sale = self.day.sell(*goods, method=method, tendered=tendered)
        self.books.sold(sale)
        self.sold.append(sale)

    @rule()
    def sell_for_dollars(self) -> None:
        cart_worth = 20
        try:
            self.books.sold(self.day.sell_for_dollars(cart_worth, GOODS[1]))
        except RefundAboveDrawer:
            assert self.books.is_open

    @precondition(lambda self: self.sold)
    @rule(pick=st.randoms(use_true_random=False), method=st.sampled_from([CASH, CARD]))
    def give_back(self, pick: object, method: object) -> None:
        sale = pick.choice(self.sold)  # type: ignore[attr-defined]
        line = sale.lines[0]
        if self.day.store.sales.returned(sale.id, line.line_no) >= line.quantity:
            return
        before = self.day.store.sales.count()
        try:
            self.books.sold(self.day.give_back(sale, line.line_no, method))
        except RefundAboveDrawer:
            assert self.day.store.sales.count() == before
            assert self.books.drawer < line.figures.gross.minor + 5

    @rule(kind=st.sampled_from(MovementKind), minor=st.integers(1, 6_000))
    def move(self, kind: MovementKind, minor: int) -> None:
        try:
            self.day.shifts.move(kind, Money(minor, "EUR"), "reason")
        except NoShiftOpen:
            assert not self.books.is_open
        except LessInDrawer:
            assert kind.is_out
            assert minor > self.books.drawer
        else:
            self.books.drawer += -minor if kind.is_out else minor

    @precondition(lambda self: self.books.is_open)
    @rule(off=st.integers(-500, 500), is_sure=st.booleans())
    def count(self, off: int, is_sure: bool) -> None:
        found = max(self.books.drawer + off, 0)
        counts = counted(Money(found, "EUR"), Money(self.books.dollars, "USD"))
        do = self.day.shifts.confirm_count if is_sure else self.day.shifts.keep_count
        shift = do(counts)
        assert shift.counts == counts
        if is_sure:
            self.day.shifts.causes()

    @precondition(lambda self: self.books.is_open)
    @rule(
        keep=st.sampled_from([None, 0, 5_000, 30_000]),
        counts_first=st.sampled_from([True, True, False]),
    )
    def close(self, keep: int | None, counts_first: bool) -> None:
        if counts_first:
            self.count(-3, True)
        shift = self.day.shifts.current()
        assert shift is not None
        wanted = None if keep is None else Money(keep, "EUR")
        try:
            done = self.day.shifts.close(shift.id, wanted)
        except (CountFirst, CountIsStale):
            assert shift.state is not ShiftState.COUNTED or self.is_stale(shift)
            return
        report = done.report
        assert report is not None
        self.books.z += 1
        assert report.number == self.books.z
        assert report.sales.turnover.minor == self.books.turnover
        assert report.sales.document_count == self.books.documents
        assert report.grand_total.minor == self.books.ever
        assert report.drawers[0].expected.minor == self.books.drawer
        kept = sum(one.total.minor for one in done.kept if one.currency == "EUR")
        self.books.dollars = sum(one.total.minor for one in done.kept if one.currency == "USD")
        self.books.left, self.books.drawer = kept, 0
        self.books.turnover = self.books.documents = 0
        self.books.is_open = False
        assert self.day.shifts.close(shift.id) == done

    def is_stale(self, shift: object) -> bool:
        told = {one.currency: one.minor for one in shift.expected}  # type: ignore[attr-defined]
        now = {"EUR": self.books.drawer, "USD": self.books.dollars}
        return any(told.get(code, 0) != minor for code, minor in now.items())

    @rule()
    def restart(self) -> None:
        before = self.day.shifts.current()
        self.day.restart()
        assert self.day.shifts.current() == before

    @rule(hours=st.sampled_from([-30, -1, 5, 26]))
    def set_clock(self, hours: int) -> None:
        self.day.moment += timedelta(hours=hours)

    @invariant()
    def the_drawer_is_as_the_books_say(self) -> None:
        shift = self.day.shifts.current()
        assert (shift is not None) == self.books.is_open
        if shift is None:
            return
        report = self.day.shifts.figures()
        own = report.drawers[0].expected.minor
        assert own == self.books.drawer
        assert own >= 0
        assert report.sales.turnover.minor == self.books.turnover
        dollars = report.drawer("USD")
        assert (dollars.expected.minor if dollars else 0) == self.books.dollars

    def teardown(self) -> None:
        self.day.store.close()
        try:
            assert verify(self.day.path).faults == ()
        finally:
            shutil.rmtree(self.folder)


Drawer.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_a_drawer_from_opening_to_closing = Drawer.TestCase
