"""A head office to measure: `pos-app server run` over a durable PostgreSQL of its own.

Where there can be no PostgreSQL, there is nothing to measure and `head_office` gives None.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pos_app.domain.journal import JournalEntry
from pos_app.server.database import Office, open_office
from pos_app.server.enrolment_codes import make_code
from pos_app.server.stamps import utc_now
from pos_app.server.till_identity import Till
from pos_app.store.store import Store
from pos_app.sync import wire
from pos_app.sync.enrolment import enrol
from pos_app.sync.http_transport import HttpTransport
from tests.benchmarks.figures import Figure, Size
from tests.proofs.sync_machines import OfficeProcess
from tests.server.offices import enrolled_till
from tests.server.postgres import Cluster, cluster_folder
from tests.server.postgres_machine import why_not

NOTHING = [Figure("head office", 0, "", note="not measured: there is no PostgreSQL here")]


@dataclass(frozen=True, slots=True)
class HeadOffice:
    """A running head office with one company, and its database open in this process too."""

    cluster: Cluster
    process: OfficeProcess
    books: Office
    company_id: str
    shop: str
    database: str

    @property
    def admin(self) -> str:
        """The database's address for the superuser, as libpq wants it."""
        return self.cluster.server.conninfo(self.database, "postgres")

    def code(self) -> str:
        """Return a code for one more till."""
        with self.books.company(self.company_id) as connection:
            return make_code(connection, self.company_id, self.shop, utc_now()).code

    def join(self, store: Store) -> None:
        """Let a store's till join over the wire."""
        transport = HttpTransport()
        enrol(store, self.process.url, self.code(), transport, utc_now())
        transport.close()


@contextmanager
def head_office(folder: Path, size: Size, **settings: str) -> Iterator[HeadOffice | None]:
    """Lend a head office; `settings` are `POS_APP_OFFICE_…` of the serving process.

    Where nothing is measured, its database is in memory.
    """
    if why_not() is not None:
        yield None
        return
    with cluster_folder(in_memory=size is Size.TINY) as place, Cluster(place) as cluster:
        database = cluster.server.create_database("head_office")
        process = OfficeProcess(database.url, folder / "office.log", settings=settings)
        founded = process.command("init", "--company", "Benchmark")
        process.start()
        books = open_office(database.url, pool=4)
        try:
            yield HeadOffice(
                cluster, process, books, founded["company"], founded["shop"], database.name
            )
        finally:
            process.stop()
            books.close()


def till_row(head: HeadOffice, store: Store) -> Till:
    """Let head office know a store's till past the wire; nothing of it is stored yet."""
    known = enrolled_till(head.books, head.company_id, store, utc_now(), shop=head.shop)
    identity = store.identity
    return Till(
        known.company_id, known.till_id, known.shop, identity.till, identity.store_id,
        identity.epoch, 0,
    )  # fmt: skip


def push_of(entries: list[JournalEntry]) -> wire.Push:
    """Return entries of one epoch as they are pushed."""
    first = entries[0]
    return wire.Push(
        epoch=first.epoch,
        prev=first.prev,
        entries=tuple(wire.wire_entry(entry) for entry in entries),
    )
