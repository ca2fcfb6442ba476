"""The shop's taxes: the list, and one of them to change or to add."""

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from pos_app.domain.tax import Tax
from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice
from pos_app.ui.page_parts import ResultLine, sentence
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.typed_figures import shown_figure
from pos_app.ui.views import Tone
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.tick import Tick

NEW = "new"
Save = Callable[..., str]


class TaxEditor(QWidget):
    """`save(code, name, rate, is_fixed, included, affects_next)` returns what is wrong."""

    def __init__(
        self,
        save: Save,
        tax_of: Callable[[str], Tax | None],
        amounts: Callable[[], AmountFormat],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._save = save
        self._tax_of = tax_of
        self._amounts = amounts
        self.which = ChoiceBox(parent=self)
        self.code, self.name, self.rate = (QLineEdit(self) for _ in range(3))
        self.kind, self.included = ChoiceBox(parent=self), ChoiceBox(parent=self)
        self.affects_next = Tick(t("The next tax is taken on it as well"), self)
        self.button = Button(t("Keep this tax"), "check", kind="card", parent=self)
        self._result = ResultLine(self)
        self._lay_out()
        fill_choices(
            self.kind, (Choice("rate", t("percent")), Choice("fixed", t("amount per unit")))
        )
        fill_choices(
            self.included,
            (
                Choice("", t("as the shop's prices")),
                Choice("yes", t("always in the price")),
                Choice("no", t("always added")),
            ),
        )
        self.which.activated.connect(lambda _place: self._open(chosen_key(self.which)))
        self.button.clicked.connect(self._keep)

    def show_taxes(self, taxes: tuple[Choice, ...]) -> None:
        """Offer these taxes and a new one."""
        before = chosen_key(self.which)
        fill_choices(self.which, (*taxes, Choice(NEW, t("New tax"))))
        after = chosen_key(self.which)
        if not after:
            put_choice(self.which, taxes[0].key if taxes else NEW)
            self._open(chosen_key(self.which))
        elif before != after:
            self._open(after)

    def _open(self, key: str) -> None:
        tax = self._tax_of(key)
        self._result.tell("", Tone.PLAIN)
        is_fixed = tax is not None and tax.rate is None
        figure = None if tax is None else tax.fixed_per_unit if is_fixed else tax.rate
        self.code.setText(tax.code if tax is not None else "")
        self.name.setText(tax.name if tax is not None else "")
        fonts.ensure_for(self.name.text())
        self.rate.setText(shown_figure(figure, self._amounts()))
        put_choice(self.kind, "fixed" if is_fixed else "rate")
        included = tax.included if tax is not None else None
        put_choice(self.included, "" if included is None else "yes" if included else "no")
        self.affects_next.setChecked(tax is not None and tax.affects_next)
        if tax is None:
            self.code.setFocus()

    def _keep(self) -> None:
        included = {"yes": True, "no": False}.get(chosen_key(self.included))
        problem = self._save(
            self.code.text(),
            self.name.text(),
            self.rate.text(),
            is_fixed=chosen_key(self.kind) == "fixed",
            included=included,
            affects_next=self.affects_next.isChecked(),
        )
        if problem:
            self._result.tell(problem, Tone.DANGER)
        else:
            told = t("Kept. Products with this code have the new figure from now on.")
            self._result.tell(told, Tone.SUCCESS)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        self.rate.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        rows = (
            (t("Tax"), self.which, 0, 0, 2),
            (t("Code"), self.code, 2, 0, 1),
            (t("Name on the receipt"), self.name, 2, 1, 1),
            (t("Rate or amount"), self.rate, 4, 0, 1),
            (t("Counted in"), self.kind, 4, 1, 1),
            (t("In the price?"), self.included, 6, 0, 2),
        )
        for label, field, row, column, wide in rows:
            words = QLabel(label, self)
            words.setFont(fonts.font(theme.TEXT.office, fonts.SEMIBOLD))
            words.setBuddy(field)
            field.setAccessibleName(label)
            field.setMinimumHeight(theme.mm(self, 12))
            grid.addWidget(words, row, column, 1, wide)
            grid.addWidget(field, row + 1, column, 1, wide)
        grid.addWidget(self.affects_next, 8, 0, 1, 2)
        grid.addWidget(self._result, 9, 0, 1, 2)
        grid.addWidget(self.button, 10, 0, 1, 1)
        advice = t("A tax with the same code takes the place of the old one.")
        grid.addWidget(sentence(advice, self), 11, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 2)
