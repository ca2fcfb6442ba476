"""The side panel of the day: the receipts or entries behind a figure, each opened at a touch."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts
from pos_app.ui.day_rows import BarRows
from pos_app.ui.field_values import from_the_right
from pos_app.ui.presenters.day_state import PanelView
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.views import Column
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.table_view import TableView
from pos_app.ui.widgets.touch_scroll import let_fingers_scroll


class DayPanelSide(QFrame):
    """Shows a `PanelView`.

    `receipt_opened(id)`, `evidence_opened(key)`, `screen_opened(key)`, `more_wished()`, and
    `closed()` on Esc.
    """

    receipt_opened = Signal(str)
    evidence_opened = Signal(str)
    screen_opened = Signal(str)
    more_wished = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._serial, self._screen = 0, ""
        self.setProperty("role", "popup")
        self._title = QLabel(self)
        self._title.setProperty("role", "heading")
        self._title.setWordWrap(True)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._about = QLabel(self)
        self._about.setProperty("role", "quiet")
        self.close_button = Button("", "x", kind="quiet", name=t("Close"), parent=self)
        self.table = TableView(t("Receipts"), self)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.evidence, self._scroll = BarRows(t("Entries"), self), QScrollArea(self)
        self.more = Button(t("More receipts"), "chevron-down", kind="card", parent=self)
        self.onward = Button("", "", kind="card", parent=self)
        self._lay_out()
        self.close_button.clicked.connect(lambda _=False: self.closed.emit())
        self.more.clicked.connect(lambda _=False: self.more_wished.emit())
        self.onward.clicked.connect(lambda _=False: self.screen_opened.emit(self._screen))
        self.table.clicked.connect(self._touched)
        self.table.row_opened.connect(self.receipt_opened)
        self.evidence.opened.connect(self.evidence_opened)
        self.hide()

    def show_panel(self, view: PanelView, *, has_screen: bool) -> None:
        """Draw `view`; the list begins again only when it is another one."""
        fonts.ensure_for(view.title)
        self._title.setText(from_the_right(view.title))
        self._about.setText(view.about)
        self.setAccessibleName(f"{view.title}. {view.about}")
        self.more.setVisible(view.has_more)
        self._screen = view.screen
        self.onward.setVisible(bool(view.screen) and has_screen)
        self.onward.say(view.screen_word)
        self.table.setVisible(bool(view.rows))
        self._scroll.setVisible(bool(view.evidence))
        self._blank.setVisible(not view.rows and not view.evidence)
        self.more.say(view.more_word)
        self.evidence.show_rows(view.evidence)
        if view.serial == self._serial:
            return
        self._serial = view.serial
        place = self.table.currentIndex().row()
        self.table.show_source(_columns(is_dated=view.is_dated), FixedRows(view.rows))
        if view.rows:
            self.table.selectRow(max(min(place, len(view.rows) - 1), 0))

    def listed(self) -> QWidget | None:
        """Return the list in sight, None while there is nothing in it."""
        if not self.evidence.isHidden() and self.evidence.rows():
            return self.evidence
        return None if self.table.isHidden() else self.table

    def stops(self) -> list[QWidget]:
        """Return where the Tab key stops, in the order of reading."""
        return [self.close_button, self.table, self.evidence, self.more, self.onward]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the panel away."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _touched(self, index: QModelIndex) -> None:
        row = self.table.rows().row_at(index.row())
        if row is not None:
            self.receipt_opened.emit(row.key)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self._about)
        column.addWidget(self.table, 1)
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.evidence)
        rows.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(t("Entries"))
        self._scroll.setWidget(inner)
        let_fingers_scroll(self._scroll)
        column.addWidget(self._scroll, 1)
        self._blank = QWidget(self)
        column.addWidget(self._blank, 1)
        column.addWidget(self.more)
        column.addWidget(self.onward)
        self.setFocusProxy(self.table)


def _columns(*, is_dated: bool) -> tuple[Column, ...]:
    time, cashier = (136, 88) if is_dated else (100, 108)
    return (
        Column(t("Receipt"), 104, stretches=True),
        Column(t("Time"), time),
        Column(t("Cashier"), cashier),
        Column(t("Total"), 104, is_figure=True),
    )
