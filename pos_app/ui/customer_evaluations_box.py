"""Credit evaluations of a customer: a new one, and those before it."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.credit import REMARK_LIMIT
from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice, put_text
from pos_app.ui.presenters.customer_account import AccountState, CustomerAccount
from pos_app.ui.presenters.customer_words import risk_words
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.table_view import TableView

_LIST_HEIGHT = 150


class EvaluationsBox(QFrame):
    """One row to write an evaluation, and the history below it."""

    def __init__(self, account: CustomerAccount, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._account = account
        self._shown: AccountState | None = None
        self.day, self.score, self.remark = (QLineEdit(self) for _ in range(3))
        self.risk = ChoiceBox(t("Risk"), self)
        self.add = Button(t("Write down"), "check", kind="card", parent=self)
        self.table = TableView(t("Evaluations"), self)
        self._error = QLabel(self)
        self._lay_out()
        for name, field in (("day", self.day), ("score", self.score), ("remark", self.remark)):
            field.textEdited.connect(
                lambda text, name=name: account.type_evaluation(**{name: text})
            )
            field.returnPressed.connect(account.evaluate)
        self.risk.activated.connect(
            lambda _place: account.type_evaluation(risk=chosen_key(self.risk))
        )
        self.add.clicked.connect(account.evaluate)

    def show_state(self, state: AccountState) -> None:
        """Draw `state`."""
        old, self._shown = self._shown, state
        fill_choices(self.risk, [Choice(risk.value, word) for risk, word in risk_words().items()])
        put_choice(self.risk, state.draft.risk)
        put_text(self.day, state.draft.day)
        put_text(self.score, state.draft.score)
        put_text(self.remark, state.draft.remark)
        self._error.setText(f"⚠ {state.error}")
        self._error.setVisible(bool(state.error))
        if old is None or old.evaluations != state.evaluations:
            self.table.show_source(state.evaluation_columns, FixedRows(state.evaluations))
        self.table.setVisible(bool(state.evaluations))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        heading = QLabel(t("Credit evaluations"), self)
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        row = QHBoxLayout()
        row.setSpacing(8)
        for field, name, width in (
            (self.day, t("Day"), 120),
            (self.score, t("Score, 0 to 100"), 150),
            (self.risk, t("Risk"), 130),
            (self.remark, t("Remark"), 0),
        ):
            field.setAccessibleName(name)
            field.setMinimumHeight(theme.mm(self, 12))
            if isinstance(field, QLineEdit):
                field.setPlaceholderText(name)
            if width:
                field.setFixedWidth(width)
            row.addWidget(field, 0 if width else 1)
        row.addWidget(self.add)
        self.remark.setMaxLength(REMARK_LIMIT)
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        column.addLayout(row)
        column.addWidget(self._error)
        self.table.setMinimumHeight(_LIST_HEIGHT)
        column.addWidget(self.table, 1)
        column.addStretch(1)
