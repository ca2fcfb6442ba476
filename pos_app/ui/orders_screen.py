"""The orders screen: quotations, orders, deliveries and returns."""

from collections.abc import Callable

from pos_app.services.checkout import Checkout
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.document_screen import DocumentsScreen
from pos_app.ui.presenters.document_list_tabs import orders_tabs
from pos_app.ui.presenters.documents import Elsewhere
from pos_app.ui.presenters.documents_on_show import Counter


def orders_screen(
    checkout: Checkout,
    publish: Callable[[Changes], None] = lambda _changes: None,
    *,
    counter: Counter | None = None,
    elsewhere: Elsewhere = lambda _record, _id: None,
) -> DocumentsScreen:
    """Return the screen of everything up to the delivery, and what came back."""
    return DocumentsScreen(
        t("Orders"), checkout, orders_tabs(), publish, counter=counter, elsewhere=elsewhere
    )
