"""The page about staff: who works here, and the rules of what needs an approval."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.settings_rules_card import RulesCard
from pos_app.ui.views import TableRow
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from pos_app.ui.presenters.staff_form import StaffForm
    from pos_app.ui.presenters.staff_list import StaffListPresenter, StaffListState
    from pos_app.ui.staff_sheet import StaffSheet

_HEAD_PX, _ROW_PX, _ROWS_MOST = 56, 48, 8

PrintBadge = Callable[[str, str], None]


class StaffPage(QWidget):
    """`attach(presenter)` brings it to life, `show_state(state)` draws.

    `print_badge(name, code)` puts a badge on paper; the rules stand in a card below.
    """

    def __init__(self, print_badge: PrintBadge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: StaffListPresenter | None = None
        self._print_badge = print_badge
        self._rows: tuple[TableRow, ...] = ()
        self.sheet: StaffSheet | None = None
        self.table = TableView(t("Staff"), self)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.add = Button(t("New member of staff"), "user-plus", kind="primary", parent=self)
        self.result = ResultLine(self)
        self.rules = RulesCard(self)
        frame, column = card(t("Staff"), self)
        self._advice = sentence("", frame)
        column.addWidget(self._advice)
        column.addWidget(self.table)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.result)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(16)
        outer.addWidget(frame)
        outer.addWidget(self.rules)
        outer.addStretch(1)

    def attach(self, presenter: "StaffListPresenter") -> None:
        """Let `presenter` take the gestures from now on."""
        self._presenter = presenter
        self.table.row_opened.connect(self._open)
        self.table.clicked.connect(lambda _index: self._open(self.table.chosen_key()))
        self.add.clicked.connect(lambda _=False: self.show_form(presenter.add()))
        self.show_state(presenter.state)

    def show_state(self, state: "StaffListState") -> None:
        """Draw `state`."""
        if state.rows != self._rows or not self._rows:
            self._rows = state.rows
            self.table.show_source(state.columns, FixedRows(state.rows))
            self.table.setFixedHeight(_HEAD_PX + _ROW_PX * min(len(state.rows), _ROWS_MOST))
        self.table.setVisible(bool(state.rows))
        self.rules.setVisible(bool(state.rows))
        self._advice.setText(state.advice)
        self.result.tell(state.result, state.result_tone)

    def show_form(self, form: "StaffForm") -> "StaffSheet":
        """Open the sheet of a member."""
        from pos_app.ui.staff_sheet import StaffSheet  # noqa: PLC0415 - seldom needed

        if self.sheet is not None:
            self.sheet.deleteLater()
        self.sheet = StaffSheet(form, self._print_badge, self)
        self.sheet.open()
        return self.sheet

    def take_scan(self, code: str) -> bool:
        """Give a scanned card to the open sheet."""
        if self.sheet is None or not self.sheet.isVisible():
            return False
        self.sheet.take_scan(code)
        return True

    def _open(self, key: str) -> None:
        form = None if self._presenter is None or not key else self._presenter.open(key)
        if form is not None:
            self.show_form(form)
