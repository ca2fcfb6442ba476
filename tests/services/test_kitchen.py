"""Kitchen slips: kept with the sale, printed beside the receipt, and told once."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest

from pos_app.domain.cart import Cart, SaleKind, note_line, remove_line, set_quantity
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.kitchen import KitchenRoute, NothingForTheKitchen
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.product import PIECE, Category, Product
from pos_app.domain.sale import Sale
from pos_app.domain.shop import PrinterKind, PrinterSettings, ShopSettings
from pos_app.printing.errors import PrinterOff
from pos_app.services.checkout import Checkout
from pos_app.services.receipts import Listeners, PrintTrouble, Receipts
from pos_app.services.returning import Returning
from pos_app.services.shop_setup import ShopSetup, SlipPrinterMissing
from pos_app.services.verification import verify
from pos_app.store.store import create_store, open_store
from tests.printing import sales
from tests.printing.simulated_printer import Printer, free_port, on_the_network
from tests.printing.someone_elses import lines, needs_npos

AT = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
FOOD = Category("c-food", "Food", position=1)
DRINKS = Category("c-drinks", "Drinks", position=2)
SOUP = Product("p-soup", "1", "Soup", Decimal("4.50"), category_id=FOOD.id)
TEA = Product("p-tea", "2", "Tea", Decimal("2.20"), category_id=DRINKS.id)
CARD = Product("p-card", "3", "Postcard", Decimal("1.50"))
COUNTER = PrinterSettings("Counter", PrinterKind.NETWORK, "192.0.2.1")
STOVE = PrinterSettings("Stove", PrinterKind.NETWORK, "192.0.2.2", width_mm=58)
KITCHEN = KitchenRoute("Kitchen", "Stove", (FOOD.id,), prints_when_parked=True)
BAR = KitchenRoute("Bar", "Counter", (DRINKS.id,))
SHOP = replace(sales.ENGLISH, printers=(COUNTER, STOVE), kitchen=(KITCHEN, BAR))


class Till:
    """A checkout with its receipts on a real store; the wire keeps what each printer got."""

    def __init__(self, path: Path, shop: ShopSettings) -> None:
        self.path = path
        self.got: list[tuple[str, bytes]] = []
        self.away: dict[str, type[PosError]] = {}
        self.troubles: list[PrintTrouble] = []
        self.previews: list[bool] = []
        self.store = create_store(path, shop, now=AT)
        with self.store.transaction() as tx:
            tx.products.save_unit(PIECE)
            for category in (FOOD, DRINKS):
                tx.products.save_category(category)
            tx.products.save_many([SOUP, TEA, CARD])
        self.begin()

    def begin(self, send: Callable[..., None] | None = None) -> None:
        heard = Listeners(
            self.troubles.append,
            on_preview=lambda _png, was_asked_for: self.previews.append(was_asked_for),
        )
        wire = send or self.wire
        self.receipts = Receipts(self.store, lambda: AT, listeners=heard, send=wire)
        self.checkout = Checkout(self.store, lambda: AT, "1", self.receipts.keep_in, self.receipts)

    def wire(self, printer: PrinterSettings, payload: bytes, *, needs_paper: bool = True) -> None:
        if printer.name in self.away:
            raise self.away[printer.name](name=printer.name)
        self.got.append((printer.name, payload))

    def cart(self, *products: Product) -> Cart:
        cart = self.checkout.new_cart()
        for product in products:
            cart = self.checkout.add(cart, product.id)
        return cart

    def sell(self, cart: Cart) -> Sale:
        sale = self.checkout.complete(cart, [TenderRequest(TenderMethod.CARD)])
        self.receipts.print_sale(sale)
        return sale

    def slips(self, printer: str = "Stove") -> list[list[str]]:
        """The lines of what a printer got, as somebody else's decoder reads them."""
        self.receipts.work_once()
        return [
            [line.strip() for line in lines(payload) if line.strip()]
            for name, payload in self.got
            if name == printer
        ]


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    made = Till(tmp_path / "shop.db", SHOP)
    yield made
    made.receipts.stop()
    made.store.close()


@needs_npos
def test_each_route_prints_its_own_goods_and_nobody_elses(till: Till) -> None:
    cart = till.cart(SOUP, TEA, CARD)
    sale = till.sell(note_line(cart, 1, "no salt"))
    (stove,) = till.slips()
    assert stove[0] == "Kitchen"
    assert sale.number in stove
    assert stove[stove.index("1 × Soup") + 1] == "> no salt"
    assert not any("Tea" in line or "Postcard" in line for line in stove)
    receipt, bar = till.slips("Counter")
    assert "1 × Tea" in bar
    assert any("Postcard" in line for line in receipt)


