"""What keeps the start and the search quick: nothing is painted or imported before it is needed."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui import theme
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.skeleton import FIRST_COLOURS
from pos_app.ui.views import TileView
from pos_app.ui.widgets.tile import TileDelegate
from pos_app.ui.widgets.tile_grid import TileModel
from tests.ui.conftest import Till

IMPORTED_BEFORE_PAINTING = """
import sys
from pathlib import Path
from pos_app.app.till import Till
till = Till(Path(sys.argv[1]), lambda path, job: None)
heavy = ("pos_app.ui.theme", "pos_app.ui.fonts", "pos_app.ui.icons", "pos_app.ui.scanner",
         "pos_app.domain.shop", "pos_app.domain.pricing", "pos_app.services", "pos_app.store",
         "PySide6.QtSvg", "logging.handlers", "json", "zoneinfo")
print([name for name in sys.modules if name.startswith(heavy)])
"""


@pytest.fixture
def window(till: Till, qtbot: QtBot, qapp: QApplication) -> MainWindow:
    theme.apply_theme(qapp, theme.LIGHT)
    made = MainWindow()
    made.resize(1280, 800)
    presenter = CheckoutPresenter(till.checkout, till.receipts, till.checkout.shop, made.show_state)
    presenter.start()
    made.attach(presenter)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.make_all()
    qapp.processEvents()
    return made


def test_the_first_colours_are_the_themes() -> None:
    assert {
        name: (colours.ground, colours.surface, colours.line)
        for name, colours in theme.THEMES.items()
    } == FIRST_COLOURS


def test_what_the_first_painting_does_not_need_is_not_imported_before_it(tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED_BEFORE_PAINTING, str(tmp_path / "shop.db")],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]"


class PaintCount(QObject):
    """Counts how often what lies below the results is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.Paint
        return False


def test_results_that_change_leave_the_products_below_alone(
    window: MainWindow, qapp: QApplication
) -> None:
    entry, shelf = window.checkout.entry, window.checkout.shelf
    entry.setText("ry")
    entry.textEdited.emit("ry")
    qapp.processEvents()
    popup = window.checkout.over.popup
    assert popup is not None
    assert popup.geometry().intersects(shelf.geometry())
    below = PaintCount()
    shelf.installEventFilter(below)
    popup.update()
    qapp.processEvents()
    assert below.times == 0
    shelf.update()
    qapp.processEvents()
    assert below.times == 1


def test_a_tile_is_drawn_once_for_each_look_and_again_after_the_theme_changed(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    model = TileModel()
    model.show_tiles((TileView("1", "Whole milk", "1.19"),))
    delegate = TileDelegate(owner)
    drawn: list[TileView] = []
    draw = TileDelegate._draw
    monkeypatch.setattr(
        TileDelegate,
        "_draw",
        lambda self, tile, *rest: (drawn.append(tile), draw(self, tile, *rest))[1],
    )
    sheet = QPixmap(200, 200)

    def paint(size: QSize) -> None:
        option = QStyleOptionViewItem()
        option.rect = sheet.rect().adjusted(0, 0, size.width() - 200, size.height() - 200)
        painter = QPainter(sheet)
        delegate.paint(painter, option, model.index(0))
        painter.end()

    paint(QSize(140, 96))
    paint(QSize(140, 96))
    assert len(drawn) == 1
    paint(QSize(150, 96))
    assert len(drawn) == 2
    delegate.forget()
    paint(QSize(150, 96))
    assert len(drawn) == 3
