"""The page about payments."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.tender_settings import TerminalKind
from pos_app.texts import t
from pos_app.ui.field_values import chosen_key, fill_choices, put_checked, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.presenters.office_words import method_words
from pos_app.ui.presenters.settings_payments import (
    OFFERED,
    PaymentsPageState,
    PaymentsPresenter,
)
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.tick import Tick

_TEXTS = (
    "terminal_target",
    "credit_limit",
    "offline_allowance",
    "months",
    "points_per_unit",
    "points_worth",
)


class PaymentsPage(QWidget):
    """`attach(presenter)` brings it to life, `show_state(state)` draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = method_words()
        self.methods = {method.value: Tick(words[method], self) for method in OFFERED}
        self.tips = Tick(t("Take tips, and offer “Keep the change”"), self)
        self.accounts = Tick(t("Follow what each customer owes"), self)
        self.unknown = Tick(t("Take cards of other tills, up to the amount above"), self)
        self.terminal = ChoiceBox(parent=self)
        self.texts = {name: QLineEdit(self) for name in _TEXTS}
        self.try_terminal = Button(t("Ask the terminal"), "plug", kind="card", parent=self)
        self.save = Button(t("Keep"), "check", kind="primary", parent=self)
        self.save.setAccessibleName(t("Keep the payments"))
        self.result = ResultLine(self)
        self._forms = tuple(Form(self) for _ in range(4))
        self._errors = FormErrors(*self._forms)
        self._lay_out()

    def attach(self, presenter: PaymentsPresenter) -> None:
        """Let `presenter` take the gestures from now on."""
        for key, tick in self.methods.items():
            tick.toggled.connect(lambda is_on, key=key: presenter.switch(key, is_on))
        for name, line in self.texts.items():
            line.textEdited.connect(lambda text, name=name: presenter.change(**{name: text}))
        self.tips.toggled.connect(lambda is_on: presenter.change(tips=is_on))
        self.accounts.toggled.connect(lambda is_on: presenter.change(keeps_accounts=is_on))
        self.unknown.toggled.connect(lambda is_on: presenter.change(accepts_unknown=is_on))
        self.terminal.activated.connect(
            lambda _place: presenter.change(terminal=chosen_key(self.terminal))
        )
        self.try_terminal.clicked.connect(lambda _=False: presenter.try_terminal())
        self.save.clicked.connect(lambda _=False: presenter.save())
        self.show_state(presenter.state)

    def show_state(self, state: PaymentsPageState) -> None:
        """Draw `state`."""
        draft = state.draft
        chosen = {method.value for method in draft.methods}
        for key, tick in self.methods.items():
            put_checked(tick.box, key in chosen)
        for name, line in self.texts.items():
            put_text(line, getattr(draft, name))
        put_checked(self.tips.box, draft.tips)
        put_checked(self.accounts.box, draft.keeps_accounts)
        put_checked(self.unknown.box, draft.accepts_unknown)
        fill_choices(self.terminal, state.terminals)
        put_choice(self.terminal, draft.terminal)
        is_network = draft.terminal == TerminalKind.NETWORK.value
        self.texts["terminal_target"].setEnabled(is_network)
        self.try_terminal.setEnabled(is_network and not state.is_asking)
        self._errors.show(state.errors)
        self.result.tell(state.result, state.result_tone)
        self.save.setEnabled(state.is_changed)

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, cards in (
            (left, (self._ways_card(), self._terminal_card())),
            (right, (self._held_card(), self._points_card())),
        ):
            column.setSpacing(16)
            for made in cards:
                column.addWidget(made)
            column.addStretch(1)
        right.insertWidget(2, self.result)
        right.insertWidget(3, self.save, 0, Qt.AlignmentFlag.AlignTrailing)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 8, 0)
        columns.setSpacing(16)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)

    def _ways_card(self) -> QWidget:
        made, column = card(t("Ways to pay"), self)
        told = t("Cash and card are always there; these stand on the sheet behind F5.")
        column.addWidget(sentence(told, made))
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, tick in enumerate(self.methods.values()):
            grid.addWidget(tick, place // 2, place % 2)
        column.addLayout(grid)
        column.addWidget(self.tips)
        column.addWidget(self.accounts)
        hint = t("Left empty: no limit")
        self._forms[0].add_row(
            "credit_limit", t("A customer may owe"), self.texts["credit_limit"], hint
        )
        column.addWidget(self._forms[0])
        return made

    def _terminal_card(self) -> QWidget:
        made, column = card(t("Card terminal"), self)
        form = self._forms[1]
        told = t("By itself the amount is typed there; over the network the till sends it.")
        column.addWidget(sentence(told, made))
        form.add_row("terminal", t("How it is used"), self.terminal)
        hint = t("such as 192.168.1.20:9100")
        form.add_row("terminal_target", t("Address and port"), self.texts["terminal_target"], hint)
        column.addWidget(form)
        column.addWidget(self.try_terminal, 0, Qt.AlignmentFlag.AlignLeading)
        return made

    def _held_card(self) -> QWidget:
        made, column = card(t("Gift cards and store credit"), self)
        form = self._forms[2]
        form.add_row(
            "months", t("Good for months"), self.texts["months"], t("Left empty: for ever")
        )
        form.add_row(
            "offline_allowance",
            t("Limit for one card at this till"),
            self.texts["offline_allowance"],
            t("Left empty: all that is on it. For shops with several tills"),
        )
        column.addWidget(form)
        column.addWidget(self.unknown)
        return made

    def _points_card(self) -> QWidget:
        made, column = card(t("Points"), self)
        form = self._forms[3]
        form.add_row(
            "points_per_unit",
            t("Points for one unit of money"),
            self.texts["points_per_unit"],
            t("Left empty: customers collect no points"),
        )
        form.add_row(
            "points_worth",
            t("One point pays"),
            self.texts["points_worth"],
            t("in units of money, such as 0.01"),
        )
        column.addWidget(form)
        return made
