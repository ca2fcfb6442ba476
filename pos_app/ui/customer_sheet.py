"""The sheet of one customer: the record in sections, the account and the documents."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui.customer_account_box import DocumentsBox, StatementBox
from pos_app.ui.customer_evaluations_box import EvaluationsBox
from pos_app.ui.field_values import chosen_key, fill_choices, put_checked, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.form_sheet import FormSheet
from pos_app.ui.presenters.customer_account import CustomerAccount
from pos_app.ui.presenters.customer_form import CustomerForm, CustomerFormState
from pos_app.ui.presenters.customer_words import customer_field_words
from pos_app.ui.views import CategoryView
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.chip_row import ChipRow
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form

DETAILS, TRADE, CREDIT, ACCOUNT, DOCUMENTS = "details", "trade", "credit", "account", "documents"
_FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    DETAILS: (
        ("name", "contact", "phone", "email", "card_code", "number"),
        ("address", "postcode", "city", "state", "country", "note"),
    ),
    TRADE: (("category", "region"), ("price_list", "tax_number")),
    CREDIT: (("credit_limit", "credit_days"), ("bank_name", "bank_account", "payment_terms")),
}
_LONG = ("address", "note")
_CREDIT = ("credit_limit", "credit_days", "bank_name", "bank_account", "payment_terms")


class CustomerSheet(FormSheet):
    """What is wrong stands under its field, in whichever section; nothing typed is lost."""

    def __init__(
        self,
        form: CustomerForm,
        parent: QWidget | None = None,
        *,
        account: CustomerAccount | None = None,
        on_export: Callable[[], None] | None = None,
        on_erase: Callable[[], None] | None = None,
        on_document: Callable[[str, str], None] | None = None,
    ) -> None:
        super().__init__(
            form.state.title, form.save, lambda: form.state.is_changed, QSize(960, 760), parent
        )
        self._form = form
        self._account = account
        self._on_document = on_document
        self._fields: dict[str, QLineEdit | QPlainTextEdit] = {}
        self._section_of: dict[str, str] = {}
        self.price_list = ChoiceBox(t("Price list"), self)
        self.active = QCheckBox(t("Active: offered at the till and for new documents"), self)
        self.active.setAccessibleName(t("Active"))
        self.sections = ChipRow(t("Sections"), self)
        self._pages = _Pages(self)
        self._places: dict[str, int] = {}
        self._forms: list[Form] = []
        self._shown_errors: dict[str, str] = {}
        for key in _FIELDS:
            self._add_page(key, self._form_page(key))
        self._add_account(on_export, on_erase)
        self._errors = FormErrors(*self._forms)
        self.fields.addWidget(self.sections)
        self.fields.addWidget(self._pages, 1)
        self.sections.chosen.connect(self.show_section)
        self.price_list.activated.connect(
            lambda _place: form.change(price_list=chosen_key(self.price_list))
        )
        self.active.toggled.connect(lambda is_on: form.change(is_active=is_on))
        self.show_section(DETAILS)
        form.on_done = self.accept
        form.watch(self.show_state)
        self._fields["name"].setFocus()

    def show_state(self, state: CustomerFormState) -> None:
        """Draw `state`."""
        fill_choices(self.price_list, state.price_lists)
        put_choice(self.price_list, state.draft.price_list)
        put_checked(self.active, state.draft.is_active)
        for name, field in self._fields.items():
            source = state.credit if name in _CREDIT else state.draft
            put_text(field, getattr(source, name))
        news = state.errors.keys() - self._shown_errors.keys()
        self._shown_errors = dict(state.errors)
        wrong = next((name for name in self._section_of if name in news), None)
        if wrong is not None:
            self.show_section(self._section_of[wrong])
        self._errors.show(state.errors)
        self.show_message(state.message, is_error=bool(state.errors))

    def show_section(self, key: str) -> None:
        """Show one section of the record."""
        self.sections.show_chips(self._chips(), key)
        self._pages.setCurrentIndex(self._places[key])
        self._pages.updateGeometry()

    def field(self, name: str) -> QLineEdit | QPlainTextEdit:
        """Return the field of one of the customer's facts."""
        return self._fields[name]

    def take_scan(self, code: str) -> None:
        """Take a scanned card for this customer's, whatever has the focus."""
        self._form.change(card_code=code)
        self.show_section(DETAILS)
        self.show_field(self._fields["card_code"])

    def _chips(self) -> tuple[CategoryView, ...]:
        words = {
            DETAILS: t("Details"),
            TRADE: t("Trade"),
            CREDIT: t("Credit and bank"),
            ACCOUNT: t("Account"),
            DOCUMENTS: t("Documents"),
        }
        return tuple(CategoryView(key, words[key]) for key in self._places)

    def _add_page(self, key: str, page: QWidget) -> None:
        self._places[key] = self._pages.addWidget(page)

    def _form_page(self, key: str) -> QWidget:
        page = QWidget(self)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 4, 0, 0)
        outer.setSpacing(12)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        for names in _FIELDS[key]:
            columns.addLayout(self._column(key, names), 1)
        outer.addLayout(columns)
        if key == TRADE:
            outer.addWidget(self.active)
        if key == CREDIT and self._account is not None:
            self.evaluations = EvaluationsBox(self._account, page)
            outer.addWidget(self.evaluations, 1)
        else:
            outer.addStretch(1)
        return page

    def _column(self, section: str, names: tuple[str, ...]) -> QVBoxLayout:
        labels, hints = customer_field_words(), _hints()
        form = Form(self)
        for name in names:
            field = self.price_list if name == "price_list" else self._make_field(name)
            form.add_row(name, labels[name], field, hints.get(name, ""))
            self._section_of[name] = section
        self._forms.append(form)
        column = QVBoxLayout()
        column.addWidget(form)
        column.addStretch(1)
        return column

    def _add_account(
        self, on_export: Callable[[], None] | None, on_erase: Callable[[], None] | None
    ) -> None:
        if self._account is None:
            return
        self.statement = StatementBox(self._account, self)
        self.documents = DocumentsBox(self)
        self.documents.table.row_opened.connect(self._open_document)
        self._add_page(ACCOUNT, self.statement)
        self._add_page(DOCUMENTS, self.documents)
        row = QHBoxLayout()
        row.setSpacing(8)
        for label, icon, act in (
            (t("Export personal data"), "download", on_export),
            (t("Erase this person"), "trash-2", on_erase),
        ):
            if act is not None:
                button = Button(label, icon, kind="card", parent=self.documents)
                button.clicked.connect(act)
                row.addWidget(button)
        row.addStretch(1)
        self.documents.foot.addLayout(row)
        account = self._account

        def show() -> None:
            self.statement.show_state(account.state)
            self.documents.show_state(account.state)
            self.evaluations.show_state(account.state)

        account.watch(lambda _state: show())

    def _open_document(self, key: str) -> None:
        """Close and turn to a document; what was typed and not saved is asked about first."""
        is_changed = self._form.state.is_changed
        self.reject()
        if self._on_document is not None and not is_changed:
            record, _, document_id = key.partition(" ")
            self._on_document(record, document_id)

    def _make_field(self, name: str) -> QLineEdit | QPlainTextEdit:
        form = self._form
        if name in _LONG:
            text = QPlainTextEdit(self)
            text.setTabChangesFocus(True)
            text.setFixedHeight(72)
            text.textChanged.connect(lambda: form.change(**{name: text.toPlainText()}))
            self._fields[name] = text
            return text
        line = QLineEdit(self)
        line.textEdited.connect(lambda typed: form.change(**{name: typed}))
        known = {"category": form.state.categories, "region": form.state.regions}.get(name)
        if known:
            completer = QCompleter(list(known), line)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.activated.connect(lambda word: form.change(**{name: word}))
            line.setCompleter(completer)
        self._fields[name] = line
        return line


class _Pages(QStackedWidget):
    """Takes the room of the section in sight, not that of the tallest."""

    def hasHeightForWidth(self) -> bool:
        """No: Qt would ask all sections for theirs."""
        return False

    def sizeHint(self) -> QSize:
        """The size that the section in sight wants."""
        page = self.currentWidget()
        return super().sizeHint() if page is None else page.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """The least size of the section in sight."""
        page = self.currentWidget()
        return super().minimumSizeHint() if page is None else page.minimumSizeHint()


def _hints() -> dict[str, str]:
    return {
        "card_code": t("Scan the customer card"),
        "number": t("Left empty: the next free number"),
        "country": t("Two letters, such as GB"),
        "category": t("Such as Trade, Private, Public"),
        "region": t("Where the shop counts them, such as North"),
        "credit_limit": t("The most they may owe. Left empty: the shop's limit"),
        "credit_days": t("Left empty: as the shop's invoices say"),
        "payment_terms": t("Printed on their documents"),
    }
