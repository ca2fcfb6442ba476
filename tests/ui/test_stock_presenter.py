"""The stock screen without Qt: receiving, counting, moving, lists, bad input, approvals."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.app.cli import run
from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.delivery import DeliveryState
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock_rule import AtZero, StockRule, StockSettings
from pos_app.domain.stock_take import TakeState
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.stock_rules import rule_of, save_rule
from pos_app.services.verification import verify
from pos_app.store.store import open_store
from pos_app.ui.presenters.product_form import ProductForm
from pos_app.ui.presenters.settings_stock import StockPageState, StockSettingsPresenter
from pos_app.ui.presenters.stock import (
    COUNT,
    EXPIRING,
    LOW,
    MOVES,
    RECEIVE,
    VALUE,
    StockPresenter,
    StockState,
)
from pos_app.ui.views import Severity
from tests.store.shops import CASH, START, Clock, new_shop, product, product_id

BAD_FIGURES = ("1e9", "-3", "NaN", "abc", "1.2345678", "9" * 10_000, "x٣y", "12 pcs", "1,,2", "∞")
EAN = "4000000000001"


def at_once(
    work: Callable[[Any], Any],
    done: Callable[[Any], None],
    failed: Callable[[Exception], None] | None = None,
    _progress: object = None,
) -> Any:
    try:
        result = work(None)
    except Exception as error:  # noqa: BLE001 - told to the presenter, as threads do
        assert failed is not None
        failed(error)
    else:
        done(result)


class Shop:
    """A shop, its checkout, and the presenter of its stock screen."""

    def __init__(self, path: Path) -> None:
        self.path = path
        new_shop(path).close()
        self.open()

    def open(self) -> None:
        self.store = open_store(self.path)
        self.checkout = Checkout(self.store, Clock())
        self.states: list[StockState] = []
        self.stock = StockPresenter(self.checkout, at_once, self.states.append)
        self.stock.begin()

    def restart(self) -> None:
        self.store.close()
        self.open()

    def settings(self, **values: Any) -> None:
        shop: ShopSettings = self.store.settings.shop()
        ShopSetup(self.store, self.checkout.now).save(replace(shop, **values))
        self.stock.refresh(settings=True)

    def sell(self, number: int, quantity: str = "1") -> None:
        cart = self.checkout.add(self.checkout.new_cart(), product_id(number), Decimal(quantity))
        self.checkout.complete(cart, CASH)

    @property
    def state(self) -> StockState:
        return self.states[-1]

    @property
    def cells(self) -> list[tuple[str, ...]]:
        return [row.cells for row in self.state.page.rows]

    @property
    def told(self) -> str:
        return " | ".join(notice.text for notice in self.state.notices)

    def error(self, key: str) -> str:
        return next(one.error for one in self.state.page.fields if one.key == key)

    def text(self, key: str) -> str:
        return next(one.text for one in self.state.page.fields if one.key == key)

    def level(self, number: int, place: str = "shop") -> Decimal:
        return self.store.stock.level(product_id(number), place)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    made = Shop(tmp_path / "shop.db")
    yield made
    made.store.close()
    assert verify(made.path).faults == ()


def test_a_delivery_is_scanned_and_booked(shop: Shop) -> None:
    shop.stock.turn(RECEIVE)
    shop.stock.scan(EAN)
    shop.stock.scan(EAN)
    shop.stock.scan("4000000000002")
    shop.stock.enter("12")
    shop.stock.change("cost", "1.25")
    shop.stock.change("batch", "B 7")
    shop.stock.change("expiry", "2026-03-06")
    shop.stock.change("supplier", "Dairy Ltd")
    shop.stock.change("document", "LS 4711")
    assert [cells[:2] for cells in shop.cells] == [("Brot", "12"), ("Äpfel", "2")]
    shop.stock.press("book")
    assert shop.told == "Booked. 2 lines are in stock now."
    assert (shop.level(1), shop.level(2)) == (2, 12)
    assert [one.supplier_name for one in shop.stock.receive.receiving.latest()] == ["Dairy Ltd"]
    shop.stock.turn(EXPIRING)
    assert shop.cells == [("Brot", "B 7", "6 Mar 2026", "12", "Soon")]
    shop.stock.turn(VALUE)
    assert ("15.00", "1.25") in [cells[-2:] for cells in shop.cells]


def test_an_open_delivery_is_there_after_a_restart_and_scanning_goes_on_with_it(shop: Shop) -> None:
    shop.stock.turn(RECEIVE)
    shop.stock.scan(EAN)
    shop.stock.enter("7")
    shop.restart()
    assert shop.state.section == RECEIVE
    assert "1 not booked yet" in shop.state.page.about
    shop.stock.scan(EAN)
    assert [cells[1] for cells in shop.cells] == ["8"]
    assert len(shop.stock.receive.receiving.open()) == 1


def test_an_unknown_barcode_waits_for_its_product_and_nothing_is_lost(shop: Shop) -> None:
    shop.stock.turn(RECEIVE)
    shop.stock.scan("9999999999994")
    shop.stock.scan("9999999999994")
    shop.stock.scan("x" * 10_000)
    assert "not in the catalogue" in shop.told
    assert [cells[1] for cells in shop.cells] == ["1", "2"]
    shop.stock.press("book")
    assert "not in the catalogue yet" in shop.told
    assert shop.stock.receive.delivery is not None
    shop.stock.press("remove")
    shop.stock.choose("1")
    shop.stock.change("product", "Brot")
    shop.stock.press("book")
    assert shop.level(2) == 2


@pytest.mark.parametrize("bad", BAD_FIGURES)
def test_wrong_figures_while_receiving_are_a_sentence_and_stay_typed(shop: Shop, bad: str) -> None:
    shop.stock.turn(RECEIVE)
    shop.stock.scan(EAN)
    for field in ("quantity", "cost"):
        shop.stock.change(field, bad)
        assert shop.error(field).endswith((".", "50."))
        assert shop.text(field) == bad[:100]
        assert len(shop.error(field)) < 200
    shop.stock.change("expiry", bad)
    assert "is not a date" in shop.error("expiry")
    assert shop.cells[0][1] == "1"


def test_long_texts_while_receiving_are_refused(shop: Shop) -> None:
    shop.stock.turn(RECEIVE)
    shop.stock.scan(EAN)
    for field in ("supplier", "document", "batch"):
        shop.stock.change(field, "x" * 10_000)
        assert "Shorten it to 100" in shop.error(field)


def test_a_stock_take_is_counted_reviewed_and_booked_while_selling_goes_on(shop: Shop) -> None:
    shop.stock.turn(RECEIVE)
    for code in (EAN, "4000000000002", "4000000000003"):
        shop.stock.scan(code)
        shop.stock.enter("20")
        shop.stock.change("cost", "2")
    shop.stock.press("book")
    shop.stock.turn(COUNT)
    shop.stock.enter("Shelf 1")
    assert shop.state.page.title == "Shelf 1"
    shop.stock.scan(EAN)
    shop.stock.scan(EAN)
    shop.stock.enter("19")
    shop.stock.scan("4000000000002")
    shop.stock.enter("15")
    shop.sell(1, "3")
    shop.stock.scan("4000000000003")
    shop.stock.enter("20")
    shop.stock.press("review")
    assert [cells[2:] for cells in shop.cells] == [
        ("20", "15", "\u22125", "\u221210.00"),
        ("20", "19", "\u22121", "\u22122.00"),
    ]
    shop.stock.press("book")
    assert (shop.level(1), shop.level(2), shop.level(3)) == (16, 15, 20)
    assert shop.stock.count.takes.latest()[0].state is TakeState.BOOKED


def test_a_stock_take_goes_on_after_a_restart(shop: Shop) -> None:
    shop.stock.turn(COUNT)
    shop.stock.scan(EAN)
    shop.restart()
    assert shop.state.section == COUNT
    shop.stock.scan(EAN)
    assert [cells[2] for cells in shop.cells] == ["2"]
    shop.stock.press("discard")
    shop.stock.press("discard")
    assert shop.stock.count.takes.latest()[0].state is TakeState.DISCARDED


@pytest.mark.parametrize("bad", BAD_FIGURES)
def test_wrong_counts_are_a_sentence_and_change_nothing(shop: Shop, bad: str) -> None:
    shop.stock.turn(COUNT)
    shop.stock.scan(EAN)
    shop.stock.enter(bad)
    assert [cells[2] for cells in shop.cells] == ["1"]
    assert shop.told.endswith((".", "50."))
    assert len(shop.told) < 200


def test_an_unknown_barcode_while_counting_is_a_sentence(shop: Shop) -> None:
    shop.stock.turn(COUNT)
    shop.stock.scan(EAN)
    shop.stock.scan("9999999999994")
    assert "was not found" in shop.told
    assert [cells[2] for cells in shop.cells] == ["1"]


def test_a_name_of_a_stock_take_that_is_too_long_is_refused(shop: Shop) -> None:
    shop.stock.turn(COUNT)
    shop.stock.change("name", "x" * 10_000)
    assert "Shorten it to 60" in shop.error("name")
    shop.stock.press("new")
    assert shop.stock.count.take is None
    assert shop.stock.count.takes.open() == []


def test_booking_asks_for_approval_and_books_when_it_is_given(shop: Shop) -> None:
    asked: list[tuple[ApprovalNeeded, Callable[[], None]]] = []
    is_free = False

    class Strict:
        def require(self, request: ApprovalRequest, tx: object = None) -> None:
            if request.action is Action.STOCK_CHANGE and not is_free:
                raise ApprovalNeeded(request)

        def allows(self, request: ApprovalRequest) -> bool:
            return is_free

        def has_staff(self) -> bool:
            return True

    shop.checkout.authority = Strict()
    shop.stock.ask_with(lambda need, again: asked.append((need, again)))
    shop.stock.turn(COUNT)
    shop.stock.scan(EAN)
    shop.stock.press("review")
    shop.stock.press("book")
    assert shop.level(1) == 0
    is_free = True
    asked[0][1]()
    assert shop.level(1) == 1
    shop.stock.turn(MOVES)
    shop.stock.scan(EAN)
    is_free = False
    shop.stock.change("quantity", "1")
    shop.stock.press("move")
    assert shop.level(1) == 1
    is_free = True
    asked[1][1]()
    assert shop.level(1) == 0


def test_goods_are_written_off_sent_back_and_moved(shop: Shop) -> None:
    shop.settings(stock=StockSettings(locations=("shop", "cellar")))
    shop.stock.turn(MOVES)
    shop.stock.enter("Brot")
    for what, quantity in (("write_off", "2"), ("send_back", "1"), ("transfer", "5")):
        shop.stock.change("what", what)
        shop.stock.change("quantity", quantity)
        shop.stock.press("move")
    assert (shop.level(2), shop.level(2, "cellar")) == (-8, 5)
    assert [cells[1] for cells in shop.cells] == ["Moved", "Moved", "Sent back", "Written off"]
    shop.stock.change("what", "transfer")
    shop.stock.change("target", "shop")
    shop.stock.change("quantity", "1")
    shop.stock.press("move")
    assert "two different places" in shop.told


@pytest.mark.parametrize("bad", [*BAD_FIGURES, ""])
def test_wrong_quantities_to_move_are_a_sentence(shop: Shop, bad: str) -> None:
    shop.stock.turn(MOVES)
    shop.stock.scan(EAN)
    shop.stock.change("quantity", bad)
    shop.stock.press("move")
    assert (shop.error("quantity") or shop.told).endswith((".", "50."))
    assert shop.level(1) == 0


def test_the_low_list_says_how_much_to_order_and_is_exported(shop: Shop, tmp_path: Path) -> None:
    save_rule(
        shop.store,
        StockRule(product_id(1), reorder_at=Decimal(3), reorder_to=Decimal(10)),
        START,
        "1",
    )
    shop.stock.turn(LOW)
    assert shop.cells == [("P1", "Äpfel", "0", "10", "3")]
    file = tmp_path / "order.csv"
    shop.stock.export(file)
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert rows[1] == ["P1", "Äpfel", "0", "10", "3"]
    shop.stock.export(tmp_path / "order.xlsx")
    assert (tmp_path / "order.xlsx").read_bytes()[:2] == b"PK"
    shop.stock.export(tmp_path / "nowhere" / "order.csv")
    assert "cannot be written there" in shop.told
    shop.stock.open(product_id(1))
    assert shop.state.section == MOVES
    assert shop.state.page.title == "Äpfel"


def test_a_booked_delivery_is_not_open_any_more(shop: Shop) -> None:
    shop.stock.turn(RECEIVE)
    shop.stock.scan(EAN)
    delivery = shop.stock.receive.delivery
    assert delivery is not None
    shop.stock.receive.receiving.book(delivery)
    shop.stock.scan(EAN)
    assert "booked or given up already" in shop.told
    assert all(notice.severity is Severity.BAR for notice in shop.state.notices)
    shop.stock.refresh()
    assert shop.stock.receive.delivery is None
    assert shop.stock.receive.receiving.latest()[0].state is DeliveryState.BOOKED


def test_two_lines_of_one_product_make_one_average(shop: Shop) -> None:
    receiving = shop.stock.receive.receiving
    delivery = receiving.begin()
    for batch, cost in (("A", "1"), ("B", "3")):
        line = receiving.add(delivery, product(1), Decimal(10), batch=batch)
        receiving.change(replace(line, unit_cost=Decimal(cost)))
    receiving.book(delivery)
    shop.stock.turn(VALUE)
    assert shop.cells[0][-2:] == ("40.00", "2.00")


def test_the_settings_page_refuses_what_cannot_be_and_keeps_it_typed(shop: Shop) -> None:
    saved: list[StockSettings] = []
    states: list[StockPageState] = []

    def save(stock: StockSettings) -> str:
        saved.append(stock)
        shop.settings(stock=stock)
        return ""

    page = StockSettingsPresenter(shop.store, save, states.append)
    for days in (*BAD_FIGURES, "", "2.5", "-1", "99999"):
        page.change(expiry_notice_days=days)
        assert not page.save()
        assert "whole days" in page.state.errors["expiry_notice_days"]
        assert page.state.draft.expiry_notice_days == days
    page.change(expiry_notice_days="7", locations="cellar\n" + "x" * 10_000)
    assert not page.save()
    assert "60 letters" in page.state.errors["locations"]
    page.change(locations="cellar")
    assert not page.save()
    assert "Leave it on the list" in page.state.errors["locations"]
    assert saved == []
    page.change(locations="shop\n\n cellar \ncellar", at_zero="warn")
    assert page.save()
    assert saved == [StockSettings(AtZero.WARN, ("shop", "cellar"), 7)]


@pytest.mark.parametrize("bad", BAD_FIGURES)
def test_the_product_sheet_refuses_a_wrong_point_of_ordering(shop: Shop, bad: str) -> None:
    known = shop.store.products.get(product_id(1))
    form = ProductForm(shop.store, Catalogue(shop.store, Clock()), known)
    for field in ("reorder_at", "reorder_to"):
        form.change(**{field: bad})
        assert not form.save()
        assert form.state.errors["reorder_at"].endswith((".", "50."))
        assert getattr(form.state.draft, field) == bad
        form.change(**{field: ""})
    form.change(reorder_at="3", reorder_to="2")
    assert not form.save()


def test_the_product_sheet_keeps_the_rule(shop: Shop) -> None:
    known = shop.store.products.get(product_id(1))
    form = ProductForm(shop.store, Catalogue(shop.store, Clock()), known)
    form.change(reorder_at="3", reorder_to="12", at_zero="block", tracks_batches=True)
    assert form.save()
    wanted = StockRule(product_id(1), AtZero.BLOCK, Decimal(3), Decimal(12), tracks_batches=True)
    assert rule_of(shop.store, product_id(1)) == wanted
    again = ProductForm(shop.store, Catalogue(shop.store, Clock()), known)
    assert again.state.draft.at_zero == "block"
    entries = shop.store.journal.count()
    assert again.save()
    assert shop.store.journal.count() <= entries + 1  # an unchanged rule is not told again


def test_the_command_line_tells_what_runs_low_and_its_value(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = StockRule(product_id(1), reorder_at=Decimal(3), reorder_to=Decimal(10))
    save_rule(shop.store, rule, START, "1")
    delivery = shop.stock.receive.receiving.begin()
    line = shop.stock.receive.receiving.add(delivery, product(1), Decimal(2))
    shop.stock.receive.receiving.change(replace(line, unit_cost=Decimal("1.25")))
    shop.stock.receive.receiving.book(delivery)
    assert run(["stock", "low", "--store", str(shop.path)]) == 0
    assert "2 left, order 8" in capsys.readouterr().out
    assert run(["stock", "value", "--store", str(shop.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["minor"] == 250
