"""The invoice of a receipt: whether there is one or can be, making it, and showing it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_app.domain.cart import SaleKind
from pos_app.domain.customer import Customer
from pos_app.domain.invoice import Invoice
from pos_app.domain.sale import Sale
from pos_app.texts import t
from pos_app.ui.changes import Changes

if TYPE_CHECKING:
    from pos_app.services.checkout import Checkout
    from pos_app.services.invoicing import Invoicing

# Shows a document on its own screen: the name of its record, and its id.
Elsewhere = Callable[[str, str], None]
INVOICES = "invoice"


class ReceiptInvoices:
    """Makes invoices of finished sales; a sale has one at most.

    `counter` gives the till's own checkout, so that whoever is at the till makes them.
    """

    def __init__(
        self,
        counter: "Callable[[], Checkout | None]",
        show: Elsewhere,
        publish: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._counter = counter
        self._show = show
        self._publish = publish

    def label(self, sale: Sale) -> str:
        """Return what the button says; empty where no invoice can be made."""
        if self._known(sale) is not None:
            return t("Open the invoice")
        can_make = sale.kind is SaleKind.SALE and self._counter() is not None
        return t("Make an invoice") if can_make else ""

    def needs_customer(self, sale: Sale) -> bool:
        """Whether somebody has to say whose invoice it becomes."""
        return sale.customer is None and self._known(sale) is None

    def make(self, sale: Sale, customer: Customer | None = None) -> Invoice | None:
        """Make the invoice, or find the one there is, and show it; raises SaleNotInvoiced."""
        invoicing = self._invoicing()
        if invoicing is None:
            return None
        invoice = invoicing.of_sale(sale, customer)
        self._publish(Changes(documents=True))
        self._show(INVOICES, invoice.head.id)
        return invoice

    def _known(self, sale: Sale) -> Invoice | None:
        counter = self._counter()
        if counter is None or not counter.store.records.has_any(INVOICES):
            return None
        invoicing = self._invoicing()
        return None if invoicing is None else invoicing.of_sale_id(sale.id)

    def _invoicing(self) -> "Invoicing | None":
        from pos_app.services.invoicing import Invoicing  # noqa: PLC0415 - few receipts have one

        counter = self._counter()
        return None if counter is None else Invoicing(counter)
