"""Lucide icons from `resources/icons`, tinted and kept per name, colour, size and pixel ratio."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from pos_app.assets import resource


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, px: int = 24, dpr: float = 1.0) -> QPixmap:
    """Draw icon `name` in `colour` (`#RRGGBB`) at `px` device-independent pixels.

    Raises FileNotFoundError when no such icon is shipped.
    """
    drawn = QPixmap(round(px * dpr), round(px * dpr))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _renderer(name, colour).render(painter, QRectF(0, 0, drawn.width(), drawn.height()))
    painter.end()
    drawn.setDevicePixelRatio(dpr)
    return drawn


def icon(name: str, colour: str, px: int = 24, dpr: float | None = None) -> QIcon:
    """Return icon `name` as QIcon for buttons; `dpr` defaults to that of the sharpest screen."""
    app = QGuiApplication.instance()
    ratio = dpr or (app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0)
    return QIcon(pixmap(name, colour, px, ratio))


def forwards(name: str) -> str:
    """Return `name`, or the same arrow the other way where the screen is read from the right."""
    if QGuiApplication.layoutDirection() is not Qt.LayoutDirection.RightToLeft:
        return name
    head, _, way = name.rpartition("-")
    return f"{head}-{'left' if way == 'right' else 'right'}"


def with_gap(drawn: QPixmap, gap: int, is_mirrored: bool) -> QPixmap:
    """Return `drawn` with `gap` pixels of air beside it, where a button's word will stand."""
    if not gap:
        return drawn
    dpr = drawn.devicePixelRatio()
    wider = QPixmap(drawn.width() + round(gap * dpr), drawn.height())
    wider.setDevicePixelRatio(dpr)
    wider.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wider)
    painter.drawPixmap(gap if is_mirrored else 0, 0, drawn)
    painter.end()
    return wider


@lru_cache(maxsize=1)
def app_icon() -> QIcon:
    """Return the product's own mark for windows and the task bar."""
    return QIcon(str(resource("brand") / "logo.png"))


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    source = (resource("icons") / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
