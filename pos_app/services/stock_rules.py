"""The rules of products: when to order, what happens at zero; and where the shop keeps goods."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.cart import QUANTITY_LIMIT
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.stock_rule import StockRule, StockSettings
from pos_app.services.stock_records import RULE

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

LOCATION_LIMIT = 60
LOCATIONS_MOST = 100
DAYS_MOST = 3650


class PointOfOrderingWrong(PosError):
    """A point of ordering below zero, or above the quantity to fill up to."""

    sentence = "Order at 0 or more, and fill up to at least that."


class FillUpWithoutPoint(PosError):
    """A quantity to fill up to, but not when."""

    sentence = "Say at how many to order, too."


class LocationMissing(PosError):
    """The place that the till sells from is not on the list."""

    sentence = "The till sells from “{location}”. Leave it on the list."


class LocationWrong(PosError):
    """A place with a name that cannot be, or too many places."""

    sentence = "At most {most} places, each with a name of up to {limit} letters, each once."


class DaysWrong(PosError):
    """Days of notice that cannot be."""

    sentence = "Enter whole days from 0 to {most}."


def rule_of(store: "Store | Transaction", product_id: str) -> StockRule:
    """Return a product's rule; without one it follows the shop."""
    return store.records.get(RULE, product_id) or StockRule(product_id)


def check_rule(rule: StockRule) -> None:
    """Refuse a rule that cannot be; raises PointOfOrderingWrong or FillUpWithoutPoint."""
    at, to = rule.reorder_at, rule.reorder_to
    for figure in (at, to):
        if figure is not None and not (figure.is_finite() and 0 <= figure < QUANTITY_LIMIT):
            raise PointOfOrderingWrong()
        if figure is not None and figure != round(figure, 3):
            raise PointOfOrderingWrong()
    if to is not None and at is None:
        raise FillUpWithoutPoint()
    if to is not None and at is not None and to < at:
        raise PointOfOrderingWrong()


def save_rule(store: "Store", rule: StockRule, at: datetime, staff: str) -> None:
    """Keep a product's rule if it is another one; raises what `check_rule` does."""
    with store.transaction() as tx:
        save_rule_in(tx, rule, at, staff)


def save_rule_in(tx: "Transaction", rule: StockRule, at: datetime, staff: str) -> None:
    """Keep a product's rule inside a running transaction; see `save_rule`."""
    check_rule(rule)
    if rule != rule_of(tx, rule.product_id):
        tx.records.put(RULE, rule, FactKind.STOCK_RULE_SAVED, at, staff)


def settings_refusals(settings: StockSettings, location: str) -> dict[str, PosError]:
    """Say what is wrong with the shop's stock settings, by field; `location` is the till's."""
    refusals: dict[str, PosError] = {}
    names = settings.locations
    is_each_fine = all(name.strip() and len(name) <= LOCATION_LIMIT for name in names)
    if not is_each_fine or len(set(names)) != len(names) or len(names) > LOCATIONS_MOST:
        refusals["locations"] = LocationWrong(most=LOCATIONS_MOST, limit=LOCATION_LIMIT)
    elif location not in names:
        refusals["locations"] = LocationMissing(location=location)
    if not 0 <= settings.expiry_notice_days <= DAYS_MOST:
        refusals["expiry_notice_days"] = DaysWrong(most=Decimal(DAYS_MOST))
    return refusals
