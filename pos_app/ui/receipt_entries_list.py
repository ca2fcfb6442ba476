"""The journal entries of a receipt, in a tab beside its paper; one leads to the journal."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.receipt_entries import EntriesState, entry_columns
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.column_fit import fit_columns
from pos_app.ui.widgets.table_view import TableView

_ROW_HEIGHT = 58  # two lines


class ReceiptEntriesList(QWidget):
    """Shows an `EntriesState`; `wanted(seq)` for the entry to be shown in the journal."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._serial = -1
        self.table = TableView(t("Journal entries"), self)
        self.table.horizontalHeader().setVisible(False)
        self.table.setWordWrap(True)
        self.table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.said = sentence("", self)
        self.journal = Button(t("Open in the journal"), "list", kind="card", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.table, 1)
        column.addWidget(self.said)
        column.addWidget(self.journal)
        self.table.row_opened.connect(lambda key: self.wanted.emit(int(key)))
        self.journal.clicked.connect(lambda _=False: self._open_marked())

    def show_state(self, state: EntriesState) -> None:
        """Draw `state`."""
        if state.serial != self._serial:
            self._serial = state.serial
            self.table.show_source(entry_columns(), state.rows)
            fit_columns(self.table, entry_columns())
        self.said.setText(state.said)
        self.said.setVisible(bool(state.said))
        self.journal.setEnabled(state.rows.count() > 0)

    def _open_marked(self) -> None:
        row = self.table.rows().row_at(max(self.table.currentIndex().row(), 0))
        if row is not None:
            self.wanted.emit(int(row.key))
