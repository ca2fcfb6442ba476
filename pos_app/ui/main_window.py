"""The main window: painted at once, furnished right after, open for selling when it is told so.

The first painting shows only where things will be, because importing and building the parts takes
longer than painting. Codes scanned before the store is open wait for the presenter. Once it sells,
the rest is made piece by piece, one for each turn of the loop, so that a scan never waits for more
than one. Screens other than the checkout are made when they are first asked for.
"""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from pos_app.texts import t
from pos_app.ui.skeleton import Skeleton

if TYPE_CHECKING:
    from typing import Protocol

    from pos_app.ui.checkout_screen import CheckoutScreen
    from pos_app.ui.interior import Interior
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.presenters.checkout_state import CheckoutState

    class Layout(Protocol):
        """How the screen is laid out: `ScreenSettings`, or what was remembered of them."""

        @property
        def left_handed(self) -> bool:
            """Whether the cart is on the other side."""

        @property
        def button_mode(self) -> bool:
            """Whether the keys are larger, for fingers first."""


SELL = "sell"
_BETWEEN_PIECES_MS = 1  # not 0: keys and scans that came meanwhile go first

Screen = QWidget | Callable[[], QWidget]


class MainWindow(QMainWindow):
    """Holds the screens; `attach(presenter)` once the store is open, `scan(code)` at any time.

    Give `show_state` to the presenter as its `on_state`. `on_furnished` is called once, when the
    parts are there after the first painting: the moment to open the store. `on_painted` is called
    before they are made, to dress the application; `first_theme` names the colours until then.
    """

    def __init__(
        self,
        screen: "Layout | None" = None,
        title: str = "",
        on_furnished: Callable[[], None] = lambda: None,
        on_painted: Callable[[], None] = lambda: None,
        first_theme: str = "",
    ) -> None:
        super().__init__()
        self._left_handed = screen is not None and screen.left_handed
        self._button_mode = screen is not None and screen.button_mode
        self._on_furnished = on_furnished
        self._on_painted = on_painted
        self._on_close: Callable[[], None] = lambda: None
        self._waiting: deque[str] = deque()
        self._screens: list[tuple[str, str, str, Screen]] = []
        self._later: deque[Callable[[], None]] = deque()
        self._pieces = QTimer(self)
        self._pieces.timeout.connect(self._make_next)
        self._interior: Interior | None = None
        self._presenter: CheckoutPresenter | None = None
        self.setWindowTitle(title or t("Till"))
        self.setCentralWidget(
            Skeleton(
                lambda: QTimer.singleShot(0, self, self._furnish),
                self,
                left_handed=self._left_handed,
                first_theme=first_theme,
            )
        )

    @property
    def interior(self) -> "Interior":
        """Everything inside the window, made now if it is not there yet."""
        self.make_all()
        return self._room()

    @property
    def checkout(self) -> "CheckoutScreen":
        """The checkout screen."""
        return self.interior.checkout

    def add_screen(self, key: str, title: str, icon: str, screen: Screen) -> None:
        """Give a screen its place in the rail; a function is called when it is first shown."""
        if self._interior is None:
            self._screens.append((key, title, icon, screen))
        else:
            self._interior.add_screen(key, title, icon, screen)

    def show_screen(self, key: str) -> None:
        """Bring a screen to the front; the checkout gets its focus back."""
        self._room().show_screen(key)

    def current_screen(self) -> str:
        """Return the key of the screen on show."""
        return self._room().current_screen()

    def attach(self, presenter: "CheckoutPresenter") -> None:
        """Begin to sell: show the presenter's state and take the codes that have waited."""
        self._room().checkout.attach(presenter)
        self._presenter = presenter
        self.show_state(presenter.state)
        while self._waiting:
            presenter.entry.scan(self._waiting.popleft())
        self._make_more()

    def forget_screens(self) -> None:
        """Let go of the office screens, because somebody else is at the till now."""
        self._room().forget_screens()

    def guard(
        self, gate: "Callable[[str, Callable[[], None]], bool]", on_chip: Callable[[str], None]
    ) -> None:
        """Let `gate` say which screens may be shown, and `on_chip` hear of touched chips."""
        self._room().gate, self._room().on_chip = gate, on_chip

    def show_banner(self, text: str) -> None:
        """Say something large above everything, for as long as the window is there."""
        from PySide6.QtCore import Qt  # noqa: PLC0415 - in a training only
        from PySide6.QtWidgets import QLabel  # noqa: PLC0415 - as above

        from pos_app.ui import fonts, theme  # noqa: PLC0415 - as above

        banner = QLabel(text, self)
        banner.setAlignment(Qt.AlignmentFlag.AlignCenter)
        banner.setFont(fonts.font(theme.TEXT.price, fonts.SEMIBOLD))
        colours = theme.current()
        banner.setStyleSheet(
            f"background: {colours.danger}; color: {colours.on_danger}; padding: 4px;"
        )
        self.setMenuWidget(banner)

    def drop_scans(self) -> None:
        """Forget codes that were scanned before the store was open."""
        self._waiting.clear()

    def take_focus(self) -> None:
        """Give the focus back to the screen on show."""
        page = self._room().pages.currentWidget()
        if page is not None:
            page.setFocus()  # the name `Qt` would delay the first painting, see `skeleton`

    def make_all(self) -> None:
        """Make every piece now, for whoever looks at the whole window."""
        self._room().make_all()

    def do_later(self, step: Callable[[], None]) -> None:
        """Do `step()` when the till sells and the window is whole; keep it below 20 ms."""
        self._later.append(step)
        self._make_more()

    def scan(self, code: str) -> None:
        """Give a scanned code to the screen on show, or sell it where that has no use for it.

        Before the store is open it waits its turn.
        """
        if self._presenter is None:
            self._waiting.append(code)
            return
        take_scan = getattr(self._room().screen_of(self.current_screen()), "take_scan", None)
        if take_scan is not None and take_scan(code):
            return
        if self.current_screen() != SELL:
            self.show_screen(SELL)
        self._presenter.entry.scan(code)

    def show_state(self, state: "CheckoutState") -> None:
        """Draw the checkout's state and what the status strip says of it."""
        interior = self._room()
        interior.checkout.show_state(state)
        interior.show_chips(state.chips)

    def on_close(self, do: Callable[[], None]) -> None:
        """Call `do()` when the window is closed, to put the store away."""
        self._on_close = do

    def closeEvent(self, event: QCloseEvent) -> None:
        """Put things away before the window goes."""
        self._pieces.stop()
        self._later.clear()  # a turn of the loop that was asked for already may still come
        if self._interior is not None:
            self._interior.stop()
        self._on_close()
        super().closeEvent(event)

    def _room(self) -> "Interior":
        """The interior with the pieces it has so far."""
        if self._interior is None:
            self._furnish()
        assert self._interior is not None  # noqa: S101 - _furnish has just made it
        return self._interior

    def _make_more(self) -> None:
        """Go on with the pieces when the loop has turned once: painting and scans go first."""
        if self._presenter is not None and not self._pieces.isActive():
            QTimer.singleShot(0, self, lambda: self._pieces.start(_BETWEEN_PIECES_MS))

    def _make_next(self) -> None:
        """Make one piece of the window, or do one thing that could wait; then the loop turns."""
        if self._room().make_next():
            return
        if self._later:
            self._later.popleft()()
        else:
            self._pieces.stop()

    def _furnish(self) -> None:
        if self._interior is not None:
            return
        self._on_painted()
        from pos_app.ui.interior import Interior  # noqa: PLC0415 - after the first painting

        self._interior = Interior(
            self, left_handed=self._left_handed, button_mode=self._button_mode
        )
        self.setCentralWidget(self._interior)
        for key, title, icon, screen in self._screens:
            self._interior.add_screen(key, title, icon, screen)
        self._interior.show_screen(SELL)
        self._on_furnished()
