"""The doors of the counter: scanner, keys, notes and names, search."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pos_app.domain import cart as carts
from pos_app.domain.barcode import PATTERNS_BY_COUNTRY, parse_barcode
from pos_app.domain.cart import Cart
from pos_app.domain.customer import Customer
from pos_app.domain.discount import LineDiscount
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.product import Product
from pos_app.domain.stock import MoveReason
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.customers import Customers
from pos_app.store.store import Store
from pos_app.ui.presenters.checkout import CheckoutPresenter
from tests.proofs.fuzz_doors.door import HOSTILE, TEXTS, Door, Knock, Seen
from tests.proofs.small_shop import PRODUCTS, SHOP, open_shop

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ENOUGH_LINES = 20


class QuietReceipts:
    """Receipts that nobody prints: a stand-in for paper."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_args, **_more: None


def now() -> datetime:
    return NOW


@contextmanager
def _shop(folder: Path) -> Iterator[Store]:
    with open_shop(folder / "shop.db") as store:
        yield store


@contextmanager
def barcodes(folder: Path, seen: Seen) -> Iterator[Knock]:
    """Parse a code, scan it, and pay for what it became: all of it may be refused, never crash."""
    with _shop(folder) as store:
        checkout = Checkout(store, now)

        def knock(code: str) -> None:
            for patterns in PATTERNS_BY_COUNTRY.values():
                with seen.refusing():
                    parse_barcode(code, patterns, date(2026, 3, 2))
            scanned = checkout.scan(checkout.new_cart(), code)
            if scanned.refusal is not None:
                with seen.refusing():
                    raise scanned.refusal
            with seen.refusing():
                _sell_all(checkout, scanned.cart)

        yield knock


def _sell_all(checkout: Checkout, cart: Cart) -> None:
    checkout.keep(cart)
    if cart.is_empty:
        return
    for line in cart.lines:
        cart = checkout.override_price(cart, line.id, Decimal("1.50"), line.name or line.code)
    checkout.remove(cart, cart.lines[0].id)
    checkout.park(cart, cart.lines[0].code)
    cart = checkout.recall(cart.id)
    sale = checkout.complete(cart, (TenderRequest(TenderMethod.CASH),))
    assert checkout.store.sales.last() == sale


_GESTURES = st.one_of(
    st.tuples(st.just("key_in"), st.one_of(st.sampled_from("0123456789.,*-00٣"), HOSTILE)),
    st.tuples(st.just("press"), st.sampled_from([f"F{number}" for number in range(1, 14)])),
    st.tuples(st.just("type_text"), HOSTILE),
    st.tuples(st.just("scan"), st.one_of(HOSTILE, st.sampled_from(PRODUCTS).map(_code := (
        lambda product: product.code
    )))),
    st.tuples(st.sampled_from(("enter", "escape", "erase", "times", "price")), st.just("")),
    st.tuples(st.sampled_from(("choose", "choose_product", "discard", "park", "pay")), HOSTILE),
)  # fmt: skip


@contextmanager
def number_buffer(folder: Path, seen: Seen) -> Iterator[Knock]:
    """Press whatever can be pressed in any order: each gesture ends in a state, not in a crash."""
    with _shop(folder) as store:
        checkout = Checkout(store, now)
        states: list[Any] = []
        presenter = CheckoutPresenter(checkout, QuietReceipts(), SHOP, states.append)
        presenter.start()

        def knock(gestures: list[tuple[str, str]]) -> None:
            for name, value in gestures:
                _do(presenter, name, value)
                for notice in states[-1].notices:
                    assert notice.text.strip()
                del states[:-1]
            if len(presenter.sale.cart.lines) > ENOUGH_LINES or len(checkout.parked()) > 5:
                _start_afresh(presenter, checkout)

        yield knock
        seen.refused["notices"] += 0


def _do(presenter: CheckoutPresenter, name: str, value: str) -> None:
    entry: Any = presenter.entry
    if name == "press":
        presenter.press(value)
    elif name == "choose":
        presenter.sheet.choose(value)
    elif name == "discard":
        presenter.whole.discard()
    elif name == "park":
        presenter.whole.park()
    elif name == "pay":
        presenter.paying.pay(TenderMethod.CASH)
    elif name in ("key_in", "type_text", "scan", "choose_product"):
        getattr(entry, name)(value)
    else:
        getattr(entry, name)()


