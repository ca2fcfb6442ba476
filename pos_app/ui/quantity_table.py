"""The lines of a step with how many of each: a list, and the fields of the marked line below it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import (
    chosen_key,
    fill_choices,
    from_the_right,
    in_one_piece,
    put_checked,
    put_choice,
    put_text,
)
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.quantity_form import QuantityForm
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.table_view import TableView
from pos_app.ui.widgets.tick import Tick

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class QuantityTable(QWidget):
    """Enter and the arrows go from line to line; one touch takes all of everything or nothing.

    `changed()` is called after each gesture, so that the sheet can draw itself again.
    """

    def __init__(
        self, form: QuantityForm, changed: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._form = form
        self._changed = changed
        self._serial = -1
        self.table = TableView(t("Quantities"), self)
        self.quantity = QLineEdit(self)
        self.all, self.none = (
            Button(t("All of it"), "check", kind="tight", parent=self),
            Button(t("None"), "x", kind="tight", parent=self),
        )
        self.line_all = Button(t("All"), "check", kind="card", parent=self)
        self.reason = ChoiceBox(t("Reason"), self)
        self.spoilt = Tick(t("Cannot be sold again"), self)
        self._name = QLabel(self)
        self._fields = Form(self)
        self._errors = FormErrors(self._fields)
        self._lay_out()
        self._connect()
        self.use(form)

    def use(self, form: QuantityForm) -> None:
        """Show another form in place of the present one."""
        self._form = form
        self._serial = form.serial
        for widget in (self.reason, self.spoilt):
            widget.setVisible(form.reasons is not None)
        reasons = tuple(form.reasons or ())
        fill_choices(self.reason, (Choice("", "–"), *(Choice(one, one) for one in reasons)))
        self.table.show_source(form.columns, form)
        self._draw()

    def show_form(self) -> None:
        """Draw what is typed and what is wrong with it."""
        self._draw()

    def in_order(self) -> tuple[QWidget, ...]:
        """Return what Tab walks through."""
        return self.quantity, self.line_all, self.reason, self.spoilt.box

    def focus_quantity(self) -> None:
        """Put the cursor into the marked line's quantity, ready to be written over."""
        self.quantity.setFocus(Qt.FocusReason.OtherFocusReason)
        self.quantity.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go to another line on Enter, Up and Down typed into the quantity."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        is_enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if not is_enter and key not in _STEPS:
            return False
        if self._form.step(1 if is_enter else _STEPS[key]):
            self._draw()
            self.focus_quantity()
            return True
        return not is_enter  # Enter leaves the last line for the next field

    def _draw(self) -> None:
        form, line = self._form, self._form.marked_line()
        keys = [one.key for one in form.lines]
        place = keys.index(form.marked) if form.marked in keys else -1
        self.table.show_changes(place)
        self._fields.setEnabled(line is not None)
        if line is None:
            return
        fonts.ensure_for(line.name)
        told = t("{name}: at most {most}").format(name=in_one_piece(line.name), most=line.most)
        self._name.setText(from_the_right(told))
        put_text(self.quantity, line.quantity)
        put_choice(self.reason, line.reason)
        put_checked(self.spoilt.box, line.is_spoilt)
        error = {"quantity": line.error} if line.error else {}
        self._errors.show(error)

    def _gesture(self, do: Callable[[], object]) -> None:
        do()
        self._draw()
        self._changed()

    def _mark(self, key: str) -> None:
        if key != self._form.marked:
            self._gesture(lambda: self._form.mark(key))
        self.focus_quantity()

    def _connect(self) -> None:
        self.table.row_chosen.connect(self._mark)
        self.table.clicked.connect(lambda _index: self.focus_quantity())
        self.quantity.textEdited.connect(lambda text: self._gesture(lambda: self._form.type(text)))
        self.quantity.installEventFilter(self)
        self.all.clicked.connect(lambda _=False: self._gesture(self._form.take_all))
        self.none.clicked.connect(lambda _=False: self._gesture(self._form.take_none))
        self.line_all.clicked.connect(
            lambda _=False: self._gesture(lambda: self._form.take_all(self._form.marked))
        )
        self.reason.activated.connect(
            lambda _place: self._gesture(lambda: self._form.choose_reason(chosen_key(self.reason)))
        )
        self.spoilt.toggled.connect(
            lambda is_on: self._gesture(lambda: self._form.choose_spoilt(is_on))
        )

    def _lay_out(self) -> None:
        self.quantity.setFont(fonts.figures(theme.TEXT.body, fonts.REGULAR))
        self.quantity.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.quantity.setMinimumHeight(theme.mm(self, 12))
        self.quantity.setAccessibleName(t("Quantity"))
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setWordWrap(True)
        self.table.setMinimumHeight(150)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addStretch(1)
        above.addWidget(self.none)
        above.addWidget(self.all)
        column.addLayout(above)
        column.addWidget(self.table, 1)
        column.addWidget(self._name)
        entry = QWidget(self)
        row = QHBoxLayout(entry)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.quantity, 1)
        row.addWidget(self.line_all)
        row.addWidget(self.reason, 1)
        row.addWidget(self.spoilt, 1)
        entry.setFocusProxy(self.quantity)
        self._fields.add_row("quantity", t("Quantity"), entry, edge=self.quantity)
        column.addWidget(self._fields)
