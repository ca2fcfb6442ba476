"""The page about the shop itself, with its receipt beside the fields."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.page_parts import card, sentence
from pos_app.ui.paper_view import PaperView
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.settings import SettingsPresenter, SettingsState
from pos_app.ui.settings_fields import SettingsFields
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.form import Form


class ShopPage(QWidget):
    """Name, address, tax number, logo, header and footer; the receipt follows as one types."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.fields = SettingsFields(self, presenter.change)
        self.form, self.receipt_form = Form(self), Form(self)
        self._errors = FormErrors(self.form, self.receipt_form)
        self.paper = PaperView(self)
        self._lay_out()

    def show_state(self, state: SettingsState) -> None:
        """Draw `state`."""
        self.fields.offer("country", state.countries)
        same = Choice("", t("As on the screen"))
        self.fields.offer("receipt_language", (same, *state.languages))
        self.fields.fill(state.draft)
        self._errors.show(state.errors)
        words = state.picture_problem or ("" if state.picture else t("Drawing the receipt …"))
        self.paper.show_picture(state.picture, words)

    def _choose_logo(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
            t("Choose a logo"),
            str(Path.home()),
            t("Pictures") + " (*.png *.jpg *.jpeg *.bmp)",
        )
        if path:
            self._presenter.change(logo_path=path)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self._about_card())
        left.addWidget(self._receipt_card())
        left.addStretch(1)
        shown, column = card(t("Receipt preview"), self)
        column.addWidget(sentence(t("A made-up sale. Nothing is printed."), shown))
        column.addWidget(self.paper, 1)
        shown.setMinimumWidth(300)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(16)
        row.addLayout(left, 3)
        row.addWidget(shown, 2)

    def _about_card(self) -> QWidget:
        make = self.fields
        self.form.add_row("name", t("Name of the shop"), make.line("name"))
        self.form.add_row("address", t("Address"), make.lines("address", 3))
        self.form.add_row("phone", t("Phone"), make.line("phone"))
        self.form.add_row("tax_number", t("Tax number"), make.line("tax_number"))
        self.form.add_row(
            "country",
            t("Country"),
            make.choice("country", self._presenter.choose_country),
            t("Fills in currency, rounding and banknotes"),
        )
        about, column = card(t("Shop"), self)
        column.addWidget(self.form)
        return about

    def _receipt_card(self) -> QWidget:
        make, form = self.fields, self.receipt_form
        form.add_row("logo_path", t("Logo"), self._logo_field(), t("Printed in black and white"))
        form.add_row("header", t("Above the goods"), make.lines("header", 2))
        form.add_row("footer", t("Below the total"), make.lines("footer", 2))
        form.add_row(
            "receipt_language", t("Language of the receipt"), make.choice("receipt_language")
        )
        receipt, column = card(t("Receipt"), self)
        column.addWidget(form)
        column.addWidget(make.tick("shows_tax_table", t("Print the tax table")))
        column.addWidget(make.tick("shows_qr", t("Print the QR code that finds it again")))
        return receipt

    def _logo_field(self) -> QWidget:
        logo = QWidget(self)
        row = QHBoxLayout(logo)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        line = self.fields.line("logo_path")
        line.setAccessibleName(t("Logo"))
        browse = Button("", "folder-open", kind="card", name=t("Choose a logo"), parent=logo)
        browse.clicked.connect(self._choose_logo)
        line.setMinimumHeight(browse.minimumHeight())
        row.addWidget(line, 1)
        row.addWidget(browse)
        logo.setFocusProxy(line)
        return logo
