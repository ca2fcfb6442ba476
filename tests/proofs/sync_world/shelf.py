"""Ready-made stores and a head office that knows them, made once and copied for every schedule."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pos_app.domain.journal import JournalEntry
from pos_app.server.database import Office, open_office
from pos_app.store.store import create_store
from tests.proofs.small_shop import SHOP
from tests.proofs.sync_world.chance import seeded
from tests.proofs.sync_world.world import world_of
from tests.server.offices import set_up

MADE = datetime(2026, 6, 1, 7, tzinfo=UTC)
MOST_TILLS = 10
STORE = "shop.db"
_MEMORY = Path("/dev/shm")


@dataclass(slots=True)
class Shelf:
    """`office` is one engine for all schedules; the file beneath it is replaced for each."""

    root: Path
    office: Office
    company_id: str
    begins: datetime = MADE
    entries: dict[str, JournalEntry] = field(default_factory=dict)

    def put_out(self, count: int) -> list[Path]:
        """Put fresh copies out: head office's, and those of so many tills; return their stores."""
        self.office.close()
        shutil.rmtree(self.run, ignore_errors=True)
        self.run.mkdir()
        _copy_database(self.root / "office.template", self.root / "office.db")
        stores = []
        for number in range(1, count + 1):
            folder = self.run / f"till{number}"
            shutil.copytree(self.root / "tills" / f"till{number}", folder)
            stores.append(folder / STORE)
        return stores

    @property
    def run(self) -> Path:
        """Where the tills of the present schedule are."""
        return self.root / "run"


@contextmanager
def shelf(tills: int = MOST_TILLS) -> Iterator[Shelf]:
    """Make the shelf in memory, and throw it away at the end."""
    base = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=base, prefix="sync_world_") as name:
        root = Path(name)
        with seeded(0):
            url = f"sqlite:///{root / 'office.db'}"
            founded = set_up(url, now=MADE)
            made = Shelf(root, open_office(url), founded.company_id)
            _fill(made, tills)
        try:
            yield made
        finally:
            made.office.close()


def _fill(made: Shelf, tills: int) -> None:
    """Let tills join head office and learn from it what the first one sells."""
    with world_of(made.root / "tills", made, 0, MADE) as world:
        world.busyness = 0.0
        for number in range(1, tills + 1):
            folder = made.root / "tills" / f"till{number}"
            folder.mkdir(parents=True)
            create_store(folder / STORE, SHOP, till=str(number), now=MADE).close()
            machine = world.add_till(folder / STORE)
            machine.switch_on()
            if number == 1:
                machine.counter.stock_up()
            machine.enrol(world.office.code())
        for _ in range(10):
            world.run_for(30)
            if not any(machine.backlog() for machine in world.machines):
                break
        else:
            raise AssertionError("the shelf is not filled: tills still have entries to send")
        world.close()
        made.begins, made.entries = world.now, world.ledger.entries
    made.office.close()
    _copy_database(made.root / "office.db", made.root / "office.template")


def _copy_database(source: Path, target: Path) -> None:
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(source, target)
