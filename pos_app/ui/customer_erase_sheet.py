"""Asks before a person is erased, and says what stays."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from pos_app.domain.customer import Customer
from pos_app.texts import t
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.dialog import Sheet


class CustomerEraseSheet(Sheet):
    """One question with two buttons; Esc leaves everything as it is."""

    def __init__(
        self, customer: Customer, erase: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        told = t(
            "Name, address, phone, e-mail, bank, evaluations and points of {name} are erased for "
            "good. Receipts, invoices and the journal keep what the law makes you keep. Export "
            "the personal data first if {name} asked for it."
        )
        name = isolated(customer.name)
        super().__init__(t("Erase this person?"), told.format(name=name), parent=parent)
        self._erase = erase
        self.set_actions(
            (
                SheetAction("cancel", t("Cancel"), "x"),
                SheetAction("erase", t("Erase for good"), "trash-2", Tone.DANGER),
            )
        )
        self.acted.connect(self._act)

    def _act(self, key: str) -> None:
        self.accept()
        if key == "erase":
            self._erase()
