"""A customer's statement and documents on their sheet."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.catalogue_files import documents_folder
from pos_app.ui.field_values import chosen_key, fill_choices, own_direction, put_choice
from pos_app.ui.presenters.customer_account import AccountState, CustomerAccount
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.table_view import TableView

_LIST_HEIGHT = 180


class StatementBox(QWidget):
    """What is owed and how late it is, and the statement of a time."""

    def __init__(self, account: CustomerAccount, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account = account
        self._shown: AccountState | None = None
        self._ages: list[tuple[QLabel, QLabel]] = []
        self.period = ChoiceBox(t("Time of the statement"), self)
        self.table = TableView(t("Statement of account"), self)
        self._owed, self._about, self._message = QLabel(self), QLabel(self), QLabel(self)
        self._lay_out()
        self.period.activated.connect(lambda _place: account.choose_period(chosen_key(self.period)))

    def show_state(self, state: AccountState) -> None:
        """Draw `state`."""
        old, self._shown = self._shown, state
        fill_choices(self.period, state.periods)
        put_choice(self.period, state.period)
        owed = t("Reading …") if state.is_reading and not state.owed else state.owed
        self._owed.setText(own_direction(owed))
        self._about.setText(state.about_owed)
        role = "error" if state.is_late else "quiet"
        if self._about.property("role") != role:
            self._about.setProperty("role", role)
            self._about.style().unpolish(self._about)
            self._about.style().polish(self._about)
        for (title, figure), (name, amount) in zip(self._ages, state.ages, strict=False):
            title.setText(name)
            figure.setText(own_direction(amount))
        self._message.setText(state.message)
        self._message.setVisible(bool(state.message))
        if old is None or old.entries != state.entries:
            fonts.ensure_for("".join("".join(row.cells) for row in state.entries[:100]))
            self.table.show_source(state.columns, FixedRows(state.entries))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        words = QVBoxLayout()
        caption = QLabel(t("Owed now"), self)
        caption.setProperty("role", "quiet")
        self._owed.setProperty("role", "heading")
        self._owed.setFont(fonts.figures(theme.TEXT.price))
        self._about.setWordWrap(True)
        for label in (caption, self._owed, self._about):
            words.addWidget(label)
        head.addLayout(words, 1)
        export = Button(t("Export the statement"), "download", kind="card", parent=self)
        export.clicked.connect(self._export)
        head.addWidget(self.period)
        head.addWidget(export)
        self.period.setFixedWidth(190)
        column.addLayout(head)
        column.addWidget(self._age_card())
        self.table.setMinimumHeight(_LIST_HEIGHT)
        column.addWidget(self.table, 1)
        column.addWidget(self._message)

    def _age_card(self) -> QFrame:
        card = QFrame(self)
        card.setProperty("role", "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(16, 10, 16, 10)
        grid.setHorizontalSpacing(16)
        for place in range(5):
            title, figure = QLabel(card), QLabel(card)
            title.setProperty("role", "quiet")
            title.setWordWrap(True)
            figure.setFont(fonts.figures(theme.TEXT.body))
            grid.addWidget(title, 0, place)
            grid.addWidget(figure, 1, place)
            grid.setColumnStretch(place, 1)
            self._ages.append((title, figure))
        return card

    def _export(self) -> None:
        suggested = documents_folder() / f"{t('statement')}.pdf"
        path, _ = QFileDialog.getSaveFileName(
            self,
            t("Export the statement"),
            str(suggested),
            "PDF (*.pdf);;XLSX (*.xlsx);;CSV (*.csv)",
        )
        if path:
            self._account.export(Path(path))


class DocumentsBox(QWidget):
    """Everything that was written for the customer, the latest first; `foot` is below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: AccountState | None = None
        self.table = TableView(t("Documents"), self)
        self._none = QLabel(t("Nothing was written for this customer yet."), self)
        self._none.setProperty("role", "quiet")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.table.setMinimumHeight(_LIST_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.table, 1)
        column.addWidget(self._none, 1)
        self.foot = QVBoxLayout()
        column.addLayout(self.foot)

    def show_state(self, state: AccountState) -> None:
        """Draw `state`."""
        old, self._shown = self._shown, state
        self.table.setVisible(bool(state.documents))
        self._none.setVisible(not state.documents)
        if old is None or old.documents != state.documents:
            self.table.show_source(state.document_columns, FixedRows(state.documents))
