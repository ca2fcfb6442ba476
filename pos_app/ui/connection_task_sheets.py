"""The sheets for what is done with a connection now and then."""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QWidget

from pos_app.texts import t
from pos_app.ui.background import run_in_background
from pos_app.ui.day_field import DayField
from pos_app.ui.field_values import put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.form_sheet import FormSheet
from pos_app.ui.page_parts import ResultLine, sentence
from pos_app.ui.presenters.connection_tasks import (
    ComparePresenter,
    CompareState,
    ItemsPresenter,
    ItemsState,
)
from pos_app.ui.presenters.connections import ConnectionDesk, ConnectionsPresenter
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.presenters.receipt_words import day_words
from pos_app.ui.views import SheetAction, TableRow, Tone
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.table_view import TableView
from pos_app.ui.widgets.text_area import TextArea


class ArrivedSheet(FormSheet):
    """Asks what the other side calls a thing that arrived; `told(id)` with what was typed."""

    def __init__(
        self, title: str, told: Callable[[str], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            title, save=self._save, is_changed=lambda: False, size=QSize(560, 340), parent=parent
        )
        self._told = told
        self.id = QLineEdit(self)
        self.id.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        form = Form(self)
        hint = t("Its id over there, if you can see it. Later things, such as a void, name it.")
        form.add_row("id", t("Id over there"), self.id, hint)
        self.fields.addWidget(form)
        self.fields.addStretch(1)
        self.end_with((SheetAction("save", t("It arrived"), "check", Tone.PRIMARY), self._save))

    def _save(self) -> bool:
        self._told(self.id.text().strip())
        return True


class ItemsSheet(FormSheet):
    """What the other side calls products: typed, or pasted from a spreadsheet."""

    def __init__(
        self, desk: ConnectionDesk, connection_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            t("Item ids over there"),
            save=lambda: False,
            is_changed=lambda: self.presenter.state.is_changed,
            size=QSize(640, 680),
            parent=parent,
        )
        told = t(
            "A line for each product: its item number here, a semicolon, its id over there. Two "
            "columns of a spreadsheet can be pasted as they are. Products without a line are sent "
            "under their item number, where that system takes one."
        )
        self.fields.addWidget(sentence(told, self))
        self.text = TextArea(self)
        self.text.setAccessibleName(t("Item ids over there"))
        self.text.setPlaceholderText("1001;17\n1002;18")
        self.fields.addWidget(self.text, 1)
        self.end_with((SheetAction("save", t("Save"), "check", Tone.PRIMARY), self._save))
        self.presenter = ItemsPresenter(
            desk, connection_id, self.show_state, self.accept,
            partial(run_in_background, owner=self),
        )  # fmt: skip
        self.text.textChanged.connect(lambda: self.presenter.type(self.text.toPlainText()))
        self.presenter.begin()

    def show_state(self, state: ItemsState) -> None:
        """Draw `state`."""
        put_text(self.text, state.text)
        self.text.setReadOnly(state.is_busy)
        self.button("save").setEnabled(not state.is_busy)
        self.show_message(
            f"⚠ {state.problem}" if state.problem else "", is_error=bool(state.problem)
        )

    def _save(self) -> bool:
        self.presenter.save()
        return False  # it closes by itself when it is done


class CompareSheet(FormSheet):
    """Holds a feed against this till's own sales."""

    def __init__(
        self,
        page: ConnectionsPresenter,
        connection_id: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            t("Compare with this till"),
            save=lambda: False,
            is_changed=lambda: False,
            size=QSize(820, 760),
            parent=parent,
        )
        self._shop = page.shop
        self._rows: tuple[TableRow, ...] | None = None
        self._form = Form(self)
        self._errors = FormErrors(self._form)
        self.first, self.last = DayField(t("From"), self), DayField(t("To"), self)
        self.outcome = ResultLine(self)
        self.table = TableView(t("What differs"), self)
        self._about = sentence("", self)
        self.bar = QProgressBar(self)
        self._lay_out()
        self.presenter = ComparePresenter(
            page, connection_id, self.show_state, partial(run_in_background, owner=self)
        )  # fmt: skip
        for name, field in (("first", self.first), ("last", self.last)):
            field.textEdited.connect(lambda text, name=name: self.presenter.type(**{name: text}))
            field.picked.connect(partial(self._pick, name))
        self.show_state(self.presenter.state)

    def show_state(self, state: CompareState) -> None:
        """Draw `state`."""
        put_text(self.first, state.first)
        put_text(self.last, state.last)
        self._errors.show(dict(state.errors))
        self.outcome.tell(state.result, state.tone)
        self._about.setText(state.about)
        self._about.setVisible(bool(state.about))
        if state.rows != self._rows:
            self._rows = state.rows
            self.table.show_source(state.columns, FixedRows(state.rows))
        self.table.setVisible(bool(state.rows))
        self.bar.setVisible(state.is_busy)
        self.button("compare").setEnabled(not state.is_busy)
        self.show_message(
            f"⚠ {state.problem}" if state.problem else "", is_error=bool(state.problem)
        )

    def _pick(self, name: str, day: date) -> None:
        self.presenter.type(**{name: day_words(day, self._shop)})

    def _compare(self) -> bool:
        self.presenter.compare()
        return False

    def _lay_out(self) -> None:
        told = t(
            "Reads the whole feed and holds every receipt and invoice of this till against it. "
            "Leave the days empty for all of them."
        )
        self.fields.addWidget(sentence(told, self))
        days = QHBoxLayout()
        for key, label, field in (
            ("first", t("From"), self.first),
            ("last", t("To"), self.last),
        ):
            form = self._form if key == "first" else Form(self)
            form.add_row(key, label, field)
            days.addWidget(form, 1)
            if key == "last":
                self._errors = FormErrors(self._form, form)
        self.fields.addLayout(days)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(t("Progress"))
        for part in (self.bar, self.outcome):
            self.fields.addWidget(part)
        self.table.setMinimumHeight(320)
        self.fields.addWidget(self.table, 1)
        self.fields.addWidget(self._about)
        self.fields.addStretch(0)
        self.end_with((SheetAction("compare", t("Compare"), "scale", Tone.PRIMARY), self._compare))
