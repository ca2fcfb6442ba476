"""A till's shop with everything that a sales data feed tells, told to head office."""

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from pos_app.domain.cart import SaleKind, append_line
from pos_app.domain.discount import LineDiscount
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.return_ import return_line
from pos_app.domain.sale import Sale
from pos_app.domain.taking_back import Back, ReturnTerms
from pos_app.server.api_keys import Api, MadeKey, NewKey, make_key
from pos_app.server.database import Office as HeadOffice
from pos_app.services.document_records import INVOICE
from pos_app.services.invoicing import Received
from tests.server.offices import NOW, SHOP, EnrolledTill, enrolled_till
from tests.server.told_tills import judge_all, push_store
from tests.services.document_office import LAPTOP, PAPER, Office, new_office

CASH = [TenderRequest(TenderMethod.CASH)]


@dataclass
class Told:
    """A till whose journal head office has, and the key of its feed."""

    shop: Office
    till: EnrolledTill
    key: MadeKey

    @property
    def path(self) -> str:
        company = self.till.company_id
        return f"/companies/{company}/connections/{self.key.key.id}/data/sales"


def feed_key(office: HeadOffice, company_id: str) -> MadeKey:
    with office.company(company_id) as connection:
        return make_key(connection, company_id, NewKey(Api.FEED, SHOP, "books"), "test", NOW)


def told_shop(office: HeadOffice, company_id: str, path: Path) -> Told:
    """Ring up and write one of each, push it, judge it."""
    shop = new_office(path)
    try:
        fill(shop)
    except BaseException:
        shop.store.close()
        raise
    till = enrolled_till(office, company_id, shop.store)
    push_store(office, till, shop.store)
    judge_all(office, company_id)
    return Told(shop, till, feed_key(office, company_id))


def sell(shop: Office, *, percent: int = 0, tender: TenderMethod = TenderMethod.CASH) -> Sale:
    cart = shop.checkout.new_cart()
    cart = shop.checkout.add(cart, LAPTOP.id, Decimal(2))
    cart = shop.checkout.add(cart, PAPER.id, Decimal(3))
    if percent:
        first = replace(cart.lines[0], discount=LineDiscount(Decimal(percent), reason="Happy hour"))
        cart = replace(cart, lines=(first, *cart.lines[1:]))
    cart = replace(cart, customer=shop.customer)
    return shop.checkout.complete(cart, [TenderRequest(tender)])


def give_back(shop: Office, sale: Sale) -> Sale:
    cart = shop.checkout.new_cart(SaleKind.RETURN)
    line = return_line(sale, 2, Decimal(1), Decimal(0), "torn")
    return shop.checkout.complete(append_line(cart, line), CASH)


def void(shop: Office, sale: Sale) -> Sale:
    with shop.store.transaction() as tx:
        return shop.checkout.void_in(tx, sale, shop.checkout.new_cart().id, "mistake")


def fill(shop: Office) -> None:
    """1-000001 sold, …2 with a discount, …3 comes back, …4 undone with …5, …6 invoiced, …7 owed."""
    first = sell(shop)
    sell(shop, percent=10)
    give_back(shop, first)
    void(shop, sell(shop))
    shop.invoicing.of_sale(sell(shop, tender=TenderMethod.ON_ACCOUNT), shop.customer)
    sell(shop, tender=TenderMethod.ON_ACCOUNT)
    order = shop.order()
    shop.notes.deliver(order, {"1": Decimal(10), "2": Decimal(3)})
    invoice = shop.invoicing.of_order(shop.now(order))
    invoice = shop.invoicing.receive(invoice, Received(Money(10_000, "EUR")))
    shop.returns.take_back(
        shop.now(order), {"1": Back(Decimal(2))}, ReturnTerms(reason="scratched")
    )
    draft = shop.invoicing.draft(shop.customer, shop.lines())
    shop.invoicing.save_draft(draft)
    assert shop.store.records.get(INVOICE, invoice.head.id) is not None
