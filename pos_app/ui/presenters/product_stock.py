"""The stock of one product at each location, with what the shop's other tills did to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.product import Product
from pos_app.services.stock_elsewhere import TillStock, stock_elsewhere
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.moments import moment_words
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.presenters.typed_figures import shown_figure

if TYPE_CHECKING:
    from pos_app.store.store import Store

# A till that head office heard of more lately than this tells what it sells as it sells it.
FRESH = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class StockRow:
    """The level of the product at one location, as text; `others` are lines of the other tills."""

    location: str
    level: str
    others: tuple[str, ...] = ()


def stock_rows(store: "Store", product: Product | None, now: datetime) -> tuple[StockRow, ...]:
    """Return a row for each location, the shop's own first; none for what is not kept in stock."""
    if product is None or not product.is_stocked:
        return ()
    shop = store.settings.shop()
    amounts = amount_format(shop)
    levels = {shop.location: Decimal(0)} | store.stock.levels(product.id)
    return tuple(
        StockRow(location, shown_figure(level, amounts), _others(store, product.id, location, now))
        for location, level in levels.items()
    )


def _others(store: "Store", product_id: str, location: str, now: datetime) -> tuple[str, ...]:
    """Return the level of the whole shop and what each other till did, if there are any."""
    known = stock_elsewhere(store, product_id, location)
    if not known.tills:
        return ()
    level = shown_figure(known.level, amount_format(store.settings.shop()))
    whole = t("With what the other tills moved: {level}").format(level=level)
    return (whole, *(_line(store, one, now) for one in known.tills))


def _line(store: "Store", one: TillStock, now: datetime) -> str:
    moved = shown_figure(one.moved, amount_format(store.settings.shop()))
    if one.heard_at is None:
        return t("Till {till}: not heard yet").format(till=one.till)
    when = moment_words(one.heard_at, now, store.settings.shop())
    if now - one.heard_at > FRESH:
        told = t("Till {till}: {moved}, not heard since {when}")
    else:
        told = t("Till {till}: {moved}, heard {when}")
    return told.format(till=one.till, moved=isolated(moved), when=when)
