"""What a receipt says of value held for the customer: new numbers to scan, and what is left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import Sale
from pos_app.domain.stored_value import ValueKind
from pos_app.domain.value_numbers import grouped, kind_of, short
from pos_app.printing.amounts import Writing
from pos_app.printing.receipt_lines import Translate
from pos_app.printing.slip import Align, Code, Gap, Line, Part, Row, Rule


@dataclass(frozen=True, slots=True)
class HeldBalance:
    """What is left on an account after the sale: `number` is a card's, points have no money."""

    kind: ValueKind
    number: str
    left: Money | None = None
    points: int = 0


def new_numbers(sale: Sale) -> list[str]:
    """Return the numbers of ours that this receipt hands out: cards, deposits and credit slips."""
    sold = [
        line.code
        for line in sale.lines
        if line.kind in (ProductKind.GIFT_CARD, ProductKind.DEPOSIT) and line.quantity > 0
    ]
    credited = [
        tender.reference
        for tender in sale.tenders
        if tender.method is TenderMethod.STORE_CREDIT and tender.amount.minor < 0
    ]
    return [number for number in dict.fromkeys((*sold, *credited)) if kind_of(number) is not None]


def held_parts(
    sale: Sale, balances: Sequence[HeldBalance], writing: Writing, t: Translate
) -> Iterator[Part]:
    """Yield what is left on each account, then each new number to read and to scan."""
    if balances:
        yield Rule()
    for balance in balances:
        if balance.left is None:
            yield Row(t("Points now"), str(balance.points))
        elif balance.kind is ValueKind.ACCOUNT and balance.left.minor <= 0:
            yield Row(t("Owed in all"), writing.money_with_currency(-balance.left))
        elif balance.kind is ValueKind.ACCOUNT:
            yield Row(t("Credit on the account"), writing.money_with_currency(balance.left))
        else:
            label = t("Left on {number}").format(number=short(balance.number))
            yield Row(label, writing.money_with_currency(balance.left))
    for number in new_numbers(sale):
        yield Gap()
        yield Line(grouped(number), Align.CENTRE, bold=True)
        yield Code(number)
