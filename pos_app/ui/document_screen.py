"""A screen of sales documents: lists in tabs, filters, sums, and one document beside the list."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.invoice import Invoice
from pos_app.services.checkout import Checkout
from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.background import run_in_background
from pos_app.ui.changes import Changes
from pos_app.ui.document_detail_panel import DocumentDetailPanel
from pos_app.ui.document_filters import DocumentFilters
from pos_app.ui.freshness import Freshness
from pos_app.ui.list_frame import ListFrame
from pos_app.ui.presenters.document_list import WINDOW
from pos_app.ui.presenters.document_list_tabs import ListTab
from pos_app.ui.presenters.document_words import SalesDocument
from pos_app.ui.presenters.documents import DocumentsPresenter, DocumentsState, Elsewhere
from pos_app.ui.presenters.documents_on_show import Counter
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.chip_row import ChipRow
from pos_app.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from pos_app.ui.document_editor import EditorSheet
    from pos_app.ui.document_paper import PaperActions
    from pos_app.ui.document_paper_batch import BatchSheet
    from pos_app.ui.document_steps_sheet import StepSheet

_WANTED = Changes(documents=True, sales=True, customers=True, settings=True)


class DocumentsScreen(QWidget):
    """Owns its presenter, since Qt keeps bound methods weakly."""

    def __init__(
        self,
        title: str,
        checkout: Checkout,
        tabs: Sequence[ListTab],
        publish: Callable[[Changes], None] = lambda _changes: None,
        parent: QWidget | None = None,
        *,
        counter: Counter | None = None,
        elsewhere: Elsewhere = lambda _record, _id: None,
        has_receivables: bool = False,
    ) -> None:
        super().__init__(parent)
        self._store = checkout.store
        self._counter = counter
        self._serial = -1
        self._empties: dict[tuple[str, str, str], EmptyState] = {}
        self._paper: PaperActions | None = None
        self._batch: BatchSheet | None = None
        self.sheet: EditorSheet | StepSheet | None = None
        self.frame = ListFrame(title, t("Number or customer"), _nothing_found(), self)
        self.tabs = ChipRow(title, self)
        self.states = ChipRow(t("State"), self)
        self.filters = Button(t("Filters"), "funnel", kind="card", parent=self)
        self.clear = Button(t("Clear all"), "x", kind="quiet", parent=self)
        self.sums = QLabel(self)
        self.panel = DocumentFilters(self)
        self.detail = DocumentDetailPanel(self)
        self._lay_out()
        self.presenter = DocumentsPresenter(
            checkout,
            tabs,
            partial(run_in_background, owner=self),
            self.show_state,
            publish,
            counter=counter,
            elsewhere=elsewhere,
            has_receivables=has_receivables,
        )
        self.presenter.use_sheets(self.open_step, self.open_editor)
        self._is_settings_stale = False
        self._freshness = Freshness(self, self._read)
        self._connect()
        self.presenter.begin()

    def show_state(self, state: DocumentsState) -> None:
        """Draw `state`."""
        frame = self.frame
        self.tabs.show_chips(state.tabs, state.tab)
        frame.rename(state.title)
        self.states.setVisible(bool(state.states))
        self.states.show_chips(state.states, state.state)
        self._show_search(state)
        self._show_empty(state)
        self._show_rows(state)
        frame.show_notices(state.notices)
        new = frame.button("new")
        new.setVisible(bool(state.new))
        if state.new:
            new.say(state.new)
        frame.button("papers").setVisible(bool(state.can_make_papers))
        count = f" ({state.filter_count})" if state.filter_count else ""
        self.filters.say(f"{t('Filters')}{count}")
        self.filters.setVisible(state.has_filters)
        self.clear.setVisible(state.is_narrowed)
        self.panel.show_fields(state.fields)
        self.panel.setVisible(state.shows_filters)
        fonts.ensure_for(state.sums)
        self.sums.setText(state.sums)
        self._show_detail(state)

    def take_scan(self, code: str) -> bool:
        """Give a scanned code to the sheet in front, or open the document that has it."""
        if self.sheet is not None and self.sheet.isVisible():
            self.sheet.take_scan(code)
        else:
            self.presenter.scan(code)
        return True

    def refresh(self, changes: Changes | None = None) -> None:
        """Read anew when documents, customers or settings have changed, here or elsewhere."""
        if changes is None or changes.touch(_WANTED):
            self._is_settings_stale |= changes is None or changes.settings
            self._freshness.touched()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the screen was hidden."""
        super().showEvent(event)
        self._freshness.shown()

    def ask_with(self, ask: Callable[[ApprovalNeeded, Callable[[], None]], None]) -> None:
        """Ask for approvals with `ask(need, again)`."""
        self.presenter.ask_with(ask)

    def open_step(self, document: SalesDocument, action: str) -> None:
        """Open the sheet of a step that asks for more."""
        from pos_app.ui.document_steps import open_step  # noqa: PLC0415 - when first needed

        desk, presenter = self.presenter.desk, self.presenter
        sell = None if self._counter is None else self._counter.sell
        self._put_away()
        self.sheet = open_step(
            self,
            presenter.cases,
            document,  # type: ignore[arg-type]
            action,
            presenter.done,
            ask=desk.ask,
            sell=sell,  # type: ignore[arg-type]
        )
        self.sheet.rejected.connect(presenter.refresh)  # another window may have changed it

    def open_editor(self, document: SalesDocument | None, record: str) -> None:
        """Open the sheet that writes a document."""
        from pos_app.ui.document_editor_sheet import open_editor  # noqa: PLC0415 - as above

        presenter = self.presenter
        self._put_away()
        self.sheet = open_editor(
            self,
            presenter.cases,
            self._store,
            document,  # type: ignore[arg-type]
            record,
            presenter.saved,
            ask=presenter.desk.ask,
        )
        self.sheet.rejected.connect(presenter.refresh)  # as above

    def open_batch(self) -> None:
        """Make the papers of everything that is listed."""
        from pos_app.services.document_batch import Chosen  # noqa: PLC0415 - as above
        from pos_app.ui.document_paper_batch import open_batch  # noqa: PLC0415 - as above

        chosen = self.presenter.chosen()
        if chosen is not None:
            record, every = chosen
            self._batch = open_batch(self, self._store, Chosen(record, every=every))

    def _put_away(self) -> None:
        if self.sheet is not None:
            self.sheet.deleteLater()
            self.sheet = None

    def _read(self) -> None:
        is_stale, self._is_settings_stale = self._is_settings_stale, False
        self.presenter.refresh(settings=is_stale)

    def _show_rows(self, state: DocumentsState) -> None:
        """Show the rows; the marked one is the document on show, wherever it stands by now."""
        table = self.frame.table
        table.blockSignals(True)
        self.frame.show_rows(
            state.columns,
            state.rows,
            state.serial,
            state.counted,
            is_empty=state.is_empty_shop and not state.is_searching,
        )
        if state.serial != self._serial and state.detail is not None:
            self._mark(state.detail.key)
        self._serial = state.serial
        table.blockSignals(False)

    def _mark(self, key: str) -> None:
        table = self.frame.table
        if table.chosen_key() == key:
            return
        rows = table.rows()
        for place in range(min(rows.rowCount(), WINDOW)):
            row = rows.row_at(place)
            if row is not None and row.key == key:
                table.selectRow(place)
                return
        table.setCurrentIndex(QModelIndex())

    def _show_search(self, state: DocumentsState) -> None:
        search = self.frame.search
        if search.text().strip() != state.text.strip():
            search.setText(state.text)

    def _show_empty(self, state: DocumentsState) -> None:
        if state.empty not in self._empties:
            self._empties[state.empty] = EmptyState(*state.empty, parent=self)
        self.frame.show_when_empty(self._empties[state.empty])

    def _show_detail(self, state: DocumentsState) -> None:
        self.detail.show_detail(state.detail)
        document = self.presenter.on_show.document
        if document is None or state.detail is None:
            return
        if self._paper is None:
            from pos_app.ui.document_paper import PaperActions  # noqa: PLC0415 - as above

            self._paper = PaperActions(self._store, self.detail)
            self.detail.paper_place.addWidget(self._paper)
        if self._paper.presenter.document is not document:
            self._paper.show_document(document)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.detail.letter.toPlainText())
        self.presenter.tell(t("The text is copied."))

    def _mail(self) -> None:
        from pos_app.services.reminders import (  # noqa: PLC0415 - as above
            mail_address,
            reminder_text,
        )

        document = self.presenter.on_show.document
        if isinstance(document, Invoice):
            desk = self.presenter.cases.invoicing
            letter = reminder_text(document, desk.shop, desk.today)
            address = mail_address(letter, letter.body)
            QDesktopServices.openUrl(QUrl(address, QUrl.ParsingMode.StrictMode))

    def _connect(self) -> None:
        presenter, frame = self.presenter, self.frame
        frame.searched.connect(presenter.search)
        frame.chosen.connect(presenter.open)
        frame.opened.connect(presenter.open)
        frame.notice_acted.connect(presenter.act)
        frame.notice_closed.connect(presenter.dismiss)
        frame.acted.connect(self._act)
        self.tabs.chosen.connect(presenter.turn)
        self.states.chosen.connect(presenter.choose_state)
        self.filters.clicked.connect(lambda _=False: presenter.toggle_filters())
        self.clear.clicked.connect(lambda _=False: presenter.clear())
        self.panel.changed.connect(presenter.filter)
        self.panel.closed.connect(presenter.toggle_filters)
        self.detail.pressed.connect(presenter.press)
        self.detail.linked.connect(presenter.open_any)
        self.detail.closed.connect(presenter.close)
        self.detail.copied.connect(self._copy)
        self.detail.mailed.connect(self._mail)

    def _act(self, key: str) -> None:
        if key == "new":
            self.presenter.new()
        else:
            self.open_batch()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.frame, 1)
        frame = self.frame
        frame.add_button("papers", t("Papers"), "printer")
        frame.add_button("new", t("New"), "plus", kind="primary")
        frame.beside.addWidget(self.filters)
        frame.beside.addWidget(self.clear)
        frame.beside.addStretch(1)
        frame.lead_with(self.tabs)
        frame.add_below_search(self.states)
        frame.body.addWidget(self.panel, 2)
        frame.body.addWidget(self.detail, 3)
        self.sums.setFont(fonts.figures(theme.TEXT.office))
        self.sums.setAccessibleName(t("Sums"))
        frame.add_foot(self.sums)
        self.panel.hide()
        self.setFocusProxy(frame)


def _nothing_found() -> str:
    return t("No document found. Try fewer letters, another state, or clear the filters.")
