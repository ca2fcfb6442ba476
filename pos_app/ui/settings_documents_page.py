"""The page about documents, with an invoice beside the fields that follows as one types."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QColorDialog,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.paper_view import PaperView
from pos_app.ui.presenters.settings_documents import (
    DocumentSettingsPresenter,
    DocumentsPageState,
)
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form

_LINE_PX = 24
_WIDEST_PX = 640
_LONG = {"payment_terms": 3, "shipping_terms": 2, "invoice_note": 2}
_NARROW = (
    "quotation_prefix",
    "order_prefix",
    "delivery_note_prefix",
    "invoice_prefix",
    "return_prefix",
    "customer_prefix",
)


class DocumentsPage(QWidget):
    """`attach(presenter)` brings it to life, `show_state(state)` draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: dict[str, QLineEdit | QPlainTextEdit] = {}
        self._forms: list[Form] = []
        self.language = ChoiceBox(t("Language of the papers"), self)
        self.paper = PaperView(self, widest_px=_WIDEST_PX)
        self.paper.setAccessibleName(t("The invoice as it is printed"))
        self.result = ResultLine(self)
        self.save = Button(t("Keep"), "check", kind="primary", parent=self)
        self.save.setAccessibleName(t("Keep the documents' settings"))
        self._lay_out()
        self._errors = FormErrors(*self._forms)

    def attach(self, presenter: DocumentSettingsPresenter) -> None:
        """Let `presenter` take the gestures from now on."""
        self._presenter = presenter
        for name, field in self._texts.items():
            if isinstance(field, QLineEdit):
                field.textEdited.connect(lambda text, name=name: presenter.change(**{name: text}))
            else:
                field.textChanged.connect(
                    lambda name=name, field=field: presenter.change(**{name: field.toPlainText()})
                )
        self.language.activated.connect(
            lambda _place: presenter.change(language=chosen_key(self.language))
        )
        self.save.clicked.connect(lambda _=False: presenter.save())
        self.show_state(presenter.state)

    def show_state(self, state: DocumentsPageState) -> None:
        """Draw `state`."""
        for name, field in self._texts.items():
            put_text(field, getattr(state.draft, name))
        fill_choices(self.language, state.languages)
        put_choice(self.language, state.draft.language)
        self._errors.show(state.errors)
        self.result.tell(state.result, state.result_tone)
        self.save.setEnabled(state.is_changed)
        words = state.picture_problem or ("" if state.picture else t("Drawing the invoice …"))
        self.paper.show_picture(state.picture, words)

    def field(self, name: str) -> QLineEdit | QPlainTextEdit | QComboBox:
        """Return the field of a part of the settings."""
        return self.language if name == "language" else self._texts[name]

    def _choose_logo(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
            t("Choose a logo"),
            str(Path.home()),
            t("Pictures") + " (*.png *.jpg *.jpeg *.bmp)",
        )
        if path:
            self._presenter.change(logo_path=path)

    def _choose_colour(self) -> None:
        now = QColor(self._presenter.state.draft.colour)
        chosen = QColorDialog.getColor(now, self, t("Choose a colour"))
        if chosen.isValid():
            self._presenter.change(colour=chosen.name().upper())

    def _line(self, name: str) -> QLineEdit:
        self._texts[name] = line = QLineEdit(self)
        return line

    def _lines(self, name: str) -> QPlainTextEdit:
        field = QPlainTextEdit(self)
        field.setTabChangesFocus(True)
        field.setFixedHeight(_LINE_PX * (_LONG[name] + 1))
        self._texts[name] = field
        return field

    def _form(self) -> Form:
        form = Form(self)
        self._forms.append(form)
        return form

    def _lay_out(self) -> None:
        fields = QWidget(self)
        inner = QVBoxLayout(fields)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.setSpacing(16)
        for made in (
            self._seller_card(),
            self._bank_card(),
            self._terms_card(),
            self._look_card(),
            self._numbers_card(),
        ):
            inner.addWidget(made)
        inner.addStretch(1)
        # The fields scroll by themselves, so that the invoice stays in sight.
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(fields)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(area, 1)
        left.addWidget(self.result)
        left.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTrailing)
        shown, column = card(t("Invoice preview"), self)
        column.addWidget(sentence(t("A made-up invoice. Nothing is kept."), shown))
        column.addWidget(self.paper, 1)
        shown.setMinimumWidth(300)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(16)
        row.addLayout(left, 3)
        row.addWidget(shown, 2)

    def _seller_card(self) -> QWidget:
        told = t("The shop's address in parts and its numbers, as invoices must name them.")
        return self._lines_card(
            t("Seller"),
            told,
            ("street", t("Street and number"), ""),
            ("postcode", t("Postcode"), ""),
            ("city", t("City"), ""),
            ("state", t("State or region"), ""),
            ("vat_id", t("VAT number"), t("such as DE123456789")),
            ("register", t("Commercial register"), t("Court and number, where there is one")),
            ("contact", t("Contact for questions"), ""),
            ("email", t("E-mail"), ""),
            ("website", t("Website"), ""),
        )

    def _bank_card(self) -> QWidget:
        told = t("With an IBAN, invoices in euro carry a code that banking apps read.")
        return self._lines_card(
            t("Bank"),
            told,
            ("holder", t("Account holder"), t("Left empty: the name of the shop")),
            ("iban", t("IBAN"), ""),
            ("bic", t("BIC"), ""),
            ("bank", t("Name of the bank"), ""),
        )

    def _lines_card(self, title: str, told: str, *rows: tuple[str, str, str]) -> QWidget:
        """A card of one-line fields, each with its name, label and hint."""
        made, column = card(title, self)
        column.addWidget(sentence(told, made))
        form = self._form()
        for name, label, hint in rows:
            form.add_row(name, label, self._line(name), hint)
        column.addWidget(form)
        return made

    def _terms_card(self) -> QWidget:
        made, column = card(t("Days and terms"), self)
        form = self._form()
        form.add_row("valid_days", t("Quotations are good for days"), self._line("valid_days"))
        form.add_row("due_days", t("Invoices are due after days"), self._line("due_days"))
        hint = t("Days after the last day to pay, such as 7 14 21")
        form.add_row("reminder_days", t("Remind after days"), self._line("reminder_days"), hint)
        hint = t("Left at 0: nothing off for paying early")
        form.add_row("early_days", t("Early payment within days"), self._line("early_days"), hint)
        form.add_row("early_percent", t("Percent off for it"), self._line("early_percent"))
        form.add_row("payment_terms", t("Terms of payment"), self._lines("payment_terms"))
        form.add_row("shipping_terms", t("Terms of delivery"), self._lines("shipping_terms"))
        form.add_row("invoice_note", t("Note on every invoice"), self._lines("invoice_note"))
        column.addWidget(form)
        return made

    def _look_card(self) -> QWidget:
        made, column = card(t("Look"), self)
        form = self._form()
        hint = t("Left empty: the logo of the receipt")
        form.add_row("logo_path", t("Logo"), self._with_button("logo_path"), hint)
        form.add_row("colour", t("Colour"), self._with_button("colour"))
        form.add_row("language", t("Language of the papers"), self.language)
        column.addWidget(form)
        return made

    def _numbers_card(self) -> QWidget:
        made, column = card(t("Numbers"), self)
        told = t("What each kind of number begins with; the year, the month and a count follow.")
        column.addWidget(sentence(told, made))
        words = (
            t("Quotations"),
            t("Orders"),
            t("Delivery notes"),
            t("Invoices"),
            t("Returns"),
            t("Customers"),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for place, (name, word) in enumerate(zip(_NARROW, words, strict=True)):
            form = self._form()
            form.add_row(name, word, self._line(name))
            grid.addWidget(form, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        column.addLayout(grid)
        return made

    def _with_button(self, name: str) -> QWidget:
        is_logo = name == "logo_path"
        words = t("Choose a logo") if is_logo else t("Choose a colour")
        field = QWidget(self)
        row = QHBoxLayout(field)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        line = self._line(name)
        line.setAccessibleName(t("Logo") if is_logo else t("Colour"))
        icon = "folder-open" if is_logo else "image"
        browse = Button("", icon, kind="card", name=words, parent=field)
        browse.clicked.connect(
            lambda _=False: self._choose_logo() if is_logo else self._choose_colour()
        )
        line.setMinimumHeight(browse.minimumHeight())
        row.addWidget(line, 1)
        row.addWidget(browse)
        field.setFocusProxy(line)
        return field
