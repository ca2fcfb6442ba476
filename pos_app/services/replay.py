"""A shift once more, step by step as the cashier saw it: the journal's entries folded into frames.

The journal does not tell of single scans: a sale's lines appear together when it is finished. What
was taken out, lowered, sold at another price or given back on the way stands at its own moment.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pos_app.domain.cart import SaleKind
from pos_app.domain.cash_count import total_of
from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.facts import FactKind
from pos_app.domain.journal import JournalEntry
from pos_app.domain.payment import TenderMethod
from pos_app.domain.shift import Shift
from pos_app.domain.shift_report import HELD_KINDS
from pos_app.services.journal_reading import GROUPS, Check, FactGroup
from pos_app.services.shift_records import SHIFT

if TYPE_CHECKING:
    from pos_app.store.store import Store

FRAMES_MOST = 20_000
_AT_ONCE = 500
_SHOWN = frozenset(
    kind.value
    for group in (FactGroup.SALES, FactGroup.CART, FactGroup.CASH, FactGroup.STAFF)
    for kind in GROUPS[group]
)
EXCEPTIONS = frozenset(
    kind.value
    for kind in (
        *(FactKind.LINE_REMOVED, FactKind.PRICE_OVERRIDDEN, FactKind.QUANTITY_LOWERED),
        *(FactKind.DISCOUNT_GIVEN, FactKind.PAYMENT_GIVEN_BACK, FactKind.SALE_DISCARDED),
        *(FactKind.DRAWER_OPENED, FactKind.SIGN_IN_REFUSED, FactKind.APPROVAL_REFUSED),
        *(FactKind.CARD_DECLINED, FactKind.CARD_OWED, FactKind.RECEIPT_REPRINTED),
    )
)
_HELD = frozenset(kind.value for kind in HELD_KINDS)


class RowKind(StrEnum):
    """What a row of the cart stands for."""

    SOLD = "sold"
    REMOVED = "removed"
    LOWERED = "lowered"
    PRICE = "price"
    DISCOUNT = "discount"
    GIVEN_BACK = "given_back"


class CartState(StrEnum):
    """What became of the cart on the screen."""

    EMPTY = "empty"
    OPEN = "open"
    PARKED = "parked"
    DISCARDED = "discarded"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """One row of the cart; amounts in minor units, texts are plain numbers, empty if not told."""

    kind: RowKind
    name: str
    quantity: str = ""
    unit_price: str = ""
    amount: int | None = None
    before: str = ""
    reason: str = ""
    percent: str = ""


@dataclass(frozen=True, slots=True)
class ReplayCart:
    """The cart as far as it is told; `total`, `paid` and `change` in minor units."""

    id: str = ""
    rows: tuple[ReplayRow, ...] = ()
    state: CartState = CartState.EMPTY
    currency: str = ""
    number: str = ""
    total: int | None = None
    paid: int | None = None
    change: int = 0
    tax: int = 0


NO_CART = ReplayCart()


@dataclass(frozen=True, slots=True)
class Frame:
    """One moment of the shift; `takings` and `drawer` of the shift's currency, in minor units.

    `drawer` is None before the float was counted. Takings are those of the shift's Z report: goods
    and services, without what is only held for somebody.
    """

    seq: int
    at: str
    staff: str
    kind: str
    cart: ReplayCart
    takings: int
    drawer: int | None
    tickets: int
    is_exception: bool


@dataclass(frozen=True, slots=True)
class Replay:
    """A shift's frames; `is_cut` where there are more than are shown."""

    shift: Shift
    frames: tuple[Frame, ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class _Running:
    """What the fold carries from entry to entry."""

    currency: str
    carts: dict[str, ReplayCart] = field(default_factory=dict)
    cart: ReplayCart = NO_CART
    takings: int = 0
    sold_cash: int = 0
    float_and_moves: int | None = None
    sold_before_opening: int = 0
    tickets: int = 0

    @property
    def drawer(self) -> int | None:
        if self.float_and_moves is None:
            return None
        return self.float_and_moves + self.sold_cash - self.sold_before_opening


def shifts_of(store: "Store", limit: int = 100, before: str = "") -> list[Shift]:
    """Return the shifts, the latest first; `before` goes on from a shift's place."""
    return store.records.latest(SHIFT, limit, before)


def replay_shift(store: "Store", shift: Shift, check: Check = lambda: None) -> Replay:
    """Read a shift's entries and fold them; belongs off the counter's thread.

    An open shift goes on to the journal's end. `check` may stop the work by raising.
    """
    frames: list[Frame] = []
    for frame in fold(_entries_of(store, shift, check), shift):
        if len(frames) == FRAMES_MOST:
            return Replay(shift, tuple(frames), is_cut=True)
        frames.append(frame)
    return Replay(shift, tuple(frames))


def fold(entries: Iterable[JournalEntry], shift: Shift) -> Iterator[Frame]:
    """Yield a frame for each entry that the counter had to do with, in their order."""
    running = _Running(shift.currency)
    for entry in entries:
        if entry.kind not in _SHOWN:
            continue
        told = _told(entry)
        if entry.kind == FactKind.SHIFT_CLOSED.value and told.get("id") != shift.id:
            continue  # the shift before ends where this one begins
        running = _after(running, FactKind(entry.kind), told, shift)
        yield Frame(
            entry.seq,
            entry.at,
            entry.staff,
            entry.kind,
            running.cart,
            running.takings,
            running.drawer,
            running.tickets,
            entry.kind in EXCEPTIONS or _is_unusual(entry, told),
        )
        if running.cart.state in (CartState.FINISHED, CartState.DISCARDED, CartState.PARKED):
            running = replace(running, cart=NO_CART)


def _entries_of(store: "Store", shift: Shift, check: Check) -> Iterator[JournalEntry]:
    after = shift.since.seq
    while True:
        check()
        entries = store.journal.entries(after, _AT_ONCE)
        for entry in entries:
            yield entry
            if entry.kind == FactKind.SHIFT_CLOSED.value and _told(entry).get("id") == shift.id:
                return
        if not entries:
            return
        after = entries[-1].seq


def _after(running: _Running, kind: FactKind, told: dict[str, Any], shift: Shift) -> _Running:
    match kind:
        case FactKind.SALE_COMPLETED:
            return _sold(running, told)
        case FactKind.SHIFT_OPENED if told.get("id") == shift.id:
            opening = total_of(shift.opening, shift.currency).minor
            return replace(running, float_and_moves=opening, sold_before_opening=running.sold_cash)
        case FactKind.CASH_MOVED:
            return _moved(running, told.get("state") or {})
        case FactKind.SALE_RECALLED:
            return _recalled(running, told)
        case FactKind.SALE_PARKED | FactKind.SALE_DISCARDED:
            state = CartState.PARKED if kind is FactKind.SALE_PARKED else CartState.DISCARDED
            cart = replace(_cart_of(running, told), state=state, total=_whole(told.get("gross")))
            return _with_cart(running, cart, is_kept=kind is FactKind.SALE_PARKED)
    row = _row(kind, told)
    if row is None:
        return running
    cart = _cart_of(running, told)
    opened = replace(cart, rows=(*cart.rows, row), state=CartState.OPEN)
    return _with_cart(running, opened, is_kept=True)


def _row(kind: FactKind, told: dict[str, Any]) -> ReplayRow | None:
    """Return what an event of the cart leaves as a row, None for one that leaves none."""
    name = str(told.get("name") or told.get("code") or "")
    price, quantity = str(told.get("unit_price") or ""), str(told.get("quantity") or "")
    amount, reason = _whole(told.get("amount")), str(told.get("reason") or "")
    match kind:
        case FactKind.LINE_REMOVED:
            return ReplayRow(RowKind.REMOVED, name, quantity, price)
        case FactKind.PRICE_OVERRIDDEN:
            listed = str(told.get("list_price") or "")
            return ReplayRow(RowKind.PRICE, name, unit_price=price, before=listed)
        case FactKind.QUANTITY_LOWERED:
            after, before = str(told.get("after") or ""), str(told.get("before") or "")
            return ReplayRow(RowKind.LOWERED, name, after, amount=amount, before=before)
        case FactKind.DISCOUNT_GIVEN:
            percent = str(told.get("percent") or "")
            return ReplayRow(RowKind.DISCOUNT, name, amount=amount, reason=reason, percent=percent)
        case FactKind.PAYMENT_GIVEN_BACK:
            method = str(told.get("method") or "")
            return ReplayRow(RowKind.GIVEN_BACK, method, amount=amount)
    return None


def _sold(running: _Running, told: dict[str, Any]) -> _Running:
    currency = str(told.get("currency") or "")
    lines = [line for line in told.get("lines") or [] if isinstance(line, dict)]
    before = running.carts.get(str(told.get("id")), NO_CART)
    cart = ReplayCart(
        str(told.get("id")),
        (*map(_sold_row, lines), *before.rows),
        CartState.FINISHED,
        currency,
        str(told.get("number") or ""),
        _whole(told.get("amount_due")),
        _whole(told.get("paid")),
        _whole(told.get("change")) or 0,
        _whole(told.get("tax")) or 0,
    )
    carts = {key: one for key, one in running.carts.items() if key != cart.id}
    sold = replace(running, carts=carts, cart=cart, tickets=running.tickets + 1)
    if currency != running.currency:
        return sold  # the shift's figures are of its own currency
    takings = sum(int(line["gross"]) for line in lines if line.get("kind") not in _HELD)
    cash = sum(map(_own_cash, told.get("tenders") or []))
    return replace(sold, takings=sold.takings + takings, sold_cash=sold.sold_cash + cash)


def _sold_row(line: dict[str, Any]) -> ReplayRow:
    name = str(line.get("name") or line.get("code") or "")
    percent, price = str(line.get("discount_percent") or ""), str(line.get("unit_price") or "")
    listed = str(line.get("list_price") or "")
    return ReplayRow(
        RowKind.SOLD,
        name,
        str(line.get("quantity") or ""),
        price,
        _whole(line.get("gross")),
        listed if listed != price else "",
        str(line.get("discount_reason") or ""),
        percent if percent != "0" else "",
    )


def _own_cash(tender: dict[str, Any]) -> int:
    """What a payment brings into the drawer of the shop's own cash: foreign notes cost change."""
    if tender.get("method") != TenderMethod.CASH.value:
        return 0
    if tender.get("foreign"):
        return -int(tender["change"])
    return int(tender["amount"])


def _moved(running: _Running, state: dict[str, Any]) -> _Running:
    amount = state.get("amount") or {}
    if running.float_and_moves is None or amount.get("currency") != running.currency:
        return running
    is_out = MovementKind(state["kind"]).is_out
    minor = -int(amount["minor"]) if is_out else int(amount["minor"])
    return replace(running, float_and_moves=running.float_and_moves + minor)


def _recalled(running: _Running, told: dict[str, Any]) -> _Running:
    """A cart came back; one that came into another brings along what was done to it."""
    own = _cart_of(running, told)
    into = str(told.get("into") or "")
    if not into:
        return _with_cart(running, replace(own, state=CartState.OPEN, total=None), is_kept=True)
    target = running.carts.get(into, ReplayCart(into))
    rows = (*target.rows, *own.rows)
    joined = replace(target, rows=rows, state=CartState.OPEN, total=None)
    return _with_cart(running, joined, is_kept=True)


def _cart_of(running: _Running, told: dict[str, Any]) -> ReplayCart:
    cart_id = str(told.get("cart") or "")
    currency = str(told.get("currency") or running.currency)
    return running.carts.get(cart_id, ReplayCart(cart_id, currency=currency))


def _with_cart(running: _Running, cart: ReplayCart, *, is_kept: bool) -> _Running:
    carts = {key: one for key, one in running.carts.items() if key != cart.id}
    return replace(running, carts=carts | {cart.id: cart} if is_kept else carts, cart=cart)


def _is_unusual(entry: JournalEntry, told: dict[str, Any]) -> bool:
    """Whether a document is no plain sale, or a cash count found another sum."""
    if entry.kind != FactKind.SALE_COMPLETED.value:
        return False
    return told.get("kind") != SaleKind.SALE.value


def _told(entry: JournalEntry) -> dict[str, Any]:
    try:
        told = json.loads(entry.payload)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def next_exception(frames: tuple[Frame, ...], place: int, step: int = 1) -> int:
    """Return the place of the next frame (or, with -1, the one before) that is an exception."""
    here = place + step
    while 0 <= here < len(frames):
        if frames[here].is_exception:
            return here
        here += step
    return place


def pause_s(frames: tuple[Frame, ...], place: int, speed: int) -> Decimal:
    """Return how long a frame stays when the shift plays, in seconds: long gaps are shortened."""
    if place + 1 >= len(frames):
        return Decimal(0)
    from datetime import datetime  # noqa: PLC0415 - only where a shift plays

    gap = datetime.fromisoformat(frames[place + 1].at) - datetime.fromisoformat(frames[place].at)
    seconds = Decimal(str(max(gap.total_seconds(), 0)))
    return min(max(seconds / speed, _LEAST_S), _MOST_S)


_LEAST_S, _MOST_S = Decimal("0.25"), Decimal(2)
