"""Draws the customer's screen, the sheet of goods to be weighed and the devices' settings.

Run as `python tests/ui/shots_devices.py --out screenshots`; `--only NAME` draws one of them.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["POS_APP_KEYS"] = "file"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from pos_app import texts
from pos_app.domain.device_settings import DeviceSettings, ScaleProtocol
from pos_app.domain.shop import ShopSettings
from pos_app.services.checkout import Checkout
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.scales.errors import ScaleUnstable
from pos_app.services.scales.reading import ScaleTrial
from pos_app.services.scales.weight import Weight
from pos_app.store.store import Store
from pos_app.ui import fonts, theme
from pos_app.ui.customer_display import CustomerDisplay
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.customer_display import customer_view
from pos_app.ui.presenters.settings import Page
from pos_app.ui.settings_screen import SettingsScreen
from tests.ui.at_once import at_once
from tests.ui.conftest import NOW, PaperTray, clock

CODE = "POS1:1-000042:0123456789ab:deadbeef0123"
Scene = Callable[[CheckoutPresenter, Store], None]


def greeting(presenter: CheckoutPresenter, store: Store) -> None:
    pass


def selling(presenter: CheckoutPresenter, store: Store) -> None:
    for place, found in enumerate(store.products.page(0, 9)):
        presenter.entry.choose_product(found.product.id)
        if place % 3 == 1:
            presenter.lines.set_quantity(Decimal(2))
        if place == 7:
            presenter.lines.discount_preset(Decimal(10))


def first_line(presenter: CheckoutPresenter, store: Store) -> None:
    presenter.entry.choose_product(next(iter(store.products.page(0, 1))).product.id)


def splitting(presenter: CheckoutPresenter, store: Store) -> None:
    selling(presenter, store)
    presenter.entry.escape()
    presenter.entry.type_text("5")
    presenter.press("F12")


def change(presenter: CheckoutPresenter, store: Store) -> None:
    selling(presenter, store)
    presenter.entry.escape()
    presenter.paying.pay_quick(presenter.state.quick[-1].key)


SCENES: tuple[Scene, ...] = (greeting, first_line, selling, splitting, change)
DRESSES = (
    ("light", "en", (1024, 768)),
    ("light", "de", (1920, 1080)),
    ("dark", "en", (1920, 1080)),
    ("dark", "de", (1024, 768)),
    ("light", "ar", (1024, 768)),
    ("dark", "ar", (1920, 1080)),
    ("light", "en", (800, 480)),
)


def display(
    scene: Scene, checkout: Checkout, shop: ShopSettings, store: Store
) -> Iterator[tuple[str, QWidget]]:
    presenter = CheckoutPresenter(checkout, PaperTray(), shop, lambda _state: None)
    presenter.start()
    scene(presenter, store)
    made = CustomerDisplay(lambda state: customer_view(state, shop, CODE))
    made.show_view(customer_view(presenter.state, shop, CODE))
    yield f"display-{scene.__name__}", made


def weighing(checkout: Checkout, shop: ShopSettings, store: Store) -> Iterator[tuple[str, QWidget]]:
    window = MainWindow(shop.screen, shop.name)
    with_scale = replace(shop, devices=DeviceSettings(scale_target="COM3,9600"))
    presenter = CheckoutPresenter(checkout, PaperTray(), with_scale, window.show_state)
    presenter.start()
    window.attach(presenter)
    window.show()
    window.make_all()

    def moves(*_args: object, **_named: object) -> Decimal:
        raise ScaleUnstable()

    presenter.entry.use_scale(at_once, moves)
    weighed = next(
        one.product for one in store.products.page(0, 300) if one.product.unit.code == "kg"
    )
    first_line(presenter, store)
    presenter.entry.escape()
    presenter.entry.choose_product(weighed.id)
    yield "weighing", window


def settings(store: Store) -> Iterator[tuple[str, QWidget]]:
    screen = SettingsScreen(store, lambda: NOW)
    screen.open_page(Page.DEVICES)
    page = screen.devices_presenter
    page.change(
        customer_display=True,
        pole_target="/dev/ttyUSB0,9600",
        pole_code_page="CP858",
        scale_target="/dev/ttyS0,9600,7E1",
        scale_protocol=ScaleProtocol.TOLEDO_8217,
    )
    yield "settings-devices-filled", screen
    page._weighed(ScaleTrial(Weight(Decimal("0.482")), None, b"\x0200.482\r"))
    yield "settings-devices-weighed", screen
    page._weighed(ScaleTrial(None, ScaleUnstable(), b"\x02?A\r"))
    yield "settings-devices-refused", screen
    page.change(pole_target="ttyUSB0;fast", scale_target="COM3,9600,7X1", idle_image="/x.png")
    page.save()
    yield "settings-devices-errors", screen


def dress(app: QApplication, look: str, language: str) -> None:
    texts.use_language(language)
    QLocale.setDefault(QLocale(language))
    fonts.load_for_language(language)
    mirrored = language == "ar"
    app.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight
    )
    theme.apply_theme(app, theme.THEMES[look])


def save(app: QApplication, widget: QWidget, size: tuple[int, int], path: Path) -> None:
    widget.resize(*size)
    widget.show()
    for _ in range(4):
        app.processEvents()
    widget.grab().save(str(path))


def draw(app: QApplication, store: Store, out: Path, wanted: str, dressed: tuple) -> None:
    look, language, size = dressed
    dress(app, look, language)
    checkout = Checkout(store, clock())
    shop = checkout.shop
    shop = replace(shop, screen=replace(shop.screen, language=language, theme=look))
    shots = [lambda scene=scene: display(scene, checkout, shop, store) for scene in SCENES]
    if size[0] >= 1024:
        shots += [lambda: weighing(checkout, shop, store), lambda: settings(store)]
    for make in shots:
        checkout.keep(None)
        widget: QWidget | None = None
        for name, made in make():
            widget = made
            if wanted in ("", name):
                save(app, made, size, out / f"{name}-{look}-{language}-{size[0]}.png")
        if widget is not None:
            widget.close()
            delete(widget)  # one left behind would be dressed again with every later one


def main() -> None:
    """Draw them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        store = create_demo_shop(Path(folder) / "demo.db", NOW, days=1)
        for dressed in DRESSES:
            draw(app, store, chosen.out, chosen.only, dressed)
        store.close()


if __name__ == "__main__":
    main()
