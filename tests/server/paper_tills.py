"""Tills for tests of head office: real chains, hashes and signatures, without a store or a screen.

What tells them from a real till is that their entries are made by the thousand in no time.
"""

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from pos_app.domain.facts import FactKind, canonical
from pos_app.domain.ids import uuid7
from pos_app.domain.journal import GENESIS, entry_hash
from pos_app.server.database import Office, open_office
from pos_app.server.doors import DoorKind, new_code, put_door
from pos_app.server.enrolment import enrol
from pos_app.server.stamps import new_id, stamp
from pos_app.server.sync_door import SyncAnswer, SyncDoor
from pos_app.server.tables import companies, shops
from pos_app.server.till_identity import SyncRequest, Till
from pos_app.sync import wire
from tests.server.offices import NOW, SHOP, Template
from tests.server.postgres import PostgresServer

__all__ = ["NOW", "SHOP", "PaperTill", "code_for", "new_company", "payload_of", "shared_office"]


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def shared_office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """One head office for all tests of a file, each with a company of its own."""
    template: Template = request.getfixturevalue(f"{request.param}_template")
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("office") / "head_office.db"
        shutil.copyfile(template.place, path)
        office = open_office(f"sqlite:///{path}")
        yield office
        office.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(template.place) as database:
        office = open_office(database.url, pool=5)
        yield office
        office.close()


def new_company(office: Office, shop: str = SHOP) -> str:
    """Make a company with a shop, without people, and return its id."""
    company_id = new_id(NOW)
    with office.company(company_id) as connection:
        connection.execute(
            insert(companies),
            {
                "company_id": company_id,
                "name": "Harbour Shops",
                "signing_key": secrets.token_bytes(32),
                "made_at": stamp(NOW),
            },
        )
        connection.execute(
            insert(shops),
            {"company_id": company_id, "code": shop, "name": shop, "made_at": stamp(NOW)},
        )
    return company_id


def code_for(office, company_id: str, shop: str = SHOP, now: datetime = NOW) -> str:
    """Give out an enrolment code as head office does."""
    code = new_code()
    with office.shared() as connection:
        put_door(
            connection, DoorKind.ENROLMENT, code, company_id, shop, expires=now + timedelta(days=1)
        )
    return code


def payload_of(number: int, amount: int) -> dict[str, object]:
    """Return the part of a sale's payload that storing looks at."""
    return {"amount_due": amount, "currency": "EUR", "id": f"sale-{number}", "number": str(number)}


