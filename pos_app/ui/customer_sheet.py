"""The sheet of one customer."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui.field_values import put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.form_sheet import FormSheet
from pos_app.ui.presenters.customer_form import CustomerForm, CustomerFormState
from pos_app.ui.widgets.form import Form

_LEFT = ("name", "phone", "email", "card_code", "number")
_RIGHT = ("address", "postcode", "city", "country", "tax_number", "note")


class CustomerSheet(FormSheet):
    """Two columns of fields; what is wrong stands under its field, and nothing typed is lost."""

    def __init__(self, form: CustomerForm, parent: QWidget | None = None) -> None:
        super().__init__(
            form.state.title, form.save, lambda: form.state.is_changed, QSize(860, 720), parent
        )
        self._form = form
        self.left, self.right = Form(self), Form(self)
        self._errors = FormErrors(self.left, self.right)
        self._fields: dict[str, QLineEdit | QPlainTextEdit] = {}
        self._lay_out()
        form.watch(self.show_state)
        self._fields["name"].setFocus()

    def show_state(self, state: CustomerFormState) -> None:
        """Draw `state`."""
        for name, field in self._fields.items():
            put_text(field, getattr(state.draft, name))
        self._errors.show(state.errors)
        self.show_message(state.message, is_error=bool(state.errors))

    def field(self, name: str) -> QLineEdit | QPlainTextEdit:
        """Return the field of one of the customer's facts."""
        return self._fields[name]

    def take_scan(self, code: str) -> None:
        """Take a scanned card for this customer's, whatever has the focus."""
        self._form.change(card_code=code)
        self.show_field(self._fields["card_code"])

    def _lay_out(self) -> None:
        labels = _labels()
        hints = {
            "card_code": t("Scan the customer card"),
            "number": t("Left empty: the next free number"),
            "country": t("Two letters, such as GB"),
        }
        columns = QHBoxLayout()
        columns.setSpacing(24)
        for form, names in ((self.left, _LEFT), (self.right, _RIGHT)):
            for name in names:
                field = self._make_field(name)
                form.add_row(name, labels[name], field, hints.get(name, ""))
            column = QVBoxLayout()
            column.addWidget(form)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.fields.addLayout(columns)
        self.fields.addStretch(1)

    def _make_field(self, name: str) -> QLineEdit | QPlainTextEdit:
        form = self._form
        if name in ("address", "note"):
            text = QPlainTextEdit(self)
            text.setTabChangesFocus(True)
            text.setFixedHeight(72)
            text.textChanged.connect(lambda: form.change(**{name: text.toPlainText()}))
            self._fields[name] = text
            return text
        line = QLineEdit(self)
        line.textEdited.connect(lambda typed: form.change(**{name: typed}))
        self._fields[name] = line
        return line


def _labels() -> dict[str, str]:
    return {
        "name": t("Name"),
        "number": t("Number"),
        "phone": t("Phone"),
        "email": t("E-mail"),
        "card_code": t("Card"),
        "address": t("Address"),
        "postcode": t("Postcode"),
        "city": t("Town"),
        "country": t("Country"),
        "tax_number": t("Tax number"),
        "note": t("Note"),
    }
