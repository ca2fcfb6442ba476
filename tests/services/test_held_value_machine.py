"""Gift cards, points, credit and accounts sold, spent, returned and undone in whatever order.

No path reaches a refund above the sale, free points, value out of nothing, or a journal that does
not verify.
"""

import os
import tempfile
from collections import Counter as Tally
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pos_app.domain import cart as carts
from pos_app.domain.errors import PosError
from pos_app.domain.held_lines import add_account_payment, add_gift_card, add_tip
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import Sale
from pos_app.domain.stored_value import ValueKind
from pos_app.services.returning import Returning
from pos_app.services.stored_value_records import STORED_VALUE, account_of
from pos_app.services.verification import verify
from pos_app.store.store import open_store
from tests.services.held_shop import ANNA, BERT, card_number, held_shop
from tests.store.shops import Counter, product_id

M = TenderMethod
CARDS = [card_number(number) for number in range(1, 4)]
CREDIT = [card_number(number, ValueKind.STORE_CREDIT) for number in range(1, 4)]
WAYS = st.sampled_from([M.CASH, M.GIFT_CARD, M.POINTS, M.ON_ACCOUNT, M.STORE_CREDIT])
WHO = st.sampled_from([True, True, True, False])
BACK = st.sampled_from(["as paid", M.STORE_CREDIT, M.GIFT_CARD, M.POINTS, M.CASH])
HELD = {ProductKind.GIFT_CARD, ProductKind.TIP, ProductKind.ACCOUNT_PAYMENT}


