"""The document beside its list: what to know, its lines, its history, and what can be done."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.document_overview import DocumentOverview
from pos_app.ui.field_values import own_direction
from pos_app.ui.presenters.document_detail import DocumentDetail
from pos_app.ui.presenters.documents_history import history_columns
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.table_view import TableView

_KINDS = {tone: "card" if tone is Tone.PLAIN else tone.value for tone in Tone}
_INKS = {
    Tone.PRIMARY: "primary",
    Tone.SUCCESS: "success",
    Tone.WARNING: "warning_text",
    Tone.DANGER: "danger",
}
_GAP = 8
_SIDES = 32
_LEAST_HEIGHT = 60
_SIGNS = {Tone.SUCCESS: "✓ ", Tone.DANGER: "⚠ ", Tone.WARNING: "● ", Tone.PRIMARY: "● "}


class DocumentDetailPanel(QFrame):
    """Draws a `DocumentDetail`; widgets for its paper go into `paper_place`.

    `pressed(key)` for actions, `linked(record, id)` for another document, `closed()`; `copied()`
    and `mailed()` for the reminder.
    """

    pressed = Signal(str)
    linked = Signal(str, str)
    closed = Signal()
    copied = Signal()
    mailed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._shown: DocumentDetail | None = None
        self._buttons: dict[str, Button] = {}
        self._title, self._state = QLabel(self), QLabel(self)
        self._who, self._alert = QLabel(self), QLabel(self)
        self._close = Button("", "x", kind="quiet", name=t("Close"), parent=self)
        self.overview = DocumentOverview(self)
        self.lines = TableView(t("Lines"), self)
        self.history = TableView(t("History"), self)
        self.letter = QPlainTextEdit(self)
        self.tabs = QTabWidget(self)
        self.more = Button("", "ellipsis", kind="card", name=t("More"), parent=self)
        self._lay_out()
        self._close.clicked.connect(self.closed)
        self.overview.linked.connect(self.linked)
        self.more.clicked.connect(lambda _=False: self.open_menu())

    def button(self, key: str) -> Button:
        """Return the button of an action; one without room is hidden and stands in the menu."""
        return self._buttons[key]

    def button_keys(self) -> list[str]:
        """Return the actions, the main one last."""
        return list(self._buttons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many buttons as there is room for."""
        super().resizeEvent(event)
        self._fit_buttons()

    def show_detail(self, detail: DocumentDetail | None) -> None:
        """Draw a document, or hide when there is none."""
        self.setVisible(detail is not None)
        before, self._shown = self._shown, detail
        if detail is None or detail == before:
            return
        fonts.ensure_for(f"{detail.title}{detail.who}{detail.alert}")
        self._title.setText(detail.title)
        self._state.setText(f"{_SIGNS.get(detail.tone, '')}{detail.state}")
        ink = getattr(theme.current(), _INKS.get(detail.tone, "text2"))
        self._state.setStyleSheet(f"color: {ink}; font-weight: 600;")
        self._who.setText(own_direction(detail.who))
        self._alert.setText(f"⚠ {detail.alert}" if detail.alert else "")
        self._alert.setVisible(bool(detail.alert))
        self.overview.show_detail(detail)
        is_other = before is None or before.key != detail.key
        if is_other or before is None or before.lines != detail.lines:
            self.lines.show_source(detail.lines.columns, FixedRows(detail.lines.rows))
        if is_other or before is None or before.history != detail.history:
            self.history.show_source(history_columns(), FixedRows(detail.history))
        self._show_letter(detail, is_other=is_other)
        self._show_actions(detail)

    def open_menu(self) -> QMenu:
        """Open the actions that have no button."""
        menu = QMenu(self)
        if self._shown is not None:
            for one in self._shown.others:
                if self._buttons[one.key].isHidden():
                    menu.addAction(one.label, partial(self.pressed.emit, one.key))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()))
        return menu

    def _show_letter(self, detail: DocumentDetail, *, is_other: bool) -> None:
        place = self.tabs.indexOf(self._letter_page)
        self.tabs.setTabVisible(place, bool(detail.letter))
        if self.letter.toPlainText() != detail.letter:
            fonts.ensure_for(detail.letter)
            self.letter.setPlainText(detail.letter)
        if is_other:
            self.tabs.setCurrentWidget(self._letter_page if detail.letter else self.overview)

    def _show_actions(self, detail: DocumentDetail) -> None:
        main = (detail.main,) if detail.main is not None else ()
        wanted = (*detail.others, *main)
        if [one.key for one in wanted] != list(self._buttons):
            for old in self._buttons.values():
                old.setParent(None)
                old.deleteLater()
            self._buttons = {one.key: self._made(one) for one in wanted}
        for one in wanted:
            self._buttons[one.key].say(one.label)
            self._buttons[one.key].set_kind(_KINDS[one.tone])
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        """Hide the buttons that have no room in the row; they stand in the menu."""
        if self._shown is None:
            return
        buttons = [self._buttons[one.key] for one in self._shown.others]
        room = self.width() - _SIDES
        if self._shown.main is not None:
            room -= self._buttons[self._shown.main.key].sizeHint().width() + _GAP
        needed = [button.sizeHint().width() + _GAP for button in buttons]
        if sum(needed) > room:
            room -= self.more.sizeHint().width() + _GAP
        for button, width in zip(buttons, needed, strict=True):
            room -= width
            button.setVisible(room >= 0)
        self.more.setVisible(any(button.isHidden() for button in buttons))

    def _made(self, action: SheetAction) -> Button:
        made = Button(action.label, action.icon, kind=_KINDS[action.tone], parent=self)
        made.clicked.connect(lambda _=False, key=action.key: self.pressed.emit(key))
        if action.tone is Tone.PRIMARY:
            self._actions.addWidget(made, 2)
        else:
            self._actions.insertWidget(self._actions.indexOf(self.more), made, 1)
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 12, 12)
        column.setSpacing(6)
        head = QHBoxLayout()
        self._title.setProperty("role", "heading")
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        head.addWidget(self._close)
        column.addLayout(head)
        self._who.setProperty("role", "quiet")
        self._alert.setProperty("role", "error")
        for label in (self._title, self._state, self._who, self._alert):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(label is not self._state)
        column.addWidget(self._who)
        column.addWidget(self._alert)
        self._letter_page = self._make_letter_page()
        self.tabs.addTab(self._letter_page, t("Reminder"))
        self.tabs.addTab(self.overview, t("Overview"))
        self.tabs.addTab(self.lines, t("Lines"))
        self.tabs.addTab(self._make_paper_page(), t("Paper"))
        self.tabs.addTab(self.history, t("History"))
        for page in (self.overview, self.lines, self.history, self.letter):
            page.setMinimumHeight(_LEAST_HEIGHT)
        self.tabs.setUsesScrollButtons(True)
        column.addWidget(self.tabs, 1)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(_GAP)
        self._actions.addWidget(self.more)
        column.addLayout(self._actions)
        self.setMinimumWidth(theme.mm(self, 100))
        self.hide()

    def _make_paper_page(self) -> QWidget:
        page = QWidget(self)
        self.paper_place = QVBoxLayout()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 10, 0, 0)
        column.addLayout(self.paper_place)
        column.addStretch(1)
        return page

    def _make_letter_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        self.letter.setReadOnly(True)
        self.letter.setTabChangesFocus(True)
        self.letter.setAccessibleName(t("Reminder"))
        column.addWidget(self.letter, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.copy = Button("", "copy", kind="card", name=t("Copy"), parent=page)
        self.mail = Button("", "mail", kind="card", name=t("E-mail"), parent=page)
        self.sent = Button(t("Reminder sent"), "check", kind="success", parent=page)
        self.copy.clicked.connect(self.copied)
        self.mail.clicked.connect(self.mailed)
        self.sent.clicked.connect(lambda _=False: self.pressed.emit("remind_sent"))
        row.addWidget(self.copy)
        row.addWidget(self.mail)
        row.addWidget(self.sent, 1)
        column.addLayout(row)
        return page
