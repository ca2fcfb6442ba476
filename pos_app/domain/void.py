"""Undoing a finished document: the exact negative of it, once."""

from dataclasses import replace

from pos_app.domain.cart import ReturnOf, SaleKind
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.pricing import LineFigures, TaxFigure
from pos_app.domain.sale import Sale, SaleLine, Stamp


class AlreadyVoided(PosError):
    """The document was undone before."""

    sentence = "{number} was voided already, with {void}. Nothing was changed."


class VoidOfVoid(PosError):
    """A void cannot be undone; the goods are sold again instead."""

    sentence = "{number} is itself a void. Ring the goods up again as a new sale."


class PartlyReturned(PosError):
    """A part of the document came back, so undoing all of it would give that part back twice."""

    sentence = "Part of {number} has come back already. Return the rest line by line instead."


class LaterReturn(PosError):
    """What came back afterwards was counted on from this return."""

    sentence = "More of {original} came back after {number}, with {later}. Void {later} first."


def voided(original: Sale, sale_id: str, number: str, stamp: Stamp, reason: str) -> Sale:
    """Return the document that undoes all of `original`; raises VoidOfVoid.

    Every figure and every payment is the exact negative; discounts are in the lines' figures.
    """
    if original.kind is SaleKind.VOID:
        raise VoidOfVoid(number=original.number)
    return replace(
        original,
        id=sale_id,
        number=number,
        kind=SaleKind.VOID,
        stamp=stamp,
        lines=tuple(_negative_line(original, line, reason) for line in original.lines),
        discounts=(),
        discount_amounts=(),
        taxes=_negative_taxes(original.taxes),
        net=-original.net,
        tax=-original.tax,
        gross=-original.gross,
        rounding=-original.rounding,
        amount_due=-original.amount_due,
        tenders=tuple(_negative_tender(tender) for tender in original.tenders),
        paid=-original.amount_due,
        change=Money.zero(original.currency),
        note=reason,
        voids=original.id,
    )


def _negative_line(original: Sale, line: SaleLine, reason: str) -> SaleLine:
    return replace(
        line,
        quantity=-line.quantity,
        figures=_negative_figures(line.figures),
        returns=ReturnOf(original.id, original.number, line.line_no, reason),
    )


def _negative_figures(figures: LineFigures) -> LineFigures:
    return LineFigures(
        net=-figures.net,
        tax=-figures.tax,
        gross=-figures.gross,
        discount=-figures.discount,
        document_discount=-figures.document_discount,
        taxes=_negative_taxes(figures.taxes),
    )


def _negative_taxes(taxes: tuple[TaxFigure, ...]) -> tuple[TaxFigure, ...]:
    return tuple(TaxFigure(figure.tax, -figure.base, -figure.amount) for figure in taxes)


def _negative_tender(tender: Tender) -> Tender:
    """The money that stayed goes back, in our own currency even where foreign notes came."""
    zero = Money.zero(tender.amount.currency)
    return replace(
        tender, amount=-tender.amount, tendered=-tender.amount, change=zero, foreign=None
    )
