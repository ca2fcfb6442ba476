"""The sheet on which a quotation, an order or an invoice is written."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.day_field import DayField
from pos_app.ui.document_editor_fields import Field, TermsFields, choice_field, line_field
from pos_app.ui.document_lines_table import ENTRIES, LinesTable, discount_choices
from pos_app.ui.field_values import (
    from_the_right,
    own_direction,
    put_choice,
    put_text,
)
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.form_sheet import FormSheet
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.document_editor import DRAFT, FINISH, DocumentEditor
from pos_app.ui.presenters.document_editor_head import TEXTS
from pos_app.ui.presenters.document_editor_pricing import Totals
from pos_app.ui.presenters.document_editor_state import EditorState
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.search_popup import SearchPopup
from pos_app.ui.widgets.table_view import one_piece

if TYPE_CHECKING:
    from pos_app.ui.customer_sheet import CustomerSheet

LINES, TERMS = "lines", "terms"
_HITS_PX = 480
_LEFT_FOR_A_MOMENT = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


class EditorSheet(FormSheet):
    """Whom it is for and the dates above, the lines or the terms in the middle, totals below.

    Enter goes on to the next field and line, Ctrl+Enter saves the draft, Alt with Up and Down
    moves the marked line. The sheet owns its presenter, since Qt keeps bound methods weakly.
    """

    def __init__(
        self,
        editor: DocumentEditor,
        parent: QWidget | None = None,
        new_customer: "Callable[[QWidget], CustomerSheet] | None" = None,
    ) -> None:
        size = QSize(1240, 860)
        super().__init__(editor.title, lambda: False, lambda: editor.is_changed, size, parent)
        self._editor = editor
        self._new_customer = new_customer
        self._over: CustomerSheet | None = None
        self._fields: dict[str, Field] = {}
        self.customer = QLineEdit(self)
        self.new_customer = Button(
            "", "user-plus", kind="card", name=t("New customer"), parent=self
        )
        self.new_customer.setVisible(new_customer is not None)
        self.other_page = Button(t("Terms and texts"), "file-text", kind="card", parent=self)
        self.lines = LinesTable(editor.lines, self)
        self._about = sentence("", self)
        self._who, self._day, self._until, self._off = (Form(self) for _ in range(4))
        self._terms = TermsFields(editor.change, self)
        self._fields.update(self._terms.fields)
        self._parts, self._total = QLabel(self), QLabel(self)
        self._lay_out()
        head = (self._who, self._day, self._until, self._off)
        self._errors = FormErrors(*self.lines.fields.forms, *head, *self._terms.forms)
        self._customers = SearchPopup(self.customer, self)
        self._products = SearchPopup(self.lines.search, self, _HITS_PX)
        self._connect()
        self.end_with(
            (SheetAction(FINISH, editor.kind.finish_label, "send"), lambda: self._press(FINISH)),
            (
                SheetAction(DRAFT, t("Save draft"), "save", Tone.PRIMARY),
                lambda: self._press(DRAFT),
            ),
        )
        editor.retry = self.press
        editor.on_done = self.accept
        self.turn(LINES)
        editor.watch(self.show_state)
        (self.lines.search if editor.head.party.id else self.customer).setFocus()

    def show_state(self, state: EditorState) -> None:
        """Draw `state`."""
        put_text(self.customer, state.texts["customer"])
        self._about.setText(own_direction(state.customer_about))
        for name, field in self._fields.items():
            if isinstance(field, ChoiceBox):
                put_choice(field, state.texts[name])
            else:
                put_text(field, state.texts[name])
        self.lines.show_lines(state.serial, state.marked, state.texts)
        self._errors.show(state.errors)
        self._customers.show_hits(state.customer_hits, state.looked_for)
        self._products.show_hits(state.product_hits, state.looked_for)
        self._show_totals(state.totals)
        self.lines.back.setEnabled(state.can_bring_back)
        for key in (DRAFT, FINISH):
            self.button(key).setEnabled(not state.is_busy)
        self.show_message(state.message, is_error=state.is_refused)

    def take_scan(self, code: str) -> bool:
        """Take a scanned product or customer's card, whatever has the focus."""
        if self._over is not None and isValid(self._over) and self._over.isVisible():
            self._over.take_scan(code)
        else:
            self._editor.scan(code)
        return True

    def turn(self, page: str) -> None:
        """Show the lines, or the terms and texts."""
        is_lines = page == LINES
        self.other_page.say(t("Terms and texts") if is_lines else t("Lines"))
        self._pages.setCurrentIndex(0 if is_lines else 1)

    def field(self, name: str) -> QWidget:
        """Return the widget of a field."""
        if name == "customer":
            return self.customer
        return self.lines.fields.fields.get(name) or self._fields[name]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter go on through dates, figures and lines."""
        modifiers = event.modifiers()
        key = event.key()
        if modifiers & Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._editor.move(-1 if key == Qt.Key.Key_Up else 1)
            event.accept()
            return
        is_enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not modifiers & Qt.KeyboardModifier.ControlModifier and self._go_on():
            event.accept()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter on the product line, and show the chosen customer when that line is left."""
        if watched is self.customer and isinstance(event, QFocusEvent) and _has_left(event):
            self._editor.leave_customer()
        is_key = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if watched is self.lines.search and is_key:
            key = event.key()  # type: ignore[attr-defined]
            with_control = event.modifiers() & Qt.KeyboardModifier.ControlModifier  # type: ignore[attr-defined]
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not with_control:
                self._added(self._editor.enter(self.lines.search.text()))
                return True
        return super().eventFilter(watched, event)

    def _go_on(self) -> bool:
        """Go on from the field with the cursor; False where Enter means nothing special."""
        focused = self.focusWidget()
        order: Sequence[QWidget] = (
            self.customer,
            self._fields["day"],
            self._fields["until"],
            self.lines.search,
        )
        if focused in order[:-1]:
            self._focus(order[order.index(focused) + 1])
            return True
        fields = self.lines.fields
        names = {widget: name for name, widget in fields.fields.items()}
        name = names.get(focused, "")  # type: ignore[call-overload]
        if name == ENTRIES[-1] or name == "line.reason":
            self._next_line()
        elif name in ENTRIES:
            fields.focus(ENTRIES[ENTRIES.index(name) + 1])
        elif name == "line.name":
            fields.focus(ENTRIES[0])
        else:
            return False
        return True

    def _next_line(self) -> None:
        if self._editor.step(1):
            self.lines.fields.focus(ENTRIES[0])
        else:
            self._focus(self.lines.search)

    def _turn_over(self) -> None:
        """Show the other page, ready to be typed on."""
        is_lines = self._pages.currentIndex() == 0
        self.turn(TERMS if is_lines else LINES)
        self._focus(self._fields["reference"] if is_lines else self.lines.search)

    def _focus(self, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(widget, QLineEdit):
            widget.selectAll()

    def _press(self, key: str) -> bool:
        is_done = self._editor.press(key)
        if not is_done:
            self._turn_to_error()
        return is_done

    def _turn_to_error(self) -> None:
        wrong = self._editor.state.errors
        if any(name.startswith("line.") for name in wrong):
            self.turn(LINES)
        elif any(name in TEXTS for name in wrong):
            self.turn(TERMS)

    def _added(self, is_added: bool) -> None:
        """Go on with the new line's quantity."""
        if is_added:
            self.lines.search.clear()
            self.turn(LINES)
            line = self._editor.lines.line
            is_nameless = line is not None and not line.name
            self.lines.fields.focus("line.name" if is_nameless else ENTRIES[0])

    def _choose_product(self, key: str) -> None:
        self._added(self._editor.add_product(key))

    def _add_customer(self) -> None:
        if self._new_customer is not None:
            self._over = self._new_customer(self)

    def _choose_customer(self, key: str) -> None:
        self._editor.choose_customer(key)
        self._focus(self._fields["day"])

    def _show_totals(self, totals: Totals) -> None:
        words = " · ".join(one_piece(f"{name} {amount}") for name, amount in totals.parts)
        fonts.ensure_for(words)
        self._parts.setText(from_the_right(words))
        total = f"… {totals.total}" if totals.is_waiting else totals.total
        self._total.setText(own_direction(total))
        self._total.setAccessibleName(t("Total {amount}").format(amount=totals.total))

    def _connect(self) -> None:
        editor = self._editor
        self.customer.textEdited.connect(editor.look_for_customer)
        self.customer.installEventFilter(self)
        self._customers.chosen.connect(self._choose_customer)
        self.lines.search.textEdited.connect(editor.look_for_product)
        self.lines.search.installEventFilter(self)
        # The list of hits comes first: what was installed last is asked first.
        self.lines.search.installEventFilter(self._products)
        self._products.chosen.connect(self._choose_product)
        self.lines.search.left_down.connect(self.lines.table.setFocus)
        self.lines.fields.changed.connect(editor.change)
        self.lines.marked.connect(editor.mark)
        self.lines.connect_buttons(
            lambda: self._added(editor.add_free()), editor.move, editor.remove, editor.bring_back
        )
        self.other_page.clicked.connect(lambda _=False: self._turn_over())
        self.new_customer.clicked.connect(lambda _=False: self._add_customer())

    def _lay_out(self) -> None:
        room = self.body()
        room.removeWidget(self._scroll)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.lines)
        self._pages.addWidget(self._scroll)
        room.insertLayout(0, self._head_row())
        room.insertWidget(1, self._pages, 1)
        room.insertLayout(2, self._total_row())
        self._foot.insertWidget(0, self.other_page)
        first = (self.customer, self.new_customer, self._fields["day"], self._fields["until"])
        for before, after in pairwise((*first, self.lines.search)):
            QWidget.setTabOrder(before, after)
        self.fields.addWidget(self._terms)
        self.fields.addStretch(1)

    def _head_row(self) -> QHBoxLayout:
        who = QWidget(self)
        inside = QHBoxLayout(who)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        self.customer.setPlaceholderText(t("Name, number, phone or e-mail"))
        self.customer.setAccessibleName(t("Customer"))
        self.customer.setMinimumHeight(theme.mm(self, 12))
        inside.addWidget(self.customer, 1)
        inside.addWidget(self.new_customer)
        who.setFocusProxy(self.customer)
        kind = self._editor.kind
        self._who.add_row("customer", t("Customer"), who, edge=self.customer)
        self._day.add_row("day", t("Date"), self._day_field("day", t("Date")))
        self._until.add_row("until", kind.until, self._day_field("until", kind.until))
        row = QHBoxLayout()
        row.setSpacing(12)
        for form, stretch in ((self._who, 3), (self._day, 1), (self._until, 1)):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(form)
            if form is self._who:
                column.addWidget(self._about)
            column.addStretch(1)
            row.addLayout(column, stretch)
        return row

    def _total_row(self) -> QHBoxLayout:
        tell = self._editor.change
        kind = choice_field(
            "discount_kind", t("Discount counts"), discount_choices(t("in all")), tell, self
        )
        off = line_field("discount", tell, self, is_figure=True)
        why = line_field("discount_reason", tell, self)
        self._fields.update(discount_kind=kind, discount=off, discount_reason=why)
        off.setAccessibleName(t("Discount on all"))
        why.setAccessibleName(t("Why the discount"))
        why.setPlaceholderText(t("Why the discount"))
        parts = QWidget(self)
        inside = QHBoxLayout(parts)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        for widget, stretch in ((off, 2), (kind, 3), (why, 4)):
            widget.setMinimumHeight(theme.mm(self, 12))
            inside.addWidget(widget, stretch)
        parts.setFocusProxy(off)
        self._off.add_row("discount", t("Discount on all"), parts, edge=off)
        self._total.setFont(fonts.figures(theme.TEXT.figure, fonts.BOLD))
        self._total.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignBottom)
        self._parts.setProperty("role", "quiet")
        self._parts.setWordWrap(True)
        self._parts.setTextFormat(Qt.TextFormat.PlainText)
        self._parts.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        sums = QVBoxLayout()
        sums.setSpacing(0)
        sums.addWidget(self._parts)
        sums.addWidget(self._total)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._off, 6)
        row.addLayout(sums, 5)
        return row

    def _day_field(self, name: str, label: str) -> DayField:
        field = DayField(label, self)
        editor = self._editor
        field.textEdited.connect(lambda text: editor.change(name, text))
        field.opening = lambda: editor.head.shown_day(name)
        field.picked.connect(lambda day: editor.pick_day(name, day))
        self._fields[name] = field
        return field


def _has_left(event: QFocusEvent) -> bool:
    """Whether somebody went on to another field, rather than to another window for a moment."""
    return event.lostFocus() and event.reason() not in _LEFT_FOR_A_MOMENT
