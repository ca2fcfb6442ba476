"""What the two short lines of a customer display on a pole say at each moment of a sale."""

from pos_app.domain.shop import ShopSettings
from pos_app.printing.pole_display import PoleLine
from pos_app.texts import t
from pos_app.ui.presenters.checkout_state import CheckoutState
from pos_app.ui.views import CartRow, TotalView

# Displays know few scripts: where the words of the screen's language are none of them, English.
_TOTAL, _CHANGE, _PAID, _TO_PAY, _REFUND = "Total", "Change", "Paid", "To pay", "Refund"


def pole_lines(state: CheckoutState, shop: ShopSettings) -> tuple[PoleLine, PoleLine]:
    """Return the line that changed last and the total; the change after payment; else the shop."""
    total = state.total
    if state.is_finished:
        return _finished(total)
    if not state.rows:
        return PoleLine(shop.name), PoleLine(shop.receipt.footer[0] if shop.receipt.footer else "")
    place, row = _touched(state)
    return _goods(place, row), _due(total)


def _finished(total: TotalView) -> tuple[PoleLine, PoleLine]:
    is_change = bool(total.paid)
    caption = PoleLine(total.caption, total.change, _CHANGE if is_change else _PAID)
    whole = PoleLine(t("Total"), total.total, _TOTAL)
    return (whole, caption) if is_change else (caption, PoleLine())


def _touched(state: CheckoutState) -> tuple[int, CartRow]:
    for place, row in enumerate(state.rows, start=1):
        if row.key == state.selected:
            return place, row
    return len(state.rows), state.rows[-1]


def _goods(place: int, row: CartRow) -> PoleLine:
    is_single = row.quantity == "1"
    name = row.name if is_single else f"{row.quantity} × {row.name}"
    return PoleLine(name, row.total, f"#{place}" if is_single else f"#{place} {row.quantity} ×")


def _due(total: TotalView) -> PoleLine:
    if total.remaining:
        return PoleLine(t("To pay"), total.remaining, _TO_PAY)
    if total.is_refund:
        return PoleLine(t("Refund"), total.total, _REFUND)
    return PoleLine(t("Total"), total.total, _TOTAL)
