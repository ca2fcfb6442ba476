from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain import cart as carts
from pos_app.domain.barcode import with_check_digit
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.ids import uuid7
from pos_app.domain.money import Money
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest, TenderTooLarge
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE, Product
from pos_app.domain.return_ import return_line
from pos_app.domain.sale import CartIsEmpty, CustomerNeeded, LineWithoutPrice, NotFullyPaid
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tax import Tax
from pos_app.services.checkout import Checkout
from pos_app.services.scanning import Outcome
from pos_app.store.parked import ParkedSaleGone
from pos_app.store.store import Store, create_store, open_store

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
VAT = Tax(rate=Decimal(23), name="VAT 23 %", code="S")
MILK = with_check_digit("539110000001")
BREAD = with_check_digit("539110000002")
CHEESE = "00042"


def product(name: str, price: str, code: str, barcode: str, **more: object) -> Product:
    return Product(
        id=uuid7(1, int(code)),
        code=code,
        name=name,
        price=Decimal(price),
        taxes=(VAT,),
        barcodes=(barcode,),
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    shop = ShopSettings(
        name="Corner",
        policy=PricePolicy("EUR"),
        cash_rounding=CashRounding(Decimal("0.05")),
        embedded_patterns=("20IIIIIWWWWWC", "21IIIIIPPPPPC:2"),
        time_zone="Europe/Dublin",
    )
    with create_store(path, shop, now=NOON) as made:
        with made.transaction() as tx:
            for unit in (PIECE, KILOGRAM):
                tx.products.save_unit(unit)
            tx.products.save_tax(VAT)
            tx.products.save(product("Milk 1 l", "1.35", "1", MILK))
            tx.products.save(product("Bread", "1.89", "2", BREAD))
            tx.products.save(product("Brie", "15.90", "42", CHEESE, unit=KILOGRAM))
            tx.customers.save(Customer(id=uuid7(2, 1), number="1001", name="Ann", card_code="C77"))
        yield made


@pytest.fixture
def checkout(store: Store) -> Checkout:
    return Checkout(store, lambda: NOON, "7")


def cash(amount: str) -> TenderRequest:
    return TenderRequest(TenderMethod.CASH, tendered=Money.of(amount, "EUR"))


def test_a_scanned_product_is_in_the_cart_at_its_price(checkout: Checkout) -> None:
    scanned = checkout.scan(checkout.new_cart(), MILK)
    assert scanned.outcome is Outcome.FOUND
    [line] = scanned.cart.lines
    assert (line.name, line.quantity, line.unit_price) == ("Milk 1 l", 1, Decimal("1.35"))
    assert scanned.line_ids == (line.id,)


def test_the_same_product_scanned_twice_counts_up(checkout: Checkout) -> None:
    once = checkout.scan(checkout.new_cart(), MILK)
    twice = checkout.scan(once.cart, MILK)
    [line] = twice.cart.lines
    assert line.quantity == 2
    assert twice.line_ids == (line.id,)


def test_unknown_barcode_becomes_an_unpriced_line_and_says_why(checkout: Checkout) -> None:
    scanned = checkout.scan(checkout.new_cart(), "ABC-1")
    assert scanned.outcome is Outcome.UNKNOWN
    assert [line.is_priced for line in scanned.cart.lines] == [False]
    assert "ABC-1" in str(scanned.refusal)
    with pytest.raises(LineWithoutPrice):
        checkout.complete(scanned.cart, [cash("10")])


def test_an_unknown_item_sells_once_its_price_is_named(checkout: Checkout, store: Store) -> None:
    cart = checkout.scan(checkout.new_cart(), "ABC-1").cart
    cart = checkout.override_price(cart, 1, Decimal("4.20"), "Odd lamp")
    sale = checkout.complete(cart, [cash("5")])
    assert sale.lines[0].name == "Odd lamp"
    assert sale.change == Money.of("0.80", "EUR")


def test_an_unknown_item_is_taxed_at_the_shops_highest_rate(
    checkout: Checkout, store: Store
) -> None:
    with store.transaction() as tx:
        tx.products.save_tax(Tax(rate=Decimal(9), name="VAT 9 %", code="A"))
        tx.products.save_tax(Tax(fixed_per_unit=Decimal("0.10"), name="Levy", code="Z"))
    cart = checkout.scan(checkout.new_cart(), with_check_digit("000000000099")).cart
    priced = carts.price_cart(carts.set_price(cart, 1, Decimal("1.23")))
    assert (priced.gross.minor, priced.tax.minor) == (123, 23)


def test_two_scans_run_together_count_as_two(checkout: Checkout) -> None:
    scanned = checkout.scan(checkout.new_cart(), MILK + BREAD)
    assert [line.name for line in scanned.cart.lines] == ["Milk 1 l", "Bread"]
    assert len(scanned.line_ids) == 2


@pytest.mark.parametrize("code", ["", "\x1b@", "9" * 10_000, "a\x00b", "   "])
def test_damaged_codes_leave_the_cart_alone_and_say_what_to_do(
    checkout: Checkout, code: str
) -> None:
    cart = checkout.scan(checkout.new_cart(), MILK).cart
    scanned = checkout.scan(cart, code)
    assert scanned.outcome is Outcome.REFUSED
    assert scanned.cart == cart
    assert str(scanned.refusal).endswith(".")


def test_a_weight_label_sells_the_weight(checkout: Checkout) -> None:
    label = with_check_digit("20" + CHEESE + "00500")
    [line] = checkout.scan(checkout.new_cart(), label).cart.lines
    assert line.quantity == Decimal("0.500")
    assert carts.price_cart(checkout.scan(checkout.new_cart(), label).cart).gross == Money.of(
        "7.95", "EUR"
    )


@pytest.mark.parametrize("cents", [1, 99, 100, 333, 795, 1234, 9999])
def test_a_price_label_is_charged_to_the_cent(checkout: Checkout, cents: int) -> None:
    label = with_check_digit("21" + CHEESE + f"{cents:05d}")
    cart = checkout.scan(checkout.new_cart(), label).cart
    assert carts.price_cart(cart).gross == Money(cents, "EUR")


def test_several_of_a_weight_label_sell_as_many_weights(checkout: Checkout) -> None:
    label = with_check_digit("20" + CHEESE + "00500")
    [line] = checkout.scan(checkout.new_cart(), label, Decimal(3)).cart.lines
    assert line.quantity == Decimal("1.500")


@pytest.mark.parametrize("cents", [1, 99, 333, 1234, 9999])
def test_several_of_a_price_label_are_charged_as_many_times(checkout: Checkout, cents: int) -> None:
    label = with_check_digit("21" + CHEESE + f"{cents:05d}")
    cart = checkout.scan(checkout.new_cart(), label, Decimal(3)).cart
    assert carts.price_cart(cart).gross == Money(3 * cents, "EUR")


def test_a_customer_card_chooses_the_customer(checkout: Checkout) -> None:
    scanned = checkout.scan(checkout.new_cart(), "C77")
    assert scanned.outcome is Outcome.CUSTOMER
    assert scanned.cart.customer is not None
    assert scanned.cart.customer.name == "Ann"


def test_a_finished_sale_is_on_disk_with_stock_and_journal(
    checkout: Checkout, store: Store, path: Path
) -> None:
    cart = checkout.scan(checkout.new_cart(), MILK, Decimal(3)).cart
    sale = checkout.complete(cart, [cash("20")])
    assert sale.number == "1-000001"
    assert (sale.gross, sale.change) == (Money.of("4.05", "EUR"), Money.of("15.95", "EUR"))
    store.close()
    with open_store(path) as reopened:
        assert reopened.sales.get(sale.id) == sale
        assert reopened.stock.level(cart.lines[0].product_id or "", "shop") == -3
        head = reopened.journal.head()
        assert head is not None
        assert head.kind == "sale_completed"


def test_finishing_the_same_cart_twice_gives_one_sale(checkout: Checkout, store: Store) -> None:
    cart = checkout.scan(checkout.new_cart(), MILK).cart
    first = checkout.complete(cart, [cash("5")])
    again = checkout.complete(cart, [cash("5")])
    assert again == first
    assert store.sales.count() == 1


@pytest.mark.parametrize(
    ("requests", "refusal"),
    [
        ([cash("1")], NotFullyPaid),
        ([TenderRequest(TenderMethod.CARD, Money.of("9", "EUR"))], TenderTooLarge),
        ([TenderRequest(TenderMethod.ON_ACCOUNT)], CustomerNeeded),
    ],
)
def test_a_refused_payment_takes_no_number_and_keeps_the_draft(
    checkout: Checkout, store: Store, requests: list[TenderRequest], refusal: type[PosError]
) -> None:
    cart = checkout.scan(checkout.new_cart(), MILK).cart
    checkout.keep(cart)
    with pytest.raises(refusal):
        checkout.complete(cart, requests)
    assert checkout.resume() == cart
    assert checkout.complete(cart, [cash("5")]).number == "1-000001"


def test_an_empty_cart_is_refused(checkout: Checkout) -> None:
    with pytest.raises(CartIsEmpty):
        checkout.complete(checkout.new_cart(), [])


def test_cash_is_rounded_and_card_is_not(checkout: Checkout) -> None:
    cart = checkout.scan(checkout.new_cart(), BREAD).cart
    by_cash = checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
    assert by_cash.amount_due == Money.of("1.90", "EUR")
    assert by_cash.rounding == Money.of("0.01", "EUR")
    cart = checkout.scan(checkout.new_cart(), BREAD).cart
    by_card = checkout.complete(cart, [TenderRequest(TenderMethod.CARD)])
    assert by_card.amount_due == Money.of("1.89", "EUR")


def test_a_sale_can_be_split_over_several_tenders(checkout: Checkout) -> None:
    cart = checkout.scan(checkout.new_cart(), MILK, Decimal(10)).cart
    card = TenderRequest(TenderMethod.CARD, Money.of("10", "EUR"))
    sale = checkout.complete(cart, [card, cash("5")])
    assert [tender.amount.minor for tender in sale.tenders] == [1000, 350]
    assert sale.change.minor == 150


def test_the_cart_on_the_screen_survives_a_restart(
    checkout: Checkout, store: Store, path: Path
) -> None:
    cart = checkout.scan(checkout.new_cart(), MILK).cart
    checkout.keep(cart)
    store.close()
    with open_store(path) as reopened:
        assert Checkout(reopened, lambda: NOON).resume() == cart


def test_parked_sales_come_back_whole_and_only_once(checkout: Checkout, store: Store) -> None:
    cart = carts.note_cart(checkout.scan(checkout.new_cart(), MILK).cart, "back in 5 minutes")
    checkout.park(cart, "red coat")
    assert checkout.resume() is None
    [parked] = checkout.parked()
    assert parked.name == "red coat"
    assert checkout.recall(parked.id) == cart
    with pytest.raises(ParkedSaleGone):
        checkout.recall(parked.id)


def test_removed_lines_and_changed_prices_are_in_the_journal(
    checkout: Checkout, store: Store
) -> None:
    cart = checkout.scan(checkout.new_cart(), MILK).cart
    cart = checkout.scan(cart, BREAD).cart
    cart = checkout.override_price(cart, cart.lines[0].id, Decimal("1.00"))
    cart = checkout.remove(cart, cart.lines[1].id)
    checkout.discard(cart)
    kinds = [entry.kind for entry in store.journal.entries()]
    assert kinds[-3:] == ["price_overridden", "line_removed", "sale_discarded"]


def test_a_return_gives_back_the_exact_figures_and_the_stock(
    checkout: Checkout, store: Store
) -> None:
    cart = checkout.scan(checkout.new_cart(), MILK, Decimal(3)).cart
    sale = checkout.complete(cart, [cash("20")])
    given_back = 0
    for _ in range(3):
        back = checkout.new_cart(carts.SaleKind.RETURN)
        already = store.sales.returned(sale.id, 1)
        back = carts.append_line(back, return_line(sale, 1, Decimal(1), already, "sour"))
        refund = checkout.complete(back, [TenderRequest(TenderMethod.CARD)])
        given_back += refund.gross.minor
    assert given_back == -sale.gross.minor
    assert store.stock.level(cart.lines[0].product_id or "", "shop") == 0


def test_the_business_day_is_the_shops_not_utcs(store: Store) -> None:
    late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    checkout = Checkout(store, lambda: late)
    cart = checkout.scan(checkout.new_cart(), MILK).cart
    sale = checkout.complete(cart, [TenderRequest(TenderMethod.CARD)])
    assert sale.stamp.business_day.isoformat() == "2026-06-02"
