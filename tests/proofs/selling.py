"""A till that sells at random through the real presenter and services, and tells what it does.

As a command it sells a number of gestures on a store and writes what it tells into a file:
`python tests/proofs/selling.py --store FILE --told FILE --gestures 80 --seed 1`.
"""

import argparse
import logging
import os
import random
import re
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from functools import partial
from pathlib import Path

os.environ.setdefault("POS_APP_KEYS", "file")
if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pos_app.domain.cart import SaleKind, append_line
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.return_ import return_line
from pos_app.domain.sale import NotFullyPaid, Sale
from pos_app.domain.shop import PrinterSettings
from pos_app.domain.stock import MoveReason
from pos_app.services.catalogue import Catalogue
from pos_app.services.print_spool import Listeners, PrintTrouble
from pos_app.store import connection
from pos_app.store.store import Store, open_store
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.checkout_state import SheetKind
from tests.proofs import planted
from tests.proofs.back_office import BackOffice
from tests.proofs.paper_work import PaperWork
from tests.proofs.small_shop import CARD, CODES, PRODUCTS, SHOP, WEIGHED, now, open_shop
from tests.proofs.telling import Teller, ToldCheckout, ToldReceipts, ToldReturning, TroubleTeller

_NUMBER = re.compile(rb"POS1:([^:]+):")


