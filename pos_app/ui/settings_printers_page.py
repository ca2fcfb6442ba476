"""The page about printers: the list, one printer's fields, a test print and a search."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.shop import PrinterKind
from pos_app.texts import t
from pos_app.ui.field_values import chosen_key, fill_choices, put_checked, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.paper_view import PaperView
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.settings_printers import PrintersPresenter, PrintersState
from pos_app.ui.settings_kitchen_card import KitchenCard
from pos_app.ui.views import Column, TableRow
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.table_view import TableView
from pos_app.ui.widgets.tick import Tick


class PrintersPage(QWidget):
    """`attach(presenter)` brings it to life, `show_state(state)` draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: PrintersPresenter | None = None
        self._rows: tuple[TableRow, ...] = ()
        self._found: tuple[TableRow, ...] = ()
        self.table = TableView(t("Printers"), self)
        self.found = TableView(t("Printers that were found"), self)
        self.form = Form(self)
        self._errors = FormErrors(self.form)
        self.name, self.target, self.code_page = (QLineEdit(self) for _ in range(3))
        self.kind, self.paper_width, self.profile = (ChoiceBox(parent=self) for _ in range(3))
        self.letters, self.drawer_pin = (ChoiceBox(parent=self) for _ in range(2))
        self.cuts = Tick(t("It cuts the paper"), self)
        self.drawer = Tick(t("The cash drawer hangs on it"), self)
        self.result = ResultLine(self)
        self.paper = PaperView(self)
        self.kitchen = KitchenCard(self)
        self._make_buttons()
        self._lay_out()

    def attach(self, presenter: PrintersPresenter) -> None:
        """Let `presenter` take the gestures from now on."""
        self._presenter = presenter
        self.table.row_chosen.connect(lambda key: self._choose(int(key)))
        self.found.clicked.connect(lambda _index: presenter.take_found(self.found.chosen_key()))
        self.found.row_opened.connect(presenter.take_found)
        for line, name in (
            (self.name, "name"),
            (self.target, "target"),
            (self.code_page, "code_page"),
        ):
            line.textEdited.connect(lambda text, name=name: presenter.change(**{name: text}))
        self.kind.activated.connect(
            lambda _place: presenter.change(kind=PrinterKind(chosen_key(self.kind)))
        )
        self.paper_width.activated.connect(
            lambda _place: presenter.change(width_mm=int(chosen_key(self.paper_width)))
        )
        self.profile.activated.connect(
            lambda _place: presenter.change(profile=chosen_key(self.profile))
        )
        self.letters.activated.connect(
            lambda _place: presenter.change(columns=int(chosen_key(self.letters)))
        )
        self.drawer_pin.activated.connect(
            lambda _place: presenter.change(drawer_pin=int(chosen_key(self.drawer_pin)))
        )
        self.cuts.toggled.connect(lambda is_on: presenter.change(cuts=is_on))
        self.drawer.toggled.connect(lambda is_on: presenter.change(kicks_drawer=is_on))
        self.add.clicked.connect(lambda _=False: presenter.add())
        self.search.clicked.connect(presenter.search)
        self.test.clicked.connect(presenter.test)
        self.save.clicked.connect(presenter.save)
        self.remove.clicked.connect(presenter.remove)
        self.first.clicked.connect(presenter.make_first)
        self.show_state(presenter.state)

    def show_state(self, state: PrintersState) -> None:
        """Draw `state`."""
        self._show_tables(state)
        draft = state.draft
        fill_choices(self.kind, state.kinds)
        widths = (Choice("80", t("80 mm")), Choice("58", t("58 mm")))
        fill_choices(self.paper_width, widths)
        fill_choices(self.profile, state.models)
        for line, text in (
            (self.name, draft.name),
            (self.target, draft.target),
            (self.code_page, draft.code_page),
        ):
            put_text(line, text)
        put_choice(self.kind, draft.kind.value)
        put_choice(self.paper_width, str(draft.width_mm))
        put_choice(self.profile, draft.profile)
        fill_choices(self.letters, state.letters)
        put_choice(self.letters, str(draft.columns))
        pins = (Choice("2", t("Pin 2 (usual)")), Choice("5", t("Pin 5")))
        fill_choices(self.drawer_pin, pins)
        put_choice(self.drawer_pin, str(draft.drawer_pin))
        self.form.show_row("drawer_pin", draft.kicks_drawer)
        put_checked(self.cuts.box, draft.cuts)
        put_checked(self.drawer.box, draft.kicks_drawer)
        self.form.say("target", state.target_label, state.target_hint)
        self.form.show_row("target", state.needs_target)
        self._errors.show(state.errors)
        self.result.tell(state.result, state.result_tone)
        self.paper.setVisible(bool(state.picture))
        self._room.setVisible(not state.picture)
        self.paper.show_picture(state.picture)
        for button in (self.test, self.search):
            button.setEnabled(not state.is_busy)
        self.save.setEnabled(state.is_changed)
        is_listed = 0 <= state.place < len(state.printers)
        self.remove.setEnabled(is_listed)
        self.first.setEnabled(is_listed and state.place > 0)

    def _choose(self, place: int) -> None:
        if self._presenter is not None and self._presenter.state.place != place:
            self._presenter.choose(place)

    def _show_tables(self, state: PrintersState) -> None:
        columns: tuple[Column, ...]
        if state.printers != self._rows:
            self._rows = state.printers
            columns = (
                Column(t("Name"), 130, stretches=True),
                Column("", 126),
                Column(t("How"), 150),
            )
            self.table.show_source(columns, FixedRows(state.printers))
        if state.place != self.table.currentIndex().row():
            if state.place < 0:
                self.table.clearSelection()
                self.table.setCurrentIndex(self.table.rootIndex())
            else:
                self.table.selectRow(state.place)
        found = state.found or ()
        if found != self._found:
            self._found = found
            columns = (
                Column(t("Name"), 160, stretches=True),
                Column(t("How"), 160),
                Column(t("Where"), 200),
            )
            self.found.show_source(columns, FixedRows(found))
        self.found.setVisible(bool(found))

    def _make_buttons(self) -> None:
        self.set_up = Button(t("Set up a printer"), "printer-check", kind="primary", parent=self)
        self.add = Button(t("Add"), "plus", kind="card", parent=self)
        self.search = Button(t("Look for one"), "search", kind="card", parent=self)
        self.test = Button(t("Test print"), "printer", kind="card", parent=self)
        self.save = Button(t("Keep"), "check", kind="primary", parent=self)
        self.save.setAccessibleName(t("Keep this printer"))
        self.remove = Button(t("Remove"), "trash-2", kind="card", parent=self)
        self.first = Button(t("Use for receipts"), "receipt-text", kind="card", parent=self)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self._list_card())
        left.addWidget(self._printer_card())
        left.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 8, 0)
        page.setSpacing(16)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        page.addLayout(columns)
        page.addWidget(self.kitchen)
        columns.addLayout(left, 3)
        columns.addWidget(self._test_card(), 2)

    def _list_card(self) -> QWidget:
        listed, column = card(t("Printers"), self)
        self.table.setFixedHeight(180)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setMinimumWidth(200)
        column.addWidget(self.table)
        column.addWidget(self.set_up)
        column.addLayout(_row(self.add, self.search))
        self.found.setFixedHeight(160)
        self.found.hide()
        column.addWidget(self.found)
        return listed

    def _printer_card(self) -> QWidget:
        self.form.add_row("name", t("Name"), self.name)
        self.form.add_row("kind", t("How it is reached"), self.kind)
        self.form.add_row("target", t("Address"), self.target, " ")
        self.form.add_row("width_mm", t("Paper"), self.paper_width)
        self.form.add_row("columns", t("Letters on a line"), self.letters)
        self.form.add_row("profile", t("Model"), self.profile)
        self.form.add_row(
            "code_page", t("Code page"), self.code_page, t("Left empty: chosen by the till")
        )
        self.form.add_row("drawer_pin", t("Drawer opens by"), self.drawer_pin)
        one, column = card(t("This printer"), self)
        column.addWidget(self.form)
        column.addWidget(self.cuts)
        column.addWidget(self.drawer)
        column.addLayout(_row(self.first))
        actions = _row(self.remove)
        actions.addWidget(self.save)
        column.addLayout(actions)
        return one

    def _test_card(self) -> QWidget:
        tried, column = card(t("Does it work?"), self)
        advice = t("Prints a made-up receipt with what stands in the fields now.")
        column.addWidget(sentence(advice, tried))
        column.addWidget(self.test, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.result)
        column.addWidget(self.paper, 1)
        self._room = QWidget(tried)
        column.addWidget(self._room, 1)
        tried.setMinimumWidth(220)
        return tried


def _row(*buttons: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