def test_a_sale_without_goods_for_the_kitchen_prints_no_slip(till: Till) -> None:
    till.sell(till.cart(CARD))
    till.receipts.work_once()
    assert [name for name, _ in till.got] == ["Counter"]


def test_copies_are_printed_one_by_one(till: Till) -> None:
    ShopSetup(till.store, lambda: AT).save(replace(SHOP, kitchen=(replace(KITCHEN, copies=3),)))
    till.sell(till.cart(SOUP))
    till.receipts.work_once()
    papers = [payload for name, payload in till.got if name == "Stove"]
    assert len(papers) == 3
    assert len(set(papers)) == 1


def test_slips_are_kept_with_the_sale_and_survive_a_crash(till: Till) -> None:
    till.checkout.complete(till.cart(SOUP), [TenderRequest(TenderMethod.CARD)])
    till.store.close()
    till.store = open_store(till.path)
    till.begin()
    till.receipts.work_once()
    assert sorted(name for name, _ in till.got) == ["Counter", "Stove"]
    assert [one for one in verify(till.path).faults if "kitchen" in one.where] == []


def test_a_sale_that_is_refused_keeps_no_slip(till: Till) -> None:
    with pytest.raises(PosError):
        till.checkout.complete(till.cart(SOUP), [])
    assert till.receipts.waiting() == 0


@needs_npos
def test_a_parked_sale_is_told_at_once_and_later_only_what_changed(till: Till) -> None:
    till.checkout.park(till.cart(SOUP, TEA), "Table 4")
    (first,) = till.slips()
    assert "Table 4" in first
    assert "1 × Soup" in first
    cart = till.checkout.recall(till.checkout.parked()[0].id)
    till.checkout.park(set_quantity(cart, 1, Decimal(3)), "Table 4")
    _, second = till.slips()
    assert "CHANGE" in second
    assert "2 × Soup" in second
    cart = till.checkout.recall(till.checkout.parked()[0].id)
    sale = till.sell(cart)
    assert len(till.slips()) == 2
    bar = till.slips("Counter")[-1]
    assert {"Table 4", sale.number, "1 × Tea"} <= set(bar)
    assert [one for one in verify(till.path).faults if "kitchen" in one.where] == []


@needs_npos
@pytest.mark.parametrize("gives_up", ["the line", "the sale"])
def test_the_kitchen_hears_what_is_not_wanted_any_more(till: Till, gives_up: str) -> None:
    till.checkout.park(till.cart(SOUP, TEA), "Table 4")
    cart = till.checkout.recall(till.checkout.parked()[0].id)
    if gives_up == "the line":
        till.sell(remove_line(cart, 1))
    else:
        till.checkout.discard(cart)
    last = till.slips()[-1]
    assert last[last.index("NOT ANY MORE:") + 1] == "1 × Soup"
    assert "Table 4" in last


def test_parking_is_silent_where_no_slip_asks_for_it(till: Till) -> None:
    routes = (replace(KITCHEN, prints_when_parked=False),)
    ShopSetup(till.store, lambda: AT).save(replace(SHOP, kitchen=routes))
    till.checkout.park(till.cart(SOUP), "Table 4")
    assert till.receipts.waiting() == 0
    till.sell(till.checkout.recall(till.checkout.parked()[0].id))
    assert till.receipts.waiting() == 2


def test_goods_that_come_back_are_not_cooked(till: Till) -> None:
    cart = replace(till.cart(SOUP), kind=SaleKind.RETURN)
    (line,) = cart.lines
    till.sell(replace(cart, lines=(replace(line, quantity=Decimal(-1)),)))
    assert till.receipts.waiting() == 1


@needs_npos
def test_a_sale_that_is_undone_is_taken_back_from_the_kitchen(till: Till) -> None:
    sale = till.sell(till.cart(SOUP, SOUP, CARD))
    Returning(till.checkout).void(sale.id, "Wrong customer")
    till.receipts.work_once()
    _, slip = till.slips()
    assert slip[:2] == ["Kitchen", "CHANGE"]
    assert sale.number in slip
    assert slip[slip.index("NOT ANY MORE:") + 1] == "2 × Soup"
    Returning(till.checkout).void(sale.id, "Wrong customer")
    till.receipts.work_once()
    assert len(till.slips()) == 2