class HeldValue(RuleBasedStateMachine):
    """Everything a counter can do with value held for somebody."""

    def __init__(self) -> None:
        super().__init__()
        os.environ.setdefault("POS_APP_KEYS", "file")
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "shop.db"
        held_shop(self.path).close()
        self.done: list[Sale] = []
        self.open()
        self.load_a_card(0, 5000, M.CASH, True)

    def open(self) -> None:
        self.store = open_store(self.path)
        self.counter = Counter(self.store)
        self.returning = Returning(self.counter.checkout)

    def money(self, minor: int) -> Money:
        return Money(minor, "EUR")

    def finish(self, cart: carts.Cart, requests: list[TenderRequest]) -> None:
        try:
            self.done.append(self.counter.checkout.complete(cart, requests))
        except PosError:
            assert not self.store.sales.has(cart.id)

    @rule(card=st.integers(0, 2), minor=st.integers(1, 9000), way=WAYS, who=WHO)
    def load_a_card(self, card: int, minor: int, way: TenderMethod, who: bool) -> None:
        cart = add_gift_card(self.cart_of(who), CARDS[card], self.money(minor))
        self.finish(cart, self.paid_by(way, None, (card + 1) % 3))

    @rule(
        goods=st.tuples(st.integers(1, 5), st.integers(1, 5)),
        way=WAYS,
        part=st.integers(1, 4000),
        card=st.integers(0, 2),
        who=WHO,
        tip=st.sampled_from([0, 0, 50]),
    )
    def sell(
        self, goods: tuple[int, int], way: TenderMethod, part: int, card: int, who: bool, tip: int
    ) -> None:
        product, quantity = goods
        cart = self.counter.checkout.add(self.cart_of(who), product_id(product), Decimal(quantity))
        if tip:
            cart = add_tip(cart, self.money(tip))
        due = carts.price_cart(cart).gross.minor
        self.finish(cart, [*self.paid_by(way, min(part, due), card), TenderRequest(M.CASH)])

    @rule(minor=st.integers(1, 5000), who=WHO)
    def pay_the_account(self, minor: int, who: bool) -> None:
        self.finish(
            add_account_payment(self.cart_of(who), self.money(minor)), [TenderRequest(M.CASH)]
        )

    @precondition(lambda self: self.done)
    @rule(
        pick=st.integers(0, 50),
        line=st.integers(0, 3),
        quantity=st.integers(1, 3),
        back=BACK,
        slip=st.integers(0, 2),
        forgets=st.booleans(),
    )
    def bring_back(
        self, pick: int, line: int, quantity: int, back: object, slip: int, forgets: bool
    ) -> None:
        sale = self.done[pick % len(self.done)]
        try:
            cart = self.returning.begin(sale)
            number = line % len(sale.lines) + 1
            cart = self.returning.give_back(cart, sale, number, Decimal(quantity), "Faulty")
        except PosError:
            return
        if forgets:
            cart = carts.choose_customer(cart, BERT)
        self.finish(cart, self.refunds(cart, back, slip))

    @precondition(lambda self: self.done)
    @rule(pick=st.integers(0, 50), product=st.integers(1, 5), back=BACK, slip=st.integers(0, 2))
    def exchange(self, pick: int, product: int, back: object, slip: int) -> None:
        sale = self.done[pick % len(self.done)]
        try:
            cart = self.returning.give_back_all(self.returning.begin(sale), sale, "Too small")
            cart = self.counter.checkout.add(cart, product_id(product), Decimal(1))
        except PosError:
            return
        gross = carts.price_cart(cart).gross.minor
        requests = self.refunds(cart, back, slip) if gross < 0 else [TenderRequest(M.CASH)]
        self.finish(cart, requests)

    @precondition(lambda self: self.done)
    @rule(pick=st.integers(0, 50))
    def undo(self, pick: int) -> None:
        sale = self.done[pick % len(self.done)]
        known = self.store.sales.void_of(sale.id)
        try:
            void = self.returning.void(sale.id, "mistake")
        except PosError:
            return
        if known is None:
            assert void.gross.minor == -sale.gross.minor
            self.done.append(void)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open()

    def cart_of(self, who: bool) -> carts.Cart:
        cart = self.counter.checkout.new_cart()
        return carts.choose_customer(cart, ANNA if who else None)

    def paid_by(self, way: TenderMethod, minor: int | None, card: int) -> list[TenderRequest]:
        reference = {M.GIFT_CARD: CARDS[card], M.STORE_CREDIT: CREDIT[card]}.get(way, "")
        amount = None if minor is None else self.money(minor)
        return [] if way is M.CASH and minor else [TenderRequest(way, amount, reference=reference)]

    def refunds(self, cart: carts.Cart, back: object, slip: int) -> list[TenderRequest]:
        if back == "as paid":
            return list(self.returning.refund(cart)) or [TenderRequest(M.CASH)]
        assert isinstance(back, TenderMethod)
        return self.paid_by(back, None, slip) or [TenderRequest(M.CASH)]

    @invariant()
    def nothing_is_made_of_nothing(self) -> None:
        told: Tally[str] = Tally()
        for sale in self.done:
            told.update(moves_of(sale))
        for account in self.store.records.all(STORED_VALUE):
            if account.kind is not ValueKind.POINTS:
                assert account.balance == told[account.id], account.id
                assert account.balance >= (-10_000 if account.kind is ValueKind.ACCOUNT else 0)

    @invariant()
    def no_points_are_free(self) -> None:
        """A customer has what the goods they kept and paid for earned, less what they spent."""
        roots: dict[str, list[int]] = {}
        for document in self.done:
            for root, (goods, points) in self.parts_of(document).items():
                sums = roots.setdefault(root, [0, 0])
                sums[0] += goods
                sums[1] += points
        anna = {d.id for d in self.done if d.customer and d.customer.id == ANNA.id}
        most = 0
        for root, (goods, points) in roots.items():
            if root in anna:
                most += 3 * max(goods - points, 0) // 1000 - -(-points // 7)
        account = account_of(self.store, ValueKind.POINTS, ANNA.id)
        assert (account.balance if account else 0) <= most
        other = account_of(self.store, ValueKind.POINTS, BERT.id)
        assert other is None or other.balance <= 0

    def parts_of(self, document: Sale) -> dict[str, tuple[int, int]]:
        """By the sale they began with: goods that stayed, and what was paid with points."""
        if document.voids is not None:
            undone = next(d for d in self.done if d.id == document.voids)
            parts = self.parts_of(undone)
            return {root: (-goods, -points) for root, (goods, points) in parts.items()}
        goods: Tally[str] = Tally()
        for line in document.lines:
            if line.kind not in HELD:
                root = (
                    line.returns.sale_id if line.returns and line.returns.sale_id else document.id
                )
                goods[root] += line.figures.gross.minor
        found = {root: (minor, 0) for root, minor in goods.items()}
        points = sum(t.amount.minor for t in document.tenders if t.method is M.POINTS)
        origin = next((x.returns.sale_id for x in document.lines if x.returns), None)
        root = document.id if points > 0 or origin is None else origin
        if points:
            found[root] = (goods[root], points)
        return found

    @invariant()
    def nothing_above_the_sale_went_back(self) -> None:
        undone = {document.voids for document in self.done} - {None}
        back: Tally[tuple[str, int | None]] = Tally()
        for document in self.done:
            for line in document.lines if document.id not in undone else ():
                origin = line.returns
                if (
                    origin is not None
                    and origin.sale_id
                    and document.voids not in self.voided_away()
                ):
                    back[origin.sale_id, origin.line_no] -= line.figures.gross.minor
        for sale in self.done:
            for line in sale.lines:
                assert abs(back[sale.id, line.line_no]) <= abs(line.figures.gross.minor)

    def voided_away(self) -> set[str]:
        """Documents that gave back and were undone: their voids give nothing back."""
        return {d.id for d in self.done if any(line.returns for line in d.lines)}

    def teardown(self) -> None:
        self.store.close()
        faults = verify(self.path).faults
        self.folder.cleanup()
        assert not faults


def moves_of(sale: Sale) -> dict[str, int]:
    """What a document does to each account but points, worked out on its own."""
    told: Tally[str] = Tally()
    owner = sale.customer.id if sale.customer else ""
    for line in sale.lines:
        if line.kind is ProductKind.GIFT_CARD:
            told[f"gift_card:{line.code}"] += line.figures.gross.minor
        if line.kind is ProductKind.ACCOUNT_PAYMENT:
            told[f"account:{owner}"] += line.figures.gross.minor
    for tender in sale.tenders:
        key = {
            M.GIFT_CARD: f"gift_card:{tender.reference}",
            M.STORE_CREDIT: f"store_credit:{tender.reference}",
            M.ON_ACCOUNT: f"account:{owner}",
        }.get(tender.method)
        if key:
            told[key] -= tender.amount.minor
    return told


TestHeldValue = pytest.mark.filterwarnings("ignore")(HeldValue.TestCase)
TestHeldValue.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
