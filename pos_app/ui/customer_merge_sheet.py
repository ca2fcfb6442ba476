"""Likely duplicates, and the two records of a pair side by side."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.domain.customer import Customer
from pos_app.services.customer_merges import CustomerMerges
from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.background import run_in_background
from pos_app.ui.field_values import in_one_piece, own_direction
from pos_app.ui.form_sheet import fitting
from pos_app.ui.presenters.customer_merging import (
    LEFT,
    RIGHT,
    CustomerMerging,
    FieldPair,
    MergingState,
)
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.dialog import Sheet
from pos_app.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from pos_app.store.store import Store


class CustomerMergeSheet(Sheet):
    """Owns its presenter; the pairs first, then one pair's fields to choose from."""

    def __init__(
        self,
        store: "Store",
        merges: CustomerMerges,
        on_merged: Callable[[Customer], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(t("Duplicates"), parent=parent)
        self._shown: MergingState | None = None
        self._offered: tuple[bool, bool] | None = None
        self.pairs = TableView(t("Pairs"), self)
        self._pages = QStackedWidget(self)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._groups: list[QButtonGroup] = []
        self._about, self._error = QLabel(self), QLabel(self)
        self._lay_out()
        self.resize(fitting(QSize(960, 720), self))
        self.presenter = CustomerMerging(
            store, merges, partial(run_in_background, owner=self), self.show_state, on_merged
        )
        self.pairs.row_opened.connect(self.presenter.open)
        self.acted.connect(self._act)
        self.finished.connect(lambda _result: self.presenter.stop())
        self.presenter.search()

    def show_state(self, state: MergingState) -> None:
        """Draw `state`."""
        old, self._shown = self._shown, state
        self._pages.setCurrentIndex(int(state.is_choosing))
        self.say(t("Choose whose text stays.") if state.is_choosing else state.told)
        if old is None or old.pairs != state.pairs:
            self.pairs.show_source(state.columns, FixedRows(state.pairs))
        self._about.setText(state.about)
        self._error.setText(f"⚠ {state.error}")
        self._error.setVisible(bool(state.error))
        if state.is_choosing and (old is None or old.fields != state.fields):
            self._build(state)
        self._offer(state)

    def _build(self, state: MergingState) -> None:
        inside = QWidget(self._scroll)
        grid = QGridLayout(inside)
        grid.setContentsMargins(4, 4, 12, 4)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        self._groups = []
        for place, words in enumerate(("", t("Stays"), t("Becomes inactive"))):
            head = QLabel(words, inside)
            head.setProperty("role", "quiet")
            grid.addWidget(head, 0, place)
        for place, name in enumerate((state.left, state.right), 1):
            title = QLabel(own_direction(name), inside)
            title.setTextFormat(Qt.TextFormat.PlainText)
            title.setFont(fonts.font(theme.TEXT.office, fonts.SEMIBOLD))
            fonts.ensure_for(name)
            grid.addWidget(title, 1, place)
        for row, field in enumerate(state.fields, 2):
            self._add_field(grid, row, field, inside)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(len(state.fields) + 2, 1)
        self._scroll.setWidget(inside)

    def _add_field(self, grid: QGridLayout, row: int, field: FieldPair, inside: QWidget) -> None:
        grid.addWidget(QLabel(field.label, inside), row, 0)
        if field.is_alike:
            same = QLabel(own_direction(field.left), inside)
            same.setTextFormat(Qt.TextFormat.PlainText)
            same.setProperty("role", "quiet")
            grid.addWidget(same, row, 1, 1, 2)
            return
        group = QButtonGroup(inside)
        for place, (side, text) in enumerate(((LEFT, field.left), (RIGHT, field.right)), 1):
            shown = text.replace("\n", ", ") or t("(nothing)")
            name = f"{field.label}: {shown}"
            button = Button(in_one_piece(shown[:60]), kind="chip", name=name, parent=inside)
            button.setCheckable(True)
            button.setChecked(field.chosen == side)
            button.clicked.connect(partial(self._choose, field.key, side))
            group.addButton(button)
            grid.addWidget(button, row, place)
        self._groups.append(group)

    def _choose(self, key: str, side: str, _checked: bool = False) -> None:
        self.presenter.choose(key, side)

    def _offer(self, state: MergingState) -> None:
        wanted = (state.is_choosing, state.is_searching)
        if wanted == self._offered:
            return
        self._offered = wanted
        close = SheetAction("close", t("Close"), "x")
        if state.is_choosing:
            self.set_actions(
                (
                    SheetAction("back", t("Back to the pairs"), "arrow-left"),
                    SheetAction("swap", t("Keep the other one"), "refresh-cw"),
                    SheetAction("merge", t("Make them one"), "check", Tone.PRIMARY),
                )
            )
        else:
            again = SheetAction("search", t("Search again"), "search", Tone.PLAIN)
            self.set_actions((again, close))

    def _act(self, key: str) -> None:
        if key == "close":
            self.reject()
        elif key == "back":
            self.presenter.back()
        elif key == "swap":
            self.presenter.swap()
        elif key == "merge":
            self.presenter.merge()
        elif key == "search":
            self.presenter.search()

    def _lay_out(self) -> None:
        choosing = QWidget(self)
        column = QVBoxLayout(choosing)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll, 1)
        self._about.setWordWrap(True)
        self._error.setWordWrap(True)
        self._error.setProperty("role", "error")
        column.addWidget(self._about)
        column.addWidget(self._error)
        self._pages.addWidget(self.pairs)
        self._pages.addWidget(choosing)
        self.body().addWidget(self._pages, 1)
