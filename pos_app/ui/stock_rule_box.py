"""What the shop says about the stock of one product: at zero, when to order, batches."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_checked, put_choice, put_text
from pos_app.ui.presenters.product_form import ProductFormState
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form


class StockRuleBox(QWidget):
    """`attach(change)` tells what was typed or chosen, by field of the draft."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.at_zero = ChoiceBox(parent=self)
        self.reorder_at, self.reorder_to = QLineEdit(self), QLineEdit(self)
        for field in (self.reorder_at, self.reorder_to):
            field.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        self.batches = QCheckBox(t("Has batches with a date"), self)
        self.batches.setAccessibleName(t("Has batches with a date"))
        self.form, self.far_form = Form(self), Form(self)
        self.form.add_row("at_zero", t("When none is left"), self.at_zero)
        self.form.add_row("reorder_at", t("Order at"), self.reorder_at, t("Left empty: never"))
        self.far_form.add_row(
            "reorder_to", t("Fill up to"), self.reorder_to, t("Left empty: up to “Order at”")
        )
        near, far = QVBoxLayout(), QVBoxLayout()
        near.addWidget(self.form)
        far.addWidget(self.batches)
        far.addWidget(self.far_form)
        far.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addLayout(near, 1)
        row.addLayout(far, 1)

    def attach(self, change: Callable[..., None]) -> None:
        """Call `change(field=value)` from now on."""
        self.at_zero.activated.connect(lambda _place: change(at_zero=chosen_key(self.at_zero)))
        self.reorder_at.textEdited.connect(lambda text: change(reorder_at=text))
        self.reorder_to.textEdited.connect(lambda text: change(reorder_to=text))
        self.batches.toggled.connect(lambda is_on: change(tracks_batches=is_on))

    def show_rule(self, state: ProductFormState) -> None:
        """Draw the rule of the draft."""
        draft = state.draft
        fill_choices(self.at_zero, state.at_zero)
        put_choice(self.at_zero, draft.at_zero)
        put_text(self.reorder_at, draft.reorder_at)
        put_text(self.reorder_to, draft.reorder_to)
        put_checked(self.batches, draft.tracks_batches)
