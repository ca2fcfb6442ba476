"""One transaction: everything of it is kept, or nothing."""

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from pos_app.store.catalogue import ProductsWriter
from pos_app.store.connection import Database
from pos_app.store.cursors import Cursors, CursorsWriter
from pos_app.store.customers import Customers, CustomersWriter
from pos_app.store.drafts import Draft, DraftWriter
from pos_app.store.epochs import current_identity
from pos_app.store.errors import StoreRefusal
from pos_app.store.journal import Journal, JournalWriter, read_head
from pos_app.store.parked import Parked, ParkedWriter
from pos_app.store.products import Products
from pos_app.store.records import Records, RecordsWriter
from pos_app.store.sales import Sales, SalesWriter
from pos_app.store.sequences import Sequences
from pos_app.store.settings import Settings, SettingsWriter
from pos_app.store.spool import Spool, SpoolWriter
from pos_app.store.state import StoreState
from pos_app.store.stock import Stock, StockWriter
from pos_app.store.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pos_app.store.day_sums import DaySums, DaySumsWriter
    from pos_app.store.documents import Documents
    from pos_app.store.foreign import Foreign, ForeignWriter
    from pos_app.store.received import Received, ReceivedWriter
    from pos_app.store.remotes import Remotes, RemotesWriter
    from pos_app.store.report_sums import ReportSums
    from pos_app.store.takings import Takings


class Transaction:
    """What can be read and written inside a transaction; one per connection, used again."""

    def __init__(self, database: Database, state: StoreState, vocabulary: Vocabulary) -> None:
        self._db = database
        self._state = state
        self._vocabulary = vocabulary
        self.settings = SettingsWriter(database, state)
        self.products = ProductsWriter(database, vocabulary, self.settings)
        self.customers = CustomersWriter(database)
        self.sales = SalesWriter(database, vocabulary)
        self.stock = StockWriter(database)
        self.journal = JournalWriter(database, state)
        self.records = RecordsWriter(database, self.journal)
        self.sequences = Sequences(database)
        self.parked = ParkedWriter(database)
        self.draft = DraftWriter(database)
        self.spool = SpoolWriter(database)
        self.cursors = CursorsWriter(database)

    @cached_property
    def documents(self) -> "Documents":
        """The lists of sales documents as they are inside the transaction."""
        from pos_app.store.documents import Documents  # noqa: PLC0415 - selling needs none

        return Documents(self._db)

    @cached_property
    def remotes(self) -> "RemotesWriter":
        """What is known of each remote."""
        from pos_app.store.remotes import RemotesWriter  # noqa: PLC0415 - selling needs none

        return RemotesWriter(self._db)

    @cached_property
    def foreign(self) -> "ForeignWriter":
        """What is known of foreign servers."""
        from pos_app.store.foreign import ForeignWriter  # noqa: PLC0415 - selling needs none

        return ForeignWriter(self._db)

    @cached_property
    def received(self) -> "ReceivedWriter":
        """What came from head office."""
        from pos_app.store.received import ReceivedWriter  # noqa: PLC0415 - selling needs none

        return ReceivedWriter(self._db)

    @cached_property
    def day_sums(self) -> "DaySumsWriter":
        """What business days came to."""
        from pos_app.store.day_sums import DaySumsWriter  # noqa: PLC0415 - selling needs none

        return DaySumsWriter(self._db)

    @cached_property
    def takings(self) -> "Takings":
        """The sums of documents, made when a shift first needs them."""
        return _takings(self._db, self._state, self._vocabulary)

    def begin(self) -> None:
        """Start; the caller has the turn to write."""
        self._db.run("BEGIN IMMEDIATE")
        self.journal.pending = self._state.head
        self.settings.is_changed = False

    def commit(self) -> None:
        """Make everything durable; afterwards the other connections see it."""
        self._db.run("COMMIT")
        self._state.head = self.journal.pending
        if self._vocabulary.is_changed or self.settings.is_changed:
            self._vocabulary.publish()

    def roll_back(self) -> None:
        """Let everything go."""
        if self._db.raw.in_transaction:
            self._db.run("ROLLBACK")
        with suppress(StoreRefusal):  # a COMMIT that failed may still have been kept
            self._state.head = read_head(self._db)
            self._state.be_known_as(current_identity(self._db))
        self._vocabulary.forget()
        self.products.words.forget()
        self.settings.forget()


class Session:
    """One connection with all that can be read through it, and its transaction."""

    def __init__(self, database: Database, state: StoreState) -> None:
        self.database = database
        self._state = state
        self._vocabulary = vocabulary = Vocabulary(database, state)
        self.settings = Settings(database, state)
        self.products = Products(database, vocabulary, self.settings)
        self.customers = Customers(database)
        self.sales = Sales(database, vocabulary)
        self.stock = Stock(database)
        self.journal = Journal(database, state)
        self.records = Records(database)
        self.parked = Parked(database)
        self.draft = Draft(database)
        self.spool = Spool(database)
        self.cursors = Cursors(database)
        self.sequences = Sequences(database)
        self.transaction = Transaction(database, state, vocabulary)

    @cached_property
    def documents(self) -> "Documents":
        """The lists of sales documents, made when a screen first needs them."""
        from pos_app.store.documents import Documents  # noqa: PLC0415 - selling needs none

        return Documents(self.database)

    @cached_property
    def report_sums(self) -> "ReportSums":
        """The sums for reports, made when the first one is asked for."""
        from pos_app.store.report_sums import ReportSums  # noqa: PLC0415 - selling needs none

        return ReportSums(self.database)

    @cached_property
    def remotes(self) -> "Remotes":
        """What is known of each remote, made when the till first speaks to one."""
        from pos_app.store.remotes import Remotes  # noqa: PLC0415 - selling needs none

        return Remotes(self.database)

    @cached_property
    def foreign(self) -> "Foreign":
        """What is known of foreign servers, made when the till first speaks to one."""
        from pos_app.store.foreign import Foreign  # noqa: PLC0415 - selling needs none

        return Foreign(self.database)

    @cached_property
    def received(self) -> "Received":
        """What came from head office, made when the till first asks."""
        from pos_app.store.received import Received  # noqa: PLC0415 - selling needs none

        return Received(self.database)

    @cached_property
    def day_sums(self) -> "DaySums":
        """What business days came to, read when somebody first asks."""
        from pos_app.store.day_sums import DaySums  # noqa: PLC0415 - selling needs none

        return DaySums(self.database)

    @cached_property
    def takings(self) -> "Takings":
        """The sums of documents, made when a shift first needs them."""
        return _takings(self.database, self._state, self._vocabulary)


def _takings(database: Database, state: StoreState, vocabulary: Vocabulary) -> "Takings":
    from pos_app.store.takings import Takings  # noqa: PLC0415 - not before the first shift

    return Takings(database, state, vocabulary)
