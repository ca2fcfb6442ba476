"""A head office in memory that speaks the native protocol, for tests of the till's side.

It stands for the wire only: it checks what a till must get right (chain, proofs, tokens) and
answers what a test tells it to.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.domain.journal import GENESIS, entry_hash
from pos_app.domain.till_head import SignedHead, TillHead, head_message
from pos_app.store.keys import is_signed
from pos_app.sync import wire
from pos_app.sync.answers import PRODUCT
from pos_app.sync.transport import Answer, NoAnswer, Request, Unreachable

URL = "https://office.example.com"
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
Fault = Callable[["Office", Request], Answer]


class Clock:
    """Time that passes when a test says so; both sides may be wrong about it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Office:
    """One till's head office."""

    clock: Callable[[], datetime]
    till: str = "1"
    entries: dict[tuple[int, int], wire.WireEntry] = field(default_factory=dict)
    keys: dict[int, bytes] = field(default_factory=dict)
    pages: list[wire.Pulled] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    refused: list[wire.Refused] = field(default_factory=list)
    settled: list[tuple[str, str]] = field(default_factory=list)
    pushed_sizes: list[int] = field(default_factory=list)
    key: Ed25519PrivateKey = field(
        default_factory=lambda: Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    )
    access: str = "a0"
    refresh: str = "r0"
    code: str = "ABCDE-12345"
    given: set[str] = field(default_factory=lambda: {"r0"})
    tokens: int = 0
    nonces: set[str] = field(default_factory=set)
    versions: tuple[int, ...] = (1,)
    gives_head: bool = True

    def send(self, request: Request, timeout_s: float) -> Answer:
        path = request.target.removeprefix(wire.PREFIX + "/").partition("?")[0]
        self.asked.append(path)
        self.requests.append(request)
        for place, (wanted, fault) in enumerate(self.faults):
            if wanted in {path, "*"}:
                del self.faults[place]
                return fault(self, request)
        return self.answer(request)

    def answer(self, request: Request) -> Answer:
        path = request.target.removeprefix(wire.PREFIX + "/").partition("?")[0]
        if path not in {"hello", "enrol"} and (refusal := self.doubt(request, path)):
            return refusal
        body = request.body
        if request.headers.get("Content-Encoding") == "gzip":
            body = wire.unsqueeze(body)
        if request.meanwhile is not None:
            request.meanwhile()
        return getattr(self, f"on_{path}")(body)

    def doubt(self, request: Request, path: str) -> Answer | None:
        at, nonce = request.headers["X-Pos-At"], request.headers["X-Pos-Nonce"]
        if abs((datetime.fromisoformat(at) - self.clock()).total_seconds()) > 300:
            now = self.clock().isoformat(timespec="milliseconds")
            return refusal(401, "clock", **{"x-pos-at": now})
        message = wire.request_message(request.method, request.target, request.body, at, nonce)
        proof = bytes.fromhex(request.headers["X-Pos-Proof"])
        if not any(is_signed(key, proof, message) for key in self.keys.values()):
            return refusal(401, "unauthorised")
        if nonce in self.nonces:
            return refusal(409, "replayed")
        self.nonces.add(nonce)
        if path != "token" and request.headers.get("Authorization") != f"Bearer {self.access}":
            return refusal(401, "token_expired")
        return None

    def on_hello(self, _: bytes) -> Answer:
        at = self.clock().isoformat(timespec="milliseconds")
        return good(wire.Hello(PRODUCT, self.versions, at))

    def on_enrol(self, body: bytes) -> Answer:
        asked = wire.decode(wire.Enrolment, body)
        if asked.code != self.code:
            return refusal(403, "code_wrong")
        key = bytes.fromhex(asked.public_key)
        message = wire.enrolment_message(
            asked.code, asked.store_id, asked.till, asked.epoch, asked.public_key
        )
        assert is_signed(key, bytes.fromhex(asked.signature), message)
        self.keys[asked.epoch] = key
        return good(
            wire.Enrolled(
                company_id="company",
                company="Harbour Shops",
                shop="main",
                till_id="till",
                office_key=self.key.public_key().public_bytes_raw().hex(),
                access=self.access,
                access_s=600,
                refresh=self.refresh,
            )
        )

    def on_token(self, body: bytes) -> Answer:
        """Give new tokens for any that were given out: the request is signed by the till's key."""
        if wire.decode(wire.Renewal, body).refresh not in self.given:
            return refusal(401, "unauthorised")
        self.tokens += 1
        self.access, self.refresh = f"a{self.tokens}", f"r{self.tokens}"
        self.given.add(self.refresh)
        return good(wire.Tokens(self.access, 600, self.refresh))

    def on_epoch(self, body: bytes) -> Answer:
        new = wire.decode(wire.NewEpoch, body)
        message = wire.epoch_message("till", new.epoch, new.public_key)
        assert is_signed(bytes.fromhex(new.public_key), bytes.fromhex(new.signature), message)
        old = bytes.fromhex(new.old_signature)
        is_known = self.keys.get(new.epoch) == bytes.fromhex(new.public_key)
        if not is_known and not any(is_signed(key, old, message) for key in self.keys.values()):
            return refusal(403, "epoch_unproven")
        self.keys[new.epoch] = bytes.fromhex(new.public_key)
        return Answer(204, {"x-pos-office": "1"})

    def on_push(self, body: bytes) -> Answer:
        push = wire.decode(wire.Push, body)
        self.pushed_sizes.append(len(push.entries))
        if push.epoch not in self.keys:
            return refusal(409, "epoch_unknown")
        first, known = push.entries[0].seq, {entry.hash: entry for entry in self.entries.values()}
        if push.prev != GENESIS and push.prev not in known:
            last = max((seq for _, seq in self.entries), default=0)
            return good(wire.Pushed(verdict="gap", seq=min(last, first - 2), stored=0, known=0))
        prev, stored = push.prev, 0
        for entry in push.entries:
            assert entry.hash == entry_hash(
                self.till,
                push.epoch,
                entry.seq,
                entry.id,
                entry.kind,
                entry.at,
                entry.staff,
                entry.payload,
                prev,
            )
            prev = entry.hash
            stored += (push.epoch, entry.seq) not in self.entries
            before = self.entries.setdefault((push.epoch, entry.seq), entry)
            assert before == entry
        last = push.entries[-1]
        assert is_signed(
            self.keys[push.epoch], bytes.fromhex(last.signature), bytes.fromhex(last.hash)
        )
        return good(
            wire.Pushed(
                verdict="accepted",
                seq=last.seq,
                stored=stored,
                known=len(push.entries) - stored,
                head=self.head() if self.gives_head else None,
            )
        )

    def on_pull(self, body: bytes) -> Answer:
        pull = wire.decode(wire.Pull, body)
        place = int(pull.cursor or "0")
        if place < len(self.pages):
            return good(self.pages[place])
        return good(wire.Pulled(cursor=pull.cursor, things=(), left=0))

    def on_report(self, _: bytes) -> Answer:
        return good(wire.Report(head=self.head(), refused=tuple(self.refused), revision=0))

    def on_settle(self, body: bytes) -> Answer:
        settle = wire.decode(wire.Settle, body)
        self.settled.append((settle.id, settle.remedy))
        self.refused = [one for one in self.refused if one.id != settle.id]
        return Answer(204, {"x-pos-office": "1"})

    def on_wait(self, _: bytes) -> Answer:
        return Answer(204, {"x-pos-office": "1"})

    def head(self) -> SignedHead | None:
        if not self.entries:
            return None
        epoch, seq = max(self.entries)
        sold = [
            json.loads(one.payload) for one in self.entries.values() if one.kind == "sale_completed"
        ]
        total = sum(one["amount_due"] for one in sold)
        currency = sold[0]["currency"] if sold else "EUR"
        hash_ = self.entries[epoch, seq].hash
        head = TillHead(self.till, epoch, seq, hash_, len(sold), total, currency)
        at = self.clock().isoformat(timespec="milliseconds")
        return SignedHead(
            head, "company", at, self.key.sign(head_message(head, "company", at)).hex()
        )


def good(shape: object) -> Answer:
    return Answer(200, {"x-pos-office": "1"}, wire.encode(shape))  # type: ignore[arg-type]


def refusal(status: int, code: str, message: str = "No.", **headers: str) -> Answer:
    body = wire.encode(wire.Failure(code=code, message=message))
    return Answer(status, {"x-pos-office": "1", **headers}, body)


def answers(answer: Answer) -> Fault:
    """Answer so instead of doing anything."""
    return lambda _office, _request: answer


def is_lost(office: Office, request: Request) -> Answer:
    """Do it, and lose the answer."""
    office.answer(request)
    raise NoAnswer(url=URL, detail="the connection was cut")


def is_away(_office: Office, _request: Request) -> Answer:
    raise Unreachable(url=URL, detail="no route")


def comes_twice(office: Office, request: Request) -> Answer:
    """Bring the request twice, and the second answer back."""
    office.answer(request)
    return office.answer(request)


def chance(seed: int = 1) -> Random:
    return Random(seed)
