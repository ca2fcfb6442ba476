"""What the printing threads say, brought to the window: troubles, recoveries, drawn receipts."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from pos_app.services.print_spool import PrintTrouble
    from pos_app.services.receipts import Listeners
    from pos_app.ui.main_window import MainWindow
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.receipt_sheet import ReceiptSheet


class PaperNews:
    """Asks for window and presenter each time, because both may be renewed."""

    def __init__(
        self,
        window: Callable[[], "MainWindow"],
        presenter: Callable[[], "CheckoutPresenter | None"],
    ) -> None:
        self._window = window
        self._presenter = presenter
        self._receipt: ReceiptSheet | None = None
        self.last_receipt = b""
        self._is_stopped = False

    def stop(self) -> None:
        """Tell nobody any more: what a thread said last may come when the window is gone."""
        self._is_stopped = True

    def listeners(self) -> "Listeners":
        """Return who hears what the printing threads say, in the window's thread."""
        from pos_app.services.receipts import Listeners

        self._signals = PrinterSignals()
        self._signals.trouble.connect(self._trouble)
        self._signals.recovered.connect(self._well)
        self._signals.preview.connect(self._drawn)
        return Listeners(
            on_trouble=self._signals.trouble.emit,
            on_recovered=self._signals.recovered.emit,
            on_preview=self._signals.preview.emit,
        )

    def close_receipt(self) -> None:
        """Take a receipt that is looked at away."""
        if self._receipt is not None:
            self._receipt.close()
            self._receipt.deleteLater()
            self._receipt = None

    def _drawn(self, png: bytes, was_asked_for: bool) -> None:
        """Keep the receipt of a till without a printer; F9 shows it."""
        is_first = not self.last_receipt
        self.last_receipt = png
        if self._is_stopped:
            return
        presenter = self._presenter()
        if was_asked_for:
            from pos_app.ui.receipt_sheet import ReceiptSheet

            self.close_receipt()
            self._receipt = ReceiptSheet(png, self._window())
            self._receipt.show()
        elif is_first and presenter is not None:
            presenter.paper.say_preview()

    def _trouble(self, trouble: "PrintTrouble") -> None:
        presenter = self._presenter()
        if presenter is not None and not self._is_stopped:
            presenter.printer_trouble(trouble)

    def _well(self, printer: str) -> None:
        presenter = self._presenter()
        if presenter is not None and not self._is_stopped:
            presenter.printer_well(printer)


class PrinterSignals(QObject):
    """Emitting is safe in any thread; slots of the window run in the window's thread."""

    trouble = Signal(object)
    recovered = Signal(str)
    preview = Signal(bytes, bool)
