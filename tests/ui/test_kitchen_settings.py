"""Kitchen slips and the printer wizard as screens: set up, seen, printed again."""

import gc
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.errors import PosError
from pos_app.domain.kitchen import KitchenRoute
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.discovery import Found
from pos_app.services.checkout import Checkout
from pos_app.services.print_spool import PrintTrouble
from pos_app.services.printer_trial import print_strip
from pos_app.services.shop_setup import ShopSetup
from pos_app.store.store import Store
from pos_app.ui import theme
from pos_app.ui.background import cancel_all
from pos_app.ui.presenters.printer_wizard import Tools
from pos_app.ui.presenters.settings import Page, SettingsPresenter
from pos_app.ui.presenters.settings_kitchen import KitchenPresenter
from pos_app.ui.presenters.settings_printers import PrintersPresenter
from pos_app.ui.receipts_screen import ReceiptsScreen
from pos_app.ui.settings_screen import SettingsScreen
from tests.ui.at_once import at_once
from tests.ui.conftest import BAKERY, DAIRY, NOW, PRODUCTS, SHOP, Till
from tests.ui.test_settings_presenter import settings

ROUTE = KitchenRoute("Bakery", "Kitchen", (BAKERY.id,), 2)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    """The light dress; sheets that were closed are collected here, never in a worker thread."""
    if not qapp.styleSheet() or theme.current() is not theme.LIGHT:
        theme.apply_theme(qapp, theme.LIGHT)
    gc.disable()
    yield
    assert cancel_all()
    qapp.processEvents()
    gc.collect()
    gc.enable()


class OutOfPaper(PosError):
    sentence = "The printer is out of paper. Put in a new roll and press Retry."


def slips(store: Store, presenter: SettingsPresenter | None = None) -> KitchenPresenter:
    saver = presenter or settings(store)[0]
    return KitchenPresenter(store, saver.save_kitchen, at_once, lambda _state: None, lambda: NOW)


def test_a_slip_is_added_with_the_second_printer_and_drawn_as_it_will_print(store: Store) -> None:
    page = slips(store)
    page.add()
    assert (page.state.draft.title, page.state.draft.printer) == ("Kitchen", "Kitchen")
    before = page.state.picture
    assert before.startswith(b"\x89PNG")
    page.tick(DAIRY.id, True)
    page.tick(BAKERY.id, True)
    page.tick(DAIRY.id, False)
    assert page.state.picture != before
    page.change(title="  Bakery ", copies=2, prints_when_parked=False)
    assert page.save()
    assert store.settings.shop().kitchen == (ROUTE,)
    assert page.state.rows[0].cells == ("Bakery", "Bakery", "Kitchen")
    page.choose(0)
    page.remove()
    assert store.settings.shop().kitchen == ()


def test_what_a_slip_lacks_is_told_under_its_field(store: Store) -> None:
    page = slips(store)
    page.add()
    page.change(title=" ", printer="")
    assert not page.save()
    assert set(page.state.errors) == {"title", "printer", "categories"}
    assert store.settings.shop().kitchen == ()


def test_a_slip_follows_its_printer_to_another_name_and_keeps_it_on_the_list(store: Store) -> None:
    presenter, _ = settings(store)
    presenter.save_kitchen((ROUTE,))
    printers = PrintersPresenter(
        store, presenter.save_printers, at_once, lambda _state: None, lambda: NOW,
        taxes=presenter.taxes_now,
    )  # fmt: skip
    printers.choose(1)
    printers.change(name="Oven")
    assert printers.save()
    assert store.settings.shop().kitchen == (replace(ROUTE, printer="Oven"),)
    printers.remove()
    assert "slip Bakery prints on Oven" in printers.state.result
    assert [one.name for one in store.settings.shop().printers] == ["Counter", "Oven"]


def test_the_page_draws_every_printer_as_it_prints(store: Store) -> None:
    presenter, _ = settings(store)
    page = PrintersPresenter(
        store, presenter.save_printers, at_once, lambda _state: None, lambda: NOW,
        taxes=presenter.taxes_now,
    )  # fmt: skip
    assert page.state.picture == b""
    page.open()
    wide = page.state.picture
    assert wide.startswith(b"\x89PNG")
    page.change(columns=32, width_mm=58)
    assert page.state.picture != wide
    page.change(code_page="CP9999")
    assert page.state.picture == b""


