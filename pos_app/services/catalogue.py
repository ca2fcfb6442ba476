"""Keeping the catalogue: products, groups, units, taxes and stock, each change journalled."""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain import facts, payloads
from pos_app.domain.catalogue_rules import (
    FieldRefusal,
    StockFigureWrong,
    category_refusals,
    product_refusals,
    tax_refusals,
    unit_refusals,
)
from pos_app.domain.errors import PosError
from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.ids import uuid7
from pos_app.domain.product import Category, Product, Unit
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.stock_rule import StockRule
from pos_app.domain.tax import Tax
from pos_app.services.checkout import Clock
from pos_app.services.stock_rules import save_rule_in

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

STOCK_PLACES = 6
STOCK_LIMIT = Decimal(1_000_000_000)
# What the figure of a correction means: the level that is there now, or how much came or went.
SETS_LEVEL = frozenset({MoveReason.COUNT, MoveReason.OPENING})
TAKES_OUT = frozenset({MoveReason.WRITE_OFF})
CORRECTIONS = (
    MoveReason.COUNT,
    MoveReason.RECEIPT,
    MoveReason.FOUND,
    MoveReason.WRITE_OFF,
    MoveReason.OPENING,
)


class ProductGone(PosError):
    """The product is not in the catalogue any more."""

    sentence = "That product is no longer in the catalogue. Search for it again."


class Catalogue:
    """The catalogue's use cases; every write is one transaction with its fact."""

    def __init__(self, store: "Store", now: Clock, staff: str = "1") -> None:
        self._store = store
        self._now = now
        self.staff = staff

    @property
    def now(self) -> datetime:
        """The present moment, UTC."""
        return self._now()

    def new_id(self) -> str:
        """Return a fresh UUIDv7 for a product or a group."""
        return uuid7(int(self._now().timestamp() * 1000), secrets.randbits(74))

    def save_product(self, product: Product, rule: StockRule | None = None) -> Product:
        """Save a new or changed product together with its stock rule, or neither.

        Raises a FieldRefusal, PointOfOrderingWrong, or BarcodeTaken by the store.
        """
        _refuse(product_refusals(product))
        with self._store.transaction() as tx:
            if product != tx.products.get(product.id):
                tx.products.save(product)
                self._journal(tx, facts.product_saved(product))
            if rule is not None:
                save_rule_in(tx, rule, self._now(), self.staff)
        return product

    def save_category(self, category: Category) -> Category:
        """Save a new or changed group of products; raises a FieldRefusal."""
        _refuse(category_refusals(category, self._store.products.categories()))
        with self._store.transaction() as tx:
            tx.products.save_category(category)
            self._journal(tx, category_saved(category))
        return category

    def save_unit(self, unit: Unit) -> Unit:
        """Save a new or changed unit of measure; raises a FieldRefusal."""
        _refuse(unit_refusals(unit))
        with self._store.transaction() as tx:
            tx.products.save_unit(unit)
            self._journal(tx, unit_saved(unit))
        return unit

    def save_tax(self, tax: Tax) -> Tax:
        """Put a tax on the shop's list; products keep the tax that they were saved with."""
        _refuse(tax_refusals(tax))
        with self._store.transaction() as tx:
            tx.products.save_tax(tax)
            self._journal(tx, tax_saved(tax))
        return tax

    def correct_stock(
        self,
        product_id: str,
        location: str,
        reason: MoveReason,
        figure: Decimal,
        note: str = "",
    ) -> Decimal:
        """Correct stock by a movement and return the new level.

        A count or an opening stock says what is there now; any other reason says how much came
        in or, for a write-off, went out. Raises StockFigureWrong or ProductGone.
        """
        _check_figure(reason, figure)
        with self._store.transaction() as tx:
            if tx.products.get(product_id) is None:
                raise ProductGone()
            level = tx.stock.shop_level(product_id, location)
            quantity = stock_change(level, reason, figure)
            if quantity:
                at = self._now()
                moves = (StockMove(product_id, location, quantity, reason, note.strip()),)
                entry = tx.journal.append(facts.stock_moved(moves), at, self.staff)
                tx.stock.move(moves, at, entry.id)
            return level + quantity

    def _journal(self, tx: "Transaction", fact: Fact) -> None:
        tx.journal.append(fact, self._now(), self.staff)


def stock_change(level: Decimal, reason: MoveReason, figure: Decimal) -> Decimal:
    """Return the signed movement that a correction means while `level` is there."""
    if reason in SETS_LEVEL:
        return figure - level
    return -figure if reason in TAKES_OUT else figure


def category_saved(category: Category) -> Fact:
    """A group of products was made or changed; the whole new state."""
    payload = {
        "id": category.id,
        "name": category.name,
        "colour": category.colour,
        "position": category.position,
    }
    return Fact(FactKind.CATEGORY_SAVED, payload)


def unit_saved(unit: Unit) -> Fact:
    """A unit of measure of the shop was made or changed."""
    return Fact(FactKind.SETTINGS_CHANGED, {"unit": payloads.unit_payload(unit)})


def tax_saved(tax: Tax) -> Fact:
    """A tax on the shop's list was made or changed."""
    return Fact(FactKind.SETTINGS_CHANGED, {"tax": payloads.tax_payload(tax)})


def _check_figure(reason: MoveReason, figure: Decimal) -> None:
    is_count = reason in SETS_LEVEL
    sensible = figure.is_finite() and abs(figure) < STOCK_LIMIT
    if not sensible or round(figure, STOCK_PLACES) != figure or (not is_count and figure <= 0):
        raise StockFigureWrong(figure=figure)


def _refuse(refusals: dict[str, FieldRefusal]) -> None:
    for refusal in refusals.values():
        raise refusal
