"""The sheet of a step: quantities on one side, fields on the other, what is wrong at its place."""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.day_field import DayField
from pos_app.ui.field_values import (
    chosen_key,
    fill_choices,
    from_the_right,
    put_choice,
    put_text,
)
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.form_sheet import FormSheet
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.document_steps import FieldKind, StepField, StepForm, StepState
from pos_app.ui.quantity_table import QuantityTable
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form

_NARROW, _WIDE = QSize(700, 640), QSize(1080, 760)
_FIELDS_MM = 76
_FROM_THE_RIGHT = ("ar",)
_LONG_PX, _LETTER_PX, _REFUSAL_PX = 84, 280, 26

Field = QLineEdit | QPlainTextEdit | ChoiceBox


class StepSheet(FormSheet):
    """Draws a `StepForm`; the sheet owns it, since Qt keeps bound methods weakly.

    `find_product(code)` gives the id of the product that a scanned code stands for.
    """

    def __init__(
        self,
        form: StepForm,
        parent: QWidget | None = None,
        find_product: Callable[[str], str] = lambda _code: "",
    ) -> None:
        plan = form.plan
        size = _NARROW if plan.quantities is None else _WIDE
        if plan.mail is not None:
            size = QSize(720, 720)
        super().__init__(plan.title, lambda: False, lambda: form.state.is_changed, size, parent)
        self._form = form
        self._find_product = find_product
        self._shown = plan.quantities
        self._about = sentence(plan.about, self)
        self.quantities: QuantityTable | None = None
        self.form = Form(self)
        self._errors = FormErrors(self.form)
        self._fields: dict[str, Field] = {}
        self._lay_out()
        self.end_with(*((one.action, self._ending(one.action.key)) for one in plan.endings))
        form.retry = self.press
        form.on_closed = self.accept
        form.watch(self.show_state)
        if plan.quantities is None and plan.mail is None:
            self.resize(self.width(), min(self._fitting_height(), self.height()))
        self._focus_first()

    def show_state(self, state: StepState) -> None:
        """Draw `state`."""
        plan = state.plan
        self._about.setText(from_the_right(plan.about))
        self._about.setVisible(bool(plan.about))
        for one in plan.fields:
            field = self._fields[one.key]
            if isinstance(field, ChoiceBox):
                fill_choices(field, one.choices)
                put_choice(field, state.texts[one.key])
            else:
                put_text(field, state.texts[one.key])
            if plan.mail is not None and isinstance(field, QPlainTextEdit):
                _align(field, is_from_right=state.texts.get("language") in _FROM_THE_RIGHT)
        if self.quantities is not None and plan.quantities is not None:
            if plan.quantities is not self._shown:
                self._shown = plan.quantities
                self.quantities.use(plan.quantities)
            else:
                self.quantities.show_form()
        for ending in plan.endings:
            self.button(ending.action.key).setEnabled(not self._form.is_busy)
        self._errors.show(state.errors)
        self.show_message(state.message, is_error=state.is_refused)

    def field(self, key: str) -> Field:
        """Return the widget of a field."""
        return self._fields[key]

    def take_scan(self, code: str) -> bool:
        """Mark the line of a scanned product."""
        quantities = self._form.plan.quantities
        if self.quantities is not None and quantities is not None:
            if quantities.find_product(self._find_product(code)):
                self.quantities.show_form()
                self.quantities.focus_quantity()
            else:
                self._form.tell(t("That item is not on this list."))
        return True

    def _fitting_height(self) -> int:
        """Return the height (pixels) of all fields with a sentence of refusal under each."""
        inside = self.fields.sizeHint().height()
        frame = self.sizeHint().height() - self._scroll.sizeHint().height()
        return frame + inside + _REFUSAL_PX * (1 + len(self._fields))

    def _ending(self, key: str) -> Callable[[], bool]:
        return lambda: self._form.press(key)

    def _focus_first(self) -> None:
        if self.quantities is not None:
            self.quantities.focus_quantity()
            return
        first = next(iter(self._fields.values()), None)
        if first is not None:
            first.setFocus()
        if isinstance(first, QLineEdit):
            first.selectAll()

    def _lay_out(self) -> None:
        plan = self._form.plan
        for one in plan.fields:
            field = self._made(one)
            self._fields[one.key] = field
            self.form.add_row(one.key, one.label, field, one.hint)
        self.fields.addWidget(self._about)
        self.fields.addWidget(self.form)
        if plan.mail is not None:
            self.fields.addLayout(self._mail_row())
        self.fields.addStretch(1)
        if plan.quantities is None:
            return
        self.quantities = QuantityTable(plan.quantities, self._form.show, self)
        room = self.body()
        room.removeWidget(self._scroll)
        sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addWidget(self.quantities, 1)
        sides.addWidget(self._scroll)
        self._scroll.setFixedWidth(theme.mm(self, _FIELDS_MM))
        room.insertLayout(0, sides, 1)
        order = (*self.quantities.in_order(), *self._fields.values())
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _made(self, one: StepField) -> Field:
        form = self._form
        if one.kind is FieldKind.CHOICE:
            box = ChoiceBox(one.label, self)
            box.activated.connect(lambda _place: form.change(one.key, chosen_key(box)))
            return box
        if one.kind is FieldKind.LONG:
            text = QPlainTextEdit(self)
            text.setTabChangesFocus(True)
            text.setFixedHeight(_LONG_PX if form.plan.mail is None else _LETTER_PX)
            text.textChanged.connect(lambda: form.change(one.key, text.toPlainText()))
            return text
        if one.kind is FieldKind.DAY:
            day = DayField(one.label, self)
            day.textEdited.connect(lambda typed: form.change(one.key, typed))
            day.opening = lambda: form.shown_day(one.key)
            day.picked.connect(lambda picked: form.pick_day(one.key, picked))
            return day
        line = QLineEdit(self)
        if one.kind is FieldKind.MONEY:
            line.setFont(fonts.figures(theme.TEXT.body, fonts.SEMIBOLD))
            line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        line.textEdited.connect(lambda typed: form.change(one.key, typed))
        return line

    def _mail_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        copy = Button(t("Copy the text"), "copy", kind="card", parent=self)
        copy.clicked.connect(lambda _=False: self._copy())
        mail = Button(t("Open in the mail program"), "mail", kind="card", parent=self)
        mail.clicked.connect(lambda _=False: self._mail())
        row.addWidget(copy)
        row.addWidget(mail)
        row.addStretch(1)
        self.copy, self.mail = copy, mail
        return row

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._form.text("letter"))
        self._form.tell(t("The text is copied. Paste it where you write."))

    def _mail(self) -> None:
        address = self._form.plan.mail
        is_open = address is not None and QDesktopServices.openUrl(
            QUrl(address(self._form.text("letter")), QUrl.ParsingMode.StrictMode)
        )
        if not is_open:
            self._form.tell(t("No mail program answers here. Copy the text instead."))


def _align(field: QPlainTextEdit, *, is_from_right: bool) -> None:
    """Put a letter at the side it is read from, which Qt does not do for plain text."""
    side = Qt.AlignmentFlag.AlignRight if is_from_right else Qt.AlignmentFlag.AlignLeft
    option = field.document().defaultTextOption()
    if option.alignment() != side | Qt.AlignmentFlag.AlignAbsolute:
        option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        field.document().setDefaultTextOption(option)
