"""A line to head office that is spoken by hand, and a status for every state of the screen."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pos_app.domain.facts import FactKind
from pos_app.domain.till_head import Completeness, SignedHead, TillHead
from pos_app.store.remotes import LogLine, Refusal
from pos_app.store.store import Store
from pos_app.sync.settling import ask_to_settle
from pos_app.sync.status import Backlog, Progress, Proof, SyncPhase, SyncStatus
from pos_app.sync.transport import Unreachable
from pos_app.ui.presenters.sync_connect import ConnectTools


@dataclass(frozen=True)
class Found:
    company: str
    url: str


@dataclass(frozen=True)
class Invited:
    url: str
    code: str


@dataclass
class Line:
    """Does what the presenter asks, and remembers it."""

    status: SyncStatus = field(default_factory=SyncStatus)
    store: Store | None = None
    did: list[str] = field(default_factory=list)
    refuses: bool = False

    def connect(self, url: str, code: str) -> None:
        if self.refuses:
            raise Unreachable(url=url, detail="no route to host")
        self.did.append(f"connect {url} {code}")

    def leave(self) -> None:
        self.did.append("leave")
        self.status = SyncStatus()

    def settle(self, entry_id: str, remedy: str) -> None:
        self.did.append(f"settle {entry_id} {remedy}")
        if self.store is not None:
            ask_to_settle(self.store, entry_id, remedy)

    def hurry(self) -> None:
        self.did.append("hurry")


def tools(line: Line) -> ConnectTools:
    """What the sheet sets going: one head office answers nearby."""
    found = (Found("Galway Grocers", "http://192.168.1.20:8700"),)
    return ConnectTools(
        line.connect, lambda: found, lambda _text: Invited("https://office.example.com", "KX4T2")
    )


def head(epoch: int = 1, seq: int = 52, receipts: int = 412, total: int = 1_284_350) -> TillHead:
    return TillHead("1", epoch, seq, "5e" * 32, receipts, total, "EUR")


def signed(told: TillHead, at: datetime) -> SignedHead:
    return SignedHead(told, "company", at.isoformat(), "ab" * 64)


def told(now: datetime) -> SyncStatus:
    """All is told and confirmed."""
    minute = timedelta(minutes=1)
    return SyncStatus(
        SyncPhase.UP_TO_DATE,
        company="Galway Grocers",
        shop="Quay Street",
        url="https://office.example.com",
        last_contact=(now - minute).isoformat(),
        proof=Proof(head(), signed(head(), now - minute), Completeness.EQUAL, is_genuine=True),
        other_tills=(
            ("2", (now - 78 * minute).isoformat()),
            ("3", (now - 2 * minute).isoformat()),
        ),
        log=(
            LogLine((now - minute).isoformat(), "good", "Head office answers again."),
            LogLine((now - 9 * minute).isoformat(), "bad", "The connection was cut."),
            LogLine((now - 50 * minute).isoformat(), "note", "120 products were received."),
        ),
        revision=7,
    )


def refused(now: datetime, seq: int = 1) -> tuple[Refusal, ...]:
    at = (now - timedelta(hours=5)).isoformat()
    sale = FactKind.SALE_COMPLETED.value
    return (
        Refusal("r1", 1, seq, sale, at, "The number 1-000042 is used by another receipt of this "
                "till already.", "accept"),
        Refusal("r2", 1, seq + 1, FactKind.CUSTOMER_SAVED.value, at,
                "Two customers have the number 1004.", "retry"),
        Refusal("r3", 1, seq + 2, FactKind.PRODUCT_SAVED.value, at,
                "The tax is not known at head office.", "office"),
    )  # fmt: skip


def sale_seqs(store: Store, count: int) -> tuple[int, int]:
    """The first and last entry of a stretch of the journal with some receipts in it."""
    last = store.journal.count()
    return max(last - count + 1, 1), last


def every_status(store: Store, now: datetime) -> Iterator[tuple[str, SyncStatus]]:
    """Every state worth a picture, by name."""
    good = told(now)
    proof = good.proof
    assert proof is not None
    yield "told", good
    yield (
        "catching-up",
        replace(
            good,
            phase=SyncPhase.SENDING,
            backlog=Backlog(61_200, 14_350, 1_450.0, 612),
            proof=replace(
                proof,
                office=signed(head(seq=9, receipts=38, total=98_210), now),
                verdict=Completeness.BEHIND,
                missing=(sale_seqs(store, 60),),
            ),
        ),
    )
    yield (
        "first",
        replace(
            good,
            phase=SyncPhase.RECEIVING,
            progress=Progress(38_500, 100_000),
            proof=None,
            backlog=Backlog(estimate_s=95),
        ),
    )
    yield "offline", replace(
        good,
        phase=SyncPhase.OFFLINE,
        last_contact=(now - timedelta(days=1)).isoformat(),
        next_try=(now + timedelta(seconds=40)).isoformat(),
        backlog=Backlog(512, 131),
        proof=replace(
            proof, verdict=Completeness.BEHIND, own=head(seq=564, receipts=543, total=1_640_005),
            missing=(sale_seqs(store, 6),),
        ),
    )  # fmt: skip
    yield "refused", replace(good, refusals=refused(now, store.journal.count() - 1))
    yield (
        "fork",
        replace(
            good,
            phase=SyncPhase.TROUBLE,
            detail="Head office has other entries of this till from number 51 on. They are kept "
            "apart, and this till goes on under a new key.",
            proof=replace(proof, verdict=Completeness.DIFFERENT, own=head(epoch=2, receipts=409)),
        ),
    )
    yield "revoked", replace(good, phase=SyncPhase.REVOKED)
    yield "sign-in", replace(good, phase=SyncPhase.SIGN_IN_PAGE)


def quarrel_about(store: Store, at: datetime) -> None:
    """Let two sides have changed two fields of a customer."""
    customer = store.customers.page(0, 1)[0]
    lost = [
        {"name": "phone", "kept": "+353 91 555 0142", "lost": "091 555 0199", "by": "till 2",
         "at": at.isoformat()},
        {"name": "address", "kept": "1 Quay Street", "lost": "", "by": "till 1",
         "at": at.isoformat()},
    ]  # fmt: skip
    with store.transaction() as tx:
        tx.received.put("customer", customer.id, 7, json.dumps(lost))
