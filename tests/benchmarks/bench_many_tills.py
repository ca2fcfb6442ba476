"""A thousand tills at one head office: requests a second, how long a push takes, and its memory.

Each till has a connection that waits for news and another one that pushes. First every till sends
five documents each half minute, as in shops on a busy day; then all send at once, as after an
outage. Head office is one process on this machine and judges as it goes; the tills, their
signatures and the database share the machine's processors with it.
"""

import asyncio
import json
import resource
import secrets
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert

from pos_app.domain.facts import FactKind, canonical
from pos_app.domain.ids import uuid7
from pos_app.domain.journal import GENESIS, entry_hash
from pos_app.server.doors import DoorKind, new_secret, put_door
from pos_app.server.stamps import new_id, stamp, utc_now
from pos_app.server.tables import branches, tills
from pos_app.store.store import open_store
from pos_app.sync import wire
from tests.benchmarks.figures import Figure, Size, median, p99
from tests.benchmarks.head_offices import NOTHING, HeadOffice, head_office
from tests.benchmarks.shops import kept_folder, shop_with_sales
from tests.simulators.http_messages import MOST_HEAD_BYTES, pieces, read_head

TILLS = {Size.TINY: 5, Size.QUICK: 1_000, Size.FULL: 1_000}
PUSHES = {Size.TINY: 2, Size.QUICK: 2, Size.FULL: 10}
EACH_S = {Size.TINY: 0.2, Size.QUICK: 30.0, Size.FULL: 30.0}
DOCUMENTS = 5
LINES = {"ADDRESS_RATE": "100000", "DOOR_RATE": "100000"}  # all tills have one address here
LIMIT_S = 900.0
MB = 2**20


