"""A sheet that asks for a customer: type some letters, touch the right one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.domain.customer import Customer
from pos_app.services.customer_codes import customer_by_code
from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.choice_list import ChoiceList
from pos_app.ui.form_sheet import fitting
from pos_app.ui.presenters.document_editor_finding import customer_hits
from pos_app.ui.views import SearchHit, SheetAction
from pos_app.ui.widgets.dialog import Sheet

if TYPE_CHECKING:
    from pos_app.store.store import Store

_SIZE = QSize(520, 520)


class CustomerChoice(Sheet):
    """Calls `chosen(customer)` once; Enter takes the marked one, a scanned card its holder."""

    def __init__(
        self,
        store: "Store",
        text: str,
        chosen: Callable[[Customer], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(t("Customer"), text, parent=parent)
        self._store = store
        self._chosen = chosen
        self._hits: tuple[SearchHit, ...] = ()
        hint = t("Name, number, phone or e-mail")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(hint)
        self.search.setAccessibleName(hint)
        self.search.setMinimumHeight(theme.mm(self, 12))
        self.list = ChoiceList(self)
        self.list.setMinimumHeight(260)
        self.body().addWidget(self.search)
        self.body().addWidget(self.list, 1)
        self.set_actions((SheetAction("cancel", t("Cancel"), "x"),))
        self.acted.connect(lambda _key: self.reject())
        self.search.textEdited.connect(self._look)
        self.list.chosen.connect(self.take)
        self.resize(fitting(_SIZE, self))
        self._look("")
        self.search.setFocus()

    def take(self, customer_id: str) -> None:
        """Take a customer and close."""
        customer = self._store.customers.get(customer_id)
        if customer is not None:
            self.accept()
            self._chosen(customer)

    def take_scan(self, code: str) -> bool:
        """Take the holder of a scanned card."""
        holder = customer_by_code(self._store, code)
        if holder is not None:
            self.take(holder.id)
        return holder is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the marked customer; the arrows mark another."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._hits:
            event.accept()
            self.take(self._hits[max(self.list.currentIndex().row(), 0)].key)
            return
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            place = self.list.currentIndex().row() + step
            if 0 <= place < len(self._hits):
                self.list.setCurrentIndex(self.list.model().index(place, 0))
            event.accept()
            return
        super().keyPressEvent(event)

    def _look(self, text: str) -> None:
        self._hits = customer_hits(self._store, text)
        empty = t("Nobody found.") if text.strip() else t("Type some letters.")
        self.list.show_rows(self._hits, text, empty)
