"""Draws every widget in light, dark and right-to-left dress into PNG files.

Run as `python tests/ui/shots.py --out screenshots`.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from pos_app.ui import fonts, theme
from pos_app.ui.notices import NoticeStack
from pos_app.ui.payment_bar import PaymentBar
from pos_app.ui.views import (
    CartRow,
    CategoryView,
    ChipView,
    Column,
    FKey,
    Notice,
    NoticeAction,
    SearchHit,
    Severity,
    SheetAction,
    TableRow,
    TenderChoice,
    TileView,
    Tone,
    TotalView,
)
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.cart_view import CartView
from pos_app.ui.widgets.dialog import Sheet
from pos_app.ui.widgets.empty_state import EmptyState
from pos_app.ui.widgets.entry_line import EntryLine
from pos_app.ui.widgets.fkey_bar import FKeyBar
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.number_pad import NumberPad
from pos_app.ui.widgets.search_popup import SearchPopup
from pos_app.ui.widgets.status_chips import StatusChips
from pos_app.ui.widgets.table_view import TableView
from pos_app.ui.widgets.tile_grid import TileGrid
from pos_app.ui.widgets.total_panel import TotalPanel

ROWS = (
    CartRow("1", "Whole milk 1 l", "3", "1.19", "3.57"),
    CartRow("2", "Sourdough bread with sunflower seeds and a long name", "1", "4.80", "4.32",
            discount="−10 %  −0.48", note="sliced"),
    CartRow("3", "Tomatoes loose", "0.482 kg", "3.99", "1.92"),
    CartRow("4", "4006381333931", "1", "", "", is_unpriced=True),
    CartRow("5", "Bottle deposit", "−2", "0.25", "−0.50", is_return=True),
    CartRow("6", "حليب كامل الدسم ١ لتر", "1", "1.19", "1.19"),
    CartRow("7", "可口可乐 330 毫升", "6", "0.99", "5.94"),
)  # fmt: skip
CHIPS = (
    ChipView("sync", "3 unsent", "cloud-off", Tone.WARNING, "Sells on without a network",
             is_button=True),
    ChipView("printer", "Printer ready", "printer-check"),
    ChipView("cashier", "Cashier 1", "user", is_at_end=True, is_button=True),
    ChipView("time", "14:32", "clock", is_at_end=True),
)  # fmt: skip
KEYS = (
    FKey("F1", "Help", "circle-question-mark"),
    FKey("F2", "Search", "search"),
    FKey("F3", "Customer", "user"),
    FKey("F4", "Discount", "percent"),
    FKey("F5", "Note", "sticky-note"),
    FKey("F6", "Park", "pause"),
    FKey("F7", "Recall", "play", is_enabled=False),
    FKey("F8", "Reprint", "receipt"),
    FKey("F9", "Drawer", "inbox"),
    FKey("F10", "More", "ellipsis"),
    FKey("F11", "Card", "credit-card"),
    FKey("F12", "Cash", "banknote", Tone.PRIMARY),
)
QUICK = (
    TenderChoice("exact", "Exact", "16.44", "banknote"),
    TenderChoice("20", "", "20.00"),
    TenderChoice("50", "", "50.00"),
    TenderChoice("100", "", "100.00", is_enabled=False),
)
WAYS = (
    TenderChoice("card", "Card", "", "credit-card", "F11", is_main=True),
    TenderChoice("cash", "Cash", "16.44", "banknote", "F12", is_main=True),
)
COLOURS = ("#2F7D4F", "#B3541E", "#3B6FB6", "#8A4FA3", "#A08A00", "#B23A5B")
CATEGORIES = tuple(
    CategoryView(f"c{i}", name, COLOURS[i])
    for i, name in enumerate(("All", "Bakery", "Dairy", "Fruit & vegetables", "Drinks", "Snacks"))
)
TILES = tuple(
    TileView(f"p{i}", name, f"{1 + i % 7}.{i % 10}9", COLOURS[i % 6], "Out of stock" if i == 3
             else "")
    for i, name in enumerate(("Croissant", "Butter pretzel", "Rye bread 750 g", "Baguette",
                              "Apple cake, slice", "Sandwich ham & cheese", "Water 0.5 l",
                              "Espresso", "خبز عربي", "绿茶 500 毫升") * 4)
)  # fmt: skip


def checkout() -> QWidget:
    """Everything at once, roughly as the checkout screen will hold it."""
    page = QWidget()
    page.resize(1024, 768)
    outer = QVBoxLayout(page)
    outer.setContentsMargins(12, 8, 12, 8)
    outer.setSpacing(8)
    chips = StatusChips(page)
    chips.show_chips(CHIPS)
    outer.addWidget(chips)
    columns = QHBoxLayout()
    outer.addLayout(columns, 1)
    near, far = QVBoxLayout(), QVBoxLayout()
    columns.addLayout(near, 42)
    columns.addLayout(far, 58)
    cart, total, tender = CartView(page), TotalPanel(page), PaymentBar(page)
    cart.show_rows(ROWS, "2")
    total.show_total(TotalView("16.44", "7 items", "2.41", "−0.48"))
    tender.show_choices(QUICK, WAYS)
    near.addWidget(cart, 1)
    near.addWidget(total)
    near.addWidget(tender)
    tiles, pad = TileGrid(page), NumberPad(page)
    tiles.show_categories(CATEGORIES, "c0")
    tiles.show_tiles(TILES)
    far.addWidget(EntryLine(parent=page))
    far.addWidget(tiles, 1)
    far.addWidget(pad)
    keys = FKeyBar(page)
    keys.show_keys(KEYS)
    outer.addWidget(keys)
    return page


def searching() -> QWidget:
    """The search list under the entry line."""
    page = QWidget()
    page.resize(640, 400)
    column = QVBoxLayout(page)
    line = EntryLine(parent=page)
    line.show_glass()
    line.setText("cafe bio")
    column.addWidget(line)
    column.addStretch(1)
    popup = SearchPopup(line, page)
    hits = (
        SearchHit("1", "Café crème organic Bio 500 g", "4006381333931", "8.99", "12 in stock"),
        SearchHit("2", "Bio Café espresso beans, fair trade, very long name indeed 1 kg",
                  "4006381333948", "17.49", "none left", is_out_of_stock=True),
        SearchHit("3", "قهوة عربية", "6281007040129", "6.20", "3 in stock"),
    )  # fmt: skip
    page.show()
    popup.show_hits(hits, line.text(), 1)
    return page


def totals() -> QWidget:
    """The total panel in its states."""
    page = QWidget()
    column = QVBoxLayout(page)
    for view in (
        TotalView("1,234,567.89", "50 items", "197,103.44", rounding="0.01"),
        TotalView("16.44", "7 items", paid="10.00", remaining="6.44"),
        TotalView("16.44", paid="20.00", change="3.56"),
        TotalView("−8.99", "1 item", is_refund=True),
    ):
        panel = TotalPanel(page)
        panel.show_total(view)
        column.addWidget(panel)
    page.resize(440, 600)
    return page


def notices() -> QWidget:
    """One notice of each severity."""
    page = QWidget()
    page.resize(900, 420)
    column = QVBoxLayout(page)
    stack = NoticeStack(page)
    column.addWidget(stack)
    column.addStretch(1)
    actions = (
        NoticeAction("skip", "Skip"),
        NoticeAction("retry", "Retry", "refresh-cw"),
        NoticeAction("other", "Other printer", "printer"),
    )
    stack.show_notice(Notice("a", Severity.INFO, "Receipt 1042 was printed again."))
    stack.show_notice(Notice("b", Severity.MARK, "4006381333931 is unknown: give it a price."))
    stack.show_notice(
        Notice("c", Severity.BAR, "The sale is saved. The printer is out of paper.", "Printer",
               actions)
    )  # fmt: skip
    stack.show_notice(
        Notice("d", Severity.STOP, "The drawer must be counted before the next shift.",
               actions=(NoticeAction("count", "Count now"),))
    )  # fmt: skip
    return page


def sheet() -> QWidget:
    """A sheet with a form, one field wrong."""
    made = Sheet("New product", "The till will know it by its barcode from now on.")
    form = Form(made)
    form.add_row("name", "Name", QLineEdit("Sourdough bread"))
    form.add_row("price", "Price", QLineEdit("4,80"), "Up to four decimals")
    tax = QComboBox()
    tax.addItems(["20 %", "5 %", "0 %"])
    form.add_row("tax", "Tax", tax)
    form.show_errors({"price": "The price is below the cost. Raise it or ask a manager."})
    made.body().addWidget(form)
    made.set_actions(
        (SheetAction("cancel", "Cancel"), SheetAction("save", "Save", "check", Tone.PRIMARY))
    )
    return made


def controls() -> QWidget:
    """Every kind of button and the plain controls."""
    page = QWidget()
    grid = QGridLayout(page)
    kinds = "plain primary success danger warning card quiet chip".split()
    for place, kind in enumerate(kinds):
        grid.addWidget(Button(kind.title(), "printer", kind=kind), place // 4, place % 4)
        off = Button("Off", "printer", kind=kind)
        off.setEnabled(False)
        grid.addWidget(off, 2 + place // 4, place % 4)
    combo, check, spin = QComboBox(), QCheckBox("Print a receipt"), QSpinBox()
    combo.addItems(["One", "Two"])
    check.setChecked(True)
    for place, widget in enumerate((combo, check, spin, QLineEdit("A line"))):
        grid.addWidget(widget, 4, place)
    return page


def table() -> QWidget:
    """A list over a million rows."""
    view = TableView("Sales")
    view.resize(900, 420)

    class Sales:
        def count(self) -> int:
            return 1_000_000

        def fetch(self, offset: int, limit: int) -> list[TableRow]:
            return [
                TableRow(str(n), (f"2024-{n:06}", "14:32", "Cashier 1", f"{n % 97}.{n % 100:02}"),
                         Tone.DANGER if n % 5 == 3 else Tone.PLAIN)
                for n in range(offset, offset + limit)
            ]  # fmt: skip

    columns = (
        Column("Receipt"), Column("Time", 100), Column("Cashier", stretches=True),
        Column("Total", 140, is_figure=True),
    )  # fmt: skip
    view.show_source(columns, Sales())
    view.selectRow(1)
    return view


def nothing() -> QWidget:
    """A list with nothing in it."""
    made = EmptyState("package-open", "No products yet", "Import a file or scan any item.",
                      "Import products")  # fmt: skip
    made.resize(500, 360)
    return made


SHOTS: tuple[Callable[[], QWidget], ...] = (
    checkout, searching, totals, notices, sheet, controls, table, nothing,
)  # fmt: skip


def main() -> None:
    """Draw them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for name, dress, direction in (
        ("light", theme.LIGHT, Qt.LayoutDirection.LeftToRight),
        ("dark", theme.DARK, Qt.LayoutDirection.LeftToRight),
        ("rtl", theme.LIGHT, Qt.LayoutDirection.RightToLeft),
    ):
        theme.apply_theme(app, dress)
        fonts.load_for_language("ar" if name == "rtl" else "en")
        app.setLayoutDirection(direction)
        for make in SHOTS:
            if wanted.only and wanted.only != make.__name__:
                continue
            page = make()
            page.show()
            for _ in range(3):
                app.processEvents()
            page.grab().save(str(wanted.out / f"widget-{make.__name__}-{name}.png"))
            page.close()
            page.deleteLater()


if __name__ == "__main__":
    main()
