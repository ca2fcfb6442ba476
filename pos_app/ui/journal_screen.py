"""The journal screen: every fact that was ever written, filtered, searched, proved and exported."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui.background import run_in_background
from pos_app.ui.catalogue_files import documents_folder
from pos_app.ui.changes import Changes
from pos_app.ui.day_field import DayField
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice, put_text
from pos_app.ui.freshness import Freshness
from pos_app.ui.journal_detail_panel import JournalDetailPanel
from pos_app.ui.list_frame import ListFrame
from pos_app.ui.presenters.journal import JournalPresenter
from pos_app.ui.presenters.journal_export import AUDITOR, FISCAL, LIST
from pos_app.ui.presenters.journal_state import JournalState
from pos_app.ui.views import Tone
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.chip_row import ChipRow
from pos_app.ui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from pos_app.store.store import Store

_DAY_PX, _CHOICE_PX, _SEARCH_PX = 134, 138, 230
_CHIP_KINDS = {Tone.DANGER: "danger", Tone.SUCCESS: "quiet", Tone.PLAIN: "quiet"}


class JournalScreen(QWidget):
    """Owns its presenter, since Qt keeps bound methods weakly."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        on_receipt: Callable[[str], None] | None = None,
        on_replay: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._serial = -1
        self.frame = ListFrame(
            t("Journal"),
            t("Number, name, code, reason or id"),
            t("Nothing was written that fits. Take a filter out, or type fewer letters."),
            self,
        )
        self.chips = ChipRow(t("Kinds of entries"), self)
        self.kind = self._choice(t("Kind"))
        self.staff = self._choice(t("Cashier"))
        self.start, self.end = DayField(t("First day"), self), DayField(t("Last day"), self)
        self.forget = Button("", "x", kind="quiet", name=t("Take all filters out"), parent=self)
        self.older = Button(t("Older entries"), "chevron-down", kind="card", parent=self)
        self.busy = QLabel(self)
        self.detail = JournalDetailPanel(self)
        self._lay_out()
        run = partial(run_in_background, owner=self)
        self.presenter = presenter = JournalPresenter(store, now, run, self.show_state, on_receipt)
        self.destroyed.connect(lambda _gone=None: presenter.stop())
        self._freshness = Freshness(self, presenter.refresh)
        self._connect(on_replay)
        presenter.begin()

    def show_state(self, state: JournalState) -> None:
        """Draw `state`."""
        counted = t("Searching …") if state.is_searching else state.counted
        bar = self.frame.table.verticalScrollBar()
        place, is_new = bar.value(), state.serial != self._serial
        was_bottom_page = is_new and state.rows.count() > self.frame.table.rows().rowCount() > 0
        self.frame.show_rows(state.columns, state.rows, state.serial, counted, is_empty=False)
        if was_bottom_page and state.is_filtered:
            bar.setValue(place)  # a page came below: what was in sight stays there
        self._serial = state.serial
        self.frame.show_notices(state.notices)
        self.frame.button("chain").say(state.chain.text, state.chain.icon)
        self.frame.button("chain").setToolTip(state.chain.hint)
        self.frame.button("chain").setAccessibleDescription(state.chain.hint)
        self.frame.button("chain").set_kind(_CHIP_KINDS[state.chain.tone])
        self.frame.button("chain").set_pressable(state.chain.is_button)
        self.chips.show_chips(state.groups, state.group)
        fill_choices(self.kind, state.kinds)
        put_choice(self.kind, state.kind)
        self.kind.setVisible(bool(state.kinds))
        fill_choices(self.staff, state.people)
        put_choice(self.staff, state.staff)
        put_text(self.start, state.start)
        put_text(self.end, state.end)
        self.forget.setVisible(state.is_filtered)
        self.older.setVisible(state.has_more)
        self.older.setEnabled(not state.is_searching)
        self.busy.setText(state.export_busy)
        self.busy.setVisible(bool(state.export_busy))
        self.frame.button("export").setEnabled(not state.export_busy)
        self.detail.show_detail(state.detail)

    def refresh(self, changes: Changes | None = None) -> None:
        """Read anew when something was written."""
        self._freshness.touched()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was written while the screen was hidden."""
        super().showEvent(event)
        self._freshness.shown()

    def show_entry(self, seq: int) -> None:
        """Show one entry, and mark it in the list of all."""
        self.presenter.show_entry(seq)
        place = self.presenter.place_of(seq)
        if place >= 0:
            self.frame.search.setText("")
            self.frame.table.selectRow(place)

    def take_scan(self, code: str) -> bool:
        """Look for a scanned code."""
        self.frame.search.setText(code)
        self.presenter.search(code)
        return True

    def open_menu(self) -> QMenu:
        """Offer the ways to take the journal out."""
        menu = QMenu(self)
        for what, label in (
            (AUDITOR, t("For an auditor, with a verifier …")),
            (FISCAL, t("For the tax office: DSFinV-K …")),
            (LIST, t("These entries as CSV …")),
        ):
            menu.addAction(label, partial(self.choose_file, what))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        button = self.frame.button("export")
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
        return menu

    def choose_file(self, what: str) -> None:
        """Ask where an export goes, and write it."""
        export = self.presenter.export
        suggested = documents_folder() / export.suggested_name(what)
        ending = suggested.suffix
        path, _ = QFileDialog.getSaveFileName(self, t("Export"), str(suggested), f"*{ending}")
        if path:
            chosen = Path(path)
            with_ending = chosen if chosen.suffix else chosen.with_suffix(ending)
            self.presenter.save(what, with_ending)

    def _connect(self, on_replay: Callable[[], None] | None) -> None:
        presenter, frame = self.presenter, self.frame
        frame.searched.connect(presenter.search)
        frame.chosen.connect(presenter.open)
        frame.opened.connect(presenter.open_receipt)
        frame.notice_closed.connect(presenter.dismiss)
        frame.acted.connect(self._act)
        frame.button("replay").setVisible(on_replay is not None)
        self._on_replay = on_replay
        self.chips.chosen.connect(presenter.choose_group)
        self.kind.activated.connect(lambda _place: presenter.choose_kind(chosen_key(self.kind)))
        self.staff.activated.connect(lambda _place: presenter.choose_staff(chosen_key(self.staff)))
        for which, field in (("start", self.start), ("end", self.end)):
            field.editingFinished.connect(partial(self._typed, which, field))
        self.start.opening = lambda: presenter.asked.start
        self.end.opening = lambda: presenter.asked.end
        self.start.picked.connect(lambda day: presenter.choose_days(day, presenter.asked.end))
        self.end.picked.connect(lambda day: presenter.choose_days(presenter.asked.start, day))
        self.forget.clicked.connect(lambda _=False: self._forget())
        self.older.clicked.connect(lambda _=False: presenter.more())
        self.detail.closed.connect(presenter.close)
        self.detail.receipt_wanted.connect(presenter.open_receipt)
        bar = frame.table.verticalScrollBar()
        bar.valueChanged.connect(lambda value: self._scrolled(value, bar.maximum()))

    def _act(self, key: str) -> None:
        if key == "export":
            self.open_menu()
        elif key == "chain":
            self._to_broken()
        elif self._on_replay is not None:
            self._on_replay()

    def _to_broken(self) -> None:
        seq = self.presenter.first_broken()
        if seq:
            self.show_entry(seq)

    def _forget(self) -> None:
        self.frame.search.setText("")
        self.presenter.forget_filters()

    def _typed(self, which: str, field: DayField) -> None:
        self.presenter.type_day(which, field.text())

    def _scrolled(self, value: int, most: int) -> None:
        if value >= most and self.presenter.state.has_more:
            self.presenter.more()

    def _choice(self, name: str) -> ChoiceBox:
        box = ChoiceBox(name, self)
        box.setFixedWidth(_CHOICE_PX)
        return box

    def _lay_out(self) -> None:
        frame = self.frame
        frame.add_button("chain", "", "hourglass", "quiet", name=t("State of the chain"))
        frame.add_button("replay", t("Replay a shift"), "history")
        frame.add_button("export", t("Export"), "download")
        for field in (self.start, self.end):
            field.setFixedWidth(_DAY_PX)
        self.start.setPlaceholderText(t("First day"))
        self.end.setPlaceholderText(t("Last day"))
        for part in (self.kind, self.staff, self.start, self.end, self.forget):
            frame.beside.addWidget(part)
        frame.beside.addStretch(1)
        frame.search.setMinimumWidth(_SEARCH_PX)
        frame.add_below_search(self.chips)
        frame.add_below_search(self.busy)
        frame.add_foot(self.older)
        self.busy.setProperty("role", "quiet")
        self.busy.setTextFormat(Qt.TextFormat.PlainText)
        frame.body.addWidget(self.detail, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(frame)
        self.setFocusProxy(frame)
