"""The shop's price lists: what is off, and which products have a price of their own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.money import minor_digits
from pos_app.domain.price_list import PriceList, list_key, price_for
from pos_app.domain.product import Product
from pos_app.services.price_lists import PriceLists
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_figures import counted_figure, shown_figure, shown_price
from pos_app.ui.views import Column, TableRow

if TYPE_CHECKING:
    from pos_app.store.store import Store

NEW = ""
PRICES_MOST = 1000


class NoSuchProduct(PosError):
    """A code or name that no product has."""

    sentence = "No product is called {text}. Type its code or the beginning of its name."


class ListNameTaken(PosError):
    """A new price list with the name of another."""

    sentence = "There is a price list {name} already. Choose another name."


@dataclass(frozen=True, slots=True)
class PriceListsState:
    """The lists, and the fields of the one that is looked at, as typed."""

    lists: tuple[Choice, ...] = ()
    chosen: str = NEW
    name: str = ""
    percent: str = ""
    is_active: bool = True
    columns: tuple[Column, ...] = ()
    prices: tuple[TableRow, ...] = ()
    product: str = ""
    price: str = ""
    about: str = ""
    error: str = ""
    told: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the list is not kept yet."""
        return self.chosen == NEW


class CustomerPriceLists:
    """Each list is saved on its own; prices of products at once."""

    def __init__(
        self,
        store: "Store",
        lists: PriceLists,
        on_state: Callable[[PriceListsState], None],
        on_saved: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._lists = lists
        self._on_state = on_state
        self._on_saved = on_saved
        shop = store.settings.shop()
        self._amounts = amount_format(shop)
        self._places = minor_digits(shop.policy.currency)
        self._state = PriceListsState(columns=_columns())
        first = next(iter(lists.all()), None)
        self.choose(NEW if first is None else first.name)

    @property
    def state(self) -> PriceListsState:
        """What the sheet shows now."""
        return self._state

    def choose(self, key: str) -> None:
        """Look at a list, or begin a new one."""
        known = self._lists.get(key) if key else None
        self._state = replace(
            self._state,
            lists=self._choices(),
            chosen=NEW if known is None else known.name,
            name="" if known is None else known.name,
            percent="" if known is None else shown_figure(known.percent, self._amounts),
            is_active=known is None or known.is_active,
            prices=() if known is None else self._rows(known),
            product="",
            price="",
            about="",
            error="",
            told="",
        )
        self._show()

    def change(self, **values: object) -> None:
        """Take over what was typed."""
        self._state = replace(self._state, **values, error="", told="")  # type: ignore[arg-type]
        self._state = replace(self._state, about=self._about())
        self._show()

    def save(self) -> bool:
        """Keep the list; what is wrong is told and stays."""
        state = self._state
        try:
            percent = counted_figure(state.percent.replace("%", ""), self._amounts) or Decimal(0)
            if state.is_new and state.name.strip() and self._lists.get(state.name) is not None:
                raise ListNameTaken(name=state.name.strip())
            name = state.name if state.is_new else state.chosen
            kept = self._lists.save(PriceList(name, percent, state.is_active))
        except PosError as refusal:
            return self._refuse(refusal)
        self.choose(kept.name)
        self._state = replace(self._state, told=t("{name} is saved.").format(name=kept.name))
        self._on_saved()
        self._show()
        return True

    def set_price(self) -> bool:
        """Keep a product's own price on the list; an empty one takes it away."""
        known = self._lists.get(self._state.chosen)
        if known is None:
            return False
        try:
            product = self._find(self._state.product)
            price = counted_figure(self._state.price, self._amounts)
            self._lists.set_price(known, product, price)
        except PosError as refusal:
            return self._refuse(refusal)
        self.choose(known.name)
        return True

    def open_price(self, product_id: str) -> None:
        """Take a listed product's price up for changing."""
        product = self._store.products.get(product_id)
        row = next((one for one in self._state.prices if one.key == product_id), None)
        if product is not None and row is not None:
            own = self._own(product_id)
            self.change(product=product.code, price=shown_price(own, self._amounts))

    def _own(self, product_id: str) -> Decimal | None:
        known = self._lists.get(self._state.chosen)
        prices = [] if known is None else self._lists.prices(known, PRICES_MOST)
        return next((one.price for one in prices if one.product_id == product_id), None)

    def _about(self) -> str:
        """Say which product is meant and what it costs everybody and on the list."""
        text = self._state.product.strip()
        known = self._lists.get(self._state.chosen) if self._state.chosen else None
        if not text or known is None:
            return ""
        try:
            product = self._find(text)
        except PosError:
            return ""
        usual = "–" if product.price is None else self._amounts.price(product.price)
        lower = price_for(product, known, None, self._places)
        by_list = "–" if lower is None else self._amounts.price(lower)
        words = t("{name}: usually {usual}, by the percentage {lower}.")
        return words.format(name=product.name, usual=usual, lower=by_list)

    def _find(self, text: str) -> Product:
        cleaned = " ".join(text.split())[:200]
        product = self._store.products.find(cleaned) if cleaned else None
        if product is not None:
            return product
        found = self._store.products.search(cleaned, 1) if cleaned else []
        if not found:
            raise NoSuchProduct(text=cleaned[:40])
        return found[0].product

    def _rows(self, price_list: PriceList) -> tuple[TableRow, ...]:
        rows = []
        for one in self._lists.prices(price_list, PRICES_MOST):
            product = self._store.products.get(one.product_id)
            if product is None or one.price is None:
                continue
            usual = "" if product.price is None else self._amounts.price(product.price)
            cells = (product.code, product.name, usual, self._amounts.price(one.price))
            rows.append(TableRow(product.id, cells))
        return tuple(rows)

    def _choices(self) -> tuple[Choice, ...]:
        lists = sorted(self._lists.all(), key=lambda one: list_key(one.name))
        return (Choice(NEW, t("New price list")), *(Choice(one.name, one.name) for one in lists))

    def _refuse(self, refusal: PosError) -> bool:
        self._state = replace(self._state, error=sentence_of(refusal, self._amounts))
        self._show()
        return False

    def _show(self) -> None:
        self._on_state(self._state)


def _columns() -> tuple[Column, ...]:
    return (
        Column(t("Code"), 130),
        Column(t("Product"), 240, stretches=True),
        Column(t("Usual price"), 130, is_figure=True),
        Column(t("On this list"), 150, is_figure=True),
    )
