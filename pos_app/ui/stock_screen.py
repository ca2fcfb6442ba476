"""The stock screen: sections above, the entry line, a list, and fields beside it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.services.checkout import Checkout
from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.background import run_in_background
from pos_app.ui.catalogue_files import documents_folder
from pos_app.ui.changes import Changes
from pos_app.ui.freshness import Freshness
from pos_app.ui.notices import NoticeStack
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.presenters.stock import StockPresenter, StockState
from pos_app.ui.presenters.stock_page import StockPage
from pos_app.ui.stock_fields import StockFields
from pos_app.ui.views import Column, SheetAction, TableRow, Tone
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.chip_row import ChipRow
from pos_app.ui.widgets.column_fit import fit_columns
from pos_app.ui.widgets.empty_state import EmptyState
from pos_app.ui.widgets.entry_line import EntryLine
from pos_app.ui.widgets.table_view import TableView

_KINDS = {tone: "card" if tone is Tone.PLAIN else tone.value for tone in Tone}
_FIELDS_MM = 76
_ACTION_MM = 110  # a button across a wide screen is no longer one


class StockScreen(QWidget):
    """Owns its presenter, since Qt keeps bound methods weakly."""

    def __init__(
        self,
        checkout: Checkout,
        publish: Callable[[Changes], None] = lambda _changes: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._serial = -1
        self._drawn: tuple[tuple[Column, ...], tuple[TableRow, ...]] = ((), ())
        self._shown_actions: tuple[SheetAction, ...] = ()
        self._buttons: dict[str, Button] = {}
        self._empties: dict[tuple[str, str, str], EmptyState] = {}
        self._title, self._counted = QLabel(t("Stock"), self), QLabel(self)
        self._about = sentence("", self)
        self.chips = ChipRow(t("Stock"), self)
        self.entry = EntryLine(parent=self)
        self.table = TableView(t("Stock"), self)
        self.notices = NoticeStack(self)
        self.fields = StockFields(self)
        self.export = Button(t("Export"), "download", kind="card", parent=self)
        self._lay_out()
        self.presenter = StockPresenter(
            checkout, partial(run_in_background, owner=self), self.show_state, publish
        )
        self._freshness = Freshness(self, self._read)
        self._is_settings_stale = False
        self._connect()
        self.presenter.begin()

    def show_state(self, state: StockState) -> None:
        """Draw `state`."""
        page = state.page
        self.chips.show_chips(state.sections, state.section)
        fonts.ensure_for(page.title + page.counted)
        self._title.setText(page.title or t("Stock"))
        self._counted.setText(page.counted)
        self._about.setText(page.about)
        self._about.setVisible(bool(page.about))
        self.entry.setVisible(bool(page.hint))
        self.entry.setPlaceholderText(page.hint)
        if state.serial != self._serial:
            self._serial = state.serial
            self.entry.clear()
        self.export.setVisible(page.can_export)
        self._show_actions(page.actions)
        self._show_rows(page)
        self.fields.show_fields(page.fields)
        self._beside.setVisible(bool(page.fields))
        self.notices.show_only(state.notices)
        self.setFocusProxy(self.entry if page.hint else self.table)

    def take_scan(self, code: str) -> bool:
        """Give a scanned code to the section in front, after what is half typed beside it."""
        self.fields.commit()
        return self.presenter.scan(code)

    def refresh(self, changes: Changes | None = None) -> None:
        """Read anew when goods, products or settings have changed elsewhere."""
        wanted = Changes(stock=True, products=True, settings=True)
        if changes is None or changes.touch(wanted):
            self._is_settings_stale |= changes is None or changes.settings
            self._freshness.touched()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the screen was hidden."""
        super().showEvent(event)
        self._freshness.shown()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the list."""
        if event.type() == QEvent.Type.Resize:
            self._fit_columns()
        return False

    def _fit_columns(self) -> None:
        """Let the columns share the width of the list."""
        fit_columns(self.table, self._drawn[0])

    def button(self, key: str) -> Button:
        """Return the button of an action."""
        return self._buttons[key]

    def _read(self) -> None:
        is_stale, self._is_settings_stale = self._is_settings_stale, False
        self.presenter.refresh(settings=is_stale)

    def _connect(self) -> None:
        presenter = self.presenter
        self.chips.chosen.connect(self._turn)
        self.entry.returnPressed.connect(lambda: presenter.enter(self.entry.text()))
        self.table.row_chosen.connect(presenter.choose)
        self.table.row_opened.connect(presenter.open)
        self.table.clicked.connect(lambda _index: self._touched())
        self.fields.changed.connect(presenter.change)
        self.notices.dismissed.connect(presenter.dismiss)
        self.export.clicked.connect(lambda _=False: self._choose_export())

    def _turn(self, section: str) -> None:
        self.fields.commit()
        self.presenter.turn(section)

    def _press(self, key: str) -> None:
        self.fields.commit()
        self.presenter.press(key)

    def _touched(self) -> None:
        """A touch opens what can be opened: there is no double touch at a till."""
        key = self.table.chosen_key()
        if key:
            self.presenter.open(key)

    def _choose_export(self) -> None:
        suggested = documents_folder() / f"{t('stock')}.xlsx"
        path, _ = QFileDialog.getSaveFileName(
            self, t("Export the list"), str(suggested), "XLSX (*.xlsx);;CSV (*.csv)"
        )
        if path:
            self.presenter.export(Path(path))

    def _show_rows(self, page: StockPage) -> None:
        drawn = (page.columns, page.rows)
        if drawn != self._drawn:
            self._drawn = drawn
            self.table.blockSignals(True)
            self.table.show_source(page.columns, FixedRows(page.rows))
            self._fit_columns()
            for place, row in enumerate(page.rows):
                if page.marked and row.key == page.marked:
                    self.table.selectRow(place)
            self.table.blockSignals(False)
        is_empty = not page.rows and not page.is_reading and bool(page.empty[1])
        self._pages.setCurrentWidget(self._empty(page.empty) if is_empty else self._list)

    def _empty(self, words: tuple[str, str, str]) -> EmptyState:
        if words not in self._empties:
            self._empties[words] = EmptyState(*words, parent=self)
            self._pages.addWidget(self._empties[words])
        return self._empties[words]

    def _show_actions(self, actions: tuple[SheetAction, ...]) -> None:
        if [one.key for one in actions] != [one.key for one in self._shown_actions]:
            for old in self._buttons.values():
                old.setParent(None)
                old.deleteLater()
            self._buttons = {}
            for one in actions:
                made = Button(one.label, one.icon, kind=_KINDS[one.tone], parent=self)
                made.clicked.connect(lambda _=False, key=one.key: self._press(key))
                made.setMaximumWidth(theme.mm(self, _ACTION_MM))
                self._foot.addWidget(made, 1)
                self._buttons[one.key] = made
        for one in actions:
            self._buttons[one.key].say(one.label)
            self._buttons[one.key].setEnabled(one.is_enabled)
        self._shown_actions = actions

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        head = QHBoxLayout()
        self._title.setProperty("role", "title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._counted.setProperty("role", "quiet")
        self._counted.setTextFormat(Qt.TextFormat.PlainText)
        self._counted.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        head.addWidget(self._title)
        head.addSpacing(8)
        head.addWidget(self._counted)
        head.addStretch(1)
        head.addWidget(self.export)
        column.addLayout(head)
        column.addWidget(self.chips)
        column.addWidget(self._about)
        column.addWidget(self.notices)
        column.addWidget(self.entry)
        self.entry.show_glass()
        self._list = QFrame(self)
        self._list.setProperty("role", "card")
        inside = QVBoxLayout(self._list)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.addWidget(self.table)
        self.table.viewport().installEventFilter(self)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._list)
        self._beside = self.fields
        self.fields.setFixedWidth(theme.mm(self, _FIELDS_MM))
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self._pages, 1)
        body.addWidget(self.fields)
        column.addLayout(body, 1)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(8)
        self._foot.addStretch(0)
        column.addLayout(self._foot)