@dataclass(slots=True)
class SimulatedTill:
    """A till's key, its tokens and its journal, without a store."""

    number: str
    payload: dict[str, object]
    id: str = field(default_factory=lambda: new_id(utc_now()))
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    access: str = field(default_factory=new_secret)
    seq: int = 0
    prev: str = GENESIS

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def push(self) -> bytes:
        """Sell a little and return it as a push."""
        prev, entries = self.prev, tuple(self._sold() for _ in range(DOCUMENTS))
        return wire.encode(wire.Push(epoch=1, prev=prev, entries=entries))

    def _sold(self) -> wire.WireEntry:
        self.seq += 1
        moment = utc_now()
        unique = uuid7(int(moment.timestamp() * 1000), secrets.randbits(74))
        told = self.payload | {"id": unique, "number": f"{self.number}-{self.seq:06d}"}
        kind, at, payload = FactKind.SALE_COMPLETED.value, stamp(moment), canonical(told)
        digest = entry_hash(self.number, 1, self.seq, unique, kind, at, "1", payload, self.prev)
        signature = self.key.sign(bytes.fromhex(digest)).hex()
        self.prev = digest
        return wire.WireEntry(self.seq, unique, kind, at, "1", payload, digest, signature)

    def request(self, method: str, name: str, plain: bytes = b"") -> bytes:
        """Return a signed request as it stands on the wire."""
        target = f"{wire.PREFIX}/{name}"
        body, is_gzip = wire.squeeze(plain)
        at, nonce = stamp(utc_now()), secrets.token_hex(16)
        proof = self.key.sign(wire.request_message(method, target, body, at, nonce)).hex()
        lines = [
            *(f"{method} {target} HTTP/1.1", "Host: office", f"Content-Length: {len(body)}"),
            *(f"Authorization: Bearer {self.access}", f"X-Pos-At: {at}"),
            *(f"X-Pos-Nonce: {nonce}", f"X-Pos-Proof: {proof}", "Content-Type: application/json"),
            *(["Content-Encoding: gzip"] if is_gzip else []),
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body


def measure(size: Size) -> list[Figure]:
    _allow_connections()
    with (
        tempfile.TemporaryDirectory(dir=kept_folder()) as folder,
        head_office(Path(folder), size, **LINES) as head,
    ):
        if head is None:
            return NOTHING
        payload = _payload()
        simulated = [SimulatedTill(str(n), payload) for n in range(1, TILLS[size] + 1)]
        with head.books.company(head.company_id) as connection:
            for till in simulated:
                _know(connection, head, till)
        before_mb = _memory_mb(head)
        crowd = Crowd(head.process.port, simulated)
        asyncio.run(crowd.busy_day(PUSHES[size], EACH_S[size]))
        return _figures(crowd, size, before_mb, _memory_mb(head))


class Crowd:
    """All tills at once, in one event loop."""

    def __init__(self, port: int, simulated: list[SimulatedTill]) -> None:
        self._port = port
        self._tills = simulated
        self.paced: list[float] = []
        self.at_once: list[float] = []
        self.at_once_s = 0.0
        self.listening = 0

    async def busy_day(self, pushes: int, each_s: float) -> None:
        """Let all listen, push by turns, and then push all at once."""
        ears = [asyncio.create_task(self._listen(till)) for till in self._tills]
        lines = [await self._connected() for _ in self._tills]
        step = each_s / len(self._tills)
        try:
            async with asyncio.timeout(LIMIT_S):
                await asyncio.gather(
                    *(
                        self._paced(till, line, place * step, pushes, each_s)
                        for place, (till, line) in enumerate(zip(self._tills, lines, strict=True))
                    )
                )
                waiting = [till.request("POST", "push", till.push()) for till in self._tills]
                begun = perf_counter()
                self.at_once = await asyncio.gather(
                    *(_asked(*line, sent) for line, sent in zip(lines, waiting, strict=True))
                )
                self.at_once_s = perf_counter() - begun
        finally:
            for ear in ears:
                ear.cancel()
            await asyncio.gather(*ears, return_exceptions=True)
            for _, writer in lines:
                writer.close()

    async def _paced(
        self, till: SimulatedTill, line: "Line", first_s: float, pushes: int, each_s: float
    ) -> None:
        await asyncio.sleep(first_s)
        for _ in range(pushes):
            took = await _asked(*line, till.request("POST", "push", till.push()))
            self.paced.append(took)
            await asyncio.sleep(max(each_s - took, 0.0))

    async def _listen(self, till: SimulatedTill) -> None:
        reader, writer = await self._connected()
        self.listening += 1
        try:
            while True:
                await _asked(reader, writer, till.request("GET", "wait?since=0"))
        finally:
            writer.close()

    async def _connected(self) -> "Line":
        return await asyncio.open_connection("127.0.0.1", self._port, limit=MOST_HEAD_BYTES)


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> float:
    """Send a request and read the answer; returns seconds."""
    begun = perf_counter()
    writer.write(sent)
    await writer.drain()
    head = await read_head(reader)
    if head is None or head.status not in (200, 204):
        raise RuntimeError(f"head office answered {head and head.first_line}")
    if head.status != 204:
        async for _ in pieces(reader, head, has_end=True):
            pass
    return perf_counter() - begun


def _payload() -> dict[str, object]:
    """Return what a real checkout tells of a document with five lines."""
    with open_store(shop_with_sales(20, 300)) as store:
        entries = store.journal.entries(0, 100)
        sold = [one for one in entries if one.kind == FactKind.SALE_COMPLETED]
        return dict(json.loads(sold[-1].payload))


def _know(connection: Connection, head: HeadOffice, till: SimulatedTill) -> None:
    """Let head office know a till, with a token that lasts through all of this."""
    whose = {"company_id": head.company_id, "till_id": till.id}
    connection.execute(
        insert(tills),
        {
            "company_id": head.company_id,
            "id": till.id,
            "shop": head.shop,
            "till": till.number,
            "store_id": till.id,
            "state": "active",
            "epoch": 1,
            "enrolled_at": stamp(utc_now()),
        },
    )
    connection.execute(
        insert(branches),
        whose
        | {
            "epoch": 1,
            "branch": 0,
            "public_key": till.public_key,
            "first_seq": 1,
            "first_prev": GENESIS,
            "seq": 0,
            "hash": GENESIS,
            "judged_seq": 0,
            "state": "open",
        },
    )
    expires = utc_now() + timedelta(hours=1)
    put_door(connection, DoorKind.ACCESS, till.access, head.company_id, till.id, expires=expires)


def _allow_connections() -> None:
    """Let this process have as many open connections as it may."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _memory_mb(head: HeadOffice) -> float:
    """Return the serving process's memory, as Linux counts it."""
    told = Path(f"/proc/{head.process.pid}/status")
    if not told.exists():
        return 0.0
    line = next(line for line in told.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / MB


def _figures(crowd: Crowd, size: Size, before_mb: float, after_mb: float) -> list[Figure]:
    count = TILLS[size]
    pace = count / EACH_S[size]
    all_at_once = count / crowd.at_once_s
    return [
        Figure(f"a push of {DOCUMENTS} documents, {count:,} tills each {EACH_S[size]:g} s, median",
               median(crowd.paced) * 1_000,
               note=f"{pace:,.0f} pushes/s, {crowd.listening:,} tills waiting for news"),
        Figure("… p99", p99(crowd.paced) * 1_000, note=f"of {len(crowd.paced):,} pushes"),
        Figure(f"{count:,} tills push at once, until the last is answered", crowd.at_once_s, "s",
               note=f"{all_at_once:,.0f} pushes/s, {all_at_once * DOCUMENTS:,.0f} documents/s"),
        Figure("head office's memory (RSS)", after_mb, "MB",
               note=f"{before_mb:.0f} MB before the first"),
    ]  # fmt: skip
