"""On small screens nothing that matters is cut off: kinds, reasons, a receipt's lines, titles."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from pos_app import texts
from pos_app.store.store import Store
from pos_app.ui import fonts, theme
from pos_app.ui.navigation import NavigationRail
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.receipts_screen import ReceiptsScreen
from pos_app.ui.sheet_panel import SheetPanel
from pos_app.ui.views import CategoryView, SearchHit
from pos_app.ui.widgets.chip_row import ChipRow
from pos_app.ui.widgets.text_area import TextArea
from tests.ui.conftest import NOW, Till

GERMAN = ("Passt nicht", "Nicht gebraucht", "Fehlerhaft", "Abgelaufen")
SHEET_AT_1024 = (529, 327)
LIST_AT_1024 = (948, 720)
LIST_AT_1280 = (1204, 752)


class Paper:
    """Receipts that print nowhere."""

    def reprint(self, sale: object) -> None: ...

    def reprint_slips(self, sale: object) -> None: ...


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    fonts.load_for_language("en")
    theme.apply_theme(qapp, theme.THEMES["light"])
    yield
    texts.use_language("en")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize("size", [LIST_AT_1024, LIST_AT_1280])
def test_the_kind_of_a_receipt_is_seen_beside_its_detail(
    till: Till, store: Store, qtbot: QtBot, size: tuple[int, int]
) -> None:
    till.scan("5000000000012")
    till.press("F12")
    screen = ReceiptsScreen(store, Paper(), lambda: NOW)
    qtbot.addWidget(screen)
    screen.resize(*size)
    screen.show()
    screen.presenter.open(store.sales.last().id)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: bool(screen.presenter.state.detail))
    titles = [column.title for column in screen.presenter.state.columns]
    kind = titles.index("Kind")
    table = screen.frame.table
    qtbot.waitUntil(lambda: table.viewport().width() < size[0] - 300)
    assert not table.isColumnHidden(kind)
    assert table.columnViewportPosition(kind) + 60 < table.viewport().width()


def test_four_reasons_fit_a_small_sheet_and_many_scroll(qtbot: QtBot) -> None:
    row = ChipRow("Reason")
    qtbot.addWidget(row)
    row.resize(499, 52)
    row.show_chips([CategoryView(word, word) for word in GERMAN], GERMAN[0])
    row.show()
    qtbot.waitUntil(lambda: row.widget().width() <= row.viewport().width())
    last = row.button(GERMAN[-1])
    assert last is not None
    assert last.geometry().right() <= row.viewport().width()
    row.resize(900, 52)
    qtbot.waitUntil(lambda: not last.property("snug"))
    row.show_chips([CategoryView(f"{word} {n}", word) for word in GERMAN for n in range(5)])
    qtbot.waitUntil(lambda: row.widget().width() > row.viewport().width())


def test_a_return_on_a_small_screen_shows_more_than_two_lines(qtbot: QtBot) -> None:
    panel = SheetPanel()
    qtbot.addWidget(panel)
    view = SheetView(
        SheetKind.RETURN,
        "Rückgabe zu 1-000064",
        "Scannen oder antippen, was zurückkommt; eine Zahl davor ist die Menge.",
        reasons=tuple((word, word) for word in GERMAN),
        rows=tuple(SearchHit(str(n), f"Ware {n}", "1 von 1", "4,99") for n in range(5)),
    )
    panel.resize(*SHEET_AT_1024)
    panel.show_sheet(view)
    panel.show()
    lines = panel.body("return").lines  # type: ignore[attr-defined]
    about = next(one for one in panel.findChildren(QLabel) if one.text() == view.about)
    assert not about.isVisible()
    assert panel.accessibleDescription() == view.about
    assert lines.viewport().height() >= 2.5 * lines.sizeHintForRow(0)
    panel.resize(700, 600)
    assert about.isVisible()


def test_a_long_title_on_the_rail_takes_two_lines_and_a_short_one_keeps_one(qtbot: QtBot) -> None:
    rail = NavigationRail()
    qtbot.addWidget(rail)
    rail.add("cash", "Cash drawer", "coins")
    rail.add("sell", "Sell", "shopping-cart")
    rail.resize(76, 400)
    rail.show()
    face = QFontMetrics(fonts.font(12, fonts.SEMIBOLD))
    assert rail.button("cash").lines(face) == ["Cash", "drawer"]  # type: ignore[attr-defined]
    assert rail.button("sell").lines(face) == ["Sell"]  # type: ignore[attr-defined]


def test_the_hint_of_the_entry_line_follows_a_sheet_with_the_same_title(
    till: Till, qtbot: QtBot
) -> None:
    from pos_app.ui.main_window import MainWindow

    window = MainWindow(till.checkout.shop.screen, "Shop")
    qtbot.addWidget(window)
    till.presenter.sale._on_state = window.show_state
    window.attach(till.presenter)
    window.make_all()
    for hint in ("€50.00 is left", "€50.00 is left · blocked"):
        till.presenter.sale.open(SheetView(SheetKind.ASK, "A card", asks="A card", hint=hint))
        till.presenter.sale.show()
        assert window.checkout.entry.placeholderText() == hint


@pytest.mark.parametrize(
    ("direction", "text", "is_far_right"),
    [
        (Qt.LayoutDirection.LeftToRight, "Faulty", False),
        (Qt.LayoutDirection.RightToLeft, "معيب", True),
        (Qt.LayoutDirection.RightToLeft, "Faulty", True),
    ],
)
def test_lines_of_a_text_field_begin_where_the_language_begins(
    qapp: QApplication,
    qtbot: QtBot,
    direction: Qt.LayoutDirection,
    text: str,
    is_far_right: bool,
) -> None:
    qapp.setLayoutDirection(direction)
    field = TextArea()
    qtbot.addWidget(field)
    field.resize(300, 100)
    field.setPlainText(text)
    field.show()
    line = field.document().firstBlock().layout().lineAt(0).naturalTextRect()
    assert (line.right() > 250) is is_far_right
    assert (line.left() < 50) is not is_far_right