@needs_npos
def test_slips_are_printed_again_with_a_mark_and_an_entry(till: Till) -> None:
    sale = till.sell(till.cart(SOUP))
    till.receipts.reprint_slips(sale)
    first, again = till.slips()
    assert "COPY" not in first
    assert "COPY" in again
    kinds = [entry.kind for entry in till.store.journal.entries()]
    assert FactKind.KITCHEN_SLIP_REPRINTED in kinds
    with pytest.raises(NothingForTheKitchen, match="copy of the receipt"):
        till.receipts.reprint_slips(till.sell(till.cart(CARD)))


def test_a_slip_for_the_screen_does_not_take_the_receipts_place(till: Till) -> None:
    screen = replace(STOVE, kind=PrinterKind.PREVIEW)
    ShopSetup(till.store, lambda: AT).save(replace(SHOP, printers=(COUNTER, screen)))
    sale = till.sell(till.cart(SOUP))
    till.receipts.work_once()
    assert till.previews == []
    till.receipts.reprint_slips(sale)
    till.receipts.work_once()
    assert till.previews == [True]


def test_a_slip_can_go_to_another_printer(till: Till) -> None:
    till.away["Stove"] = PrinterOff
    till.sell(till.cart(SOUP))
    till.receipts.work_once()
    (trouble,) = till.troubles
    till.receipts.send_to(trouble.job_id, "Counter")
    till.receipts.work_once()
    assert [name for name, _ in till.got] == ["Counter", "Counter"]


def test_a_printer_that_slips_need_is_not_taken_away(till: Till) -> None:
    with pytest.raises(SlipPrinterMissing, match="Kitchen prints on Stove"):
        ShopSetup(till.store, lambda: AT).save(replace(SHOP, printers=(COUNTER,)))


def arrived(printer: Printer, count: int, timeout_s: float = 60) -> bool:
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if sum(b"\x1dV" in job for job in printer.jobs) >= count:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("kitchen", ["takes nothing", "is switched off", "answers nothing"])
def test_a_dead_kitchen_printer_never_holds_up_receipts(tmp_path: Path, kitchen: str) -> None:
    """Real threads and real connections: the receipts come out while the kitchen hangs."""
    stove = Printer(reads=kitchen != "takes nothing", answers=False)
    with on_the_network(Printer()) as counter, on_the_network(stove):
        off = f"127.0.0.1:{free_port()}" if kitchen == "is switched off" else stove.target
        printers = (replace(COUNTER, target=counter.target), replace(STOVE, target=off))
        till = Till(tmp_path / "shop.db", replace(SHOP, printers=printers, kitchen=(KITCHEN,)))
        till.receipts = Receipts(till.store, lambda: AT)
        till.checkout = Checkout(till.store, lambda: AT, "1", till.receipts.keep_in, till.receipts)
        till.receipts.start()
        try:
            began = time.monotonic()
            for _ in range(3):
                till.sell(till.cart(SOUP))
                assert time.monotonic() - began < 5
            assert arrived(counter, 3)
        finally:
            stove.reads = True
            till.receipts.stop(0.2)
            till.store.close()


def test_the_order_of_a_printers_jobs_stays(till: Till) -> None:
    for _ in range(3):
        till.sell(till.cart(SOUP))
    till.receipts.work_once()
    numbers = [number_in(payload) for name, payload in till.got if name == "Stove"]
    assert numbers == sorted(numbers)


def number_in(payload: bytes) -> bytes:
    at = payload.index(b"1-0000")
    return payload[at : at + 8]


def test_a_shop_without_slips_writes_nothing_about_kitchens(tmp_path: Path) -> None:
    till = Till(tmp_path / "shop.db", replace(SHOP, kitchen=()))
    till.checkout.park(till.cart(SOUP), "Table 4")
    till.sell(till.checkout.recall(till.checkout.parked()[0].id))
    kinds = {entry.kind for entry in till.store.journal.entries()}
    assert FactKind.KITCHEN_TOLD not in kinds
    till.store.close()


def test_receipts_go_on_while_the_kitchen_printer_hangs_for_ever(till: Till) -> None:
    hangs, out = Event(), Event()
    receipts: list[bytes] = []

    def send(printer: PrinterSettings, payload: bytes, *, needs_paper: bool = True) -> None:
        if printer.name == "Stove":
            hangs.wait(20)
            return
        receipts.append(payload)
        if len(receipts) == 3:
            out.set()

    ShopSetup(till.store, lambda: AT).save(replace(SHOP, kitchen=(KITCHEN,)))
    till.begin(send)
    till.receipts.start()
    for _ in range(3):
        till.sell(till.cart(SOUP))
    assert out.wait(5)
    hangs.set()
