"""Shifts: opening the drawer with a float, moving cash, reading X, counting, closing with a Z.

Each use case is one transaction. Closing is a fact of this till and needs nobody else: report,
number, grand total, float and print job stand or fall together, so that a crash cannot double it.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from pos_app.domain import shift as rules
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.cash_count import CashCount, total_of
from pos_app.domain.cash_movement import (
    CashMovement,
    CurrencyNotTaken,
    MovementKind,
    check_movement,
)
from pos_app.domain.denominations import counted_denominations
from pos_app.domain.difference import Cause, Evidence, likely_causes
from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.float_plan import FloatPlan, plan_float
from pos_app.domain.ids import uuid7
from pos_app.domain.money import Money
from pos_app.domain.shift import NoShiftOpen, Shift, ShiftAlreadyOpen, ShiftWarning
from pos_app.domain.shift_report import DrawerFigure, ShiftReport, expected_cash
from pos_app.services.authority import UNRESTRICTED, Authority
from pos_app.services.cash_paper import (
    keep_drawer,
    keep_movement,
    keep_opening,
    keep_sheet,
    keep_x,
    keep_z,
)
from pos_app.services.shift_records import (
    MOVEMENT,
    SHIFT,
    drawers_of,
    in_drawer,
    last_closed,
    left_in_drawer,
    movements_of,
    open_shift_of,
    period_start,
    report_of,
    turnover_before,
)
from pos_app.services.time_zones import business_day

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

Z_SERIES, SHIFT_SERIES, SLIP_SERIES = "z", "shift", "cash slip"
_EARLIER_SHIFTS = 10


def _nothing(_printers: Sequence[str]) -> None:
    """Stand in for a printer that nobody gave."""


class Shifts:
    """The use cases of the drawer; `on_paper` is told of printers that got a job to do.

    `staff` is a code, or says whose code it is at the moment.
    """

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        staff: str | Callable[[], str] = "1",
        authority: Authority = UNRESTRICTED,
        on_paper: Callable[[Sequence[str]], None] = _nothing,
    ) -> None:
        self._store = store
        self._now = now
        self._staff = staff
        self.authority = authority
        self._on_paper = on_paper

    @property
    def staff(self) -> str:
        """The code of whoever is at the till."""
        return self._staff if isinstance(self._staff, str) else self._staff()

    @property
    def drawer(self) -> str:
        """The drawer of this till; a till has one."""
        return self._store.identity.till

    @property
    def hides_cash(self) -> bool:
        """Whether the shop counts blind and whoever is at the till may not see the cash before.

        Seeing it belongs to those who may alone agree to any difference.
        """
        if not self._store.settings.shop().cash.is_blind:
            return False
        any_difference = ApprovalRequest(Action.CASH_DIFFERENCE)
        return not (self.authority.has_staff() and self.authority.allows(any_difference))

    @property
    def hidden_from(self) -> date | None:
        """The first business day whose takings would tell what the drawer holds; None for none."""
        return shift.business_day if self.hides_cash and (shift := self.current()) else None

    def current(self) -> Shift | None:
        """Return the shift that is not closed."""
        return open_shift_of(self._store, self.drawer)

    def last_closed(self) -> Shift | None:
        """Return the shift with the latest Z report."""
        return last_closed(self._store)

    def closed(self, limit: int = 100) -> list[Shift]:
        """Return the closed shifts, the latest first."""
        return [one for one in self._store.records.latest(SHIFT, limit + 1) if one.is_closed]

    def movements(self, shift: Shift) -> list[CashMovement]:
        """Return what moved in a shift without a sale."""
        return movements_of(self._store, shift.id)

    def left_in_drawer(self) -> tuple[Money, ...]:
        """Return what an opening should find, by currency; nothing where no closing says it."""
        return left_in_drawer(self._store)

    def warnings(self) -> list[ShiftWarning]:
        """Return what is unusual about the open shift."""
        shift, now = self.current(), self._now()
        if shift is None:
            return []
        today = business_day(now, self._store.settings.shop())
        last_at = self._store.takings.last_at() or shift.opened_at
        return rules.warnings_of(shift, now, today, last_at)

    def open(self, opening: Sequence[CashCount]) -> Shift:
        """Open a shift with the float as it was counted; raises ShiftAlreadyOpen."""
        at, shop = self._now(), self._store.settings.shop()
        day, currency = business_day(at, shop), shop.policy.currency
        # Sums over all that was ever sold are taken before the counter has to wait for them.
        since = period_start(self._store, day)
        before = turnover_before(self._store, since, currency)
        with self._store.transaction() as tx:
            known = open_shift_of(tx, self.drawer)
            if known is not None:
                raise ShiftAlreadyOpen(since=f"{known.opened_at:%Y-%m-%d %H:%M} UTC")
            if period_start(tx, day) != since:  # closed meanwhile by another thread
                since = period_start(tx, day)
                before = turnover_before(tx, since, currency)
            shift = Shift(
                id=_new_id(at),
                number=tx.sequences.next(SHIFT_SERIES),
                epoch=self._store.identity.epoch,
                drawer=self.drawer,
                currency=currency,
                since=since,
                opened=tx.takings.mark(),
                opened_at=at,
                opened_by=self.staff,
                business_day=day,
                opening=tuple(opening),
                opening_expected=left_in_drawer(tx),
                grand_total_before=before,
                opened_epoch=self._store.identity.epoch,
            )
            tx.records.put(SHIFT, shift, FactKind.SHIFT_OPENED, at, self.staff)
            printers = keep_opening(tx, shift)
        self._on_paper(printers)
        return shift

    def move(
        self, kind: MovementKind, amount: Money, reason: str, reference: str = ""
    ) -> CashMovement:
        """Put cash in or take it out, with a numbered slip; the drawer opens for it.

        Raises NoShiftOpen, CurrencyNotTaken, what `check_movement` refuses, or ApprovalNeeded.
        """
        at = self._now()
        with self._store.transaction() as tx:
            shift = self._open_shift(tx)
            movement = CashMovement(
                id=_new_id(at),
                shift_id=shift.id,
                number=tx.sequences.next(SLIP_SERIES),
                kind=kind,
                amount=amount,
                reason=reason.strip(),
                at=at,
                by=self.staff,
                reference=reference.strip(),
                epoch=self._store.identity.epoch,
                drawer=self.drawer,
            )
            shop = self._store.settings.shop()
            taken = {shop.policy.currency, *(one.code for one in shop.cash.accepted)}
            if amount.currency not in taken:
                raise CurrencyNotTaken(currency=amount.currency)
            check_movement(movement, in_drawer(tx, shift, amount.currency))
            if kind.is_out:
                request = ApprovalRequest(Action.CASH_OUT, amount, about=movement.reason)
                self.authority.require(request, tx)
            tx.records.put(MOVEMENT, movement, FactKind.CASH_MOVED, at, self.staff)
            after = rules.moved(shift)
            if after != shift:
                details = {"step": "moved"}
                tx.records.put(SHIFT, after, FactKind.CASH_COUNTED, at, self.staff, details)
            printers = keep_movement(tx, movement, at)
        self._on_paper(printers)
        return movement

    def open_drawer(self, reason: str = "") -> None:
        """Open the drawer without a sale and write down why; raises ApprovalNeeded."""
        at = self._now()
        with self._store.transaction() as tx:
            self.authority.require(ApprovalRequest(Action.NO_SALE, about=reason), tx)
            fact = Fact(FactKind.DRAWER_OPENED, {"reason": reason})
            tx.journal.append(fact, at, self.staff)
            printers = keep_drawer(tx, at)
        self._on_paper(printers)

    def figures(self) -> ShiftReport:
        """Return the figures of the open shift as they stand; raises NoShiftOpen."""
        shift, at = self._open_shift(self._store), self._now()
        return report_of(self._store, shift, at, business_day(at, self._store.settings.shop()))

    def read_x(self) -> ShiftReport:
        """Print the figures of the open shift and write down that somebody read them."""
        report = self.figures()
        with self._store.transaction() as tx:
            shift = self._open_shift(tx)
            told = {
                "shift": shift.id,
                "turnover": report.sales.turnover.minor,
                "currency": shift.currency,
            }
            tx.journal.append(Fact(FactKind.SHIFT_READ, told), report.at, self.staff)
            printers = keep_x(tx, shift, report, hides_cash=self.hides_cash)
        self._on_paper(printers)
        return report

    def keep_count(self, counts: Sequence[CashCount]) -> Shift:
        """Keep a count in progress, so that a restart does not lose it; raises NoShiftOpen."""
        return self._counted(lambda shift, _tx: rules.counting(shift, tuple(counts)), "counting")

    def confirm_count(self, counts: Sequence[CashCount]) -> Shift:
        """Confirm a count against what the drawer should hold; raises NoShiftOpen."""
        at = self._now()
        return self._counted(
            lambda shift, tx: rules.confirmed(
                shift, tuple(counts), expected_cash(drawers_of(tx, shift)), at, self.staff
            ),
            "confirmed",
        )

    def give_up_count(self) -> Shift:
        """Go on without the count that was begun; raises NoShiftOpen or NothingCounted."""
        return self._counted(lambda shift, _tx: rules.given_up(shift), "given up")

    def drawers(self, shift: Shift) -> tuple[DrawerFigure, ...]:
        """Return what an open shift's drawer should hold and what was counted, by currency."""
        return drawers_of(self._store, shift, shift.counts)

    def causes(self) -> tuple[Cause, ...]:
        """Return what may explain the difference of a confirmed count, the likeliest first."""
        shift = self._open_shift(self._store)
        drawers = drawers_of(self._store, shift, shift.counts)
        own, *others = (one.difference or Money.zero(one.expected.currency) for one in drawers)
        mine = next((one for one in shift.counts if one.currency == shift.currency), None)
        opened = total_of(shift.opening, shift.currency)
        left = next((m for m in shift.opening_expected if m.currency == shift.currency), opened)
        return likely_causes(
            Evidence(
                difference=own,
                count=mine or CashCount(shift.currency),
                denominations=counted_denominations(
                    shift.currency, self._store.settings.shop().cash.denominations
                ),
                payments=self._store.takings.payments(shift.opened, shift.currency),
                movements=self.movements(shift),
                opening_difference=opened - left,
                others=tuple(others),
                earlier=self._earlier_movements(),
            )
        )

    def plan_float(self, counts: Sequence[CashCount], target: Money) -> FloatPlan:
        """Part the counted cash of one currency into what stays and what is bagged.

        A target of zero plans nothing: everything stays. Raises FloatTooLarge.
        """
        code = target.currency
        mine = next((one for one in counts if one.currency == code), CashCount(code))
        if not target:
            return FloatPlan(mine, CashCount(code), Money.zero(code))
        return plan_float(mine, target)

    def close(
        self,
        shift_id: str,
        target: Money | None = None,
        *,
        note: str = "",
        bag_reference: str = "",
    ) -> Shift:
        """Close a counted shift with its Z report and print it; nothing else is needed.

        A shift that is closed already is given back as it is. `target` is the float to keep; all
        other currencies are bagged with it. Raises NoShiftOpen, CountFirst, CountIsStale,
        FloatTooLarge or ApprovalNeeded.
        """
        at = self._now()
        with self._store.transaction() as tx:
            known = tx.records.get(SHIFT, shift_id)
            if known is None:
                raise NoShiftOpen()
            if known.is_closed:
                return known
            self._require_closing(tx, known)
            ended = tx.takings.mark()
            day = business_day(at, tx.settings.shop())
            number = tx.sequences.next(Z_SERIES)
            report = report_of(tx, known, at, day, number=number, counts=known.counts)
            kept, bagged = self._parted(known, target)
            shift = rules.closed(
                # A shift of a restored store: its Z number may be on paper from before already.
                replace(known, epoch=self._store.identity.epoch),
                report,
                ended,
                at,
                self.staff,
                kept=kept,
                bagged=bagged,
                bag_reference=bag_reference.strip(),
                note=note.strip(),
            )
            tx.records.put(SHIFT, shift, FactKind.SHIFT_CLOSED, at, self.staff)
            printers = keep_z(tx, shift, at)
        self._on_paper(printers)
        return shift

    def print_sheet(self, currency: str) -> None:
        """Print an empty sheet to count a currency on."""
        with self._store.transaction() as tx:
            printers = keep_sheet(tx, currency, self._now())
        self._on_paper(printers)

    def print_z(self, shift: Shift) -> None:
        """Print the Z report of a closed shift again, marked as a copy."""
        at = self._now()
        with self._store.transaction() as tx:
            told = {"shift": shift.id, "z": shift.z_number, "copy": True}
            tx.journal.append(Fact(FactKind.SHIFT_READ, told), at, self.staff)
            printers = keep_z(tx, shift, at, is_copy=True)
        self._on_paper(printers)

    def _open_shift(self, source: "Store | Transaction") -> Shift:
        shift = open_shift_of(source, self.drawer)
        if shift is None:
            raise NoShiftOpen()
        return shift

    def _counted(self, change: "Callable[[Shift, Transaction], Shift]", step: str) -> Shift:
        at = self._now()
        with self._store.transaction() as tx:
            shift = change(self._open_shift(tx), tx)
            details = {"step": step}
            tx.records.put(SHIFT, shift, FactKind.CASH_COUNTED, at, self.staff, details)
        return shift

    def _require_closing(self, tx: "Transaction", shift: Shift) -> None:
        rules.state_after(shift.state, rules.ShiftAction.CLOSE)
        self.authority.require(ApprovalRequest(Action.CLOSE_SHIFT), tx)
        for drawer in drawers_of(tx, shift, shift.counts):
            if drawer.difference:
                size = Money(abs(drawer.difference.minor), drawer.difference.currency)
                self.authority.require(ApprovalRequest(Action.CASH_DIFFERENCE, size), tx)

    def _parted(
        self, shift: Shift, target: Money | None
    ) -> tuple[tuple[CashCount, ...], tuple[CashCount, ...]]:
        """Return what stays in the drawer and what is bagged, without currencies of nothing."""
        if target is None or not target:
            return shift.counts, ()
        plan = self.plan_float(shift.counts, target)
        others = [one for one in shift.counts if one.currency != target.currency]
        bagged = tuple(one for one in (plan.bagged, *others) if one.total)
        return ((plan.kept,) if plan.kept.total else ()), bagged

    def _earlier_movements(self) -> list[CashMovement]:
        shifts = self.closed(_EARLIER_SHIFTS)
        return [movement for shift in shifts for movement in self.movements(shift)]


def _new_id(at: datetime) -> str:
    return uuid7(int(at.timestamp() * 1000), secrets.randbits(74))