def _start_afresh(presenter: CheckoutPresenter, checkout: Checkout) -> None:
    presenter.entry.escape()
    presenter.whole.discard()
    for parked in checkout.parked():
        checkout.discard(checkout.recall(parked.id))


@contextmanager
def texts(folder: Path, seen: Seen) -> Iterator[Knock]:
    """Put a text wherever somebody can type one: it is kept as it is, or refused by a sentence."""
    with _shop(folder) as store:
        checkout, catalogue = Checkout(store, now), Catalogue(store, now)
        customers = Customers(store, now)
        milk = PRODUCTS[0]

        def knock(text: str) -> None:
            cart = carts.add_product(checkout.new_cart(), milk)
            for change in _changes(cart, checkout, text):
                with seen.refusing():
                    changed = change()
                    checkout.keep(changed)
                    cash = TenderRequest(TenderMethod.CASH, reference=text[:40])
                    sale = checkout.complete(changed, (cash,))
                    assert store.sales.get(sale.id) == sale
            for save in _saves(checkout, catalogue, customers, cart, text):
                with seen.refusing():
                    save()

        yield knock


def _changes(cart: Cart, checkout: Checkout, text: str) -> Iterator[Callable[[], Cart]]:
    one = cart.lines[0].id
    yield lambda: carts.note_cart(replace(cart, id=f"{cart.id}1"), text)
    yield lambda: carts.note_line(replace(cart, id=f"{cart.id}2"), one, text)
    yield lambda: carts.set_price(replace(cart, id=f"{cart.id}3"), one, Decimal(1), text)
    yield lambda: carts.add_unknown(cart, text)
    yield lambda: carts.discount_line(
        replace(cart, id=f"{cart.id}4"), one, LineDiscount(Decimal(10), reason=text)
    )
    yield lambda: carts.choose_customer(
        replace(cart, id=f"{cart.id}5"), Customer(f"c{cart.id}", text, text)
    )


def _saves(
    checkout: Checkout, catalogue: Catalogue, customers: Customers, cart: Cart, text: str
) -> Iterator[Callable[[], object]]:
    yield lambda: checkout.park(replace(cart, id=f"{cart.id}6"), text)
    yield lambda: checkout.open_drawer(text)
    yield lambda: checkout.discard(replace(cart, note=text))
    yield lambda: catalogue.save_product(
        Product(catalogue.new_id(), text, text or "x", Decimal(1), barcodes=(text,))
    )
    yield lambda: catalogue.correct_stock(text, text, MoveReason.COUNT, Decimal(1))
    yield lambda: customers.save(Customer(customers.new_id(), text, text, note=text, email=text))


@contextmanager
def search(folder: Path, seen: Seen) -> Iterator[Knock]:
    """Search for it everywhere: hits or none, and nothing is read as a command of the database."""
    with _shop(folder) as store:
        with store.transaction() as tx:
            for place, text in enumerate(TEXTS):
                if text and not any("\ud800" <= sign <= "\udfff" for sign in text):
                    tx.products.save(
                        Product(f"p{place}", f"H{place}", text, Decimal(1), barcodes=(f"9{place}",))
                    )
        products, sales = store.products.count(), store.sales.count()

        def knock(text: str) -> None:
            with seen.refusing():
                for found in store.products.search(text, 30):
                    assert found.product.name is not None
                store.products.page(0, 10, text)
                store.customers.search(text, 30)
                store.customers.page(0, 10, text)
                store.sales.page(0, 10, text=text)
                assert store.products.find(text) is None or text
                store.customers.find(text)
                store.sales.by_number(text)
                store.products.get(text)
                store.customers.get(text)
                store.parked.get(text)
            assert (store.products.count(), store.sales.count()) == (products, sales)

        yield knock


DOORS = (
    Door("barcode", HOSTILE, barcodes, TEXTS),
    Door(
        "number-buffer",
        st.lists(_GESTURES, min_size=1, max_size=12),
        number_buffer,
        tuple([("type_text", text), ("enter", ""), ("scan", text)] for text in TEXTS),
    ),
    Door("texts", HOSTILE, texts, TEXTS),
    Door("search", HOSTILE, search, TEXTS),
)