class Counter:
    """A till with its cashier: the real presenter, services and store, and paper that is told."""

    def __init__(self, store: Store, teller: Teller, dice: random.Random) -> None:
        self.store, self.teller, self.dice = store, teller, dice
        self._doubtful: list[int] = []
        listeners = Listeners(on_trouble=self._trouble)
        self.receipts = ToldReceipts(store, now, "1", listeners, send=self._send)
        self.receipts.teller = teller
        self.checkout = ToldCheckout(store, now, "1", self.receipts.keep_in)
        self.checkout.teller = teller
        self.returning = ToldReturning(self.checkout)
        self.office = BackOffice(self.checkout, self.returning, dice)
        self.papers = PaperWork(self.checkout, dice)
        self.catalogue = Catalogue(store, now)
        self.presenter = CheckoutPresenter(
            self.checkout, self.receipts, self.checkout.shop, lambda _state: None
        )
        self.presenter._returning = self.returning
        self.can_fill_disk = True
        self.presenter.start()
        self.done()

    def done(self) -> None:
        self.teller.done(self.store, self.presenter.sale.cart)

    def gesture(self, *, evenly: bool = False) -> None:
        """Do one thing that happens at a counter, and tell what the cashier then sees.

        Things happen as often as in a shop, or `evenly` where the rare ones are wanted.
        """
        gestures, weights = zip(*self._gestures(), strict=True)
        self.dice.choices(gestures, None if evenly else weights)[0]()
        self.done()

    def _gestures(self) -> Iterator[tuple[Callable[[], None], int]]:
        screen = self.presenter
        if screen.sale.cart.is_empty or screen.sale.finished is not None:
            yield self._scan, 12
            yield self._return, 2
            yield self._return_by_sheet, 3
            yield self._void, 2
            for doing, weight in (*self.office.doings(), *self.papers.doings()):
                yield partial(self._in_the_office, doing), weight
            if self.can_fill_disk:
                yield partial(self._in_the_office, self._close_shift_on_a_full_disk), 4
            if self.checkout.parked():
                yield self._recall, 4
            yield self._pay_twice, 2
            yield self._move_stock, 2
            yield self._print, 8
            yield screen.paper.reprint, 1
            yield screen.paper.open_drawer, 1
            yield self.store.tidy, 1
            return
        yield self._scan, 10
        yield self._three_of_the_next, 2
        yield lambda: screen.lines.set_quantity(Decimal(self.dice.randint(1, 9))), 2
        yield lambda: screen.lines.discount_preset(Decimal(10)), 1
        yield self._whole_discount, 1
        yield self._other_price, 1
        yield screen.lines.remove, 1
        yield screen.lines.undo, 1
        yield self._unknown_code, 1
        yield lambda: screen.entry.scan(CARD), 1
        yield screen.whole.park, 3
        yield self._split, 2
        yield self._return_by_sheet, 1
        if self.checkout.parked():
            yield self._merge, 2
        yield screen.whole.discard, 1
        yield self._pay, 12
        yield self._pay_too_little, 1
        if self.can_fill_disk:
            yield self._pay_on_a_full_disk, 1

    def _scan(self) -> None:
        code = self.dice.choice(CODES)
        self.presenter.entry.scan(code)
        if code == WEIGHED:
            self.presenter.lines.set_quantity(Decimal(self.dice.randint(50, 2_500)) / 1000)

    def _three_of_the_next(self) -> None:
        self.presenter.entry.key_in("3")
        self.presenter.entry.times()
        self.presenter.entry.scan(self.dice.choice(CODES[:4]))

    def _whole_discount(self) -> None:
        self.presenter.entry.key_in("5")
        self.presenter.press("F2")

    def _other_price(self) -> None:
        for sign in f"{self.dice.randint(1, 9)}.{self.dice.randint(10, 99)}":
            self.presenter.entry.key_in(sign)
        self.presenter.press("F6")

    def _unknown_code(self) -> None:
        self.presenter.entry.scan(f"Z-{self.dice.randint(1, 99)}")
        self._other_price()

    def _recall(self) -> None:
        self.presenter.whole.recall()
        rows = self.presenter.sale.sheet.rows
        if rows:
            self.presenter.sheet.choose(self.dice.choice(rows).key)

    def _pay(self) -> None:
        way = self.dice.random()
        pay = self.presenter.paying.pay
        if way < 0.2 and self.presenter.sale.cart.kind is SaleKind.SALE:
            self.presenter.entry.key_in("1")
            pay(TenderMethod.CARD)
            pay(TenderMethod.CASH)
        elif way < 0.3 and self.presenter.sale.cart.customer is not None:
            pay(TenderMethod.ON_ACCOUNT)
        else:
            pay(self.dice.choice((TenderMethod.CASH, TenderMethod.CARD)))

    def _pay_twice(self) -> None:
        """Finish a cart and, because the answer did not come through, finish it again."""
        cart = self.checkout.new_cart()
        for _ in range(self.dice.randint(1, 3)):
            cart = self.checkout.scan(cart, self.dice.choice(CODES[:4])).cart
        requests = (TenderRequest(TenderMethod.CARD),)
        first = self.checkout.complete(cart, requests)
        self.done()
        again = self.checkout.complete(cart, requests)
        if again.number != first.number:
            text = f"one cart became the sales {first.number} and {again.number}"
            self.teller.tell("trouble", text=text)

    def _pay_too_little(self) -> None:
        cart = self.presenter.sale.cart
        little = Money(1, cart.policy.currency)
        try:
            self.checkout.complete(cart, (TenderRequest(TenderMethod.CARD, little),))
        except PosError as refusal:
            if not isinstance(refusal, NotFullyPaid):
                return

    def _pay_on_a_full_disk(self) -> None:
        """Try to finish while the file may not grow; the next gesture finds room again."""
        wal = self.store.path.with_name(self.store.path.name + "-wal")
        room = wal.stat().st_size if wal.exists() else 0
        with no_room_beyond(room // self.dice.randint(1, 3)):
            self._pay()

    def _return(self) -> None:
        """Give back one line of an earlier sale."""
        count = self.store.sales.count()
        if not count or not self.presenter.sale.cart.is_empty:
            return
        number = f"{SHOP.number_prefix}1-{self.dice.randint(1, count):06d}"
        sale = self.store.sales.by_number(number)
        if sale is None or sale.kind is not SaleKind.SALE:
            return
        line = self.dice.choice(sale.lines)
        left = line.quantity - self.store.sales.returned(sale.id, line.line_no)
        if left > 0:
            cart = self.checkout.new_cart(SaleKind.RETURN)
            already = line.quantity - left
            cart = append_line(cart, return_line(sale, line.line_no, left, already, "sour"))
            self.presenter.sale.put(cart)
            self.presenter.sale.show()

    def _some_sale(self) -> Sale | None:
        count = self.store.sales.count()
        number = f"{SHOP.number_prefix}1-{self.dice.randint(1, max(count, 1)):06d}"
        return self.store.sales.by_number(number)

    def _return_by_sheet(self) -> None:
        """Take lines of a receipt back, good or spoilt; beside other goods it is an exchange."""
        sale = self._some_sale()
        if sale is None:
            return
        sheet = self.presenter.sheet
        self.presenter.returns.take_in(sale)
        rows = self.presenter.sale.sheet.rows
        if self.presenter.sale.sheet.kind is not SheetKind.RETURN or not rows:
            return
        if self.dice.random() < 0.5:
            sheet.reason("Faulty")
        sheet.choose(self.dice.choice(("all", rows[0].key)))
        if self.dice.random() < 0.3:
            self.presenter.returns.refund()
        elif self.dice.random() < 0.5:
            sheet.close()

    def _void(self) -> None:
        """Undo a document and, because the answer did not come through, undo it again."""
        sale = self._some_sale()
        if sale is None:
            return
        self.presenter.voids.ask(sale)
        self.presenter.sheet.choose("Wrong payment")
        void = self.store.sales.void_of(sale.id)
        if void is not None:
            again = self.returning.void(sale.id, "Wrong payment")
            if again.id != void.id:
                text = f"sale {sale.number} was undone by {void.number} and {again.number}"
                self.teller.tell("trouble", text=text)

    def _split(self) -> None:
        cart = self.presenter.sale.cart
        if len(cart.lines) > 1 and not cart.taken:
            stays = self.checkout.split(cart, [self.dice.choice(cart.lines).id], "Table 2")
            self.presenter.sale.take_over(stays)
            self.presenter.sale.count_parked()

    def _merge(self) -> None:
        parked = self.dice.choice(self.checkout.parked())
        try:
            joined = self.checkout.merge(self.presenter.sale.cart, parked.id)
        except PosError:
            return
        self.presenter.sale.take_over(joined)
        self.presenter.sale.count_parked()

    def _close_shift_on_a_full_disk(self) -> None:
        """Try to close while the file may not grow, and again when there is room."""
        office = self.office
        if office.shifts.current() is None:
            office.open_shift()
        shift = office.shifts.current()
        assert shift is not None
        wal = self.store.path.with_name(self.store.path.name + "-wal")
        office.count_drawer(shift)
        with no_room_beyond(wal.stat().st_size // 3), suppress(PosError):
            office.close(shift)
        self.done()
        office.close(shift)

    def _in_the_office(self, do: Callable[[], None]) -> None:
        """Do what the shop's rules may refuse."""
        try:
            do()
        except PosError:
            self.teller.refused += 1

    def _move_stock(self) -> None:
        some = self.dice.choice(PRODUCTS)
        with self.teller.writing("moved"):
            self.catalogue.correct_stock(
                some.id, SHOP.location, MoveReason.RECEIPT, Decimal(self.dice.randint(1, 40))
            )

    def _print(self) -> None:
        """Let the printer work, and look at the paper where a job was cut short."""
        self.receipts.work_once()
        for job_id in self._doubtful:
            job = self.store.spool.get(job_id)
            if job is None:
                continue
            sale_id = job.sale_id or ""
            if self.dice.random() < 0.5:
                self.teller.tell("look", again=[sale_id], skipped=[])
                self.receipts.retry(job_id)
            else:
                self.teller.tell("look", again=[], skipped=[sale_id])
                self.receipts.skip(job_id)
        self._doubtful.clear()

    def _trouble(self, trouble: PrintTrouble) -> None:
        self._doubtful.append(trouble.job_id)

    def _send(self, _printer: PrinterSettings, payload: bytes, *, needs_paper: bool) -> None:
        found = _NUMBER.search(payload)
        if found:
            self.teller.tell("paper", number=found[1].decode())


@contextmanager
def no_room_beyond(size_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size; Python turns the signal into an error."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def sell(path: Path, teller: Teller, seed: int, prepare: Callable[[Store], None]) -> Counter:
    """Open the store and put a cashier behind the counter; the caller asks for gestures."""
    logging.getLogger().addHandler(TroubleTeller(teller))
    store = open_store(path)
    prepare(store)
    return Counter(store, teller, random.Random(seed))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--told", type=Path, required=True)
    parser.add_argument("--gestures", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--openings", type=int, default=2, help="how often the till is started")
    parser.add_argument("--planted", default="")
    arguments = parser.parse_args()
    # Smaller than in the product, so that a short run meets many checkpoints.
    connection.CHECKPOINT_PAGES = 60
    if arguments.planted:
        planted.BUGS[arguments.planted].plant()
    handle = os.open(arguments.told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    teller = Teller(handle)
    with open_shop(arguments.store) as store:
        teller.done(store, None)
    for opening in range(arguments.openings):
        counter = sell(arguments.store, teller, arguments.seed + opening, lambda _store: None)
        counter.can_fill_disk = False
        for _ in range(arguments.gestures // arguments.openings):
            counter.gesture()
        counter.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
