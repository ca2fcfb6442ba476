"""Whatever is sold, brought back and undone in whatever order: nothing above the sale goes back."""

import os
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)

from pos_app.domain import cart as carts
from pos_app.domain.discount import DiscountKind, DocumentDiscount
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, RoundingMode
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest
from pos_app.domain.sale import Sale
from pos_app.services.returning import Returning
from pos_app.services.verification import verify
from pos_app.store.store import open_store
from tests.store.shops import Counter, new_shop, product_id

ROUNDINGS = (
    None,
    CashRounding(Decimal("0.05")),
    CashRounding(Decimal("0.10"), RoundingMode.HALF_DOWN),
    CashRounding(Decimal("0.05"), RoundingMode.UP, only_cash=False),
)
QUANTITIES = st.integers(1, 4).map(Decimal)


class Comings(RuleBasedStateMachine):
    """Sells, takes back in parts, undoes, and reopens the store."""

    sales = Bundle("sales")

    def __init__(self) -> None:
        super().__init__()
        os.environ.setdefault("POS_APP_KEYS", "file")
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "shop.db"
        new_shop(self.path).close()
        self.given: dict[str, list[Sale]] = {}
        self.sold: dict[str, Sale] = {}
        self.open()

    def open(self) -> None:
        self.store = open_store(self.path)
        self.counter = Counter(self.store)
        self.returning = Returning(self.counter.checkout)

    @rule(
        target=sales,
        lines=st.lists(st.tuples(st.integers(1, 5), QUANTITIES), min_size=1, max_size=3),
        percent=st.sampled_from([0, 7, 33]),
        rounding=st.sampled_from(ROUNDINGS),
        card=st.sampled_from([0, 199, 5000]),
    )
    def sell(
        self,
        lines: list[tuple[int, Decimal]],
        percent: int,
        rounding: CashRounding | None,
        card: int,
    ) -> str:
        cart = replace(self.counter.checkout.new_cart(), cash_rounding=rounding)
        for number, quantity in lines:
            cart = self.counter.checkout.add(cart, product_id(number), quantity)
        if percent:
            off = DocumentDiscount(DiscountKind.PERCENT, Decimal(percent))
            cart = carts.discount_cart(cart, off)
        gross = carts.price_cart(cart).gross
        by_card = Money(min(card, gross.minor - 1), gross.currency)
        requests = [TenderRequest(TenderMethod.CARD, by_card, reference="slip 7")] if card else []
        sale = self.counter.checkout.complete(cart, [*requests, TenderRequest(TenderMethod.CASH)])
        self.sold[sale.id] = sale
        self.given[sale.id] = []
        return sale.id

    @rule(sale_id=sales, line=st.integers(0, 5), quantity=QUANTITIES)
    def bring_a_part(self, sale_id: str, line: int, quantity: Decimal) -> None:
        sale = self.sold[sale_id]
        line_no = line % len(sale.lines) + 1
        try:
            cart = self.returning.begin(sale)
            cart = self.returning.give_back(cart, sale, line_no, quantity, "Faulty")
        except PosError:
            return
        self.finish(sale, cart)

    @rule(sale_id=sales)
    def bring_the_rest(self, sale_id: str) -> None:
        sale = self.sold[sale_id]
        try:
            cart = self.returning.give_back_all(self.returning.begin(sale), sale, "Not needed")
        except PosError:
            assert not self.returning.returnable(sale)
            return
        back = self.finish(sale, cart)
        parts = self.given[sale_id]
        assert sum(part.gross.minor for part in parts) == -sale.gross.minor, back.number
        assert sum(part.net.minor for part in parts) == -sale.net.minor
        assert sum(part.amount_due.minor for part in parts) == -sale.amount_due.minor

    def finish(self, sale: Sale, cart: carts.Cart) -> Sale:
        back = self.counter.checkout.complete(cart, self.returning.refund(cart))
        self.given[sale.id].append(back)
        return back

    @rule(target=sales, sale_id=consumes(sales))
    def undo(self, sale_id: str) -> object:
        sale = self.sold[sale_id]
        try:
            void = self.returning.void(sale_id, "wrong customer")
        except PosError:
            assert self.given[sale_id]
            return sale_id
        assert (void.gross, void.amount_due) == (-sale.gross, -sale.amount_due)
        assert self.returning.void(sale_id, "again") == void
        self.given[sale_id].append(void)
        return multiple()

    @rule(sale_id=sales)
    def undo_a_return(self, sale_id: str) -> None:
        if self.given[sale_id]:
            back = self.given[sale_id].pop()
            void = self.returning.void(back.id, "typed wrongly")
            assert void.amount_due == -back.amount_due

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open()

    @invariant()
    def nothing_above_the_sale_went_back(self) -> None:
        for sale_id, parts in self.given.items():
            sale = self.sold[sale_id]
            assert -sum(part.gross.minor for part in parts) <= sale.gross.minor
            assert -sum(part.amount_due.minor for part in parts) <= sale.amount_due.minor
            card = sum(t.amount.minor for t in sale.tenders if t.method is TenderMethod.CARD)
            to_card = sum(
                t.amount.minor
                for part in parts
                for t in part.tenders
                if t.method is TenderMethod.CARD
            )
            assert -to_card <= card

    def teardown(self) -> None:
        self.store.close()
        faults = verify(self.path).faults
        self.folder.cleanup()
        assert not faults


TestComings = pytest.mark.filterwarnings("ignore")(Comings.TestCase)
TestComings.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