def _new_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@dataclass
class PaperTill:
    """A till: its keys by epoch, its journal, and what head office gave it."""

    number: str = "1"
    store_id: str = field(default_factory=lambda: secrets.token_hex(8))
    epoch: int = 1
    keys: dict[int, Ed25519PrivateKey] = field(default_factory=lambda: {1: _new_key()})
    journal: list[tuple[int, str, wire.WireEntry]] = field(default_factory=list)
    told_epoch: int = 1
    till_id: str = ""
    company_id: str = ""
    access: str = ""
    refresh: str = ""
    office_key: str = ""
    offset: timedelta = timedelta()

    def copy(self) -> "PaperTill":
        """Return the till on a copied disk."""
        return replace(self, keys=dict(self.keys), journal=list(self.journal))

    @property
    def public_key(self) -> str:
        """The key of the present epoch, in hex."""
        return self.keys[self.epoch].public_key().public_bytes_raw().hex()

    def tell(self, kind: str, payload: dict[str, object] | str, at: datetime = NOW) -> None:
        """Write one entry."""
        seq = len(self.journal) + 1
        prev = self.journal[-1][2].hash if self.journal else GENESIS
        text = payload if isinstance(payload, str) else canonical(payload)
        moment = at.isoformat(timespec="milliseconds")
        entry_id = uuid7(int(at.timestamp() * 1000), secrets.randbits(74))
        digest = entry_hash(
            self.number,
            self.epoch,
            seq,
            entry_id,
            kind,
            moment,
            "7",
            text,
            prev,
        )
        signature = self.keys[self.epoch].sign(bytes.fromhex(digest)).hex()
        entry = wire.WireEntry(seq, entry_id, kind, moment, "7", text, digest, signature)
        self.journal.append((self.epoch, prev, entry))

    def sell(self, count: int, amount: int = 250) -> None:
        """Write some sales."""
        for _ in range(count):
            self.tell(FactKind.SALE_COMPLETED, payload_of(len(self.journal), amount))

    def begin_epoch(self, epoch: int | None = None, kept: int | None = None) -> None:
        """Go on under a new key, after the first `kept` entries where the end was lost."""
        if kept is not None:
            del self.journal[kept:]
        self.epoch = epoch or self.epoch + 1
        self.keys[self.epoch] = _new_key()
        self.tell(FactKind.STORE_RESTORED, {"public_key": self.public_key})

    def batch(self, first: int = 1, last: int | None = None, epoch: int | None = None) -> wire.Push:
        """Return entries as they are pushed; they must be of one epoch."""
        chosen = self.journal[first - 1 : last]
        of_epoch = epoch or chosen[0][0]
        entries = tuple(entry for epoch, _, entry in chosen if epoch == of_epoch)
        return wire.Push(epoch=of_epoch, prev=chosen[0][1], entries=entries)

    def enrolment(self, code: str) -> wire.Enrolment:
        """Return what the till asks with to belong to a shop."""
        message = wire.enrolment_message(
            code, self.store_id, self.number, self.epoch, self.public_key
        )
        return wire.Enrolment(
            code=code,
            store_id=self.store_id,
            till=self.number,
            epoch=self.epoch,
            public_key=self.public_key,
            signature=self.keys[self.epoch].sign(message).hex(),
        )

    def enrol(self, office, company_id: str, shop: str = SHOP, now: datetime = NOW) -> "PaperTill":
        """Enrol with a new code and keep what head office gives; returns the till."""
        code = code_for(office, company_id, shop, now)
        self.keep(enrol(office, self.enrolment(code), now, secrets.token_bytes))
        return self

    def keep(self, enrolled: wire.Enrolled) -> None:
        """Keep what an enrolment gave."""
        self.company_id, self.till_id = enrolled.company_id, enrolled.till_id
        self.access, self.refresh = enrolled.access, enrolled.refresh
        self.office_key, self.told_epoch = enrolled.office_key, self.epoch

    def identity(self, branch: int = 0, epoch: int | None = None) -> Till:
        """Return the till as head office knows it after it proved itself."""
        told = epoch or self.told_epoch
        return Till(self.company_id, self.till_id, SHOP, self.number, self.store_id, told, branch)

    def new_epoch(self, old: int | None = None) -> wire.NewEpoch:
        """Return what the till says of its new key; vouched for by the key of epoch `old`."""
        message = wire.epoch_message(self.till_id, self.epoch, self.public_key)
        old_key = self.keys[old or self.told_epoch]
        return wire.NewEpoch(
            epoch=self.epoch,
            public_key=self.public_key,
            signature=self.keys[self.epoch].sign(message).hex(),
            old_signature=old_key.sign(message).hex(),
        )

    def request(
        self,
        method: str,
        name: str,
        body: wire.msgspec.Struct | None = None,
        *,
        now: datetime = NOW,
        key: Ed25519PrivateKey | None = None,
        access: str | None = None,
    ) -> SyncRequest:
        """Return a signed request."""
        target = f"{wire.PREFIX}/{name}"
        plain = b"" if body is None else wire.encode(body)
        sent, is_gzip = wire.squeeze(plain)
        at = (now + self.offset).isoformat(timespec="milliseconds")
        nonce = secrets.token_hex(16)
        message = wire.request_message(method, target, sent, at, nonce)
        proof = (key or self.keys[self.told_epoch]).sign(message).hex()
        headers = {
            "authorization": f"Bearer {self.access if access is None else access}",
            "x-pos-at": at,
            "x-pos-nonce": nonce,
            "x-pos-proof": proof,
            "content-type": "application/json",
        }
        if is_gzip:
            headers["content-encoding"] = "gzip"
        return SyncRequest(method, target, headers, sent)

    def ask(
        self,
        door: SyncDoor,
        method: str,
        name: str,
        body: wire.msgspec.Struct | None = None,
        *,
        now: datetime = NOW,
    ) -> SyncAnswer:
        """Send a signed request and return the answer."""
        return door.handle(self.request(method, name, body, now=now), now)
