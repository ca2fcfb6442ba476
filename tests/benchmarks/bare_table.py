"""The floor of a painted line: a bare QTableView of the same size that gets one row more."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QTableView

from tests.benchmarks.counter import WINDOW

COLUMNS = 4
_DISPLAY = 0  # Qt.ItemDataRole.DisplayRole; comparing the enum itself costs more than the rest


class Rows(QAbstractTableModel):
    """Rows of texts."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, ...]] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return COLUMNS

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> str | None:
        return self.rows[index.row()][index.column()] if role == _DISPLAY else None

    def add(self, row: tuple[str, ...]) -> None:
        self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows))
        self.rows.append(row)
        self.endInsertRows()

    def keep(self, count: int) -> None:
        self.beginResetModel()
        self.rows = self.rows[:count]
        self.endResetModel()


class BareTable:
    """A table of `count` rows that shows its last row."""

    def __init__(self, count: int) -> None:
        self.model = Rows()
        for number in range(count):
            self.model.add(row(number))
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.resize(WINDOW[0] * 42 // 100, WINDOW[1] - 100)
        self.view.show()
        self.view.scrollToBottom()

    def add(self) -> None:
        self.model.add(row(len(self.model.rows)))
        self.view.scrollToBottom()


def row(number: int) -> tuple[str, ...]:
    return f"Article {number}", "1", "1.99", "1.99"
