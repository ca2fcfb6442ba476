"""The till's own Retail Sale dialect against head office: what was rung up arrives to the cent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from pos_app.domain.cart import Cart
from pos_app.domain.discount import DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.facts import product_saved
from pos_app.domain.sale import Sale
from pos_app.server.number_kinds import PRODUCT
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.series import numbers_for
from pos_app.sync.dialect import Carried, Credentials, Outgoing
from pos_app.sync.dialects.retail_sale import RetailSaleApi
from tests.server.apis.retail_shops import RetailShop
from tests.server.offices import NOW, SHOP
from tests.store.shops import CASH, Counter, new_shop, product, product_id
from tests.sync.dialects.telling import Teller


@dataclass(frozen=True, slots=True)
class OverHttp:
    """Head office over the wire."""

    retail: RetailShop

    def handle(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Answer a request."""
        answer = self.retail.client.request(method, target, headers=dict(headers), content=body)
        return answer.status_code, answer.headers, answer.content


def known_products(retail: RetailShop) -> dict[str, str]:
    """Put the till's products into the company, and return their item ids."""
    with retail.served.office.company(retail.company_id) as connection:
        desk = OfficeDesk(connection, retail.company_id, SHOP, "test", NOW)
        for number in range(1, 6):
            desk.tell(product_saved(product(number)))
        desk.close()
        ids = [product_id(number) for number in range(1, 6)]
        found = numbers_for(connection, retail.company_id, PRODUCT, ids)
    return {name: str(number) for name, number in found.items()}


def discounted(cart: Cart) -> Cart:
    """Return a cart with a third off a line and 10 percent and 1.07 off all of it."""
    first = replace(cart.lines[0], discount=LineDiscount(Decimal("33.3333"), reason="Friend"))
    discounts = (
        DocumentDiscount(DiscountKind.PERCENT, Decimal(10)),
        DocumentDiscount(DiscountKind.AMOUNT, Decimal("1.07")),
    )
    return replace(cart, lines=(first, *cart.lines[1:]), discounts=discounts)


def rung_up(counter: Counter) -> list[tuple[Sale, Sale | None]]:
    """Ring up sales of every kind; a void and a return come with the sale they go back to."""
    plain = counter.sell()
    many = counter.sell(*([1, 2, 3] * 7))
    less = counter.checkout.complete(discounted(counter.cart(1, 2, 3, 4, 5, 5)), CASH)
    back = counter.give_back(plain, 2)
    undone = counter.sell(4)
    with counter.store.transaction() as tx:
        void = counter.checkout.void_in(tx, undone, counter.checkout.new_cart().id, "mistake")
    return [
        (plain, None),
        (many, None),
        (less, None),
        (back, plain),
        (undone, None),
        (void, undone),
    ]


def told(sale: Sale, before: Sale | None) -> Outgoing:
    """Return a document on its way out."""
    kind = {"sale": Carried.SALE, "return": Carried.RETURN, "void": Carried.VOID}[sale.kind.value]
    return Outgoing(kind, sale.id, sale.number, sale.stamp.at, sale, before=before)


def test_everything_that_the_till_tells_arrives_to_the_cent(retail: RetailShop, tmp_path: Path):
    credentials = Credentials("", retail.key, "admin")
    teller = Teller(RetailSaleApi(), OverHttp(retail), credentials, returns="negative")
    teller.known.products = known_products(retail)
    with new_shop(tmp_path / "shop.db") as store:
        sales = rung_up(Counter(store))
    teller.tell(*(told(sale, before) for sale, before in sales))
    shown = {one["saleNumber"]: one for one in retail.all()}
    assert len(shown) == 5  # the void marks its sale
    for sale, before in sales:
        if sale.voids is not None:
            assert before is not None
            assert shown[before.number]["status"] == "VOID"
            continue
        one = shown[sale.number]
        assert Decimal(one["totalAmount"]) == sale.net.amount
        assert Decimal(one["totalTaxAmount"]) == sale.tax.amount
        assert one["createdBy"] == sale.stamp.staff
    # Told again they change nothing: each step is looked up, and is there.
    before_again = retail.stock(product_id(1))
    for sale, _ in sales[:3]:
        again = Teller(RetailSaleApi(), OverHttp(retail), credentials)
        again.known.products = teller.known.products
        step = again.next_step(told(sale, None))
        assert step is not None
        assert again.send(step.request(again.known)).plain() == {"data": True}
    assert retail.stock(product_id(1)) == before_again
