"""Draws the checkout in all its states into PNG files.

Run as `python tests/ui/shots_checkout.py --out screenshots`; `--only NAME` draws one state.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["POS_APP_KEYS"] = "file"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from pos_app import texts
from pos_app.domain.errors import PosError
from pos_app.domain.sale import Sale
from pos_app.services.checkout import Checkout
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.print_spool import PrintTrouble
from pos_app.store.store import Store
from pos_app.sync.status import Backlog, SyncPhase, SyncStatus
from pos_app.ui import fonts, theme
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.sync_chip import chip_of
from tests.ui.conftest import NOW, PaperTray, clock

Scene = Callable[[CheckoutPresenter, Store], None]


class OutOfPaper(PosError):
    sentence = "The printer is out of paper. Put in a new roll and press Retry."


def some(presenter: CheckoutPresenter, store: Store, count: int = 3) -> None:
    for place, found in enumerate(store.products.page(0, count)):
        presenter.entry.choose_product(found.product.id)
        if place % 3 == 1:
            presenter.lines.set_quantity(Decimal(2))


def empty(presenter: CheckoutPresenter, store: Store) -> None:
    pass


def three(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)


def fifty(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store, 50)


def unknown(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.entry.scan("4006381333948")
    presenter.entry.key_in("1")
    presenter.entry.key_in("9")


def quantity(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.entry.times()
    presenter.entry.key_in("3")


def discount(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.lines.discount_preset(Decimal(10))
    presenter.act("reason", "Short date")
    presenter.press("F1")


def split(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.entry.key_in("5")
    presenter.press("F12")


def change(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.paying.pay_quick(presenter.state.quick[1].key)


def parked(presenter: CheckoutPresenter, store: Store) -> None:
    for name in ("Anna", "", "blue coat"):
        some(presenter, store, 4)
        presenter.entry.type_text(name)
        presenter.press("F7")
    presenter.press("F8")


def customers(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.press("F4")


def search(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.entry.type_text("co")


def payment(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.press("F5")


def note(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.press("F3")


def refusal(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.entry.key_in("500")
    presenter.press("F11")


def printer(presenter: CheckoutPresenter, store: Store) -> None:
    change(presenter, store)
    presenter.printer_trouble(PrintTrouble(1, "Counter", OutOfPaper()))
    away = SyncStatus(SyncPhase.OFFLINE, backlog=Backlog(60, 14))
    presenter.sync_said(chip_of(away, presenter.sale.amounts))


def sold(presenter: CheckoutPresenter, store: Store) -> Sale:
    some(presenter, store)
    presenter.press("F12")
    sale = store.sales.last()
    assert sale is not None
    return sale


def taking_back(presenter: CheckoutPresenter, store: Store) -> None:
    presenter.returns.take_in(sold(presenter, store))
    presenter.sheet.choose("2")


def without_receipt(presenter: CheckoutPresenter, store: Store) -> None:
    presenter.press("Ctrl+M")
    presenter.sheet.choose("free_return")
    presenter.entry.scan(store.products.page(0, 1)[0].product.barcodes[0])


def undoing(presenter: CheckoutPresenter, store: Store) -> None:
    sold(presenter, store)
    presenter.cancel()


def splitting(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store, 5)
    presenter.splitting.open()
    presenter.sheet.choose(presenter.state.sheet.rows[1].key)


def more(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.press("Ctrl+M")


SCENES: tuple[Scene, ...] = (
    empty, three, fifty, unknown, quantity, discount, split, change, parked, customers, search,
    payment, note, refusal, printer, taking_back, without_receipt, undoing, splitting, more,
)  # fmt: skip
DRESSES = (
    ("light-1024", "en", "light", (1024, 768), False),
    ("light-1920", "en", "light", (1920, 1080), False),
    ("dark-1024", "en", "dark", (1024, 768), False),
    ("dark-1920", "en", "dark", (1920, 1080), False),
    ("de-1024", "de", "light", (1024, 768), False),
    ("ar-1024", "ar", "light", (1024, 768), False),
    ("button-1366", "en", "light", (1366, 768), True),
    ("light-3840", "en", "light", (3840, 2160), False),
)


def draw(
    app: QApplication, store: Store, scene: Scene, dress: tuple[object, ...], out: Path
) -> None:
    name, language, look, size, buttons = dress
    texts.use_language(str(language))
    fonts.load_for_language(str(language))
    is_mirrored = language == "ar"
    app.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if is_mirrored else Qt.LayoutDirection.LeftToRight
    )
    theme.apply_theme(app, theme.THEMES[str(look)])
    checkout = Checkout(store, clock())
    shop = checkout.shop
    screen = replace(shop.screen, language=str(language), button_mode=bool(buttons))
    window = MainWindow(screen, shop.name)
    for key, title, icon in (("receipts", "Receipts", "receipt"), ("products", "Products", "tags"),
                             ("customers", "Customers", "users"), ("cash", "Cash drawer", "coins"),
                             ("settings", "Settings", "settings")):  # fmt: skip
        window.add_screen(key, title, icon, QWidget)
    window.resize(*size)  # type: ignore[misc]
    window.show()
    presenter = CheckoutPresenter(
        checkout, PaperTray(), replace(shop, screen=screen), window.show_state
    )
    for parked_sale in checkout.parked():
        checkout.discard(checkout.recall(parked_sale.id))
    checkout.keep(None)
    presenter.start()
    window.attach(presenter)
    window.make_all()
    scene(presenter, store)
    for _ in range(4):
        app.processEvents()
    window.grab().save(str(out / f"checkout-{scene.__name__}-{name}.png"))
    window.close()
    delete(window)  # a window left behind would be dressed again with every later one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="")
    parser.add_argument("--dress", default="")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        store = create_demo_shop(Path(folder) / "demo.sqlite", NOW, days=1)
        for dress in DRESSES:
            for scene in SCENES:
                if wanted.only in ("", scene.__name__) and wanted.dress in ("", dress[0]):
                    draw(app, store, scene, dress, wanted.out)
        store.close()


if __name__ == "__main__":
    main()
