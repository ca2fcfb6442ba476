"""The fields beside the list of the stock screen: made from what the section asks for."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.presenters.stock_page import PageField
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form

Shape = tuple[tuple[str, str, bool, bool, str], ...]


class StockFields(QFrame):
    """`changed(key, text)` when somebody has typed and left a field, pressed Enter, or chosen."""

    changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: Shape = ()
        self._told: dict[str, str] = {}
        self._fields: dict[str, QLineEdit | ChoiceBox] = {}
        self._form: Form | None = None
        self._errors: FormErrors | None = None
        self.setProperty("role", "card")
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget(area)
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(14, 10, 14, 10)
        self._column.addStretch(1)
        area.setWidget(self._inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2, 2, 2, 2)
        outer.addWidget(area)

    def field(self, key: str) -> QLineEdit | ChoiceBox:
        """Return the widget of a field."""
        return self._fields[key]

    def commit(self) -> None:
        """Tell what was typed in a field that still has the focus: a touch does not take it."""
        for key, widget in tuple(self._fields.items()):
            if isinstance(widget, QLineEdit):
                self._tell(key, widget.text())
            elif widget.isEditable():
                self._tell(key, widget.currentText())

    def show_fields(self, fields: tuple[PageField, ...]) -> None:
        """Draw these fields, keeping the widgets while they are the same ones."""
        shape = tuple(
            (one.key, one.label, bool(one.choices), one.is_open, one.hint) for one in fields
        )
        if shape != self._shape:
            self._build(fields, shape)
        for one in fields:
            widget = self._fields[one.key]
            self._told[one.key] = one.text
            if isinstance(widget, QLineEdit):
                put_text(widget, one.text)
                continue
            fill_choices(widget, one.choices)
            line = widget.lineEdit()
            if one.is_open and line is not None:
                put_text(line, one.text)
            else:
                put_choice(widget, one.text)
        if self._errors is not None:
            self._errors.show({one.key: one.error for one in fields if one.error})

    def _build(self, fields: tuple[PageField, ...], shape: Shape) -> None:
        if self._form is not None:
            self._column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        self._shape, self._fields = shape, {}
        self._form = Form(self._inside)
        self._errors = FormErrors(self._form)
        for one in fields:
            widget = self._made(one)
            self._fields[one.key] = widget
            self._form.add_row(one.key, one.label, widget, one.hint)
        self._column.insertWidget(0, self._form)

    def _made(self, one: PageField) -> QLineEdit | ChoiceBox:
        if one.choices or one.is_open:
            box = ChoiceBox(one.label, self)
            if one.is_open:
                box.setEditable(True)
                line = box.lineEdit()
                if line is not None:
                    line.editingFinished.connect(lambda: self._tell(one.key, box.currentText()))
                box.activated.connect(lambda _place: self._tell(one.key, box.currentText()))
            else:
                box.activated.connect(lambda _place: self._tell(one.key, chosen_key(box)))
            return box
        line_edit = QLineEdit(self)
        if one.is_figure:
            line_edit.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
            line_edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        line_edit.editingFinished.connect(lambda: self._tell(one.key, line_edit.text()))
        return line_edit

    def _tell(self, key: str, text: str) -> None:
        """Tell once; leaving a field that nobody touched tells nothing."""
        if self._told.get(key) != text:
            self._told[key] = text
            self.changed.emit(key, text)
