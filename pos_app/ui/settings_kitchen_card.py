"""The card about kitchen and pick-up slips: the list, one slip's fields, and how it looks."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui.field_values import chosen_key, fill_choices, put_checked, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.paper_view import PaperView
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.presenters.settings_kitchen import KitchenPresenter, KitchenState
from pos_app.ui.tick_list import TickList
from pos_app.ui.views import Column, TableRow
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.table_view import TableView
from pos_app.ui.widgets.tick import Tick

_TABLE_PX = 140
_PAPER_PX = 300


class KitchenCard(QWidget):
    """`attach(presenter)` brings it to life, `show_state(state)` draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: KitchenPresenter | None = None
        self._rows: tuple[TableRow, ...] = ()
        self.table = TableView(t("Kitchen and pick-up slips"), self)
        self.form = Form(self)
        self._errors = FormErrors(self.form)
        self.title = QLineEdit(self)
        self.printer, self.copies = (ChoiceBox(parent=self) for _ in range(2))
        self.categories = TickList(self, t("None yet. Add groups to products first."), 2)
        self.parked = Tick(t("As soon as a sale is put aside; later only what changed"), self)
        self.result = ResultLine(self)
        self.paper = PaperView(self)
        self.add = Button(t("Add a slip"), "plus", kind="card", parent=self)
        self.save = Button(t("Keep"), "check", kind="primary", parent=self)
        self.save.setAccessibleName(t("Keep this slip"))
        self.remove = Button(t("Remove"), "trash-2", kind="card", parent=self)
        self._lay_out()

    def attach(self, presenter: KitchenPresenter) -> None:
        """Let `presenter` take the gestures from now on."""
        self._presenter = presenter
        self.table.row_chosen.connect(lambda key: self._choose(int(key)))
        self.title.textEdited.connect(lambda text: presenter.change(title=text))
        self.printer.activated.connect(
            lambda _place: presenter.change(printer=chosen_key(self.printer))
        )
        self.copies.activated.connect(
            lambda _place: presenter.change(copies=int(chosen_key(self.copies)))
        )
        self.categories.toggled.connect(presenter.tick)
        self.parked.toggled.connect(lambda is_on: presenter.change(prints_when_parked=is_on))
        self.add.clicked.connect(lambda _=False: presenter.add())
        self.save.clicked.connect(lambda _=False: presenter.save())
        self.remove.clicked.connect(lambda _=False: presenter.remove())
        self.show_state(presenter.state)

    def show_state(self, state: KitchenState) -> None:
        """Draw `state`."""
        self._show_table(state)
        draft = state.draft
        fill_choices(self.printer, state.printers)
        fill_choices(self.copies, state.copies)
        put_text(self.title, draft.title)
        put_choice(self.printer, draft.printer)
        put_choice(self.copies, str(draft.copies))
        self.categories.show_choices(state.categories, draft.categories)
        put_checked(self.parked.box, draft.prints_when_parked)
        self._one.setVisible(state.is_editing)
        self.paper.setVisible(state.is_editing)
        self._errors.show(state.errors)
        self.result.tell(state.result, state.result_tone)
        self.paper.show_picture(state.picture)
        self.save.setEnabled(state.is_changed)
        self.remove.setEnabled(state.place >= 0)

    def _choose(self, place: int) -> None:
        if self._presenter is not None and self._presenter.state.place != place:
            self._presenter.choose(place)

    def _show_table(self, state: KitchenState) -> None:
        if state.rows != self._rows:
            self._rows = state.rows
            columns = (
                Column(t("Name"), 150),
                Column(t("Groups"), 160, stretches=True),
                Column(t("Printer"), 150),
            )
            self.table.show_source(columns, FixedRows(state.rows))
        self.table.setVisible(bool(state.rows))
        if state.place < 0:
            self.table.clearSelection()
            self.table.setCurrentIndex(self.table.rootIndex())
        elif state.place != self.table.currentIndex().row():
            self.table.selectRow(state.place)

    def _lay_out(self) -> None:
        frame, column = card(t("Kitchen and pick-up slips"), self)
        advice = t(
            "Goods of the groups you tick come out on another printer too, large and without "
            "prices. If that printer is off, the sale and its receipt go on."
        )
        column.addWidget(sentence(advice, frame))
        self.table.setFixedHeight(_TABLE_PX)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.table)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.result)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._make_one(frame), 3)
        self.paper.setMinimumHeight(_PAPER_PX)
        row.addWidget(self.paper, 2)
        column.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def _make_one(self, parent: QWidget) -> QWidget:
        self._one = QWidget(parent)
        fields = QVBoxLayout(self._one)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(10)
        self.form.add_row("title", t("Name of the slip"), self.title)
        self.form.add_row("printer", t("Printer"), self.printer)
        self.form.add_row("copies", t("Copies"), self.copies)
        self.form.add_row("categories", t("Groups of products"), self.categories, " ")
        fields.addWidget(self.form)
        when = QLabel(t("When it prints"), self._one)
        when.setProperty("role", "quiet")
        fields.addWidget(when)
        fields.addWidget(sentence(t("Always when the sale is paid."), self._one))
        fields.addWidget(self.parked)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        fields.addLayout(buttons)
        fields.addStretch(1)
        return self._one
