"""The sheet that lies over the products: a list, a discount, a note, another way to pay.

It never takes the focus: what is typed goes to the entry line as always, and Enter there does the
sheet's main thing. No button of it is a default button.
"""

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.choice_list import ChoiceList
from pos_app.ui.discount_sheet import DiscountSheet
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.return_sheet import ReturnSheet
from pos_app.ui.sheet_bodies import ActionsBody, AskBody
from pos_app.ui.widgets.button import Button

_LISTS = (SheetKind.CUSTOMER, SheetKind.PARKED, SheetKind.CHOICE)
_DISCOUNTS = (SheetKind.LINE_DISCOUNT, SheetKind.SALE_DISCOUNT)
_LOW = 420  # px: fewer than four lines of a receipt would be in sight
_NOTES = (SheetKind.LINE_NOTE, SheetKind.SALE_NOTE)


class SheetPanel(QFrame):
    """Shows a `SheetView`; each kind of body is built when it is first needed."""

    closed = Signal()
    chosen = Signal(str)
    confirmed = Signal()
    preset = Signal(str)
    reason = Signal(str)
    counts_percent = Signal(bool)
    way = Signal(str)
    other_note = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 6, 12, 8)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._title = QLabel(self)
        self._title.setProperty("role", "heading")
        head.addWidget(self._title, 1)
        close = Button("", "x", kind="quiet", name=t("Close"), parent=self)
        close.clicked.connect(self.closed)
        head.addWidget(close)
        column.addLayout(head)
        self._about = QLabel(self)
        self._about.setProperty("role", "quiet")
        self._about.setWordWrap(True)
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(self._about)
        self._bodies = QStackedWidget(self)
        column.addWidget(self._bodies, 1)
        self._made: dict[str, QWidget] = {}
        self._view = SheetView()

    def show_sheet(self, view: SheetView) -> None:
        """Show `view`; only what differs is touched."""
        if view == self._view:
            return
        self._view = view
        fonts.ensure_for(view.title + view.about)
        self.setAccessibleName(view.title)
        self._title.setText(view.title)
        self._about.setText(view.about)
        self._make_room()
        if view.kind in _LISTS:
            self._list().show_rows(view.rows, view.text, view.empty)
        elif view.kind in _DISCOUNTS:
            self._discount().show_sheet(view)
        elif view.kind in _NOTES:
            self._note(view.kind)
        elif view.kind is SheetKind.OTHER_PAYMENT:
            self._ways(view)
        elif view.kind is SheetKind.ACTIONS:
            self._actions(view)
        elif view.kind is SheetKind.RETURN:
            self._return(view)
        elif view.kind is SheetKind.ASK:
            self._ask(view)
        elif view.kind is SheetKind.APPROVAL:
            self._approval(view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the receipt's lines where there is little."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """On a low screen the lines of a return matter more than how to choose them."""
        is_low = self._view.kind is SheetKind.RETURN and self.height() < _LOW
        self._about.setVisible(bool(self._view.about) and not is_low)
        self.setAccessibleDescription(self._view.about)
        made = self._made.get("return")
        if made is not None:
            cast("ReturnSheet", made).be_low(is_low=is_low)

    def body(self, name: str) -> QWidget:
        """Return a body by its name, for tests: list, discount, note, ways."""
        return self._made[name]

    def _turn_to(self, name: str, make: Callable[[], QWidget]) -> QWidget:
        if name not in self._made:
            self._made[name] = make()
            self._bodies.addWidget(self._made[name])
        self._bodies.setCurrentWidget(self._made[name])
        return self._made[name]

    def _list(self) -> ChoiceList:
        def make() -> QWidget:
            rows = ChoiceList(self)
            rows.chosen.connect(self.chosen)
            return rows

        return cast("ChoiceList", self._turn_to("list", make))

    def _discount(self) -> DiscountSheet:
        def make() -> QWidget:
            sheet = DiscountSheet(self)
            sheet.preset.connect(self.preset)
            sheet.reason.connect(self.reason)
            sheet.counts_percent.connect(self.counts_percent)
            sheet.confirmed.connect(self.confirmed)
            return sheet

        return cast("DiscountSheet", self._turn_to("discount", make))

    def _note(self, kind: SheetKind) -> None:
        body = cast("_NoteBody", self._turn_to("note", lambda: _NoteBody(self)))
        body.other.setVisible(kind is SheetKind.LINE_NOTE)

    def _ways(self, view: SheetView) -> None:
        made = self._turn_to("ways", lambda: ActionsBody(self.way.emit, self))
        cast("ActionsBody", made).show_actions(view.ways)

    def _return(self, view: SheetView) -> None:
        def make() -> QWidget:
            sheet = ReturnSheet(self)
            sheet.chosen.connect(self.chosen)
            sheet.reason.connect(self.reason)
            return sheet

        cast("ReturnSheet", self._turn_to("return", make)).show_sheet(view)

    def _approval(self, view: SheetView) -> None:
        def make() -> QWidget:
            from pos_app.ui.approval_body import (  # noqa: PLC0415 - few shops have staff
                ApprovalBody,
            )

            body = ApprovalBody(self)
            body.chosen.connect(self.chosen)
            body.confirmed.connect(self.confirmed)
            return body

        body: Any = self._turn_to("approval", make)
        body.show_question(
            view.reasons,
            view.reason,
            [(row.name, row.code) for row in view.rows],
            view.is_busy,
            view.problem,
        )

    def _actions(self, view: SheetView) -> None:
        made = self._turn_to("actions", lambda: ActionsBody(self.chosen.emit, self))
        cast("ActionsBody", made).show_actions(view.ways)

    def _ask(self, view: SheetView) -> None:
        body = cast("AskBody", self._turn_to("ask", lambda: AskBody(self.confirmed.emit, self)))
        body.show_question(view)


class _NoteBody(QWidget):
    """Says how to write the note; the text itself stands on the entry line."""

    def __init__(self, panel: SheetPanel) -> None:
        super().__init__(panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        hint = QLabel(t("Type the note on the entry line and press Enter."), self)
        hint.setWordWrap(True)
        hint.setFont(fonts.font(theme.TEXT.body))
        column.addWidget(hint)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.save = Button(t("Save note"), "check", kind="primary", parent=self)
        self.save.clicked.connect(panel.confirmed)
        self.other = Button(t("On the whole sale instead"), "receipt", kind="card", parent=self)
        self.other.clicked.connect(panel.other_note)
        row.addWidget(self.save)
        row.addWidget(self.other)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
