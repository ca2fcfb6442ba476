"""What is inside the main window: the rail, the status strip with its clock, and the screens.

The checkout is there from the start; rail and strip come piece by piece, into room kept for them.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.checkout_controls import Place
from pos_app.ui.checkout_screen import CheckoutScreen
from pos_app.ui.views import ChipView

if TYPE_CHECKING:
    from pos_app.ui.navigation import NavigationRail
    from pos_app.ui.widgets.status_chips import StatusChips

_MINUTE_MS = 60_000
_RAIL_WIDTH = 76
_CHIP_MM = 9
_CHIP_FRAME = 12  # above and below its word, as the style sheet has it


Gate = Callable[[str, Callable[[], None]], bool]


class Interior(QWidget):
    """Lays the rail beside the strip and the pages; makes a page when it is first shown.

    `gate(key, show)` says whether a screen may be shown now, or calls `show()` later.
    """

    def __init__(self, parent: QWidget, *, left_handed: bool, button_mode: bool) -> None:
        super().__init__(parent)
        self._chips: tuple[ChipView, ...] = ()
        self._time = ""
        self.gate: Gate = _open_to_all
        self.on_chip: Callable[[str], None] = _nothing
        self._pages: dict[str, QWidget] = {}
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._rail: NavigationRail | None = None
        self._status: StatusChips | None = None
        self._rail_place = Place(self, width=_RAIL_WIDTH)
        self._status_place = Place(self, height=_strip_height(self))
        self.pages = QStackedWidget(self)
        self.checkout = CheckoutScreen(self, left_handed=left_handed, button_mode=button_mode)
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._clock.timeout.connect(self._tick)
        self._unmade = deque[Callable[[], None]]((self._make_rail, self._make_status))
        self._lay_out()
        self.add_screen("sell", t("Sell"), "shopping-basket", self.checkout)

    @property
    def rail(self) -> "NavigationRail":
        """The screens' buttons."""
        self.make_all()
        assert self._rail is not None  # noqa: S101 - it is one of the pieces
        return self._rail

    @property
    def status(self) -> "StatusChips":
        """The status strip."""
        self.make_all()
        assert self._status is not None  # noqa: S101 - it is one of the pieces
        return self._status

    def make_next(self) -> bool:
        """Make one piece more, and tell whether there was one to make."""
        if self.checkout.make_next():
            return True
        if not self._unmade:
            return False
        self._unmade.popleft()()
        return True

    def make_all(self) -> None:
        """Make every piece that is not there yet."""
        while self.make_next():
            pass
        column = self._rail.layout() if self._rail is not None else None
        if column is not None:
            column.activate()

    def add_screen(
        self, key: str, title: str, icon: str, screen: QWidget | Callable[[], QWidget]
    ) -> None:
        """Give a screen its place in the rail; a function is called when it is first shown.

        A screen without an icon has no button there: another screen leads to it.
        """
        if icon:
            self._unmade.append(partial(self._add_button, key, title, icon))
        if isinstance(screen, QWidget):
            self._pages[key] = screen
            self.pages.addWidget(screen)
        else:
            self._makers[key] = screen

    def show_screen(self, key: str) -> None:
        """Bring a screen to the front and give it the focus, if the gate lets it be shown."""
        if not self.gate(key, lambda: self.show_screen(key)):
            if self._rail is not None:
                self._rail.mark(self.current_screen())
            return
        page = self.screen_of(key)
        self.pages.setCurrentWidget(page)
        if self._rail is not None:
            self._rail.mark(key)
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

    def forget_screens(self) -> None:
        """Let go of the screens that can be made again, for somebody else at the till."""
        for key in [key for key in self._pages if key in self._makers]:
            page = self._pages.pop(key)
            if page is self.pages.currentWidget():
                self.show_screen("sell")
            self.pages.removeWidget(page)
            page.deleteLater()

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
        row.addWidget(self._rail_place)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        strip = QHBoxLayout()
        strip.setContentsMargins(12, 4, 12, 0)
        strip.addWidget(self._status_place)
        column.addLayout(strip)
        column.addWidget(self.pages, 1)
        row.addLayout(column, 1)

    def _make_rail(self) -> None:
        from pos_app.ui.navigation import NavigationRail  # noqa: PLC0415 - after the start

        self._rail = NavigationRail(self._rail_place)
        self._rail_place.take(self._rail)
        self._rail.chosen.connect(self.show_screen)

    def _add_button(self, key: str, title: str, icon: str) -> None:
        if self._rail is not None:
            self._rail.add(key, title, icon)
            self._rail.button(key).setVisible(True)
            if key == self.current_screen():
                self._rail.mark(key)

    def _make_status(self) -> None:
        from pos_app.ui.widgets.status_chips import StatusChips  # noqa: PLC0415 - after the start

        self._status = StatusChips(self._status_place)
        self._status.pressed.connect(self._chip_pressed)
        self._status_place.take(self._status)
        self._tick()

    def _chip_pressed(self, key: str) -> None:
        """Open the screen that is called like the chip, or tell who minds the others."""
        if key in self._makers:
            self.show_screen(key)
        else:
            self.on_chip(key)

    def _tick(self) -> None:
        """Show the time, and wake again when the minute is over."""
        now = QDateTime.currentDateTime().time()
        self._clock.start(_MINUTE_MS - now.msecsSinceStartOfDay() % _MINUTE_MS + 50)
        self._time = QLocale().toString(now, QLocale.FormatType.ShortFormat)
        self._show_strip()

    def _show_strip(self) -> None:
        if self._status is not None:
            clock = ChipView("clock", self._time, "clock", is_at_end=True)
            self._status.show_chips((*self._chips, clock))


def _open_to_all(_key: str, _show: Callable[[], None]) -> bool:
    return True


def _nothing(_key: str) -> None:
    """Nobody minds the chips."""


def _strip_height(where: QWidget) -> int:
    """Return how high a chip will be; some scripts are higher than a finger needs."""
    words = QFontMetrics(fonts.font(theme.TEXT.office, fonts.SEMIBOLD)).size(0, t("Till"))
    return max(theme.mm(where, _CHIP_MM), words.height() + _CHIP_FRAME)
