"""What the use cases of all sales documents share: heads, numbers, and changes that are not stale.

Every change is one transaction; it names the state that the user saw, and one that was changed
meanwhile is refused with DocumentChanged, so that of two windows none overwrites the other.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from pos_app.domain.cart import Cart
from pos_app.domain.customer import Customer
from pos_app.domain.document import DocumentHead, check_same, party_of, touched
from pos_app.domain.document_settings import Series, document_number, prefix_of
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.ids import uuid7
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock import StockMove
from pos_app.services.authority import Authority
from pos_app.services.time_zones import business_day
from pos_app.store.records import RecordKind

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction


class Counter(Protocol):
    """What documents need of the counter that they are made at: who, when, where, and its stock."""

    @property
    def store(self) -> "Store":
        """The store that is written to."""

    @property
    def shop(self) -> ShopSettings:
        """The settings in force."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock (UTC)."""

    staff: str
    authority: Authority

    def new_cart(self) -> Cart:
        """Start an empty sale."""

    def move_stock_in(
        self, tx: "Transaction", moves: tuple[StockMove, ...], at: datetime | None = None
    ) -> None:
        """Move stock inside a running transaction, with its fact."""


class NoSuchDocument(PosError):
    """A document that the store does not have."""

    sentence = "That document is not in this store. Look for it in its list."


class Headed(Protocol):
    """A sales document: anything with a head."""

    @property
    def head(self) -> DocumentHead:
        """Its head."""


Document = TypeVar("Document", bound=Headed)


class DocumentDesk:
    """Makes and keeps documents for the use cases of one till; `checkout` says who and where."""

    def __init__(self, checkout: Counter) -> None:
        self.checkout = checkout
        self.store: Store = checkout.store

    @property
    def shop(self) -> ShopSettings:
        """The settings in force."""
        return self.checkout.shop

    @property
    def staff(self) -> str:
        """The code of whoever is at the till."""
        return self.checkout.staff

    @property
    def authority(self) -> Authority:
        """Who may do what."""
        return self.checkout.authority

    @property
    def now(self) -> datetime:
        """The present moment (UTC)."""
        return self.checkout.now()

    @property
    def today(self) -> date:
        """The shop's date now."""
        return business_day(self.now, self.shop)

    def new_id(self) -> str:
        """Return a fresh UUIDv7."""
        return uuid7(int(self.now.timestamp() * 1000), secrets.randbits(74))

    def new_head(self, customer: Customer, day: date | None = None) -> DocumentHead:
        """Return the head of a new document for a customer, without a number yet."""
        at = self.now
        return DocumentHead(
            id=self.new_id(),
            number="",
            customer=party_of(customer),
            day=day or business_day(at, self.shop),
            policy=self.shop.policy,
            created_at=at,
            created_by=self.staff,
            updated_at=at,
            updated_by=self.staff,
            payment_terms=self.shop.documents.payment_terms,
            shipping_terms=self.shop.documents.shipping_terms,
        )

    def next_number(self, tx: "Transaction", series: Series, day: date) -> str:
        """Take the next number of a series for the month of a day."""
        identity = self.store.identity
        month = f"{day:%Y%m}"
        serial = tx.sequences.next(f"{series.value}:{identity.epoch}:{month}")
        prefix = prefix_of(self.shop.documents, series)
        return document_number(prefix, identity.till, identity.epoch, month, serial)

    def get(self, kind: RecordKind[Document], document_id: str) -> Document:
        """Return a document by its id; raises NoSuchDocument."""
        found = self.store.records.get(kind, document_id)
        if found is None:
            raise NoSuchDocument()
        return found

    def by_number(self, kind: RecordKind[Document], number: str) -> Document | None:
        """Return a document by its number."""
        return self.store.records.by_code(kind, number) if number else None

    def same(self, tx: "Transaction", kind: RecordKind[Document], seen: Document) -> Document:
        """Return the present state of what the user saw; raises DocumentChanged."""
        found = tx.records.get(kind, seen.head.id)
        if found is None:
            raise NoSuchDocument()
        check_same(seen.head, found.head)
        return found

    def keep_new(
        self, tx: "Transaction", kind: RecordKind[Document], document: Document, fact: FactKind
    ) -> Document:
        """Keep a new document."""
        tx.records.put(kind, document, fact, document.head.created_at, self.staff)
        return document

    def keep(
        self,
        tx: "Transaction",
        kind: RecordKind[Document],
        document: Document,
        fact: FactKind,
        action: str,
    ) -> Document:
        """Keep the new state of a document, one version further; returns it."""
        at = self.now
        kept: Document = replace(  # type: ignore[type-var]
            document, head=touched(document.head, at, self.staff)
        )
        tx.records.put(kind, kept, fact, at, self.staff, {"action": action})
        return kept
