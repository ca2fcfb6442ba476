"""The page about prices and taxes, with one sale reckoned as the till would."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.page_parts import card, sentence
from pos_app.ui.presenters.settings import SettingsPresenter, SettingsState
from pos_app.ui.settings_fields import SettingsFields
from pos_app.ui.tax_editor import TaxEditor
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form


class PricesPage(QWidget):
    """Currency, rounding and taxes; the example follows as one types; saving confirms it."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.fields = SettingsFields(self, presenter.change)
        self.form, self.cash_form, self.returns_form = Form(self), Form(self), Form(self)
        self.taxes = TaxEditor(presenter.save_tax, presenter.tax, lambda: presenter.amounts, self)
        self._errors = FormErrors(self.form, self.cash_form, self.returns_form)
        self._source = sentence("", self)
        self._add_country = Button(t("Add this country's taxes"), "plus", kind="card", parent=self)
        self._add_country.clicked.connect(presenter.add_country_taxes)
        self._make_example()
        self._lay_out()

    def show_state(self, state: SettingsState) -> None:
        """Draw `state`."""
        self.fields.offer("currency", state.currencies)
        self.fields.offer("tax_rounding", state.roundings)
        self.fields.offer("rounding", state.modes)
        self.fields.offer("cash_mode", state.modes)
        self.fields.fill(state.draft)
        self._errors.show(state.errors)
        self._source.setText(state.country_note)
        self.taxes.show_taxes(state.taxes)
        fill_choices(self.example_tax, state.taxes)
        put_choice(self.example_tax, state.example_tax)
        put_text(self.example_price, state.example_price)
        self._show_example(state)

    def _show_example(self, state: SettingsState) -> None:
        for place, (label, amount) in enumerate(self._lines):
            line = state.example[place] if place < len(state.example) else None
            label.setVisible(line is not None)
            amount.setVisible(line is not None)
            if line is not None:
                fonts.ensure_for(line.label + line.amount)
                weight = fonts.BOLD if line.is_total else fonts.REGULAR
                px = theme.TEXT.body if line.is_total else theme.TEXT.office
                label.setText(line.label)
                label.setFont(fonts.font(px, weight))
                amount.setText(line.amount)
                amount.setFont(fonts.figures(px, weight))
        self._no_example.setVisible(not state.example)

    def _make_example(self) -> None:
        self.example_price = QLineEdit(self)
        self.example_price.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        self.example_price.setAccessibleName(t("Price of one"))
        self.example_price.textEdited.connect(lambda text: self._presenter.try_example(price=text))
        self.example_tax = ChoiceBox(parent=self)
        self.example_tax.setAccessibleName(t("Tax in the example"))
        self.example_tax.activated.connect(
            lambda _place: self._presenter.try_example(tax=chosen_key(self.example_tax))
        )
        self._lines = [(QLabel(self), QLabel(self)) for _ in range(5)]
        self._no_example = sentence(t("Enter a price and choose a tax."), self)

    def _lay_out(self) -> None:
        make = self.fields
        self.form.add_row("currency", t("Currency"), make.choice("currency"))
        prices, prices_column = card(t("Prices"), self)
        prices_column.addWidget(self.form)
        prices_column.addWidget(make.tick("prices_include_tax", t("Prices include tax")))
        rounding = Form(self)
        rounding.add_row("tax_rounding", t("Where tax is rounded"), make.choice("tax_rounding"))
        rounding.add_row("rounding", t("How it is rounded"), make.choice("rounding"))
        prices_column.addWidget(rounding)
        cash, cash_column = card(t("Cash"), self)
        self.cash_form.add_row(
            "cash_step",
            t("Cash is rounded to"),
            make.line("cash_step", is_figure=True),
            t("such as 0.05; left empty: not rounded"),
        )
        self.cash_form.add_row("cash_mode", t("How cash is rounded"), make.choice("cash_mode"))
        self.cash_form.add_row(
            "quick_amounts",
            t("Banknotes for quick payment"),
            make.line("quick_amounts", is_figure=True),
        )
        self.cash_form.add_row(
            "discount_presets",
            t("Discounts offered, in percent"),
            make.line("discount_presets", is_figure=True),
        )
        cash_column.addWidget(self.cash_form)
        cash_column.addWidget(
            make.tick("cash_only", t("Round only what is paid in cash, not card payments"))
        )
        taxes, taxes_column = card(t("Taxes"), self)
        taxes_column.addWidget(self.taxes)
        taxes_column.addWidget(self._add_country, 0, Qt.AlignmentFlag.AlignLeading)
        taxes_column.addWidget(self._source)
        left, right = QVBoxLayout(), QVBoxLayout()
        far = (self._example_card(), taxes, self._returns_card())
        for column, parts in ((left, (prices, cash)), (right, far)):
            column.setSpacing(16)
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addLayout(right, 1)

    def _returns_card(self) -> QWidget:
        make, form = self.fields, self.returns_form
        form.add_row(
            "return_days",
            t("Taken back for so many days"),
            make.line("return_days", is_figure=True),
            t("left empty: for ever"),
        )
        form.add_row(
            "return_reasons",
            t("Reasons, one a line: back on the shelf"),
            make.lines("return_reasons", 3),
        )
        form.add_row(
            "return_spoilt",
            t("Reasons, one a line: written off"),
            make.lines("return_spoilt", 3),
        )
        returns, column = card(t("Returns"), self)
        column.addWidget(form)
        return returns

    def _example_card(self) -> QWidget:
        shown, column = card(t("For example, three of them:"), self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for place, (words, field) in enumerate(
            ((t("Price of one"), self.example_price), (t("Tax"), self.example_tax))
        ):
            label = QLabel(words, shown)
            label.setBuddy(field)
            field.setMinimumHeight(theme.mm(self, 12))
            grid.addWidget(label, 0, place)
            grid.addWidget(field, 1, place)
            grid.setColumnStretch(place, 1)
        column.addLayout(grid)
        figures = QGridLayout()
        figures.setVerticalSpacing(6)
        far = Qt.AlignmentFlag.AlignTrailing
        for place, (label, amount) in enumerate(self._lines):
            figures.addWidget(label, place, 0)
            figures.addWidget(amount, place, 1, far)
        column.addLayout(figures)
        column.addWidget(self._no_example)
        advice = t("Compare with a receipt you know is right. Save when these figures are right.")
        column.addWidget(sentence(advice, shown))
        return shown
