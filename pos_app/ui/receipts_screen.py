"""The receipts screen: finished documents, the paper of one, why it cost that, and a copy of it."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QShowEvent, QTextCursor
from PySide6.QtWidgets import (
    QCalendarWidget,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QTabWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from pos_app.services.printer_setup import receipt_picture
from pos_app.texts import t
from pos_app.ui import fonts, icons
from pos_app.ui.background import run_in_background
from pos_app.ui.changes import Changes
from pos_app.ui.freshness import Freshness
from pos_app.ui.list_frame import ListFrame
from pos_app.ui.paper_view import PaperView
from pos_app.ui.presenters.receipt_entries import Gate, ReceiptEntries
from pos_app.ui.presenters.receipt_invoice import ReceiptInvoices
from pos_app.ui.presenters.receipts import (
    Counter,
    ReceiptsPresenter,
    ReceiptsState,
    Reprinting,
)
from pos_app.ui.receipt_entries_list import ReceiptEntriesList
from pos_app.ui.views import SheetAction
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.dialog import Sheet
from pos_app.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.ui.customer_choice import CustomerChoice


class ReceiptsScreen(QWidget):
    """The list on the near side, the marked receipt on the far side."""

    def __init__(
        self,
        store: "Store",
        receipts: Reprinting,
        now: Callable[[], datetime],
        publish: Callable[[Changes], None] = lambda _changes: None,
        parent: QWidget | None = None,
        *,
        counter: Counter | None = None,
        invoices: ReceiptInvoices | None = None,
        on_entry: Callable[[int], None] | None = None,
        gate: Gate = lambda _again: True,
    ) -> None:
        super().__init__(parent)
        self._shown = ""
        self._calendar: _CalendarSheet | None = None
        self.customers: CustomerChoice | None = None
        self._store = store
        self.frame = ListFrame(
            t("Receipts"),
            t("Number, customer, product or total"),
            t("No receipt found. Try another day or fewer letters."),
            self,
        )
        self.paper = PaperView(self)
        self.why = QTextEdit(self)
        self.entries = ReceiptEntriesList(self)
        self.entries.journal.setVisible(on_entry is not None)
        self._make_day_row()
        self._make_detail()
        self._lay_out()
        self.presenter = ReceiptsPresenter(
            store,
            receipts,
            partial(run_in_background, owner=self),
            self.show_state,
            render=receipt_picture,
            now=now,
            publish=publish,
            counter=counter,
            invoices=invoices,
        )
        run = partial(run_in_background, owner=self)
        self.told = ReceiptEntries(store, run, self.entries.show_state, gate)
        if on_entry is not None:
            self.entries.wanted.connect(on_entry)
        self._freshness = Freshness(self, self.presenter.refresh)
        self._connect()

    def show_state(self, state: ReceiptsState) -> None:
        """Draw `state`."""
        counted = t("Searching …") if state.is_searching else state.counted
        self.frame.show_rows(
            state.columns, state.rows, state.serial, counted, is_empty=state.is_empty_shop
        )
        self.frame.show_notices(state.notices)
        self.day.say(state.day_text or t("All days"))
        self._all_days.setVisible(state.day is not None)
        detail = state.detail
        self._detail.setVisible(detail is not None)
        if detail is None:
            self._shown = ""
            return
        fonts.ensure_for(detail.title + detail.about)
        self.slips.setVisible(detail.has_slips)
        self._title.setText(detail.title)
        self._about.setText(detail.about)
        self._fate.setText(detail.fate)
        self._fate.setVisible(bool(detail.fate))
        self.take_back.setVisible(detail.can_return)
        self.void.setVisible(detail.can_void)
        self.invoice.setVisible(bool(detail.invoice))
        self.invoice.say(detail.invoice)
        words = detail.problem or ("" if detail.picture else t("Drawing the receipt …"))
        self.paper.show_picture(detail.picture, words)
        if detail.key != self._shown:
            self._shown = detail.key
            self.told.forget()
            self._show_entries()
            self.why.setPlainText("\n\n".join(detail.why))
            self.why.moveCursor(QTextCursor.MoveOperation.Start)

    def refresh(self, changes: Changes | None = None) -> None:
        """Read anew when something was sold or the settings have changed."""
        if changes is None or changes.touch(Changes(sales=True, settings=True)):
            self._freshness.touched()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the screen was hidden."""
        super().showEvent(event)
        self._freshness.shown()

    def take_scan(self, code: str) -> bool:
        """Show the receipt whose code was scanned, or where a scanned product was sold."""
        self.presenter.scanned(code)
        self.frame.search.setText(self.presenter.state.text)
        return True

    def choose_day(self) -> None:
        """Open the calendar."""
        self._calendar = _CalendarSheet(self.presenter.state.day or self.presenter.today(), self)
        self._calendar.chosen(self.presenter.choose_day)
        self._calendar.open()

    def make_invoice(self) -> None:
        """Make the invoice of the receipt on show; where nobody is named on it, ask who it is."""
        if not self.presenter.needs_customer():
            self.presenter.invoice()
            return
        from pos_app.ui.customer_choice import CustomerChoice  # noqa: PLC0415 - seldom needed

        asked = t("Whose invoice is it?")
        self.customers = CustomerChoice(self._store, asked, self.presenter.invoice, self)
        self.customers.open()

    def _connect(self) -> None:
        self.frame.searched.connect(self.presenter.search)
        self.frame.chosen.connect(self.presenter.open)
        self.frame.opened.connect(self.presenter.open)
        self.frame.notice_closed.connect(self.presenter.dismiss)
        self.day.clicked.connect(self.choose_day)
        self.tabs.currentChanged.connect(
            lambda _place: self.why.moveCursor(QTextCursor.MoveOperation.Start)
        )
        self.tabs.currentChanged.connect(lambda _place: self._show_entries())
        self._before.clicked.connect(lambda: self.presenter.step_day(-1))
        self._after.clicked.connect(lambda: self.presenter.step_day(1))
        self._all_days.clicked.connect(lambda: self.presenter.choose_day(None))
        self.reprint.clicked.connect(self.presenter.reprint)
        self.slips.clicked.connect(self.presenter.reprint_slips)
        self.take_back.clicked.connect(self.presenter.take_back)
        self.void.clicked.connect(self.presenter.void)
        self.invoice.clicked.connect(lambda _=False: self.make_invoice())
        self._close.clicked.connect(self.presenter.close)

    def _show_entries(self) -> None:
        """Read what the journal tells of the receipt on show once that is looked at."""
        if self.tabs.currentWidget() is self.entries:
            self.told.show(self._shown)

    def _make_day_row(self) -> None:
        self._before = Button(
            "", icons.forwards("chevron-left"), kind="card", name=t("Day before"), parent=self
        )
        self.day = Button(t("All days"), "calendar-days", kind="card", parent=self)
        self._after = Button(
            "", icons.forwards("chevron-right"), kind="card", name=t("Day after"), parent=self
        )
        self._all_days = Button(t("All days"), kind="quiet", parent=self)

    def _make_detail(self) -> None:
        self._detail = QFrame(self)
        self._detail.setProperty("role", "card")
        column = QVBoxLayout(self._detail)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        self._title = QLabel(self._detail)
        self._title.setProperty("role", "heading")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._close = Button("", "x", kind="quiet", name=t("Close"), parent=self._detail)
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        self._about = QLabel(self._detail)
        self._about.setProperty("role", "quiet")
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setWordWrap(True)
        self.why.setReadOnly(True)
        self.why.setTabChangesFocus(True)
        self.why.setAccessibleName(t("Why this price?"))
        self.tabs = QTabWidget(self._detail)
        self.tabs.addTab(self.paper, t("Receipt"))
        self.tabs.addTab(self.why, t("Why this price?"))
        self.tabs.addTab(self.entries, t("Journal"))
        self.tabs.setProperty("role", "narrow")
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        column.addLayout(head)
        column.addWidget(self._about)
        self._fate = QLabel(self._detail)
        self._fate.setProperty("role", "error")
        self._fate.setTextFormat(Qt.TextFormat.PlainText)
        self._fate.setWordWrap(True)
        column.addWidget(self._fate)
        column.addWidget(self.tabs, 1)
        self._make_actions(column)
        self._detail.setMinimumWidth(360)
        self._detail.hide()

    def _make_actions(self, column: QVBoxLayout) -> None:
        self.slips = Button(t("Kitchen slips again"), "printer", kind="card", parent=self._detail)
        column.addWidget(self.slips)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.take_back = Button(t("Return goods"), "undo-2", kind="tight", parent=self._detail)
        self.void = Button(t("Void"), "ban", kind="tight", parent=self._detail)
        row.addWidget(self.take_back, 1)
        row.addWidget(self.void, 1)
        column.addLayout(row)
        words = t("Make an invoice")
        self.invoice = Button(words, "file-text", kind="tight", parent=self._detail)
        self.reprint = Button(t("Print a copy"), "printer", kind="primary", parent=self._detail)
        last = QHBoxLayout()
        last.setSpacing(8)
        last.addWidget(self.invoice, 1)
        last.addWidget(self.reprint, 1)
        column.addLayout(last)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        for button in (self._before, self.day, self._after, self._all_days):
            self.frame.beside.addWidget(button)
        self.frame.beside.addStretch(1)
        self.frame.body.addWidget(self._detail, 2)
        self.frame.show_when_empty(
            EmptyState(
                "receipt-text",
                t("Nothing sold yet"),
                t("Every finished sale is listed here, with its receipt as it was printed."),
            )
        )
        self.setFocusProxy(self.frame)


class _CalendarSheet(Sheet):
    """One day to choose; the button takes it, Enter does not."""

    def __init__(self, day: date, parent: QWidget) -> None:
        super().__init__(t("Choose a day"), parent=parent)
        self._calendar = QCalendarWidget(self)
        self._calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        self._calendar.setVerticalHeaderFormat(
            QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader
        )
        self._calendar.setAccessibleName(t("Calendar"))
        self._calendar.setMinimumSize(400, 320)
        self.body().addWidget(self._calendar)
        self.set_actions(
            (SheetAction("cancel", t("Cancel"), "x"), SheetAction("take", t("Show"), "check"))
        )
        self._tell: Callable[[date | None], None] = lambda _day: None
        self.acted.connect(self._act)

    def chosen(self, tell: Callable[[date | None], None]) -> None:
        """Call `tell(day)` when one is taken."""
        self._tell = tell

    def _act(self, key: str) -> None:
        if key == "take":
            picked = self._calendar.selectedDate()
            self._tell(date(picked.year(), picked.month(), picked.day()))
        self.done(QDialog.DialogCode.Accepted)
