"""The store of one till: opening it, reading it, and changing it in transactions.

Threads. Reading and writing work in every thread, and each thread has its own connection: in WAL
mode readers never wait for the writer. One thread writes at a time, in the order in which they
asked, so a background thread keeps its transactions short (some hundred rows) and the counter
waits a few milliseconds at most. Reading the store in the thread whose transaction is open shows
what that transaction wrote so far.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread, current_thread, get_ident
from typing import TYPE_CHECKING

from pos_app.domain.shop import ShopSettings
from pos_app.store.connection import (
    NEGLECTED_PAGES,
    Database,
    connect,
    existing_store_check,
    missing_store_check,
    naming,
    sync_folder,
)
from pos_app.store.cursors import Cursors
from pos_app.store.customers import Customers
from pos_app.store.drafts import Draft
from pos_app.store.epochs import all_epochs, current_identity
from pos_app.store.errors import StoreDamaged, StoreIsReadOnlyView, StoreNewer
from pos_app.store.journal import Journal, read_head
from pos_app.store.keys import KeyName, derived_secret, load_key
from pos_app.store.lock import WriterLock, take_writer_lock
from pos_app.store.parked import Parked
from pos_app.store.products import Products
from pos_app.store.records import Records
from pos_app.store.sales import Sales
from pos_app.store.schema import KNOWN_REVISIONS, REVISION, revision_of
from pos_app.store.seen import write_seen
from pos_app.store.sequences import Sequences
from pos_app.store.settings import Settings
from pos_app.store.spool import Spool
from pos_app.store.state import StoreState, TillIdentity
from pos_app.store.stock import Stock
from pos_app.store.transaction import Session, Transaction
from pos_app.texts import later

if TYPE_CHECKING:
    from pos_app.store.day_sums import DaySums
    from pos_app.store.documents import Documents
    from pos_app.store.foreign import Foreign
    from pos_app.store.received import Received
    from pos_app.store.remotes import Remotes
    from pos_app.store.report_sums import ReportSums
    from pos_app.store.takings import Takings

PART = ".part"  # what a store is called until it is whole


class Store:
    """An open store; `transaction` is the only way to write."""

    def __init__(
        self, path: Path, database: Database, state: StoreState, lock: WriterLock | None
    ) -> None:
        self.path = path
        self._state = state
        self._lock = lock
        self._owner = get_ident()
        self._own = Session(database, state)
        self._others: dict[int, tuple[Thread, Session]] = {}
        self._others_lock = Lock()

    @property
    def identity(self) -> TillIdentity:
        """Who writes this store."""
        return self._state.identity

    @property
    def key_place(self) -> str:
        """Where the signing key is kept: `keyring` or `file`."""
        return self._state.identity.key_place

    @property
    def is_read_only(self) -> bool:
        """Whether this is a view for reading."""
        return self._lock is None

    @property
    def products(self) -> Products:
        """The catalogue."""
        return self._session().products

    @property
    def customers(self) -> Customers:
        """The customers."""
        return self._session().customers

    @property
    def sales(self) -> Sales:
        """The documents."""
        return self._session().sales

    @property
    def stock(self) -> Stock:
        """The stock."""
        return self._session().stock

    @property
    def settings(self) -> Settings:
        """The shop's settings."""
        return self._session().settings

    @property
    def parked(self) -> Parked:
        """The carts put aside."""
        return self._session().parked

    @property
    def records(self) -> Records:
        """What changes with time and is told to the journal as a whole."""
        return self._session().records

    @property
    def documents(self) -> "Documents":
        """The lists of quotations, orders, delivery notes, invoices and returns."""
        return self._session().documents

    @property
    def report_sums(self) -> "ReportSums":
        """The sums for reports."""
        return self._session().report_sums

    @property
    def day_sums(self) -> "DaySums":
        """What business days came to."""
        return self._session().day_sums

    @property
    def takings(self) -> "Takings":
        """The sums of documents after a mark."""
        return self._session().takings

    @property
    def draft(self) -> Draft:
        """The cart on the screen."""
        return self._session().draft

    @property
    def spool(self) -> Spool:
        """The print jobs that wait."""
        return self._session().spool

    @property
    def journal(self) -> Journal:
        """The journal."""
        return self._session().journal

    @property
    def cursors(self) -> Cursors:
        """How far each remote has been told."""
        return self._session().cursors

    @property
    def remotes(self) -> "Remotes":
        """What is known of each remote."""
        return self._session().remotes

    @property
    def foreign(self) -> "Foreign":
        """What is known of foreign servers."""
        return self._session().foreign

    @property
    def received(self) -> "Received":
        """What came from head office."""
        return self._session().received

    @property
    def sequences(self) -> Sequences:
        """The number series; numbers are taken in a transaction only."""
        return self._session().sequences

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Everything that is written inside is durable at the end, or nothing of it is there."""
        if self._lock is None:
            raise StoreIsReadOnlyView(path=self.path)
        transaction = self._session().transaction
        turn = self._state.turn
        turn.take()
        try:
            transaction.begin()
            try:
                yield transaction
                transaction.commit()
            except BaseException:
                transaction.roll_back()
                raise
        finally:
            turn.give()

    def begin_epoch(self, reason: str, now: datetime) -> TillIdentity:
        """Let the journal go on under a new key, for `reason`; a power cut leaves old or new."""
        from pos_app.store.new_epoch import next_epoch, write_next_epoch  # noqa: PLC0415 - rare

        begun = next_epoch(self._session().database, self.identity, self.path)
        with self.transaction() as tx:
            write_next_epoch(self._session().database, self._state, tx.journal, begun, now, reason)
        return begun[0]

    def reader(self) -> "Store":
        """Return a view for reading with its own connection; the caller closes it."""
        return open_reader(self.path)

    def load_key(self) -> None:
        """Load the signing key now rather than at the first sale; raises KeyMissing."""
        self._state.loaded_signer()

    def sign(self, message: bytes, epoch: int | None = None) -> bytes | None:
        """Return the till's signature (Ed25519); None where an earlier epoch's key is not here.

        By default the present key signs (KeyMissing without it). Not in the thread of the screen.
        """
        if epoch is None or epoch == self.identity.epoch:
            return self._state.loaded_signer().sign(message)
        signer = load_key(KeyName(self.identity.store_id, epoch, self.path))
        return None if signer is None else signer.sign(message)

    def epochs(self) -> list[TillIdentity]:
        """Return who the till was in each epoch, in order."""
        return all_epochs(self._session().database)

    @property
    def journal_seq(self) -> int:
        """The number of the latest committed entry, without asking the database."""
        return self._state.head.seq

    def derived_secret(self, purpose: str, epoch: int) -> bytes | None:
        """Return 32 secret bytes of an epoch's signing key, or None; not in the screen's thread."""
        return derived_secret(KeyName(self.identity.store_id, epoch, self.path), purpose)

    def tidy(self) -> None:
        """Move committed pages into the main file; call it when the counter is quiet."""
        self._session().database.run("PRAGMA wal_checkpoint(PASSIVE)")
        if self._lock is not None:
            write_seen(self.path, self.identity.store_id, self._state.head)

    def untidied_pages(self) -> int:
        """Return how many committed pages have not been moved into the main file yet."""
        row = self._session().database.row("PRAGMA wal_checkpoint(NOOP)")
        return 0 if row is None else int(row[1]) - int(row[2])

    def leave_tidying(self) -> None:
        """Leave `tidy` to another thread; should it fail, commits tidy after far more pages."""
        self._session().database.run(f"PRAGMA wal_autocheckpoint = {NEGLECTED_PAGES}")

    def read_unmapped(self) -> None:
        """Stop mapping the file into this thread's memory.

        Work that passes over the whole store would else make the process look as large as it.
        """
        self._session().database.run("PRAGMA mmap_size = 0")

    def close(self) -> None:
        """Close every connection and let another process open the store."""
        with self._others_lock:
            for _, session in self._others.values():
                session.database.close()
            self._others.clear()
        self._own.database.close()
        if self._lock is not None:
            write_seen(self.path, self.identity.store_id, self._state.head)
            self._lock.release()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _session(self) -> Session:
        if get_ident() == self._owner:
            return self._own
        return self._session_of_other_thread()

    def _session_of_other_thread(self) -> Session:
        with self._others_lock:
            known = self._others.get(get_ident())
            if known is not None and known[0].is_alive() and known[0] is current_thread():
                return known[1]
            for ident, (thread, session) in list(self._others.items()):
                if not thread.is_alive():
                    session.database.close()
                    del self._others[ident]
            database = connect(self.path, read_only=self.is_read_only)
            session = Session(database, self._state)
            self._others[get_ident()] = (current_thread(), session)
            return session


def create_store(
    path: Path,
    shop: ShopSettings,
    *,
    till: str = "1",
    shop_code: str = "main",
    now: datetime,
) -> Store:
    """Make a new store with its first key and journal entry, and open it.

    It gets its name when it is whole, so that no power cut leaves half a store behind. Raises
    StoreExists, StoreFolderMissing, StoreReadOnly, StoreInUse, DiskFull or SqliteTooOld.
    """
    from pos_app.store.new_store import remove_parts, write_new  # noqa: PLC0415 - once in a life

    lock = take_writer_lock(path)
    part = path.with_name(path.name + PART)
    try:
        existing_store_check(path)
        remove_parts(part)
        write_new(part, path, shop, till, shop_code, now)
        with naming(path):
            part.replace(path)
            sync_folder(path.parent)
    except BaseException:
        remove_parts(part)
        raise
    finally:
        lock.release()
    return open_store(path)


def open_store(path: Path) -> Store:
    """Open a store for selling, migrating an older one after a backup copy.

    Raises StoreMissing, StoreFolderMissing, StoreReadOnly, StoreNewer, StoreDamaged, StoreInUse,
    SqliteTooOld or DiskFull. Without its key it opens, and refuses to sell (KeyMissing).
    """
    missing_store_check(path)
    lock = take_writer_lock(path)
    try:
        database = connect(path)
        try:
            _bring_up_to_date(path, database)
            state = _state_of(path, database)
            return Store(path, database, state, lock)
        except BaseException:
            database.close()
            raise
    except BaseException:
        lock.release()
        raise


def open_reader(path: Path) -> Store:
    """Open a store for reading only, also while it sells; raises as `open_store`."""
    missing_store_check(path)
    database = connect(path, read_only=True)
    try:
        check_revision(path, database, revision_of(database), is_current_only=True)
        return Store(path, database, _state_of(path, database), None)
    except BaseException:
        database.close()
        raise


def check_revision(
    path: Path, database: Database, found: str | None, *, is_current_only: bool = False
) -> None:
    """Refuse what is no store, and a store of a newer program."""
    if found is None:
        raise StoreDamaged(path=path, detail=later("it is not a store of this program"))
    if found not in KNOWN_REVISIONS:
        raise StoreNewer(path=path, theirs=found, ours=REVISION)
    if is_current_only and found != REVISION:
        detail = f"it has the older version {found}; open it with the till once"
        raise StoreDamaged(path=database.path, detail=detail)


def _bring_up_to_date(path: Path, database: Database) -> None:
    found = revision_of(database)
    check_revision(path, database, found)
    if found is not None and found != REVISION:
        from pos_app.store.migrating import migrate  # noqa: PLC0415 - alembic takes a second

        migrate(path, database, found)


def _state_of(path: Path, database: Database) -> StoreState:
    identity = current_identity(database)
    if identity is None:
        raise StoreDamaged(path=path, detail=later("it does not say which till it belongs to"))
    return StoreState(path, identity, read_head(database))
