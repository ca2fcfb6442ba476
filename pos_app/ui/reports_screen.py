"""The reports screen: which report, its filters, its totals and chart, and the table below."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.services.checkout import Clock
from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.background import run_in_background
from pos_app.ui.catalogue_files import documents_folder
from pos_app.ui.changes import Changes
from pos_app.ui.chart import BarChart
from pos_app.ui.freshness import Freshness
from pos_app.ui.notices import NoticeStack
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.reports import ReportsPresenter
from pos_app.ui.presenters.reports_state import ReportsState
from pos_app.ui.report_figures import FigureStrip
from pos_app.ui.report_filters import ReportFilters
from pos_app.ui.views import Column
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.chip_row import ChipRow
from pos_app.ui.widgets.empty_state import EmptyState
from pos_app.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from pos_app.store.store import Store

_WATCHED = Changes(sales=True, customers=True, products=True, settings=True, documents=True)


class ReportsScreen(QWidget):
    """Owns its presenter, since Qt keeps bound methods weakly."""

    def __init__(
        self,
        store: "Store",
        now: Clock,
        on_order: Callable[[str], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._serial = 0
        self._columns: tuple[Column, ...] = ()
        self._is_settings_stale = False
        self._title, self._counted = QLabel(t("Reports"), self), QLabel(self)
        self._about = sentence("", self)
        self.save = Button(t("Save as Excel"), "file-spreadsheet", kind="card", parent=self)
        self.chips = ChipRow(t("Reports"), self)
        self.filters = ReportFilters(self)
        self.notices = NoticeStack(self)
        self.figures = FigureStrip(self)
        self.chart = BarChart(self)
        self.table = TableView(t("Reports"), self)
        self._nothing = EmptyState(
            "chart-column",
            t("Nothing to report"),
            t("There is nothing in these days. Choose others, or take a filter out."),
            parent=self,
        )
        self._lay_out()
        run = partial(run_in_background, owner=self)
        self.presenter = ReportsPresenter(store, now, run, self.show_state, on_order)
        self._freshness = Freshness(self, self._read)
        self._connect()
        self.presenter.begin()

    def show_state(self, state: ReportsState) -> None:
        """Draw `state`."""
        self.chips.show_chips(state.sections, state.section)
        self.filters.show_state(state)
        self.save.setEnabled(state.can_save)
        self._counted.setText(state.counted)
        self._about.setText(state.about)
        self._about.setVisible(bool(state.about))
        self.notices.show_only(state.notices)
        if state.serial == self._serial:
            return
        self._serial = state.serial
        self._columns = state.columns
        self.figures.show_figures(state.figures)
        self.chart.show_chart(state.chart)
        self.table.show_source(state.columns, state.rows)
        self._fit_columns()
        is_empty = not state.rows.count() or not state.chart.groups
        self._pages.setCurrentWidget(self._nothing if is_empty else self._body)
        self.figures.setVisible(not is_empty)

    def refresh(self, changes: Changes | None = None) -> None:
        """Read anew when what is reported has changed elsewhere."""
        if changes is None or changes.touch(_WATCHED):
            self._is_settings_stale |= changes is None or changes.settings
            self._freshness.touched()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the screen was hidden."""
        super().showEvent(event)
        self._freshness.shown()

    def take_scan(self, code: str) -> bool:
        """Look for a scanned customer or product, where the report can be narrowed to it."""
        self.presenter.search(code)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the table."""
        if event.type() == QEvent.Type.Resize:
            self._fit_columns()
        return False

    def _fit_columns(self) -> None:
        """Leave out columns from the far end while there is no room for them."""
        room, needed = self.table.viewport().width(), 0
        for place, column in enumerate(self._columns):
            needed += column.width
            self.table.setColumnHidden(place, place > 1 and needed > room)

    def _read(self) -> None:
        is_stale, self._is_settings_stale = self._is_settings_stale, False
        self.presenter.refresh(settings=is_stale)

    def _connect(self) -> None:
        presenter = self.presenter
        self.chips.chosen.connect(presenter.turn)
        self.filters.chosen.connect(self._choose)
        self.filters.typed.connect(presenter.type_day)
        self.filters.searched.connect(presenter.search)
        self.filters.picked.connect(presenter.pick)
        self.filters.let_go.connect(presenter.let_go)
        self.table.row_opened.connect(presenter.open)
        self.notices.dismissed.connect(presenter.dismiss)
        self.save.clicked.connect(lambda _=False: self._choose_file())

    def _choose(self, what: str, key: str) -> None:
        presenter = self.presenter
        choose = {
            "period": presenter.choose_period,
            "grain": presenter.choose_grain,
            "currency": presenter.choose_currency,
        }
        choose[what](key)

    def _choose_file(self) -> None:
        suggested = documents_folder() / self.presenter.suggested_name()
        path, _ = QFileDialog.getSaveFileName(
            self, t("Save as Excel"), str(suggested), "XLSX (*.xlsx)"
        )
        if path:
            chosen = Path(path)
            with_ending = chosen if chosen.suffix else chosen.with_suffix(".xlsx")
            self.presenter.save(with_ending)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(10)
        head = QHBoxLayout()
        self._title.setProperty("role", "title")
        self._counted.setProperty("role", "quiet")
        self._counted.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        head.addWidget(self._title)
        head.addSpacing(8)
        head.addWidget(self._counted)
        head.addStretch(1)
        head.addWidget(self.save)
        column.addLayout(head)
        for part in (self.chips, self.filters, self.notices, self._about, self.figures):
            column.addWidget(part)
        self._body = QSplitter(Qt.Orientation.Vertical, self)
        self._body.setChildrenCollapsible(False)
        self._body.setHandleWidth(10)
        cards: tuple[tuple[QWidget, int], ...] = ((self.chart, 2), (self.table, 3))
        for half, stretch in cards:
            card = QFrame(self._body)
            card.setProperty("role", "card")
            inside = QVBoxLayout(card)
            inside.setContentsMargins(2, 2, 2, 2)
            inside.addWidget(half)
            self._body.addWidget(card)
            self._body.setStretchFactor(self._body.count() - 1, stretch)
        self._body.setSizes([2_000, 3_000])
        self.table.viewport().installEventFilter(self)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._body)
        self._pages.addWidget(self._nothing)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self.table)
