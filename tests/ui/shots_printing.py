"""The printer wizard's pages, the slips' settings and slips on paper, for `shots_office.py`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from pos_app.domain.kitchen import KitchenRoute
from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.discovery import Found
from pos_app.printing.errors import PaperOut
from pos_app.services.printer_setup import slip_picture
from pos_app.services.printer_trial import print_strip
from pos_app.services.shop_setup import ShopSetup
from pos_app.store.store import Store
from pos_app.ui.presenters.printer_wizard import Tools
from pos_app.ui.presenters.settings import Page
from pos_app.ui.printer_wizard import PrinterWizardSheet
from pos_app.ui.settings_screen import SettingsScreen

Wait = Callable[..., None]
FOUND = [
    Found(PrinterKind.NETWORK, "192.0.2.20:9100", "EPSON TM-T88VI"),
    Found(PrinterKind.USB, "0416:5011", "USB 0416:5011"),
    Found(PrinterKind.QUEUE, "Laser", "Laser"),
]


def nowhere(*_: object, **__: object) -> None:
    """Send nothing anywhere."""


def wizard_pages(
    store: Store, now: Callable[[], datetime], wait: Wait
) -> Iterator[tuple[str, QWidget]]:
    """Every page of the wizard, answered one after the other."""
    screen = SettingsScreen(store, now)
    screen.open_page(Page.PRINTERS)
    screen.show()
    is_out = [True]

    def strip(shop: Any, printer: PrinterSettings) -> Any:
        if is_out.pop() if is_out else False:
            raise PaperOut(name=printer.name)
        return print_strip(shop, printer, nowhere)

    tools = Tools(
        find=lambda: FOUND,
        scan=lambda *_: [],
        print_strip=strip,
        open_drawer=nowhere,
        print_page=lambda *_: None,
    )
    sheet = screen.set_up_printer(tools)
    made = sheet.presenter

    def settle() -> None:
        wait(until=lambda: not made.state.is_busy)

    settle()
    yield "wizard-find", screen
    made._work("Asking every address of the network …", lambda _w: [], lambda _f: None)
    made._show(done=97, total=253, is_busy=True)
    yield "wizard-scan", screen
    settle()
    made.choose("0")
    settle()
    yield "wizard-paper-out", screen
    made.choose("yes")
    settle()
    yield "wizard-width", screen
    for name in _answers(sheet, settle):
        yield name, screen
    sheet.hide()


def _answers(sheet: PrinterWizardSheet, settle: Callable[[], None]) -> Iterator[str]:
    made = sheet.presenter
    made.choose("nothing")
    yield "wizard-nothing"
    made.back()
    made.choose("42")
    yield "wizard-letters"
    made.choose("A")
    yield "wizard-cut"
    made.choose("yes")
    yield "wizard-drawer"
    made.choose("yes")
    settle()
    yield "wizard-opened"
    made._save = lambda _printer: ""
    made.choose("yes")
    settle()
    yield "wizard-done"


def kitchen_pages(
    store: Store, now: Callable[[], datetime], wait: Wait
) -> Iterator[tuple[str, QWidget]]:
    """The slips' card with one slip open, one with errors, and slips as they are printed."""
    shop = store.settings.shop()
    categories = store.products.categories()
    routes = (
        KitchenRoute("Kitchen", "Kitchen", (categories[0].id, categories[1].id), 1, True),
        KitchenRoute("Bar", "Preview", (categories[2].id,)),
    )
    stove = PrinterSettings("Kitchen", PrinterKind.NETWORK, "192.0.2.30", width_mm=58)
    front = tuple(one for one in shop.printers if one.name != "Kitchen")
    ShopSetup(store, now).save(replace(shop, printers=(*front, stove), kitchen=routes))
    try:
        screen = SettingsScreen(store, now)
        screen.open_page(Page.PRINTERS)
        screen.kitchen_presenter.choose(0)
        wait(until=lambda: bool(screen.kitchen_presenter.state.picture))
        area = screen._areas[Page.PRINTERS]
        screen.show()
        wait(0.2)
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
        yield "settings-kitchen", screen
        screen.kitchen_presenter.add()
        screen.kitchen_presenter.change(title="", categories=())
        screen.kitchen_presenter.save()
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
        yield "settings-kitchen-errors", screen
        yield "paper-slip", _paper(slip_picture(shop, stove, routes[0], ("Crème brûlée",), now()))
    finally:
        ShopSetup(store, now).save(shop)


def _paper(png: bytes) -> QWidget:
    label = QLabel()
    drawn = QPixmap()
    drawn.loadFromData(png)
    label.setPixmap(drawn)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
