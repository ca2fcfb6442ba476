"""Mistakes in what goes beside selling, each planted by replacing one function."""

from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from pos_app.domain.cart import Cart
from pos_app.domain.delivery import DeliveryState
from pos_app.domain.sale import Sale, stock_moves
from pos_app.domain.shift import Shift
from pos_app.domain.stock_take import TakeAction
from pos_app.services import (
    checkout,
    document_desk,
    receiving,
    return_checks,
    stock_takes,
    stored_values,
)
from pos_app.services.checkout import Checkout
from pos_app.services.delivery_notes import DeliveryNotes
from pos_app.services.receiving import Receiving
from pos_app.services.returning import Returning
from pos_app.services.shifts import Z_SERIES, Shifts
from pos_app.store import documents
from pos_app.store.sales import Sales
from pos_app.store.sequences import Sequences
from pos_app.store.transaction import Transaction


def void_is_not_unique() -> None:
    """Nobody looks whether there is a void already, and the index that refuses it is in the way."""

    def void(self: Returning, sale_id: str, reason: str) -> Sale:
        if self._store.sales.void_of(sale_id) is not None:
            self._store._own.database.run("DROP INDEX IF EXISTS sales_by_voided")
        with self._store.transaction() as tx:
            original = tx.sales.get(sale_id)
            assert original is not None
            made = self._checkout.void_in(tx, original, self._new_id(), reason)
            self._checkout.keep_receipt_in(tx, made)
        return made

    _set(Returning, "void", void)


def void_moves_stock_again_at_a_retry() -> None:
    real = Returning.void

    def void(self: Returning, sale_id: str, reason: str) -> Sale:
        known = self._store.sales.void_of(sale_id)
        made = real(self, sale_id, reason)
        if known is not None:
            with self._store.transaction() as tx:
                moves = stock_moves(made, self._checkout.shop.location)
                tx.stock.move(moves, made.stamp.at, made.id)
        return made

    _set(Returning, "void", void)


def return_ignores_earlier_returns() -> None:
    """Each return is looked at alone, when it is begun and when it is finished."""
    _set(Sales, "returned", lambda *_: checkout.Decimal(0))
    _set(return_checks, "check_returns", lambda *_: None)


def shift_is_closed_in_two_transactions() -> None:
    """The Z report's number first, then the shift that bears it."""
    _take_outside(Shifts, "close", Z_SERIES)


def z_number_is_counted_in_memory() -> None:
    """A number that was taken for a closing which then failed is not given back."""
    last: dict[str, int] = {}
    real = Sequences.next

    def next_number(self: Sequences, series: str) -> int:
        if series != Z_SERIES or series not in last:
            last[series] = real(self, series)
            return last[series]
        last[series] += 1
        self._db.run("UPDATE sequences SET last = ? WHERE series = ?", (last[series], series))
        return last[series]

    _set(Sequences, "next", next_number)


def _take_outside(owner: type, name: str, series: str) -> None:
    real = getattr(owner, name)

    def close(self: Any, shift_id: str, *args: Any, **kwargs: Any) -> Shift:
        current = self.current()
        if current is None or current.id != shift_id:
            return real(self, shift_id, *args, **kwargs)  # type: ignore[no-any-return]
        with self._store.transaction() as tx:
            number = tx.sequences.next(series)
        real_next = Sequences.next
        _set(Sequences, "next", lambda _self, _series: number)
        try:
            return real(self, shift_id, *args, **kwargs)  # type: ignore[no-any-return]
        finally:
            _set(Sequences, "next", real_next)

    _set(owner, name, close)


def stored_value_moves_after_the_sale() -> None:
    """The sale first, what it does to gift cards in a transaction of its own."""
    late: list[stored_values.Following] = []
    real_follow, real_complete = stored_values.follow_sale, Checkout.complete

    def complete(self: Checkout, cart: Cart, *args: Any) -> Sale:
        sale = real_complete(self, cart, *args)
        while late:
            with self._store.transaction() as tx:
                real_follow(tx, late.pop())
        return sale

    _set(stored_values, "follow_sale", lambda _tx, following: late.append(following))
    _set(Checkout, "complete", complete)


def delivery_is_booked_twice() -> None:
    def still_open(_self: Receiving, tx: Transaction, delivery: Any) -> Any:
        now = tx.records.get(receiving.DELIVERY, delivery.id)
        return None if now is None else replace(now, state=DeliveryState.OPEN)

    _set(Receiving, "_still_open", still_open)


def count_is_applied_twice() -> None:
    real = stock_takes.step

    def step(take: Any, action: TakeAction) -> Any:
        is_again = action is TakeAction.BOOK and take.booked_at is not None
        return take if is_again else real(take, action)

    _set(stock_takes, "step", step)


def split_is_two_transactions() -> None:
    """What goes is put aside first, what stays is saved afterwards."""
    real = Checkout.split

    def split(self: Checkout, cart: Cart, *args: Any) -> Cart:
        late: list[Cart] = []
        real_transaction = self._store.transaction

        @contextmanager
        def transaction() -> Any:
            with real_transaction() as tx:
                real_put = tx.draft.put
                tx.draft.put = late.append  # type: ignore[method-assign]
                yield tx
                tx.draft.put = real_put  # type: ignore[method-assign]

        self._store.transaction = transaction  # type: ignore[method-assign]
        try:
            stays = real(self, cart, *args)
        finally:
            del self._store.transaction
        with real_transaction() as tx:
            tx.draft.put(late.pop())
        return stays

    _set(Checkout, "split", split)


def _set(owner: Any, name: str, value: object) -> None:
    setattr(owner, name, value)


def delivery_note_moves_stock_in_a_transaction_of_its_own() -> None:
    """The note first, what it takes out of the stock afterwards."""
    late: list[Any] = []
    real = DeliveryNotes.deliver

    def deliver(self: DeliveryNotes, *args: Any, **kwargs: Any) -> Any:
        real_move = self.checkout.move_stock_in
        self.checkout.move_stock_in = lambda _tx, *more: late.append(more)  # type: ignore[method-assign]
        try:
            note = real(self, *args, **kwargs)
        finally:
            self.checkout.move_stock_in = real_move  # type: ignore[method-assign]
        while late:
            with self.store.transaction() as tx:
                real_move(tx, *late.pop())
        return note

    _set(DeliveryNotes, "deliver", deliver)


def stale_documents_are_written() -> None:
    """Whoever changes a document last wins, whatever they saw."""
    _set(document_desk, "check_same", lambda _seen, _now: None)


def document_lists_are_written_later() -> None:
    """What lists show of a document is written with the next one."""
    late: list[Any] = []
    real = documents.keep_listed

    def keep_listed(database: Any, record: str, listed: Any) -> None:
        if late:
            real(database, *late.pop())
        late.append((record, listed))

    _set(documents, "keep_listed", keep_listed)
