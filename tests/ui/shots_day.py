"""Draws the day screen in every dress and size into PNG files.

Run as `python tests/ui/shots_day.py --out screenshots`; `--dress N` draws only the nth dress.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("POS_APP_KEYS", "file")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QLocale, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.domain.day_review import DayReview
from pos_app.domain.report_period import ReportPeriod
from pos_app.store.store import Store, create_store
from pos_app.texts import use_language
from pos_app.ui import background, fonts, theme
from pos_app.ui.day_screen import DayScreen
from pos_app.ui.presenters.day_doors import DayDoors
from tests.ui import day_desks as desks
from tests.ui.conftest import SHOP

RAIL, STRIP = 76, 48
SCREENS = frozenset({"stock", "invoices", "sync", "cash", "journal", "replay"})
DRESSES = (
    ("light", "en", 1024, 768),
    ("light", "en", 1920, 1080),
    ("dark", "de", 1024, 768),
    ("light", "ar", 1024, 768),
    ("dark", "en", 1920, 1080),
    ("dark", "ar", 1920, 1080),
)


def wait(until: Callable[[], bool], seconds: float = 4.0) -> None:
    """Let the event loop run, until something is so."""
    end = time.monotonic() + seconds
    app = QApplication.instance()
    while app is not None and time.monotonic() < end and not until():
        app.processEvents()
        time.sleep(0.005)
    if app is not None:
        app.processEvents()


def _made(period: ReportPeriod) -> DayReview:
    return desks.lively() if period.days == 1 else desks.month(period.start, period.end)


def pages(store: Store, size: QSize) -> Iterator[tuple[str, DayScreen]]:
    """Yield (name, screen) of each state."""
    figures = desks.MadeFigures(_made, receipts_behind=140)
    screen = DayScreen(store, lambda: desks.NOW, DayDoors(screens=SCREENS), figures)
    screen.resize(size)
    screen.show()
    ready = lambda: screen.presenter.state.can_save  # noqa: E731 - said once, asked often
    wait(ready)
    yield "day", screen
    screen._scroll.verticalScrollBar().setValue(560)
    yield "day-below", screen
    screen._scroll.verticalScrollBar().setValue(9_999)
    yield "day-foot", screen
    screen._scroll.verticalScrollBar().setValue(0)
    screen.board.chart.mark(4)
    screen.presenter.open_bar(4)
    wait(lambda: bool(screen.presenter.state.panel and screen.presenter.state.panel.rows))
    yield "day-panel", screen
    screen.presenter.open("staff:anna:line_removed")
    wait(lambda: bool(screen.presenter.state.panel and screen.presenter.state.panel.evidence))
    yield "day-evidence", screen
    screen.presenter.close_panel()
    figures.known = ("EUR", "USD")
    screen.presenter.choose_period("last_month")
    screen.presenter.choose_comparison("own")
    wait(ready)
    yield "day-month", screen
    figures.make = lambda _period: desks.empty()
    screen.presenter.choose_period("today")
    wait(ready)
    yield "day-empty", screen
    figures.make = lambda _period: desks.enormous()
    screen.presenter.choose_period("yesterday")
    wait(ready)
    yield "day-enormous", screen
    screen._scroll.verticalScrollBar().setValue(560)
    yield "day-enormous-below", screen
    screen.close()
    yield "day-hidden", _hidden(store, size, figures)


def _hidden(store: Store, size: QSize, figures: desks.MadeFigures) -> DayScreen:
    hidden = DayDoors(hidden_from=lambda: desks.DAY)
    blind = DayScreen(store, lambda: desks.NOW, hidden, figures)
    blind.resize(size)
    blind.show()
    return blind


def picture(screen: QWidget, width: int, height: int) -> QPixmap:
    """The screen where it stands in the window."""
    shot = QPixmap(width, height)
    shot.fill(QColor(theme.current().ground))
    mirrored = screen.layoutDirection() == Qt.LayoutDirection.RightToLeft
    painter = QPainter(shot)
    painter.drawPixmap(QPoint(0 if mirrored else RAIL, STRIP), screen.grab())
    painter.end()
    return shot


def main() -> None:
    """Draw them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--dress", type=int, default=None, help="draw only the nth dress")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for number, (look, language, width, height) in enumerate(DRESSES):
        if chosen.dress not in (None, number):
            continue
        use_language(language)
        QLocale.setDefault(QLocale(language))
        theme.apply_theme(app, theme.THEMES[look])
        fonts.load_for_language(language)
        is_mirrored = language == "ar"
        app.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if is_mirrored else Qt.LayoutDirection.LeftToRight
        )
        with tempfile.TemporaryDirectory() as folder:
            shop = replace(SHOP, screen=replace(SHOP.screen, language=language))
            store = create_store(Path(folder) / "shop.db", shop, now=desks.NOW)
            for name, screen in pages(store, QSize(width - RAIL, height - STRIP)):
                wait(lambda: False, 0.15)
                shot = picture(screen, width, height)
                shot.save(str(chosen.out / f"{name}-{look}-{language}-{width}.png"))
            background.cancel_all()
            store.close()


if __name__ == "__main__":
    main()