def test_a_tried_printer_takes_the_receipts_from_the_screen_and_not_from_paper(
    store: Store,
) -> None:
    presenter, _ = settings(store)
    page = PrintersPresenter(
        store, presenter.save_printers, at_once, lambda _state: None, lambda: NOW,
        taxes=presenter.taxes_now,
    )  # fmt: skip
    star = PrinterSettings("Star", PrinterKind.NETWORK, "192.0.2.9")
    oki = PrinterSettings("Oki", PrinterKind.NETWORK, "192.0.2.8")
    assert page.take_tried(star) == page.take_tried(oki) == ""
    names = [one.name for one in store.settings.shop().printers]
    assert names == ["Star", "Counter", "Kitchen", "Oki"]


def test_the_wizard_goes_through_by_touch_and_the_printer_stands_on_the_list(
    store: Store, qtbot: QtBot
) -> None:
    screen = SettingsScreen(store, lambda: NOW)
    qtbot.addWidget(screen)
    screen.open_page(Page.PRINTERS)
    sent: list[bytes] = []

    def send(_printer: PrinterSettings, payload: bytes, **_: object) -> None:
        sent.append(payload)

    tools = Tools(
        find=lambda: [Found(PrinterKind.NETWORK, "192.0.2.9:9100", "Star")],
        print_strip=lambda shop, printer: print_strip(shop, printer, send),
        open_drawer=lambda printer: send(printer, b"drawer"),
        print_page=lambda _shop, printer, *_: send(printer, b"sample"),
    )
    sheet = screen.set_up_printer(tools)
    for key in ("0", "48", "A", "yes", "yes", "yes"):
        qtbot.waitUntil(lambda key=key: key in sheet.choices and not sheet.presenter.state.is_busy)
        sheet.choices[key].click()
    qtbot.waitUntil(lambda: b"sample" in sent and not sheet.presenter.state.is_busy)
    assert screen.printers.table.model().rowCount() == 3
    assert store.settings.shop().printers[0].name == "Star"
    assert sheet.paper.isVisible()
    sheet.button("finish").click()
    assert not sheet.isVisible()


def test_the_card_shows_the_list_and_opens_a_slip(store: Store, qtbot: QtBot) -> None:
    ShopSetup(store, lambda: NOW).save(replace(SHOP, kitchen=(ROUTE,)))
    screen = SettingsScreen(store, lambda: NOW)
    qtbot.addWidget(screen)
    screen.open_page(Page.PRINTERS)
    card = screen.printers.kitchen
    screen.show()
    assert card.table.model().rowCount() == 1
    assert not card.title.isVisible()
    card.table.selectRow(0)
    assert card.title.text() == "Bakery"
    assert card.categories.box(BAKERY.id).isChecked()
    card.categories.box(DAIRY.id).click()
    card.save.click()
    assert store.settings.shop().kitchen[0].categories == (BAKERY.id, DAIRY.id)
    qtbot.waitUntil(lambda: not card.title.isVisible())


class Printed:
    """Remembers which slips were asked for again."""

    def __init__(self) -> None:
        self.again: list[str] = []

    def reprint(self, sale: object) -> None: ...

    def reprint_slips(self, sale: object) -> None:
        self.again.append(sale.number)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("product", "has_slips"), [(1, True), (0, False)])
def test_slips_are_printed_again_where_the_receipt_has_some(
    store: Store, qtbot: QtBot, product: int, has_slips: bool
) -> None:
    ShopSetup(store, lambda: NOW).save(replace(SHOP, kitchen=(ROUTE,)))
    checkout = Checkout(store, lambda: NOW)
    cart = checkout.add(checkout.new_cart(), PRODUCTS[product].id)
    sale = checkout.complete(cart, [TenderRequest(TenderMethod.CARD)])
    printed = Printed()
    screen = ReceiptsScreen(store, printed, lambda: NOW)
    qtbot.addWidget(screen)
    screen.show()
    screen.presenter.open(sale.id)
    assert screen.slips.isVisible() == has_slips
    if has_slips:
        screen.slips.click()
        assert printed.again == [sale.number]
    qtbot.waitUntil(lambda: bool(screen.presenter.state.detail.picture))


def test_the_troubles_of_two_printers_do_not_hide_each_other(till: Till) -> None:
    till.presenter.printer_trouble(PrintTrouble(1, "Counter", OutOfPaper()))
    till.presenter.printer_trouble(PrintTrouble(2, "Kitchen", OutOfPaper()))

    def title() -> str:
        return next((n.title for n in till.state.notices if n.key == "printer"), "")

    assert title() == "Printer Kitchen"
    till.presenter.printer_well("Counter")
    assert title() == "Printer Kitchen"
    till.presenter.printer_trouble(PrintTrouble(1, "Counter", OutOfPaper()))
    till.presenter.act("printer", "skip")
    assert title() == "Printer Kitchen"
    till.presenter.act("printer", "retry")
    assert title() == ""
    assert till.receipts.did == ["skip 1", "retry 2"]
