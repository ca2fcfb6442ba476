"""The sheet on which cash is put in or taken out."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.texts import t
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.form_sheet import FormSheet
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.cash_movement_form import CashMovementForm, MovementFormState
from pos_app.ui.views import CategoryView
from pos_app.ui.widgets.chip_row import ChipRow
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form


class CashMovementSheet(FormSheet):
    """Amount, reason and reference; the usual reasons are one touch away."""

    def __init__(self, form: CashMovementForm, parent: QWidget | None = None) -> None:
        super().__init__(
            form.state.title, form.save, lambda: form.state.is_changed, QSize(560, 680), parent
        )
        self._movement = form
        self.form = Form(self)
        self._errors = FormErrors(self.form)
        self.amount, self.reason, self.reference = (QLineEdit(self) for _ in range(3))
        self.currency = ChoiceBox(parent=self)
        self.reasons = ChipRow(t("Usual reasons"), self)
        self._lay_out(form.state)
        self._connect()
        form.retry = lambda: self._act("save")
        form.watch(self.show_state)
        self.amount.setFocus()

    def show_state(self, state: MovementFormState) -> None:
        """Draw `state`."""
        fill_choices(self.currency, state.currencies)
        put_choice(self.currency, state.currency)
        put_text(self.amount, state.amount)
        put_text(self.reason, state.reason)
        put_text(self.reference, state.reference)
        chips = [CategoryView(reason, reason) for reason in state.reasons]
        self.reasons.show_chips(chips, state.reason)
        self._errors.show(state.errors)
        self.show_message(state.message, is_error=bool(state.message))

    def _connect(self) -> None:
        change = self._movement.change
        self.amount.textEdited.connect(lambda text: change(amount=text))
        self.reason.textEdited.connect(lambda text: change(reason=text))
        self.reference.textEdited.connect(lambda text: change(reference=text))
        self.reasons.chosen.connect(lambda reason: change(reason=reason))
        self.currency.activated.connect(lambda _place: change(currency=chosen_key(self.currency)))

    def _lay_out(self, state: MovementFormState) -> None:
        self.fields.addWidget(sentence(state.about, self))
        self.form.add_row("amount", t("Amount"), self.amount)
        if len(state.currencies) > 1:
            self.form.add_row("currency", t("Currency"), self.currency)
        else:
            self.currency.hide()
        self.form.add_row("reason", t("Reason"), self.reason)
        self.form.add_row("reasons", t("Usual reasons"), self.reasons)
        self.form.add_row("reference", t("Number of the bill or bag"), self.reference)
        self.fields.addWidget(self.form)
        self.fields.addStretch(1)
