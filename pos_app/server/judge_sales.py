"""Judging finished documents: read, and checked to add up.

The figures are those that `verify` checks at the till: net and tax are the gross, lines and taxes
sum to the document, payments less change are the amount due. Money is in integer minor units.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import msgspec

from pos_app.domain.errors import PosError
from pos_app.server.journal_entries import Told
from pos_app.server.stock_sums import Moved, MoveTold, sum_moves

# Far beyond any shop, and sums of it still fit a column of 64 bits.
_LIMIT_MINOR = 10**15
Minor = Annotated[int, msgspec.Meta(ge=-_LIMIT_MINOR, le=_LIMIT_MINOR)]


class PayloadUnreadable(PosError):
    """What an entry tells does not have the shape that its kind has."""

    sentence = (
        "This entry cannot be read ({detail}). Bring head office up to the till's version and try "
        "again, or leave it in the journal only."
    )


class SaleDoesNotAddUp(PosError):
    """The figures of a document contradict each other."""

    sentence = (
        "Receipt {number} does not add up: {detail}. Compare it with the paper and accept it as it "
        "is, or leave it in the journal only."
    )


class NumberTaken(PosError):
    """Two documents of one till have the same number."""

    sentence = (
        "The number {number} belongs to another receipt of this till already. Accept both, or "
        "leave this one in the journal only."
    )


class SaleToldTwice(PosError):
    """The same sale was finished twice, as after a restored backup."""

    sentence = (
        "Receipt {number} finishes a sale that is here already as {other}. Accept it as a second "
        "sale, or leave it in the journal only."
    )


class TaxTold(msgspec.Struct, frozen=True):
    """A tax on a line or a document."""

    code: str
    name: str
    rate: str | None
    fixed_per_unit: str | None
    base: Minor
    amount: Minor


class LineTold(msgspec.Struct, frozen=True):
    """A line of a document; `discount` holds its share of the document's."""

    line_no: int
    product: str | None
    code: str
    name: str
    quantity: str
    unit_price: str
    net: Minor
    tax: Minor
    gross: Minor
    discount: Minor
    taxes: tuple[TaxTold, ...]
    kind: str = ""
    cost: str | None = None
    unit_decimals: int = 0


class TenderTold(msgspec.Struct, frozen=True):
    """A payment."""

    method: str
    amount: Minor
    tendered: Minor
    change: Minor
    reference: str


class BuyerTold(msgspec.Struct, frozen=True):
    """Whose sale it was."""

    id: str


class SaleTold(msgspec.Struct, frozen=True, kw_only=True):
    """A document as SALE_COMPLETED tells it; what head office has no use for is left out."""

    id: str
    number: str
    kind: str
    at: str
    business_day: str
    staff: str
    currency: str
    customer: BuyerTold | None
    net: Minor
    tax: Minor
    gross: Minor
    rounding: Minor
    amount_due: Minor
    paid: Minor
    change: Minor
    lines: tuple[LineTold, ...]
    taxes: tuple[TaxTold, ...]
    tenders: tuple[TenderTold, ...]
    stock: tuple[MoveTold, ...]
    voids: str = ""


@dataclass(frozen=True, slots=True)
class JudgedSale:
    """A document that was read, and how it moved stock (millionths by product and place)."""

    entry: Told
    told: SaleTold
    moved: Moved
    flag: str = ""


_DECODER = msgspec.json.Decoder(SaleTold)


def read_sale(entry: Told) -> JudgedSale:
    """Read a SALE_COMPLETED; raises PayloadUnreadable or QuantityUnreadable."""
    try:
        told = _DECODER.decode(entry.payload)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as failure:
        raise PayloadUnreadable(detail=str(failure)[:200]) from failure
    return JudgedSale(entry, told, sum_moves(told.stock))


def check_sale(told: SaleTold) -> None:
    """Refuse a document whose figures contradict each other; raises SaleDoesNotAddUp."""
    fault = next(_faults(told), None)
    if fault is not None:
        raise SaleDoesNotAddUp(number=told.number, detail=fault)


def _faults(told: SaleTold) -> Iterator[str]:
    net = tax = gross = 0
    taxes: dict[tuple[str, str | None, str | None], list[int]] = {}
    for number, line in enumerate(told.lines, 1):
        if line.line_no != number:
            yield "its lines are not numbered 1, 2, 3 and so on"
        if line.net + line.tax != line.gross:
            yield f"line {number} has a net and a tax that are not its gross"
        of_line = 0
        for figure in line.taxes:
            of_line += figure.amount
            summed = taxes.setdefault((figure.code, figure.rate, figure.fixed_per_unit), [0, 0])
            summed[0] += figure.base
            summed[1] += figure.amount
        if of_line != line.tax:
            yield f"line {number} has taxes that are not its tax"
        net, tax, gross = net + line.net, tax + line.tax, gross + line.gross
    if (net, tax, gross) != (told.net, told.tax, told.gross):
        yield "its lines do not sum to its total"
    if told.net + told.tax != told.gross:
        yield "its net and tax are not its total"
    yield from _tax_faults(told, taxes)
    yield from _payment_faults(told)


def _tax_faults(
    told: SaleTold, of_lines: dict[tuple[str, str | None, str | None], list[int]]
) -> Iterator[str]:
    listed: dict[tuple[str, str | None, str | None], list[int]] = {}
    for figure in told.taxes:
        summed = listed.setdefault((figure.code, figure.rate, figure.fixed_per_unit), [0, 0])
        summed[0] += figure.base
        summed[1] += figure.amount
    if listed != of_lines:
        yield "its taxes are not those of its lines"


def _payment_faults(told: SaleTold) -> Iterator[str]:
    if told.gross + told.rounding != told.amount_due:
        yield "its total and rounding are not the amount due"
    if told.paid - told.change != told.amount_due:
        yield "what was paid less the change is not the amount due"
    amount = tendered = change = 0
    for one in told.tenders:
        amount, tendered = amount + one.amount, tendered + one.tendered
        change += one.change
    if (amount, tendered, change) != (told.amount_due, told.paid, told.change):
        yield "its payments do not sum to the amount due"
