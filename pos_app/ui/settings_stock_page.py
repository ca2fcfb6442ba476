"""The settings page about stock."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.presenters.settings_stock import StockPageState, StockSettingsPresenter
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.text_area import TextArea

_LINES_PX = 120


class StockSettingsPage(QWidget):
    """`attach(presenter)` brings it to life, `show_state(state)` draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.at_zero = ChoiceBox(parent=self)
        self.locations = TextArea(self)
        self.locations.setFixedHeight(_LINES_PX)
        self.days = QLineEdit(self)
        self.form = Form(self)
        self._errors = FormErrors(self.form)
        self.result = ResultLine(self)
        self.save = Button(t("Keep"), "check", kind="primary", parent=self)
        self._lay_out()

    def attach(self, presenter: StockSettingsPresenter) -> None:
        """Let `presenter` take the gestures from now on."""
        self.at_zero.activated.connect(
            lambda _place: presenter.change(at_zero=chosen_key(self.at_zero))
        )
        self.locations.textChanged.connect(
            lambda: presenter.change(locations=self.locations.toPlainText())
        )
        self.days.textEdited.connect(lambda text: presenter.change(expiry_notice_days=text))
        self.save.clicked.connect(lambda _=False: presenter.save())
        self.show_state(presenter.state)

    def show_state(self, state: StockPageState) -> None:
        """Draw `state`."""
        fill_choices(self.at_zero, state.choices)
        put_choice(self.at_zero, state.draft.at_zero)
        put_text(self.locations, state.draft.locations)
        put_text(self.days, state.draft.expiry_notice_days)
        self._errors.show(state.errors)
        self.result.tell(state.result, state.result_tone)
        self.save.setEnabled(state.is_changed)

    def _lay_out(self) -> None:
        frame, column = card(t("Stock"), self)
        column.addWidget(
            sentence(t("A product’s own rule, on its sheet, goes before this one."), frame)
        )
        self.form.add_row("at_zero", t("When none is left"), self.at_zero)
        self.form.add_row(
            "locations",
            t("Places where goods are kept"),
            self.locations,
            t("One in each line. The till sells from the shop’s own place."),
        )
        self.form.add_row(
            "expiry_notice_days", t("Days before a date at which the till warns"), self.days
        )
        column.addWidget(self.form)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 8, 0)
        outer.setSpacing(12)
        outer.addWidget(frame)
        outer.addWidget(self.result)
        outer.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTrailing)
        outer.addStretch(1)
