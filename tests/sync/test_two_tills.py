"""Two tills and the real head office: what one of them changes stands at the other."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.customer import Customer
from pos_app.domain.held_lines import add_gift_card
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.price_list import PriceList
from pos_app.domain.product import Product
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stored_value import StoredValue, ValueKind
from pos_app.domain.tender_settings import TenderSettings
from pos_app.server.database import Office
from pos_app.server.judging import judge_some
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.customers import Customers
from pos_app.services.document_records import ORDER, QUOTATION
from pos_app.services.orders import Orders
from pos_app.services.price_lists import PriceLists
from pos_app.services.quotations import Quotations
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.staff import Staff
from pos_app.services.staff_records import STAFF
from pos_app.services.stock_elsewhere import stock_elsewhere
from pos_app.services.stored_value_records import account_of
from pos_app.store.store import Store, create_store
from pos_app.sync.engine import Did, SyncEngine
from tests.server.offices import (  # noqa: F401 - fixtures
    company_id,
    founded,
    sqlite_office,
    sqlite_template,
    sqlite_url,
)
from tests.services.document_office import LAPTOP
from tests.services.document_office import Office as Desk
from tests.services.held_shop import card_number
from tests.store.shops import CASH
from tests.sync.office_stand_in import Clock
from tests.sync.real_office import door_wire, joined
from tests.sync.shared_things import assert_sound

MILK = Product("01900000-0000-7000-8000-0000000000f1", "M1", "Milk", Decimal("1.19"))
ANNA = Customer("01900000-0000-7000-a000-0000000000f1", "C1", "Anna", phone="1")
CARD = card_number(1)
SHOP = ShopSettings(
    tenders=TenderSettings(methods=(TenderMethod.GIFT_CARD,)), country="DE", name="Corner"
)


class Pair:
    """Two tills of a shop, each with its engine, and a head office that judges when asked."""

    def __init__(self, folder: Path, office: Office, company: str, clock: Clock) -> None:
        self.office, self.company, self.clock = office, company, clock
        wire = door_wire(office, clock)
        self.stores = [
            create_store(folder / f"{till}.db", SHOP, till=till, now=clock()) for till in "12"
        ]
        self.engines = [joined(store, wire, company, clock) for store in self.stores]

    def settle(self) -> None:
        """Let everybody tell and hear all that there is."""
        for _ in range(3):
            for engine in self.engines:
                engine.try_again()
                _run(engine, self.clock)
            while judge_some(self.office, self.company, self.clock()):
                pass
        for store in self.stores:
            assert_sound(store)


def _run(engine: SyncEngine, clock: Clock) -> None:
    for _ in range(80):
        step = engine.step()
        clock.pass_s(step.wait_s)
        if step.did is Did.IDLE:
            return
    raise AssertionError(engine.status().sentence)


@pytest.fixture
def pair(
    tmp_path: Path, sqlite_office: Office, company_id: str, clock: Clock  # noqa: F811
) -> Iterator[Pair]:  # fmt: skip
    made = Pair(tmp_path, sqlite_office, company_id, clock)
    yield made
    for store in made.stores:
        store.close()


def card(store: Store) -> StoredValue:
    found = account_of(store, ValueKind.GIFT_CARD, CARD)
    assert found is not None
    return found


def test_catalogue_customers_staff_and_settings_of_one_till_stand_at_the_other(pair: Pair) -> None:
    one, two = pair.stores
    Catalogue(one, pair.clock).save_product(MILK)
    Customers(one, pair.clock).save(ANNA)
    ShopSetup(one, pair.clock).save(replace(one.settings.shop(), phone="01 555"))
    staff = Staff(one, pair.clock)
    olga = staff.save(replace(staff.new_member(), name="Olga"), ("2580", "2580"))
    pair.settle()
    assert two.products.get(MILK.id) == MILK
    assert two.customers.get(ANNA.id) == ANNA
    assert two.settings.shop().phone == "01 555"
    known = two.records.get(STAFF, olga.id)
    assert known is not None
    assert (known.name, known.pin_hash) == ("Olga", "")
    assert one.records.get(STAFF, olga.id) == olga
    before = [store.journal.count() for store in pair.stores]
    pair.settle()
    assert [store.journal.count() for store in pair.stores] == before, "they never come to rest"


def test_both_tills_change_one_product_offline_and_hold_the_same_in_the_end(pair: Pair) -> None:
    one, two = pair.stores
    Catalogue(one, pair.clock).save_product(MILK)
    pair.settle()
    Catalogue(one, pair.clock).save_product(replace(MILK, name="Whole milk"))
    Catalogue(two, pair.clock).save_product(replace(MILK, price=Decimal("1.29")))
    Catalogue(two, pair.clock).save_product(replace(MILK, name="Milk 1 l", price=Decimal("1.29")))
    pair.settle()
    both = [store.products.get(MILK.id) for store in pair.stores]
    assert both[0] == both[1]
    assert both[0] is not None
    assert both[0].price == Decimal("1.29")


def test_a_gift_card_is_sold_here_and_spent_there_down_to_nothing(pair: Pair) -> None:
    one, two = pair.stores
    Catalogue(one, pair.clock).save_product(MILK)
    sold = Checkout(one, pair.clock)
    sold.complete(add_gift_card(sold.new_cart(), CARD, Money(200, "EUR")), CASH)
    pair.settle()
    for store, left in ((two, 81), (one, 0)):
        desk = Checkout(store, pair.clock)
        cart = desk.add(desk.new_cart(), MILK.id)
        paid = TenderRequest(
            TenderMethod.GIFT_CARD, Money(min(119, card(store).balance), "EUR"), reference=CARD
        )
        desk.complete(cart, [paid, *(CASH if left == 0 else [])])
        pair.settle()
        assert [card(till).balance for till in pair.stores] == [left, left]
        assert [card(till).unconfirmed for till in pair.stores] == [0, 0]
    stock = stock_elsewhere(one, MILK.id)
    assert (stock.own, stock.level) == (-1, -2)
    assert [(till.till, till.moved) for till in stock.tills] == [("2", -1)]


def test_quotations_and_orders_are_gone_on_with_at_the_other_till(pair: Pair) -> None:
    one, two = pair.stores
    desk = Desk(one)
    quotation, order = desk.quotation(), desk.order()
    PriceLists(one, desk.clock).save(PriceList("Trade", Decimal(10)))
    pair.settle()
    assert two.records.get(QUOTATION, quotation.head.id) == quotation
    assert two.records.get(ORDER, order.head.id) == order
    there = Checkout(two, desk.clock)
    Quotations(there).submit(quotation)
    cancelled = Orders(there).cancel(order, "changed their mind")
    pair.settle()
    back = one.records.get(ORDER, order.head.id)
    assert back == cancelled
    assert one.products.get(LAPTOP.id) == two.products.get(LAPTOP.id)
    submitted = one.records.get(QUOTATION, quotation.head.id)
    assert submitted is not None
    assert submitted.state == "submitted"
