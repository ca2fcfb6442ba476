"""One journal entry beside the list: its sentence, its values, what proves it, its raw text."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.presenters.journal_state import EntryDetail, value_columns
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.column_fit import fit_columns
from pos_app.ui.widgets.table_view import TableView

_LEAST_WIDTH = 372
_ROW_HEIGHT = 30


class JournalDetailPanel(QFrame):
    """Shows an `EntryDetail`; `closed()` and `receipt_wanted()` for its buttons."""

    closed = Signal()
    receipt_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setMinimumWidth(_LEAST_WIDTH)
        self._seq = 0
        self._title, self._sentence, self._about, self._problem = (QLabel(self) for _ in range(4))
        self.values = self._table(t("What the entry says"))
        self.proof = self._table(t("What proves the entry"))
        self.raw = QPlainTextEdit(self)
        self.tabs = QTabWidget(self)
        self.close_button = Button("", "x", kind="quiet", name=t("Close"), parent=self)
        self.receipt = Button(t("Open receipt"), "receipt-text", kind="tight", parent=self)
        self.copy = Button(t("Copy text"), "copy", kind="tight", parent=self)
        self._lay_out()
        self.close_button.clicked.connect(lambda _=False: self.closed.emit())
        self.receipt.clicked.connect(lambda _=False: self.receipt_wanted.emit())
        self.copy.clicked.connect(lambda _=False: self._copy())

    def show_detail(self, detail: EntryDetail | None) -> None:
        """Draw `detail`, or hide without one."""
        self.setVisible(detail is not None)
        if detail is None:
            self._seq = 0
            return
        fonts.ensure_for(detail.title + detail.sentence + detail.about)
        self._title.setText(detail.title)
        self._sentence.setText(detail.sentence)
        self._about.setText(detail.about)
        self._problem.setText(detail.problem)
        self._problem.setVisible(bool(detail.problem))
        self.receipt.setVisible(bool(detail.receipt))
        self.proof.show_source(value_columns(), detail.proof)
        if detail.seq != self._seq:
            self._seq = detail.seq
            self.values.show_source(value_columns(), detail.values)
            fonts.ensure_for(detail.raw)
            self.raw.setPlainText(detail.raw)
        for table in (self.values, self.proof):
            fit_columns(table, value_columns())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.raw.toPlainText())

    def _table(self, name: str) -> TableView:
        table = TableView(name, self)
        table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        table.horizontalHeader().setVisible(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return table

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        self._title.setProperty("role", "heading")
        self._sentence.setFont(fonts.font(theme.TEXT.office, fonts.SEMIBOLD))
        self._about.setProperty("role", "quiet")
        self._problem.setProperty("role", "error")
        for label in (self._title, self._sentence, self._about, self._problem):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        head.addWidget(self._title, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        for part in (self._problem, self._sentence, self._about):
            column.addWidget(part)
        self.raw.setReadOnly(True)
        self.raw.setTabChangesFocus(True)
        self.raw.setAccessibleName(t("Raw text"))
        self.raw.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.raw.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        self.tabs.addTab(self.values, t("Values"))
        self.tabs.addTab(self.proof, t("Proof"))
        self.tabs.addTab(self.raw, t("Raw text"))
        column.addWidget(self.tabs, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.receipt, 1)
        foot.addWidget(self.copy, 1)
        column.addLayout(foot)
        self.hide()
