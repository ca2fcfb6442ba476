"""Mistakes that people make, each planted into a running till by replacing one function."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pos_app.domain.cart import Cart
from pos_app.domain.ids import uuid7
from pos_app.domain.sale import stock_moves
from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.services import receipts
from pos_app.services.checkout import Checkout
from pos_app.services.print_spool import PrintSpool
from pos_app.store import connection, keys, new_store, store
from pos_app.store.connection import Database
from pos_app.store.errors import StoreRefusal
from pos_app.store.journal import JournalWriter
from pos_app.store.parked import ParkedSaleGone
from pos_app.store.sequences import Sequences
from pos_app.store.spool import PrintJob
from pos_app.store.store import Store
from pos_app.store.transaction import Transaction
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen
from tests.proofs import small_shop


def commit_waits_for_the_next_transaction() -> None:
    """Batching commits for speed: what was sold last is told before it is safe."""
    real_commit, real_begin = Transaction.commit, Transaction.begin
    waiting: list[Transaction] = []

    def commit(self: Transaction) -> None:
        self._state.head = self.journal.pending
        waiting.append(self)

    def begin(self: Transaction) -> None:
        if waiting:
            real_commit(waiting.pop())
        real_begin(self)

    _set(Transaction, "commit", commit)
    _set(Transaction, "begin", begin)


def number_is_taken_outside() -> None:
    real = Checkout.complete

    def complete(self: Checkout, cart: Cart, *args: Any) -> Any:
        if self._store.sales.has(cart.id):
            return real(self, cart, *args)
        with self._store.transaction() as tx:
            number = tx.sequences.next("sale")
        real_next = Sequences.next
        _set(Sequences, "next", lambda _self, _series: number)
        try:
            return real(self, cart, *args)
        finally:
            _set(Sequences, "next", real_next)

    _set(Checkout, "complete", complete)


def number_is_cached() -> None:
    """Counting in memory is quicker, until a refused sale keeps its number."""
    last: dict[str, int] = {}
    real = Sequences.next

    def next_number(self: Sequences, series: str) -> int:
        if series not in last:
            last[series] = real(self, series)
        else:
            last[series] += 1
            sql = "UPDATE sequences SET last = ? WHERE series = ?"
            self._db.run(sql, (last[series], series))
        return last[series]

    _set(Sequences, "next", next_number)


def stock_moves_again_at_a_retry() -> None:
    real = Checkout.complete

    def complete(self: Checkout, cart: Cart, *args: Any) -> Any:
        known = self._store.sales.has(cart.id)
        sale = real(self, cart, *args)
        if known:
            with self._store.transaction() as tx:
                moves = stock_moves(sale, self.shop.location)
                tx.stock.move(moves, sale.stamp.at, sale.id)
        return sale

    _set(Checkout, "complete", complete)


def retry_gets_a_new_id() -> None:
    real = Checkout.complete

    def complete(self: Checkout, cart: Cart, *args: Any) -> Any:
        milliseconds = int(self._now().timestamp() * 1000)
        return real(self, replace(cart, id=uuid7(milliseconds, id(object()))), *args)

    _set(Checkout, "complete", complete)


def cart_is_saved_after_it_is_shown() -> None:
    """Saving while the next item is scanned: the last one is not safe yet."""
    late: list[Cart] = []

    def put(self: SaleOnScreen, cart: Cart) -> None:
        if late:
            self.checkout.keep(late.pop())
        if cart is not self._cart:
            late.append(cart)
            self.take_over(cart)

    _set(SaleOnScreen, "put", put)


def cart_stays_after_the_sale() -> None:
    real = Transaction.begin

    def begin(self: Transaction) -> None:
        real(self)
        real_put = type(self.draft).put
        self.draft.put = lambda cart: real_put(self.draft, cart) if cart else None  # type: ignore[method-assign]

    _set(Transaction, "begin", begin)


def cart_is_not_brought_back() -> None:
    _set(Checkout, "resume", lambda _self: None)


def cart_is_cleared_before_the_sale() -> None:
    real = Checkout.complete

    def complete(self: Checkout, cart: Cart, *args: Any) -> Any:
        with self._store.transaction() as tx:
            tx.draft.put(None)
        return real(self, cart, *args)

    _set(Checkout, "complete", complete)


def journal_is_a_second_transaction() -> None:
    """The rows first, their fact in a transaction of its own afterwards."""
    real_append, real_commit = JournalWriter.append, Transaction.commit
    late = _LateStatements()

    def append(self: JournalWriter, *args: Any) -> Any:
        real_db, self._db = self._db, late
        late.read_through(real_db)
        try:
            return real_append(self, *args)
        finally:
            self._db = real_db

    def commit(self: Transaction) -> None:
        real_commit(self)
        self._db.run("BEGIN IMMEDIATE")
        late.run_on(self._db)
        self._db.run("COMMIT")

    _set(JournalWriter, "append", append)
    _set(Transaction, "commit", commit)


class _LateStatements(Database):
    """Keeps statements until they are wanted."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, Any]] = []

    def read_through(self, database: Database) -> None:
        self.raw, self.path = database.raw, database.path

    def run(self, sql: str, values: Any = ()) -> None:
        self._kept.append((sql, values))

    def run_on(self, database: Database) -> None:
        for sql, values in self._kept:
            database.run(sql, values)
        self._kept.clear()


