"""What is inside the main window: the rail, the status strip with its clock, and the screens."""

from collections.abc import Callable

from PySide6.QtCore import QDateTime, QLocale, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui.checkout_screen import CheckoutScreen
from pos_app.ui.navigation import NavigationRail
from pos_app.ui.views import ChipView
from pos_app.ui.widgets.status_chips import StatusChips

_MINUTE_MS = 60_000


class Interior(QWidget):
    """Lays the rail beside the strip and the pages; makes a page when it is first shown."""

    def __init__(self, parent: QWidget, *, left_handed: bool, button_mode: bool) -> None:
        super().__init__(parent)
        self._chips: tuple[ChipView, ...] = ()
        self._time = ""
        self._pages: dict[str, QWidget] = {}
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self.rail = NavigationRail(self)
        self.status = StatusChips(self)
        self.pages = QStackedWidget(self)
        self.checkout = CheckoutScreen(self, left_handed=left_handed, button_mode=button_mode)
        self._lay_out()
        self.rail.chosen.connect(self.show_screen)
        self.add_screen("sell", t("Sell"), "shopping-basket", self.checkout)
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._clock.timeout.connect(self._tick)
        self._tick()

    def add_screen(
        self, key: str, title: str, icon: str, screen: QWidget | Callable[[], QWidget]
    ) -> None:
        """Give a screen its place in the rail."""
        self.rail.add(key, title, icon)
        if isinstance(screen, QWidget):
            self._pages[key] = screen
            self.pages.addWidget(screen)
        else:
            self._makers[key] = screen

    def show_screen(self, key: str) -> None:
        """Bring a screen to the front and give it the focus."""
        page = self.screen_of(key)
        self.pages.setCurrentWidget(page)
        self.rail.mark(key)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def screen_of(self, key: str) -> QWidget:
        """Return a screen, making it first if need be."""
        if key not in self._pages:
            made = self._makers[key]()
            self._pages[key] = made
            self.pages.addWidget(made)
        return self._pages[key]

    def current_screen(self) -> str:
        """Return the key of the screen on show."""
        page = self.pages.currentWidget()
        return next((key for key, known in self._pages.items() if known is page), "")

    def show_chips(self, chips: tuple[ChipView, ...]) -> None:
        """Show how network, printer and cashier are; the clock stands beside them."""
        if chips != self._chips:
            self._chips = chips
            self._show_strip()

    def stop(self) -> None:
        """Let the clock rest."""
        self._clock.stop()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        strip = QHBoxLayout()
        strip.setContentsMargins(12, 4, 12, 0)
        strip.addWidget(self.status)
        column.addLayout(strip)
        column.addWidget(self.pages, 1)
        row.addLayout(column, 1)

    def _tick(self) -> None:
        """Show the time, and wake again when the minute is over."""
        now = QDateTime.currentDateTime().time()
        self._clock.start(_MINUTE_MS - now.msecsSinceStartOfDay() % _MINUTE_MS + 50)
        self._time = QLocale().toString(now, QLocale.FormatType.ShortFormat)
        self._show_strip()

    def _show_strip(self) -> None:
        clock = ChipView("clock", self._time, "clock", is_at_end=True)
        self.status.show_chips((*self._chips, clock))
