"""The counter's displays and its scale, made when the settings name them and put away with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from pos_app.domain.device_settings import DeviceSettings
from pos_app.domain.receipt_code import receipt_code_text
from pos_app.ui.presenters.checkout_state import CheckoutState
from pos_app.ui.presenters.device_news import say_back, say_gone

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from pos_app.domain.errors import PosError
    from pos_app.domain.product import Unit
    from pos_app.domain.shop import ShopSettings
    from pos_app.services.pole_display import PoleDisplay
    from pos_app.store.store import Store
    from pos_app.ui.customer_display import CustomerDisplay
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.presenters.customer_display import CustomerView


class CounterDevices:
    """Follows the till's states on both displays, and lets the checkout ask the scale.

    What the settings do not name costs nothing: it is not even imported.
    """

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._shop: ShopSettings | None = None
        self._window: QWidget | None = None
        self._presenter: CheckoutPresenter | None = None
        self._display: CustomerDisplay | None = None
        self._pole: PoleDisplay | None = None
        self._pole_is_of: tuple[str, str] = ("", "")
        self._state = CheckoutState()
        self._code = ("", "")
        self._signals: Any = None
        self._watches_screens = self._is_asked_for = False

    def use(self, shop: "ShopSettings", window: "QWidget", presenter: "CheckoutPresenter") -> None:
        """Go by these settings from now on, for this window and its presenter."""
        from pos_app.ui.background import run_in_background

        self._shop, self._window, self._presenter = shop, window, presenter
        if shop.devices.scale_target:
            presenter.entry.use_scale(partial(run_in_background, owner=window), _weigh)
        self._use_pole(shop.devices)
        if shop.devices.customer_display and not self._watches_screens:
            self._watches_screens = True
            app = QGuiApplication.instance()
            if isinstance(app, QGuiApplication):
                queued = Qt.ConnectionType.QueuedConnection
                app.screenAdded.connect(self._place_display, queued)
                app.screenRemoved.connect(self._place_display, queued)
        self._place_display()
        self.follow(presenter.state)

    def follow(self, state: CheckoutState) -> None:
        """Take the till's latest state; both displays show it as soon as they can."""
        self._state = state
        if self._display is not None:
            self._display.follow(state)
        if self._pole is not None and self._shop is not None:
            from pos_app.ui.presenters.pole_lines import pole_lines

            self._pole.show(*pole_lines(state, self._shop))

    def show_display(self, devices: DeviceSettings) -> bool:
        """Show the customer's screen now, whatever the settings say; True where it fills a screen.

        It is drawn by `devices` until the settings are read the next time.
        """
        if self._shop is not None:
            self._shop = replace(self._shop, devices=devices)
        self._is_asked_for = True
        return self._open_display()

    @contextmanager
    def lend(self) -> Iterator[None]:
        """Let go of the pole's port for a while, for somebody who tries it; in any thread."""
        pole = self._pole
        if pole is not None:
            pole.stop()
        try:
            yield
        finally:
            if pole is not None and self._pole is pole:
                pole.start()

    def stop(self) -> None:
        """Darken both displays and let go of every port."""
        self._is_asked_for = False
        self._end_pole()
        self._close_display()

    # --- the customer's screen

    def _place_display(self, _screen: object = None) -> None:
        """Open, move or close the screen as the settings and the cables now say."""
        if self._shop is None:
            return
        if self._display is not None and not self._display.isVisible():
            self._is_asked_for = False  # somebody has closed it
        if self._shop.devices.customer_display:
            self._open_display()
        elif not self._is_asked_for:
            self._close_display()

    def _open_display(self) -> bool:
        from pos_app.ui.customer_display import CustomerDisplay, second_screen

        if self._window is None:
            return False
        screen = second_screen(self._window)
        if screen is None and not self._is_asked_for:
            self._close_display()
            return False
        if self._display is None:
            self._display = CustomerDisplay(self._view_of)
        if screen is None:
            self._display.show_in_window()
        else:
            self._display.fill(screen)
        self._display.follow(self._state)
        return screen is not None

    def _close_display(self) -> None:
        if self._display is not None:
            self._display.close()
            self._display.deleteLater()
            self._display = None

    def _view_of(self, state: CheckoutState) -> "CustomerView":
        from pos_app.ui.presenters.customer_display import customer_view

        shop = self._shop or self._store.settings.shop()
        return customer_view(state, shop, self._code_of(state) if state.is_finished else "")

    def _code_of(self, state: CheckoutState) -> str:
        """The code that is on the receipt of the sale just finished, looked up once."""
        number = state.total.count
        if self._code[0] != number:
            sale = self._store.sales.last()
            entry = self._store.journal.of_sale(sale.id) if sale is not None else None
            text = (
                receipt_code_text(sale.number, sale.id, entry.hash if entry else "")
                if sale is not None
                else ""
            )
            self._code = (number, text)
        return self._code[1]

    # --- the pole

    def _use_pole(self, devices: DeviceSettings) -> None:
        wanted = (devices.pole_target, devices.pole_code_page)
        if self._pole is not None and wanted == self._pole_is_of:
            return
        self._end_pole()
        if not devices.pole_target:
            return
        from pos_app.app.device_signals import DeviceSignals
        from pos_app.services.pole_display import PoleDisplay, PoleListeners

        if self._signals is None:
            self._signals = DeviceSignals()
            self._signals.pole_gone.connect(self._pole_gone)
            self._signals.pole_back.connect(self._pole_back)
        news = PoleListeners(self._signals.pole_gone.emit, self._signals.pole_back.emit)
        self._pole = PoleDisplay(devices, news)
        self._pole_is_of = wanted
        self._pole.start()
        self.follow(self._state)

    def _end_pole(self) -> None:
        if self._pole is not None:
            self._pole.stop()
            self._pole = None

    def _pole_gone(self, refusal: "PosError") -> None:
        if self._presenter is not None:
            say_gone(self._presenter.sale, refusal)

    def _pole_back(self) -> None:
        if self._presenter is not None:
            say_back(self._presenter.sale)


def _weigh(devices: DeviceSettings, unit: "Unit", price_minor: int, *, waiting: Any) -> Decimal:
    """Ask the scale; what that needs is imported when a scale is first asked."""
    from pos_app.services.scales.reading import weigh

    return weigh(devices, unit, price_minor, waiting=waiting)
