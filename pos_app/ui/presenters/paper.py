"""Gestures about paper and the drawer: reprint, open, and what to do when the printer is stuck."""

from dataclasses import replace
from typing import TYPE_CHECKING

from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters import notice_board as board
from pos_app.ui.presenters.checkout_state import ReceiptPrinting
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.views import Notice, Severity

if TYPE_CHECKING:
    from pos_app.services.print_spool import PrintTrouble


class Paper:
    """Reprints, opens the drawer, and mends the printer's troubles; a sale never waits for it."""

    def __init__(self, sale: SaleOnScreen, receipts: ReceiptPrinting) -> None:
        self.sale = sale
        self._receipts = receipts
        self._stuck: dict[str, PrintTrouble] = {}  # by printer, the latest last

    @gesture
    def reprint(self) -> None:
        """Print the last receipt again, marked as a copy."""
        last = self.sale.checkout.store.sales.last()
        if last is None:
            raise words.NoLastSale()
        self._receipts.reprint(last)
        self.sale.notices.tell(t("Receipt {number} is printed again.").format(number=last.number))

    @gesture
    def open_drawer(self) -> None:
        """Open the drawer without a sale; the journal keeps that."""
        self.sale.checkout.open_drawer("")
        self._receipts.kick_drawer()

    def say_preview(self) -> None:
        """Say where receipts go while no printer is set up."""
        text = t("No printer is set up yet. F9 shows the receipt on the screen.")
        self.sale.notices.tell(text)
        self.sale.show()

    def is_stuck(self, trouble: "PrintTrouble") -> None:
        """Say that a receipt waits, and offer Retry, Other printer and Skip."""
        self._stuck.pop(trouble.printer, None)
        self._stuck[trouble.printer] = trouble
        self._hang(trouble)
        self.sale.show()

    def is_well(self, printer: str = "") -> None:
        """Take a printer's trouble off the screen (all of them without a name)."""
        self._settled(printer)
        self.sale.show()

    def _hang(self, trouble: "PrintTrouble") -> None:
        sale = self.sale
        sale.shelf = replace(sale.shelf, waiting=max(1, sale.shelf.waiting))
        title = t("Printer {name}").format(name=trouble.printer)
        text = f"{sentence_of(trouble.refusal, sale.amounts)} {t('The sale is safe.')}"
        if trouble.may_have_printed:
            text += " " + t("It may be on paper already: look before you press Retry.")
        sale.notices.put(Notice(board.PRINTER, Severity.BAR, text, title, words.printer_actions()))

    def mend(self, action: str) -> None:
        """Do what the notice's button says: retry, skip, other, or `to:` and a printer's name."""
        trouble = next(reversed(self._stuck.values()), None)
        if trouble is None:
            self._settled()
            return
        others = [p.name for p in self.sale.shop.printers if p.name != trouble.printer]
        if action == "other" and len(others) != 1:
            self._ask_which(others)
            return
        if action == "retry":
            self._receipts.retry(trouble.job_id)
        elif action == "skip":
            self._receipts.skip(trouble.job_id)
        else:
            name = others[0] if action == "other" else action.removeprefix("to:")
            self._receipts.send_to(trouble.job_id, name)
        self._settled(trouble.printer)

    def _settled(self, printer: str = "") -> None:
        """Forget a printer's trouble; another printer's comes back into sight."""
        self._stuck.pop(printer, None)
        if not printer:
            self._stuck.clear()
        self.sale.shelf = replace(self.sale.shelf, waiting=0)
        self.sale.notices.take_down(board.PRINTER)
        for trouble in self._stuck.values():
            self._hang(trouble)

    def _ask_which(self, names: list[str]) -> None:
        if not names:
            raise words.NoOtherPrinter()
        hanging = next(n for n in self.sale.notices.all() if n.key == board.PRINTER)
        self.sale.notices.put(replace(hanging, actions=words.printer_names(names)))
