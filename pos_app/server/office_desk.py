"""The desk at which head office itself makes and changes customers, documents and stock.

One desk is one transaction of one company. What is done is written down as facts, which `close`
tells to head office's own journal: the same code judges them that judges a till's, so that an API
and a till cannot come to different ends. Money is `Money`, moments are UTC.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from pos_app.domain.credit import CreditTerms
from pos_app.domain.customer import Customer
from pos_app.domain.customer_rules import customer_refusals, tidied
from pos_app.domain.document import DocumentHead, party_of, touched
from pos_app.domain.document_settings import Series, document_number, prefix_of
from pos_app.domain.errors import PosError
from pos_app.domain.facts import Fact, FactKind, customer_saved, record_changed, stock_moved
from pos_app.domain.payload_reading import customer_of, product_of
from pos_app.domain.plain import from_plain, to_plain
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Product
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock import StockMove
from pos_app.server.companies import company_of, shop_of
from pos_app.server.database import Office
from pos_app.server.document_kinds import (
    NAMES,
    AnyDocument,
    Document,
    document_of,
    found_by,
)
from pos_app.server.news import News, Topic
from pos_app.server.own_journal import OWN_STATE, tell_own
from pos_app.server.series import next_in
from pos_app.server.stamps import new_id
from pos_app.server.stock_sums import level_of
from pos_app.server.tables import tills
from pos_app.server.thing_kinds import CREDIT_TERMS, CUSTOMER, PRODUCT, SETTINGS
from pos_app.server.thing_rows import hold_revision, load_things

# From here head office counts where tills take numbers of the same form without asking it.
FIRST_BESIDE_TILLS = 5001


class DocumentUnknown(PosError):
    """A document that the company does not have."""

    sentence = "There is no such document ({id}). Look at the list."


class CustomerUnknown(PosError):
    """A customer whom the company does not have."""

    sentence = "There is no such customer ({id}). Look at the list."


class ProductUnknown(PosError):
    """A product that the company does not have."""

    sentence = "There is no such product ({id}). Look at the catalogue."


class OfficeDesk:
    """One transaction in which head office does something; nothing stands before `close`.

    `staff` is the name that documents and the journal give for who did it.
    """

    def __init__(
        self, connection: Connection, company_id: str, shop: str, staff: str, now: datetime
    ) -> None:
        self.connection = connection
        self.company_id = company_id
        self.shop_code = shop
        self.staff = staff
        self.now = now
        hold_revision(connection, company_id)  # nobody else changes things until the commit
        self._facts: list[Fact] = []
        self._fresh: dict[tuple[str, str], tuple[int, str]] = {}
        self._moved: dict[tuple[str, str], Decimal] = {}

    @cached_property
    def currency(self) -> str:
        """The company's currency (ISO 4217)."""
        return company_of(self.connection, self.company_id).currency

    @cached_property
    def shop(self) -> ShopSettings:
        """The settings of the shop, or the usual ones where no till told of any yet."""
        row = self._row(SETTINGS, self.shop_code)
        if row is None:
            return ShopSettings(policy=PricePolicy(self.currency))
        return from_plain(ShopSettings, json.loads(row[1]))

    @property
    def today(self) -> date:
        """The date in the shop."""
        zone = shop_of(self.connection, self.company_id, self.shop_code).time_zone
        return self.now.astimezone(ZoneInfo(zone)).date()

    def new_id(self) -> str:
        """Return a fresh UUIDv7."""
        return new_id(self.now)

    def customer(self, customer_id: str) -> Customer:
        """Return a customer; raises CustomerUnknown."""
        row = self._row(CUSTOMER, customer_id)
        if row is None:
            raise CustomerUnknown(id=customer_id)
        return customer_of(json.loads(row[1]))

    def product(self, product_id: str) -> Product:
        """Return a product with its unit and taxes; raises ProductUnknown."""
        row = self._row(PRODUCT, product_id)
        if row is None:
            raise ProductUnknown(id=product_id)
        return product_of(json.loads(row[1]))

    def terms(self, customer_id: str) -> CreditTerms:
        """Return what is agreed with a customer; empty terms where nothing is."""
        row = self._row(CREDIT_TERMS, customer_id)
        if row is None:
            return CreditTerms(customer_id)
        return from_plain(CreditTerms, json.loads(row[1])["state"])

    def find(self, kind: type[Document], document_id: str) -> Document | None:
        """Return a document as it stands, or None; a deleted one too."""
        row = self._row(NAMES[kind], document_id)
        return None if row is None else document_of(kind, row[1])

    def get(self, kind: type[Document], document_id: str) -> Document:
        """Return a document as it stands; raises DocumentUnknown, for a deleted one too."""
        found = self.find(kind, document_id)
        if found is None or found.state.value == "deleted":
            raise DocumentUnknown(id=document_id)
        return found

    def new_head(self, customer: Customer, day: date | None = None) -> DocumentHead:
        """Return the head of a new document for a customer, without a number yet."""
        documents = self.shop.documents
        return DocumentHead(
            id=self.new_id(),
            number="",
            customer=party_of(customer),
            day=day or self.today,
            policy=self.shop.policy,
            created_at=self.now,
            created_by=self.staff,
            updated_at=self.now,
            updated_by=self.staff,
            payment_terms=documents.payment_terms,
            shipping_terms=documents.shipping_terms,
        )

    def next_number(self, series: Series, day: date) -> str:
        """Take the next number of a series for the month of a day, such as QT2023060001.

        Tills number without asking, so where the shop has any, head office counts from 5001.
        """
        month = f"{day:%Y%m}"
        first = FIRST_BESIDE_TILLS if self._has_tills else 1
        name = f"{series.value}:{self.shop_code}:{month}"
        serial = next_in(self.connection, self.company_id, name, first)
        return document_number(prefix_of(self.shop.documents, series), "1", 1, month, serial)

    def save_customer(self, customer: Customer) -> Customer:
        """Keep a new or changed customer; raises a FieldRefusal."""
        tidy = tidied(customer)
        for refusal in customer_refusals(tidy).values():
            raise refusal
        fact = customer_saved(tidy)
        self._tell(CUSTOMER, tidy.id, fact.kind, fact.payload, canonical_state(fact.payload))
        return tidy

    def save_terms(self, terms: CreditTerms, fact: FactKind) -> None:
        """Keep what is agreed with a customer (`credit.checked_terms` first)."""
        found = {"code": None, "place": "", "is_open": False}
        self._record(CREDIT_TERMS, terms.customer_id, fact, to_plain(terms), found, {})

    def keep_new(self, document: Document, fact: FactKind) -> Document:
        """Keep a new document as it is."""
        self._keep(document, fact, {})
        return document

    def keep(self, document: Document, fact: FactKind, action: str) -> Document:
        """Keep the new state of a document, one version further; returns it."""
        head = touched(document.head, self.now, self.staff)
        kept: Document = replace(document, head=head)
        self._keep(kept, fact, {"action": action})
        return kept

    def tell(self, fact: Fact) -> None:
        """Write down a fact that is about no thing, such as a sale with the stock that it moves."""
        self._facts.append(fact)

    def move_stock(self, moves: tuple[StockMove, ...]) -> None:
        """Move stock with a fact of its own."""
        if not moves:
            return
        for move in moves:
            key = (move.product_id, move.location)
            self._moved[key] = self._moved.get(key, Decimal(0)) + move.quantity
        self.tell(stock_moved(moves))

    def level(self, product_id: str, location: str | None = None) -> Decimal:
        """Return how much of a product the shop has, at one place or at all of them."""
        standing = level_of(self.connection, self.company_id, self.shop_code, product_id, location)
        moved = (
            quantity
            for (product, place), quantity in self._moved.items()
            if product == product_id and location in (None, place)
        )
        return standing + sum(moved, Decimal(0))

    def close(self) -> None:
        """Tell the journal everything that was done here; raises what refuses it."""
        facts, self._facts = self._facts, []
        if facts:
            tell_own(self.connection, self.company_id, self.shop_code, facts, self.staff, self.now)

    @cached_property
    def _has_tills(self) -> bool:
        found = select(func.count()).select_from(tills).where(
            tills.c.company_id == self.company_id,
            tills.c.shop == self.shop_code,
            tills.c.state != OWN_STATE,
        )  # fmt: skip
        return bool(self.connection.execute(found).scalar_one())

    def _keep(self, document: AnyDocument, fact: FactKind, details: Mapping[str, Any]) -> None:
        kind, state = NAMES[type(document)], to_plain(document)
        self._record(kind, document.head.id, fact, state, found_by(document), details)

    def _record(
        self,
        kind: str,
        record_id: str,
        fact: FactKind,
        state: Mapping[str, Any],
        found: Mapping[str, Any],
        details: Mapping[str, Any],
    ) -> None:
        told = record_changed(fact, kind, record_id, state, {**details, **found})
        kept = canonical_state({"state": state, **found})
        self._tell(kind, record_id, fact, told.payload, kept)

    def _tell(
        self, kind: str, thing_id: str, fact: FactKind, payload: Mapping[str, Any], state: str
    ) -> None:
        standing = self._row(kind, thing_id)
        base = 0 if standing is None else standing[0]
        self._facts.append(Fact(fact, {**payload, "base": base}))
        # A second change in this transaction goes on from the first.
        self._fresh[kind, thing_id] = (base, state)

    def _row(self, kind: str, thing_id: str) -> tuple[int, str] | None:
        """Return revision and state (JSON) of a thing, with what was done at this desk."""
        key = kind, thing_id
        if key in self._fresh:
            return self._fresh[key]
        if not thing_id or "\0" in thing_id:
            return None
        row = load_things(self.connection, self.company_id, [key]).get(key)
        return None if row is None else (row.revision, row.state)


def canonical_state(state: Mapping[str, Any]) -> str:
    """Write a thing's state as JSON."""
    return json.dumps(state, ensure_ascii=False, sort_keys=True)


@contextmanager
def office_desk(
    office: Office, news: News, company_id: str, shop: str, staff: str, now: datetime
) -> Iterator[OfficeDesk]:
    """Lend a desk, close it at the end, and let the tills hear of what is new after the commit."""
    with office.company(company_id) as connection:
        desk = OfficeDesk(connection, company_id, shop, staff, now)
        yield desk
        desk.close()
    news.tell(company_id, Topic.THINGS)
