"""What else a finished document moves: value held for customers, card payments of a terminal."""

from typing import TYPE_CHECKING

from pos_app.domain.cart import SaleKind
from pos_app.domain.held_moves import touches_value
from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import Sale
from pos_app.domain.tender_settings import TenderSettings
from pos_app.services.authority import Authority

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction


def follow(
    tx: "Transaction", sale: Sale, settings: TenderSettings, staff: str, authority: Authority
) -> None:
    """Move what goes with a document, in its transaction, or refuse it; a plain sale moves nothing.

    What is needed for that is imported when the first document needs it.
    """
    if any(t.reference for t in sale.tenders if t.method is TenderMethod.CARD):
        _follow_card(tx, sale, settings, staff)
    if touches_value(sale, settings.points.is_on):
        from pos_app.services.stored_values import (  # noqa: PLC0415 - see above
            Following,
            follow_sale,
        )

        follow_sale(tx, Following(sale, settings, staff, authority))


def _follow_card(tx: "Transaction", sale: Sale, settings: TenderSettings, staff: str) -> None:
    """A sale uses what the terminal approved before; a void owes it until the terminal answers."""
    if sale.kind is not SaleKind.VOID:
        from pos_app.services.card_payments import use_in  # noqa: PLC0415 - see above

        use_in(tx, sale, staff)
    elif settings.asks_terminal:
        from pos_app.services.card_owed import owe_in  # noqa: PLC0415 - see above

        owe_in(tx, sale, staff)
