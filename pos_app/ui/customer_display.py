"""The customer's screen: what is bought while it is scanned, the total, the change, a receipt code.

It never takes the focus or a key from the till, and draws at most some thirty times a second
however fast the cashier scans.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImageReader,
    QPainter,
    QPaintEvent,
    QPixmap,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.customer_scenes import paint_idle, paint_paid, paint_sale
from pos_app.ui.presenters.checkout_state import CheckoutState
from pos_app.ui.presenters.customer_display import CustomerView, Scene

FRAME_MS = 33
REST_MS = 60_000
_WINDOW = QSize(800, 600)
_MOST_IMAGE = 64_000_000  # pixels: an idle picture larger than that is not loaded

ViewOf = Callable[[CheckoutState], CustomerView]


class CustomerDisplay(QWidget):
    """Draws a `CustomerView`; `follow` takes every state and draws the latest of each moment."""

    def __init__(self, view_of: ViewOf, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._view_of = view_of
        self._view = CustomerView()
        self._state: CheckoutState | None = None
        self._picture = _Picture()
        self._next = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._next.timeout.connect(self._catch_up)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._go_idle)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setWindowFlag(Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(320, 240)

    def follow(self, state: CheckoutState) -> None:
        """Take the till's latest state; it is drawn with the next frame."""
        self._state = state
        if not self._next.isActive():
            self._next.start()

    def show_view(self, view: CustomerView) -> None:
        """Show `view` now; repaints only when it differs."""
        if view.scene is Scene.PAID:
            self._rest.start()
        else:
            self._rest.stop()
        if view != self._view:
            self._view = view
            for text in (view.shop, *view.lines, *(row.name for row in view.rows)):
                fonts.ensure_for(text)
            self.setAccessibleName(f"{view.shop} {view.caption} {view.figure}")
            self.update()

    def view(self) -> CustomerView:
        """Return what is on show."""
        return self._view

    def show_in_window(self) -> None:
        """Show it in a window that can be moved and closed."""
        if self.isVisible() and not self.isFullScreen():
            return
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint, on=False)
        self.resize(_WINDOW)
        self.showNormal()

    def fill(self, screen: QScreen) -> None:
        """Fill a screen of its own."""
        if self.isVisible() and self.isFullScreen() and self.screen() is screen:
            return
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()

    def sizeHint(self) -> QSize:
        """As large as a small screen."""
        return _WINDOW

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the scene."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setLayoutDirection(self.layoutDirection())
        painter.fillRect(self.rect(), QColor(theme.current().ground))
        view, box = self._view, self._box()
        if view.scene is Scene.SELLING:
            paint_sale(painter, box, view)
        elif view.scene is Scene.PAID:
            paint_paid(painter, box, view)
        else:
            self._paint_idle(painter, view)

    def _catch_up(self) -> None:
        if self._state is not None:
            self.show_view(self._view_of(self._state))

    def _go_idle(self) -> None:
        self.show_view(self._view_of(CheckoutState()))

    def _box(self) -> QRect:
        margin = max(12, self.height() // 28)
        return self.rect().adjusted(margin, margin, -margin, -margin)

    def _paint_idle(self, painter: QPainter, view: CustomerView) -> None:
        picture = self._picture.of(view.image, self.size() * self.devicePixelRatio())
        if picture is not None:
            size = picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(0, 0, size.width(), size.height())
            place.moveCenter(self.rect().center())
            painter.drawPixmap(place, picture)
            return
        paint_idle(painter, self._box(), view)


class _Picture:
    """The idle picture, read once for each size; one that cannot be read is none."""

    def __init__(self) -> None:
        self._key: tuple[str, int, int] | None = None
        self._found: QPixmap | None = None

    def of(self, path: str, size: QSize) -> QPixmap | None:
        key = (path, size.width(), size.height())
        if key != self._key:
            self._key = key
            self._found = _read(path, size) if path else None
        return self._found


def second_screen(till: QWidget) -> QScreen | None:
    """Return a screen on which the till's window is not, if there is one."""
    return next((s for s in QGuiApplication.screens() if s is not till.screen()), None)


def _read(path: str, size: QSize) -> QPixmap | None:
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    whole = reader.size()
    if not whole.isValid() or whole.width() * whole.height() > _MOST_IMAGE:
        return None
    reader.setScaledSize(whole.scaled(size, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else QPixmap.fromImage(image)
