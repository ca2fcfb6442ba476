"""A real till beside head office's pages: what is edited there arrives here over HTTP."""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pos_app.server.database import Office
from pos_app.store.store import Store, open_store
from pos_app.sync.engine import Did, SyncEngine
from pos_app.sync.enrolment import enrol
from pos_app.sync.http_transport import HttpTransport
from tests.server.serving import serve
from tests.server.web.page_reader import Reader
from tests.store.shops import Counter, new_shop
from tests.sync.office_stand_in import Clock, chance
from tests.sync.real_office import new_code

LIMIT_S = 60.0


@dataclass
class EditedTill:
    """A till with its engine, and somebody at head office's pages."""

    store: Store
    engine: SyncEngine
    clock: Clock
    owner: Reader
    office: Office
    company_id: str

    def hear(self) -> None:
        """Let the till push and pull until nothing is left to do."""
        self.engine.tell_news()
        for _ in range(200):
            step = self.engine.step()
            if step.did is Did.IDLE:
                return
            self.clock.pass_s(step.wait_s)
        raise AssertionError(self.engine.status().sentence)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until head office has judged what the till pushed."""
        end = time.monotonic() + LIMIT_S
        while not is_so():
            assert time.monotonic() < end, self.engine.status().sentence
            self.hear()
            time.sleep(0.02)

    @property
    def counter(self) -> Counter:
        """A checkout at the till as it stands now."""
        return Counter(self.store)


def shop_template(folder: Path) -> Path:
    """Make a small shop that tests copy."""
    new_shop(folder / "shop.db").close()
    return folder


@contextlib.contextmanager
def edited_till(
    template: Path, folder: Path, office: Office, company_id: str
) -> Iterator[EditedTill]:
    """Serve head office, join a till to it, and sign the owner in."""
    shutil.copytree(template, folder / "shop")
    clock = Clock()
    with open_store(folder / "shop" / "shop.db") as store, serve(office, now=clock) as served:
        wire = HttpTransport()
        owner = Reader(served, served.sign_in())
        try:
            enrol(store, served.url, new_code(office, company_id, clock()), wire, clock())
            engine = SyncEngine(store, wire, clock, chance())
            till = EditedTill(store, engine, clock, owner, office, company_id)
            till.until(lambda: "P5" in owner.page("/office/products").words)
            till.hear()
            yield till
        finally:
            wire.close()
            owner.client.close()
