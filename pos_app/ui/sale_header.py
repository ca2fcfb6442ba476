"""Above the cart: who buys, and the gestures on the whole sale."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from pos_app.texts import t
from pos_app.ui.widgets.button import Button


class SaleHeader(QWidget):
    """The customer, the note and Cancel sale; each is one touch."""

    customer = Signal()
    note = Signal()
    discard = Signal()
    more = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._customer = Button(t("No customer"), "user", kind="quiet", parent=self)
        self._customer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._customer.setStyleSheet("text-align: left;")
        self._customer.clicked.connect(self.customer)
        self._note = Button(
            "", "sticky-note", kind="quiet", name=t("Note on the sale"), parent=self
        )
        self._note.clicked.connect(self.note)
        self._discard = Button("", "list-x", kind="quiet", name=t("Cancel the sale"), parent=self)
        self._discard.clicked.connect(self.discard)
        self._more = Button("", "ellipsis", kind="quiet", name=t("More (Ctrl+M)"), parent=self)
        self._more.clicked.connect(self.more)
        row.addWidget(self._customer, 1)
        row.addWidget(self._note)
        row.addWidget(self._discard)
        row.addWidget(self._more)

    def show_sale(self, customer: str, note: str, is_open: bool, *, can_cancel: bool) -> None:
        """Show who buys and whether there is a note and a sale to cancel."""
        self._customer.say(customer or t("No customer"))
        self._note.setToolTip(note or t("Note on the sale"))
        self._note.set_kind("primary" if note else "quiet")
        self._note.setEnabled(is_open)
        self._discard.setEnabled(can_cancel)

    def button(self, key: str) -> Button:
        """Return a button by its key, for tests: customer, note, discard, more."""
        return {
            "customer": self._customer,
            "note": self._note,
            "discard": self._discard,
            "more": self._more,
        }[key]
