"""Draws the office screens in every dress and size into PNG files, from a store made by code.

Run as `python tests/ui/shots_office.py --out screenshots`; `--only NAME` draws one of them.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QLocale, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from pos_app.domain.shop import ShopSettings
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.shop_setup import ShopSetup
from pos_app.store.store import Store, create_store
from pos_app.texts import use_language
from pos_app.ui import background, fonts, theme
from pos_app.ui.catalogue_screen import CatalogueScreen
from pos_app.ui.garbage import GarbageCollector
from pos_app.ui.presenters.product_import import Step
from pos_app.ui.presenters.settings import Page
from pos_app.ui.receipts_screen import ReceiptsScreen
from pos_app.ui.settings_screen import SettingsScreen
from pos_app.ui.welcome_sheet import WelcomeSheet
from tests.ui.shots_cash import cash_pages
from tests.ui.shots_connections import connection_pages
from tests.ui.shots_customers import customer_pages
from tests.ui.shots_document_sheets import document_sheet_pages
from tests.ui.shots_documents import document_pages
from tests.ui.shots_journal import journal_pages
from tests.ui.shots_printing import kitchen_pages, wizard_pages
from tests.ui.shots_reports import reports_pages
from tests.ui.shots_stock import stock_pages
from tests.ui.shots_sync import sync_pages

RAIL, STRIP = 76, 48
NOW = datetime(2026, 5, 4, 15, 20, tzinfo=UTC)
LIST = """Artikelnr;Bezeichnung;EAN;VK brutto;Warengruppe;MwSt;Bestand
4711;Café Crème gemahlen 500 g;4006381333931;7,95;Kaffee;13,5 %;24
4712;Darjeeling Tee 100 g;4006381333948;4,20;Tee;13,5 %;12
4713;Honig aus der Heide 250 g;;acht Euro;Honig;0 %;7
4714;Kakao 400 g;4006381333955;3,49;Kaffee;13,5 %;1.200
;;;;;;
4715;Zucker 1 kg;1234567890128;-1,19;Backen;0 %;30
4716;Mehl Type 405 1 kg;4006381333979;0,89;Backen;0 %;45
"""


class Silent:
    """Receipts that print nowhere, and a counter where nothing happens."""

    def reprint(self, sale: object) -> None: ...

    def take_back(self, sale: object) -> None: ...

    def void(self, sale: object) -> None: ...


@dataclass
class Place:
    """The stores that the screens show, and the folder for lists."""

    full: Store
    empty: Store
    folder: Path


Shot = Callable[[Place], Iterator[tuple[str, QWidget]]]


def now() -> datetime:
    return NOW


def wait(seconds: float = 4.0, until: Callable[[], bool] = lambda: False) -> None:
    """Let the event loop run, until something is so."""
    end = time.monotonic() + seconds
    app = QApplication.instance()
    while time.monotonic() < end and not until():
        app.processEvents()
        time.sleep(0.005)


def catalogue(place: Place) -> Iterator[tuple[str, QWidget]]:
    screen = CatalogueScreen(place.full, now)
    yield "catalogue", screen
    screen.frame.table.selectRow(3)
    screen.presenter.search("ap")
    screen.frame.search.setText("ap")
    yield "catalogue-search", screen
    screen.take_scan("9999999999994")
    yield "catalogue-unknown", screen
    empty = CatalogueScreen(place.empty, now)
    yield "catalogue-empty", empty


def product(place: Place) -> Iterator[tuple[str, QWidget]]:
    screen = CatalogueScreen(place.full, now)
    screen.show()
    found = place.full.products.search("espresso", 1) or place.full.products.search("milk", 1)
    sheet = screen.show_form(screen.presenter.open(found[0].product.id))
    yield "product", screen
    sheet._form.add_barcode("4006381333932")
    sheet._form.change(price="abc", min_price="99", name="")
    sheet._form.save()
    yield "product-errors", screen
    sheet.hide()
    sheet._scroll.verticalScrollBar().setValue(0)
    screen.show_form(screen.presenter.add("4006381333931"))
    yield "product-new", screen


def labels(place: Place) -> Iterator[tuple[str, QWidget]]:
    screen = CatalogueScreen(place.full, now, print_ready=lambda _payload, _printer="": None)
    screen.show()
    screen.presenter.search("ap")
    screen.frame.search.setText("ap")
    sheet = screen.open_labels()
    wait(until=lambda: bool(sheet.presenter.state.picture))
    sheet.presenter.set_start(3)
    wait(until=lambda: sheet.presenter._drawing is None)
    yield "labels", screen
    sheet.presenter.tick(shows_date=True)
    sheet.presenter.choose("all")
    wait(until=lambda: not sheet.presenter.state.is_reading)
    sheet.presenter.save(place.folder / "labels.pdf")
    wait(until=lambda: sheet.presenter.state.saved is not None)
    wait(until=lambda: sheet.presenter._drawing is None)
    yield "labels-saved", screen
    sheet.presenter.choose_paper("roll-57x32")
    wait(until=lambda: sheet.presenter._drawing is None)
    sheet.presenter._put(is_working=True, done=120, total=300)
    yield "labels-roll", screen
    sheet.presenter._put(is_working=False)
    sheet.presenter.choose_paper("a4-shelf")
    sheet.presenter.choose("delivered-today")
    wait(until=lambda: not sheet.presenter.state.is_reading)
    sheet.take_scan("00000000")
    yield "labels-none", screen


def importing(place: Place) -> Iterator[tuple[str, QWidget]]:
    screen = CatalogueScreen(place.empty, now)
    screen.show()
    wizard = screen.open_wizard()
    yield "import-choose", screen
    path = place.folder / "artikel.csv"
    path.write_bytes(LIST.encode("cp1252"))
    wizard.presenter.choose_file(path)
    wait(until=lambda: wizard.presenter.state.preview != ())
    yield "import-columns", screen
    wizard.presenter._put(step=Step.RUNNING, done=4200, total=12000)
    yield "import-running", screen
    wizard.presenter._put(step=Step.COLUMNS)
    wizard.presenter.start()
    wait(until=lambda: wizard.presenter.state.step is Step.DONE)
    yield "import-done", screen


def customers(place: Place) -> Iterator[tuple[str, QWidget]]:
    yield from customer_pages(place.full, now, wait)


def receipts(place: Place) -> Iterator[tuple[str, QWidget]]:
    screen = ReceiptsScreen(place.full, Silent(), now, counter=Silent())
    yield "receipts", screen
    screen.presenter.open(place.full.sales.last().id)
    wait(until=lambda: bool(screen.presenter.state.detail.picture))
    yield "receipt", screen
    screen.tabs.setCurrentIndex(1)
    yield "receipt-why", screen
    screen.presenter.scanned("POS1:9-000009:aaaaaaaaaaaa:")
    screen.presenter.close()
    yield "receipts-unknown", screen


def settings(place: Place) -> Iterator[tuple[str, QWidget]]:
    screen = SettingsScreen(place.full, now)
    for page in Page:
        screen.open_page(page)
        if page is Page.SHOP:
            wait(until=lambda: bool(screen.presenter.state.picture))
        if page is Page.SCANNER:
            screen.take_scan("~4006381333931")
        yield f"settings-{page.value}", screen
    screen.open_page(Page.PRICES)
    screen.presenter.change(cash_step="five", currency="GBP")
    screen.presenter.save()
    yield "settings-errors", screen
    screen.presenter.discard()
    screen.open_page(Page.PRINTERS)
    screen.printers_presenter.test()
    wait(until=lambda: bool(screen.printers_presenter.state.picture))
    yield "settings-test", screen
    screen.open_page(Page.DATA)
    screen.data_presenter.verify()
    wait(20, until=lambda: not screen.data_presenter.state.is_busy)
    yield "settings-verified", screen


def welcome(place: Place) -> Iterator[tuple[str, QWidget]]:
    screen = CatalogueScreen(place.empty, now)
    screen.show()
    language = place.empty.settings.shop().screen.language
    sheet = WelcomeSheet(
        place.empty, now, lambda _what: None, on_language=use_language, country="IE", parent=screen
    )
    sheet.presenter.choose_language(language)
    sheet.open()
    yield "welcome-country", screen
    sheet.presenter.choose_country("US")
    sheet.presenter.go_on()
    yield "welcome-rate", screen
    sheet.presenter.choose_country("DE")
    sheet.presenter.go_on()
    sheet.presenter.enter_name("Hofladen Sonnenschein")
    yield "welcome-name", screen
    sheet.presenter.go_on()
    yield "welcome-start", screen


def wizard(place: Place) -> Iterator[tuple[str, QWidget]]:
    yield from wizard_pages(place.full, now, wait)


def kitchen(place: Place) -> Iterator[tuple[str, QWidget]]:
    yield from kitchen_pages(place.full, now, wait)


def cash(place: Place) -> Iterator[tuple[str, QWidget]]:
    yield from cash_pages(place.full, now, wait)


def stock(place: Place) -> Iterator[tuple[str, QWidget]]:
    yield from stock_pages(place.full, now, wait)


def reports(place: Place) -> Iterator[tuple[str, QWidget]]:
    language = place.full.settings.shop().screen.language
    yield from reports_pages(place.folder, language, wait)


def sync(place: Place) -> Iterator[tuple[str, QWidget]]:
    yield from sync_pages(place.full, now, wait)


def connections(place: Place) -> Iterator[tuple[str, QWidget]]:
    yield from connection_pages(place.full, now, wait)


def document_sheets(place: Place) -> Iterator[tuple[str, QWidget]]:
    yield from document_sheet_pages(place.full, now)


def documents(place: Place) -> Iterator[tuple[str, QWidget]]:
    language = place.full.settings.shop().screen.language
    yield from document_pages(place.folder, language, wait)


def journal(place: Place) -> Iterator[tuple[str, QWidget]]:
    language = place.full.settings.shop().screen.language
    yield from journal_pages(place.folder / "journals", language, wait)


SHOTS: tuple[Shot, ...] = (
    catalogue, product, labels,
    importing, customers, receipts, settings, welcome, wizard, kitchen, cash, stock,
    reports, sync, connections,
    documents, document_sheets, journal,
)  # fmt: skip
DRESSES = (
    ("light", "en", 1024, 768),
    ("light", "en", 1920, 1080),
    ("dark", "de", 1024, 768),
    ("light", "ar", 1024, 768),
    ("dark", "en", 1920, 1080),
    ("dark", "ar", 1920, 1080),
    ("light", "en", 1280, 800),
)


def picture(screen: QWidget, width: int, height: int) -> QPixmap:
    """The screen where it stands in the window, with its open sheet laid over it."""
    shot = QPixmap(width, height)
    shot.fill(QColor(theme.current().raised))
    mirrored = screen.layoutDirection() == Qt.LayoutDirection.RightToLeft
    painter = QPainter(shot)
    painter.drawPixmap(QPoint(0 if mirrored else RAIL, STRIP), screen.grab())
    for sheet in screen.findChildren(QDialog):
        if sheet.isVisible():
            painter.fillRect(shot.rect(), QColor(0, 0, 0, 110))
            over = sheet.grab()
            x, y = (width - over.width()) // 2, (height - over.height()) // 2
            painter.drawPixmap(QPoint(x, y), over)
    painter.end()
    return shot


def draw(app: QApplication, place: Place, out: Path, wanted: str, dress: tuple) -> None:
    """Draw every shot in one dress."""
    look, language, width, height = dress
    use_language(language)
    QLocale.setDefault(QLocale(language))
    theme.apply_theme(app, theme.THEMES[look])
    fonts.load_for_language(language)
    mirrored = language == "ar"
    app.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight
    )
    for store in (place.full, place.empty):
        shop = store.settings.shop()
        spoken = replace(shop, screen=replace(shop.screen, language=language))
        ShopSetup(store, lambda: NOW).save(spoken)
    for make in SHOTS:
        if wanted and wanted != make.__name__:
            continue
        shown: QWidget | None = None
        for name, screen in make(place):
            shown = screen
            screen.resize(QSize(width - RAIL, height - STRIP))
            screen.show()
            for sheet in screen.findChildren(QDialog):
                room = QSize(width - 48, height - 24)
                size = sheet.property("wanted_size") or sheet.size()
                sheet.setMaximumSize(room)
                sheet.resize(size.boundedTo(room))
            wait(0.12)
            picture(screen, width, height).save(str(out / f"{name}-{look}-{language}-{width}.png"))
        if shown is not None:
            shown.close()
            shown.deleteLater()
        wait(0.05)


def main() -> None:
    """Draw them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="")
    parser.add_argument("--dress", type=int, default=None, help="draw only the nth dress")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    keep = GarbageCollector(app)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        full = create_demo_shop(path / "demo.db", NOW - timedelta(minutes=3), days=3)
        for number, dress in enumerate(DRESSES):
            if chosen.dress not in (None, number):
                continue
            lists = path / str(number)
            lists.mkdir()
            empty = create_store(lists / "empty.db", ShopSettings(), now=NOW)
            draw(app, Place(full, empty, lists), chosen.out, chosen.only, dress)
            background.cancel_all()
            empty.close()
        full.close()
    del keep


if __name__ == "__main__":
    main()