def every_statement_is_its_own_transaction() -> None:
    def begin(self: Transaction) -> None:
        self.journal.pending = self._state.head

    def commit(self: Transaction) -> None:
        self._state.head = self.journal.pending

    _set(Transaction, "begin", begin)
    _set(Transaction, "commit", commit)


def failed_commit_is_swallowed() -> None:
    real = Transaction.commit

    def commit(self: Transaction) -> None:
        try:
            real(self)
        except StoreRefusal:
            if self._db.raw.in_transaction:
                self._db.run("ROLLBACK")

    _set(Transaction, "commit", commit)


def receipt_is_spooled_after_the_sale() -> None:
    _set(receipts.Receipts, "keep_in", lambda *_: None)


def receipt_leaves_the_spool_before_it_is_printed() -> None:
    real = PrintSpool._hand_over

    def hand_over(
        self: PrintSpool, printer: PrinterSettings, payload: bytes, *, needs_paper: bool
    ) -> None:
        with self._store.transaction() as tx:
            for job in tx.spool.waiting(1):
                tx.spool.done(job.id)
        real(self, printer, payload, needs_paper=needs_paper)

    _set(PrintSpool, "_hand_over", hand_over)


def doubtful_receipt_prints_again_by_itself() -> None:
    def waits_for_a_look(_self: PrintSpool, _job: PrintJob) -> bool:
        return False

    _set(PrintSpool, "_waits_for_a_look", waits_for_a_look)


def parked_sale_is_taken_before_it_is_back() -> None:
    def recall(self: Checkout, parked_id: str) -> Cart:
        with self._store.transaction() as tx:
            cart = tx.parked.get(parked_id)
            if cart is None:
                raise ParkedSaleGone()
            tx.parked.take(parked_id)
        self.keep(cart)
        return cart

    _set(Checkout, "recall", recall)


def log_is_deleted_at_start() -> None:
    """Tidying up what SQLite left behind: it is where the latest sales are."""
    real: Callable[[Path], Store] = store.open_store

    def open_store(path: Path) -> Store:
        path.with_name(path.name + "-wal").unlink(missing_ok=True)
        return real(path)

    from tests.proofs import selling

    _set(selling, "open_store", open_store)


def with_pragma(statement: str) -> Callable[[], None]:
    def plant() -> None:
        real = connection._set_up

        def set_up(database: Database, **how: bool) -> None:
            real(database, **how)
            database.run(statement)

        _set(connection, "_set_up", set_up)

    return plant


def key_is_not_synced() -> None:
    """The key's file is written and renamed, but its contents may still be in the cache."""
    without = SimpleNamespace(**{**vars(os), "fsync": lambda _handle: None})
    _set(keys, "os", without)


def store_is_made_under_its_own_name() -> None:
    """The name comes first, the tables later: a cut in between leaves what is no store."""

    def create_store(path: Path, shop: ShopSettings, *, till: str, now: datetime) -> Store:
        new_store.write_new(path, path, shop, till, "main", now)
        return store.open_store(path)

    _set(small_shop, "create_store", create_store)


def _set(owner: Any, name: str, value: object) -> None:
    setattr(owner, name, value)
