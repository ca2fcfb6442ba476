"""The stock screen in all its states for `shots_office.py`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from pos_app.domain.stock_rule import StockRule, StockSettings
from pos_app.services.checkout import Checkout
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.stock_rules import save_rule
from pos_app.store.store import Store
from pos_app.ui.stock_screen import StockScreen


def stock_pages(  # noqa: PLR0915 - one state after the other
    store: Store, now: Callable[[], datetime], wait: Callable[..., None]
) -> Iterator[tuple[str, QWidget]]:
    """Yield (name, widget) of each state."""
    shop = store.settings.shop()
    places = StockSettings(locations=(shop.location, "cellar"))
    ShopSetup(store, now).save(replace(shop, stock=places))
    products = [one.product for one in store.products.search("e", 12) if one.product.is_stocked]
    for place, product in enumerate(products[:6]):
        level = store.stock.level(product.id, shop.location)
        at = max(level, Decimal(0)) + place
        save_rule(store, StockRule(product.id, None, at, at + 12), now(), "1")
    screen = StockScreen(Checkout(store, now))
    presenter = screen.presenter

    def read() -> bool:
        return not presenter.state.page.is_reading

    presenter.turn("low")
    wait(until=read)
    yield "stock-low", screen
    presenter.turn("receive")
    yield "stock-receive-list", screen
    presenter.press("new")
    presenter.change("supplier", "Hill Farm Dairy")
    presenter.change("document", "LS 4711")
    for product in products[:5]:
        presenter.scan(product.barcodes[0] if product.barcodes else product.code)
        presenter.enter("12")
    presenter.change("cost", "1.25")
    presenter.change("batch", "B 2207")
    presenter.change("expiry", (now() + timedelta(days=2)).date().isoformat())
    yield "stock-receive", screen
    presenter.scan("9999999999994")
    presenter.change("cost", "two")
    yield "stock-receive-unknown", screen
    presenter.press("remove")
    presenter.press("book")
    wait(until=lambda: presenter.receive.delivery is None)
    yield "stock-received", screen
    presenter.turn("count")
    yield "stock-count-list", screen
    presenter.enter("Shelf 1")
    for turn, product in enumerate(products[:6]):
        presenter.scan(product.barcodes[0] if product.barcodes else product.code)
        presenter.enter(str(8 + 3 * turn))
    yield "stock-count", screen
    presenter.press("review")
    wait(until=read)
    yield "stock-review", screen
    presenter.press("book")
    wait(until=lambda: presenter.count.take is None)
    presenter.turn("moves")
    yield "stock-moves-none", screen
    presenter.enter(products[0].name)
    wait(until=read)
    presenter.change("what", "transfer")
    yield "stock-moves", screen
    presenter.turn("value")
    wait(until=read)
    yield "stock-value", screen
    presenter.turn("expiring")
    wait(until=read)
    yield "stock-expiring", screen
