"""Pricing from a file: reads the JSON of `pos-app price` and answers with figures and reasons."""

from collections.abc import Sequence
from typing import Any

from pos_app.domain.money import Money
from pos_app.domain.payment import (
    Settlement,
    TenderedTooLittle,
    TenderNotPositive,
    TenderTooLarge,
    settle,
)
from pos_app.domain.payment_trace import explain_payment
from pos_app.domain.price_trace import explain
from pos_app.domain.pricing import LineFigures, Priced, TaxFigure, price
from pos_app.services.price_fields import PriceInputError
from pos_app.services.price_input import PriceQuestion, read_question

__all__ = ["PriceInputError", "check_price"]


def check_price(text: str | bytes) -> dict[str, Any]:
    """Price the document described by `text` (JSON, UTF-8); all amounts in it are strings.

    Raises PriceInputError naming the field at fault.
    """
    question = read_question(text)
    priced = price(question.lines, question.policy, question.discounts)
    settled = _settled(priced.gross, question)
    trace = (
        *explain(question.lines, question.policy, question.discounts),
        *explain_payment(priced.gross, settled, question.cash_rounding),
    )
    return _answer(priced, settled, trace)


def _settled(gross: Money, question: PriceQuestion) -> Settlement:
    try:
        return settle(gross, question.requests, question.cash_rounding)
    except TenderNotPositive as refusal:
        problem = "must be above zero"
        if gross.minor < 0:
            problem = "must be below zero, because the document gives money back"
        raise _at(refusal.fields["position"], question, problem) from None
    except TenderTooLarge as refusal:
        problem = (
            f"is more than the {refusal.fields['remaining']} left to pay; only cash gives change"
        )
        raise _at(refusal.fields["position"], question, problem) from None
    except TenderedTooLittle as refusal:
        field = f"payments[{refusal.fields['position']}].tendered"
        raise PriceInputError(field=field, problem="must not be less than the amount") from None


def _at(position: object, question: PriceQuestion, problem: str) -> PriceInputError:
    request = question.requests[int(str(position))]
    key = "tendered" if request.amount is None else "amount"
    return PriceInputError(field=f"payments[{position}].{key}", problem=problem)


def _answer(priced: Priced, settled: Settlement, trace: Sequence[str]) -> dict[str, Any]:
    return {
        "net": _amount(priced.net),
        "tax": _amount(priced.tax),
        "gross": _amount(priced.gross),
        "taxes": [_tax_row(figure) for figure in priced.taxes],
        "lines": [_line_row(figures) for figures in priced.lines],
        "amount_due": _amount(settled.amount_due),
        "rounding": _amount(settled.rounding),
        "paid": _amount(settled.paid),
        "change": _amount(settled.change),
        "remaining": _amount(settled.remaining),
        "trace": list(trace),
    }


def _tax_row(figure: TaxFigure) -> dict[str, str]:
    tax = figure.tax
    name, value = (
        ("rate", tax.rate) if tax.rate is not None else ("fixed_per_unit", tax.fixed_per_unit)
    )
    return {name: f"{value:f}", "base": _amount(figure.base), "amount": _amount(figure.amount)}


def _line_row(figures: LineFigures) -> dict[str, str]:
    return {
        "net": _amount(figures.net),
        "tax": _amount(figures.tax),
        "gross": _amount(figures.gross),
        "discount": _amount(figures.discount),
    }


def _amount(money: Money) -> str:
    return f"{money.amount:f}"
