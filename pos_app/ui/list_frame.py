"""The frame that the office lists share: title, search, buttons, notices and a windowed list."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.notices import NoticeStack
from pos_app.ui.presenters.office_rows import Rows
from pos_app.ui.views import Column, Notice
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.column_fit import fit_columns
from pos_app.ui.widgets.empty_state import EmptyState
from pos_app.ui.widgets.search_field import SearchField
from pos_app.ui.widgets.table_view import TableView


class ListFrame(QWidget):
    """Title and buttons above, search below them, then notices and the list.

    `acted(key)` for the buttons, `searched(text)` as one types, `opened(key)` for a row.
    """

    acted = Signal(str)
    searched = Signal(str)
    opened = Signal(str)
    chosen = Signal(str)
    notice_acted = Signal(str, str)
    notice_closed = Signal(str)

    def __init__(
        self, title: str, search_hint: str, nothing_found: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._serial = -1
        self._columns: tuple[Column, ...] = ()
        self._empty: EmptyState | None = None
        self._buttons: dict[str, Button] = {}
        self.search = SearchField(search_hint, search_hint, self)
        self.table = TableView(title, self)
        self.notices = NoticeStack(self)
        self.beside = QHBoxLayout()
        self._none = EmptyState("search", nothing_found, parent=self)
        self._pages = QStackedWidget(self)
        self._lay_out(title)
        self.search.textEdited.connect(self.searched)
        self.search.left_down.connect(self._enter_list)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.viewport().installEventFilter(self)
        self.table.row_opened.connect(self.opened)
        self.table.row_chosen.connect(self.chosen)
        self.table.clicked.connect(lambda _index: self._touched())
        self.notices.acted.connect(self.notice_acted)
        self.notices.dismissed.connect(self.notice_closed)
        self.setFocusProxy(self.search)

    def add_button(
        self, key: str, label: str, icon: str, kind: str = "card", *, name: str = ""
    ) -> Button:
        """Add a button beside the title, the main one last; one without a label has a `name`."""
        button = Button(label, icon, kind=kind, name=name, parent=self)
        button.clicked.connect(lambda: self.acted.emit(key))
        self._head.addWidget(button)
        self._buttons[key] = button
        return button

    def button(self, key: str) -> Button:
        """Return the button `key`."""
        return self._buttons[key]

    def rename(self, title: str) -> None:
        """Change the title."""
        if title != self._heading.text():
            fonts.ensure_for(title)
            self._heading.setText(title)
            self.table.setAccessibleName(title)

    def lead_with(self, widget: QWidget) -> None:
        """Put `widget` in the place of the title, whose words then are for screen readers."""
        self._heading.hide()
        self._head.insertWidget(0, widget, 100)  # all the room that the buttons leave

    def add_below_search(self, widget: QWidget) -> None:
        """Put `widget` between the search line and the notices."""
        self._column.insertWidget(self._column.indexOf(self.notices), widget)

    def add_foot(self, widget: QWidget) -> None:
        """Put `widget` below the list."""
        self._column.addWidget(widget)

    def show_when_empty(self, state: EmptyState) -> None:
        """Show `state` in place of the list while the shop has none of what is listed."""
        if self._pages.indexOf(state) < 0:
            self._pages.addWidget(state)
        self._empty = state

    def show_rows(
        self, columns: Sequence[Column], rows: Rows, serial: int, counted: str, *, is_empty: bool
    ) -> None:
        """Show `rows` when they are new, staying at the same place of the same list."""
        self._counted.setText(counted)
        if serial != self._serial:
            self._serial = serial
            place = self.table.currentIndex().row()
            self._columns = tuple(columns)
            self.table.show_source(columns, rows)
            self._fit_columns()
            if 0 <= place < rows.count():
                self.table.selectRow(place)
        if is_empty and self._empty is not None:
            self._pages.setCurrentWidget(self._empty)
        else:
            self._pages.setCurrentWidget(self._none if rows.count() == 0 else self._list)

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """Show exactly these notices."""
        wanted = {notice.key for notice in notices}
        for shown in self.notices.notices():
            if shown.key not in wanted:
                self.notices.dismiss(shown.key)
        for notice in notices:
            if notice not in self.notices.notices():
                self.notices.show_notice(notice)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the list."""
        if event.type() == QEvent.Type.Resize:
            self._fit_columns()
        return False

    def _fit_columns(self) -> None:
        """Leave out columns from the far end while there is no room, widen them where there is."""
        fit_columns(self.table, self._columns)

    def _enter_list(self) -> None:
        if self.table.rows().rowCount() == 0:
            return
        if self.table.currentIndex().row() < 0:
            self.table.selectRow(0)
        self.table.setFocus(Qt.FocusReason.TabFocusReason)

    def _touched(self) -> None:
        """A touch on the marked row counts too, which `row_chosen` does not tell."""
        key = self.table.chosen_key()
        if key:
            self.chosen.emit(key)

    def _lay_out(self, title: str) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._heading = QLabel(title, self)
        self._heading.setProperty("role", "title")
        fonts.ensure_for(title)
        self._counted = QLabel(self)
        self._counted.setProperty("role", "quiet")
        self._counted.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        self._head.addWidget(self._heading)
        self._head.addSpacing(8)
        self._head.addWidget(self._counted)
        self._head.addStretch(1)
        column.addLayout(self._head)
        second = QHBoxLayout()
        second.setSpacing(12)
        self.search.setMinimumWidth(300)
        second.addWidget(self.search, 2)
        self.beside.setSpacing(8)
        second.addLayout(self.beside, 3)
        column.addLayout(second)
        column.addWidget(self.notices)
        self._list = QFrame(self)
        self._list.setProperty("role", "card")
        inside = QVBoxLayout(self._list)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.addWidget(self.table)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._none)
        self.body = QHBoxLayout()
        self.body.setSpacing(16)
        self.body.addWidget(self._pages, 3)
        column.addLayout(self.body, 1)
