"""The real head office without a network: the till's engine on one side, its door on the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pos_app.server.database import Office
from pos_app.server.enrolment_codes import make_code
from pos_app.server.news import News
from pos_app.server.sync_door import SyncDoor
from pos_app.server.till_identity import SyncRequest
from pos_app.store.store import Store
from pos_app.sync.engine import SyncEngine
from pos_app.sync.enrolment import enrol
from pos_app.sync.transport import Answer, Request
from pos_app.sync.wire import BATCH_BYTES, unsqueeze
from tests.server.offices import SHOP
from tests.sync.office_stand_in import URL, chance

Fault = Callable[["DoorWire", Request], Answer]


@dataclass
class DoorWire:
    """Carries requests to head office's door; `faults` hit the next requests of their kind."""

    door: SyncDoor
    clock: Callable[[], datetime]
    faults: list[tuple[str, Fault]] = field(default_factory=list)

    def send(self, request: Request, timeout_s: float) -> Answer:
        path = request.target.rpartition("/")[2].partition("?")[0]
        for place, (wanted, fault) in enumerate(self.faults):
            if wanted in {path, "*"}:
                del self.faults[place]
                return fault(self, request)
        return self.answer(request)

    def answer(self, request: Request) -> Answer:
        headers = {name.lower(): value for name, value in request.headers.items()}
        headers["accept-encoding"] = "gzip"
        asked = SyncRequest(request.method, request.target, headers, request.body)
        told = self.door.handle(asked, self.clock())
        if request.meanwhile is not None:
            request.meanwhile()
        is_gzip = told.headers.get("content-encoding") == "gzip"
        body = unsqueeze(told.body, 8 * BATCH_BYTES) if is_gzip else told.body
        return Answer(told.status, told.headers, body)


def door_wire(office: Office, clock: Callable[[], datetime]) -> DoorWire:
    return DoorWire(SyncDoor(office, News(office)), clock)


def new_code(office: Office, company_id: str, now: datetime) -> str:
    with office.company(company_id) as connection:
        return make_code(connection, company_id, SHOP, now).code


def joined(
    store: Store, wire: DoorWire, company_id: str, clock: Callable[[], datetime]
) -> SyncEngine:
    """Enrol a store's till by a code, and return its engine."""
    enrol(store, URL, new_code(wire.door.office, company_id, clock()), wire, clock())
    return SyncEngine(store, wire, clock, chance())
