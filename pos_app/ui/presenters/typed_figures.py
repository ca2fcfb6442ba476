"""Figures as people type them into a form, and as a form shows them for editing."""

from decimal import Decimal

from pos_app.domain.written_numbers import NotAFigure, shown_number, typed_number
from pos_app.ui.presenters.amounts import PRICE_PLACES, AmountFormat

__all__ = ["NotAFigure", "counted_figure", "shown_figure", "shown_price", "typed_decimal"]


def typed_decimal(text: str, amounts: AmountFormat) -> Decimal | None:
    """Read a number in the shop's notation, or None where nothing is typed; raises NotAFigure."""
    return typed_number(text, amounts.decimal)


def counted_figure(text: str, amounts: AmountFormat) -> Decimal | None:
    """Read how many there are: as `typed_decimal`, but a unit or currency beside it is refused."""
    if any(sign.isalpha() for sign in text):
        raise NotAFigure(text=text.strip()[:40], example=f"12{amounts.decimal}50")
    return typed_decimal(text[:60], amounts)


def shown_price(
    price: Decimal | None, amounts: AmountFormat, most_places: int = PRICE_PLACES
) -> str:
    """Write a price for editing: the shop's decimal sign, no grouping, as many places as needed."""
    if price is None:
        return ""
    whole, _, fraction = f"{price:f}".partition(".")
    places = fraction[:most_places].rstrip("0").ljust(amounts.digits, "0")
    return f"{whole}{amounts.decimal}{places}" if places else whole


def shown_figure(figure: Decimal | None, amounts: AmountFormat) -> str:
    """Write a bare figure for editing, without trailing zeros."""
    return shown_number(figure, amounts.decimal)
