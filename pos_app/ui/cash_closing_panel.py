"""The end of a shift: how the count differs and why, what stays, what is bagged, the Z report."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.cash_figures import FigureList
from pos_app.ui.field_values import put_text
from pos_app.ui.page_parts import ResultLine, sentence
from pos_app.ui.paper_view import PaperView
from pos_app.ui.presenters.cash_state import CashState, CauseView, Step
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.form import Form

_MOST_RECEIPTS = 4


class CashClosingPanel(QFrame):
    """Two pages: the difference with the float planned, and the Z report once it is closed."""

    target_typed = Signal(str)
    note_typed = Signal(str)
    bag_typed = Signal(str)
    counted_again = Signal()
    closed = Signal()
    receipt_wanted = Signal(str)
    print_wanted = Signal()
    next_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._causes: tuple[CauseView, ...] | None = None
        self._errors: dict[str, str] = {}
        self._form = Form(self)
        self.result = ResultLine(self)
        self.target, self.bag, self.note = (QLineEdit(self) for _ in range(3))
        self.plan = FigureList(self)
        self.again = Button(t("Count again"), "rotate-ccw", kind="card", parent=self)
        self.close_shift = Button(t("Close and print Z"), "check", kind="primary", parent=self)
        self.paper = PaperView(self)
        self.print_z = Button(t("Print a copy"), "printer", kind="card", parent=self)
        self.next_shift = Button(t("Next shift"), icon="play", kind="primary", parent=self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._difference_page())
        self._pages.addWidget(self._closed_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self._pages)
        self._connect()

    def show_state(self, state: CashState) -> None:
        """Draw `state`."""
        self._pages.setCurrentIndex(int(state.step is Step.CLOSED))
        if state.step is Step.CLOSED:
            words = "" if state.picture else t("Drawing the report …")
            self.paper.show_picture(state.picture, words)
            return
        self.result.tell(state.difference, state.difference_tone)
        self._show_causes(state.causes)
        put_text(self.target, state.target)
        put_text(self.bag, state.bag)
        put_text(self.note, state.note)
        self._form.show_row("bag", state.is_bagging)
        errors = {"target": state.target_error} if state.target_error else {}
        if errors != self._errors:
            self._errors = errors
            focused = self.focusWidget()
            self._form.show_errors(errors)
            if focused is not None:
                focused.setFocus()
        self.plan.show_rows(state.plan)
        self.plan.setVisible(bool(state.plan))
        self.close_shift.setEnabled(not errors)

    def receipt_buttons(self) -> list[Button]:
        """Return the buttons that lead to receipts, as they stand."""
        return self._cause_list.findChildren(Button)

    def _show_causes(self, causes: tuple[CauseView, ...]) -> None:
        if causes == self._causes:
            return
        self._causes = causes
        while (item := self._cause_column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        for place, cause in enumerate(causes, 1):
            self._cause_column.addWidget(self._cause(place, cause))
        self._cause_title.setVisible(bool(causes))
        self._cause_list.setVisible(bool(causes))

    def _cause(self, place: int, cause: CauseView) -> QWidget:
        box = QWidget(self._cause_list)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 2, 0, 6)
        column.setSpacing(4)
        fonts.ensure_for(cause.text)
        words = QLabel(f"{place}. {cause.text}", box)
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(words)
        if cause.receipts:
            row = QHBoxLayout()
            row.setSpacing(6)
            for sale_id, number in cause.receipts[:_MOST_RECEIPTS]:
                button = Button(number, "receipt-text", kind="tight", parent=box)
                button.clicked.connect(lambda _=False, sale=sale_id: self.receipt_wanted.emit(sale))
                row.addWidget(button)
            row.addStretch(1)
            column.addLayout(row)
        return box

    def _connect(self) -> None:
        self.target.textEdited.connect(self.target_typed)
        self.bag.textEdited.connect(self.bag_typed)
        self.note.textEdited.connect(self.note_typed)
        self.again.clicked.connect(lambda _=False: self.counted_again.emit())
        self.close_shift.clicked.connect(lambda _=False: self.closed.emit())
        self.print_z.clicked.connect(lambda _=False: self.print_wanted.emit())
        self.next_shift.clicked.connect(lambda _=False: self.next_wanted.emit())

    def _difference_page(self) -> QWidget:
        page = QWidget(self)
        area = QScrollArea(page)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(area)
        self.result.setFont(fonts.font(theme.TEXT.price, fonts.SEMIBOLD))
        self._cause_title = QLabel(t("What may have happened"), inside)
        self._cause_title.setProperty("role", "heading")
        self._cause_list = QWidget(inside)
        self._cause_column = QVBoxLayout(self._cause_list)
        self._cause_column.setContentsMargins(0, 0, 0, 0)
        self._form.add_row("note", t("In your own words"), self.note)
        self._form.add_row(
            "target",
            t("Float to keep for the next shift"),
            self.target,
            t("Left empty: everything stays in the drawer"),
        )
        self._form.add_row("bag", t("Number of the bag"), self.bag)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for widget in (self.result, self._cause_title, self._cause_list, self._form, self.plan):
            column.addWidget(widget)
        column.addStretch(1)
        area.setWidget(inside)
        foot = QHBoxLayout()
        foot.addWidget(self.again)
        foot.addStretch(1)
        foot.addWidget(self.close_shift)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area, 1)
        outer.addLayout(foot)
        return page

    def _closed_page(self) -> QWidget:
        page = QWidget(self)
        told = t("The report is on its way to the printer. It stays here and in the journal.")
        foot = QHBoxLayout()
        foot.addWidget(self.print_z)
        foot.addStretch(1)
        foot.addWidget(self.next_shift)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(sentence(told, page))
        column.addWidget(self.paper, 1)
        column.addLayout(foot)
        return page
