"""The fields that documents are written in, and the page of terms and texts made of them."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import chosen_key, fill_choices
from pos_app.ui.presenters.document_editor_head import LANGUAGE_NAMES
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form

Field = QLineEdit | QPlainTextEdit | ChoiceBox
Tell = Callable[[str, str], object]
_LONG_PX = 76


def line_field(name: str, tell: Tell, parent: QWidget, *, is_figure: bool = False) -> QLineEdit:
    """Return a field of one line that tells what is typed; figures read left to right."""
    field = QLineEdit(parent)
    if is_figure:
        field.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    field.textEdited.connect(lambda text: tell(name, text))
    return field


def text_field(name: str, tell: Tell, parent: QWidget, height: int) -> QPlainTextEdit:
    """Return a field of several lines; Tab leaves it."""
    field = QPlainTextEdit(parent)
    field.setTabChangesFocus(True)
    field.setFixedHeight(height)
    field.textChanged.connect(lambda: tell(name, field.toPlainText()))
    return field


def choice_field(
    name: str, label: str, choices: Iterable[Choice], tell: Tell, parent: QWidget
) -> ChoiceBox:
    """Return a box with choices that tells the key of the chosen one."""
    box = ChoiceBox(label, parent)
    fill_choices(box, choices)
    box.activated.connect(lambda _place: tell(name, chosen_key(box)))
    return box


class TermsFields(QWidget):
    """Reference, terms, remarks and the language of the paper, in two columns."""

    def __init__(self, tell: Tell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.forms = self.left, self.right = Form(self), Form(self)
        usual = Choice("", t("as usual for this customer"))
        tongues = (usual, *(Choice(*one) for one in LANGUAGE_NAMES.items()))
        label = t("Language of the paper")
        self.fields: dict[str, Field] = {
            "reference": line_field("reference", tell, self),
            "language": choice_field("language", label, tongues, tell, self),
        }
        for name in ("payment_terms", "shipping_terms", "remarks", "internal_note"):
            self.fields[name] = text_field(name, tell, self, _LONG_PX)
        self._add(self.left, "reference", t("The customer's reference"))
        self._add(self.left, "payment_terms", t("Payment terms"))
        self._add(self.left, "shipping_terms", t("Shipping terms"))
        self._add(self.right, "remarks", t("Remarks on the paper"))
        self._add(self.right, "internal_note", t("Internal note"), t("Only the shop reads it"))
        self._add(self.right, "language", label)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(24)
        for form in (self.left, self.right):
            column = QVBoxLayout()
            column.addWidget(form)
            column.addStretch(1)
            columns.addLayout(column, 1)

    def _add(self, form: Form, name: str, label: str, hint: str = "") -> None:
        form.add_row(name, label, self.fields[name], hint)
