"""The input of `pos-app price`: JSON in which all numbers are strings, read with suspicion."""

from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.money import MINOR_DIGITS, RoundingMode
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest
from pos_app.domain.pricing import PriceLine, PricePolicy
from pos_app.domain.tax import RATE_LIMIT, Tax, TaxRounding
from pos_app.services.price_fields import (
    Fields,
    check_step,
    read_choice,
    read_flag,
    read_number,
    read_object,
    read_objects,
    read_optional_money,
    read_optional_number,
    read_top,
    refuse,
    refuse_unknown,
    shown,
)

LINE_LIMIT = 10_000
LIST_LIMIT = 50


@dataclass(frozen=True, slots=True)
class PriceQuestion:
    """What the input asks: a document, and how it is to be paid."""

    policy: PricePolicy
    lines: tuple[PriceLine, ...]
    discounts: tuple[DocumentDiscount, ...]
    cash_rounding: CashRounding | None
    requests: tuple[TenderRequest, ...]


def read_question(text: str | bytes) -> PriceQuestion:
    """Read the input (JSON, UTF-8); raises PriceInputError naming the first field at fault."""
    top = read_top(text)
    refuse_unknown(top, "currency policy lines document_discounts cash_rounding payments")
    currency = _currency(top)
    return PriceQuestion(
        policy=_policy(read_object(top, "policy"), currency),
        lines=tuple(
            _line(fields) for fields in read_objects(top, "lines", LINE_LIMIT, required=True)
        ),
        discounts=tuple(
            _discount(fields) for fields in read_objects(top, "document_discounts", LIST_LIMIT)
        ),
        cash_rounding=_cash_rounding(top, currency),
        requests=tuple(
            _request(fields, currency) for fields in read_objects(top, "payments", LIST_LIMIT)
        ),
    )


def _currency(top: Fields) -> str:
    code = top.get("currency")
    if not isinstance(code, str) or code not in MINOR_DIGITS:
        refuse("currency", f'must be a code of ISO 4217 such as "EUR", not {shown(code)}')
    return code


def _policy(fields: Fields, currency: str) -> PricePolicy:
    refuse_unknown(fields, "prices_include_tax tax_rounding rounding step")
    step = read_optional_number(fields, "step")
    if step is not None:
        check_step(step, currency, fields.name("step"))
    includes = read_flag(fields, "prices_include_tax")
    return PricePolicy(
        currency,
        True if includes is None else includes,
        read_choice(fields, "tax_rounding", TaxRounding, TaxRounding.PER_LINE),
        read_choice(fields, "rounding", RoundingMode, RoundingMode.HALF_UP),
        step,
    )


def _line(fields: Fields) -> PriceLine:
    refuse_unknown(
        fields,
        "quantity unit_price discount_percent discount_amount_per_unit min_unit_price taxes",
    )
    percent = read_optional_number(fields, "discount_percent", most=Decimal(100))
    amount = read_optional_number(fields, "discount_amount_per_unit")
    return PriceLine(
        quantity=read_number(fields, "quantity", least=None),
        unit_price=read_number(fields, "unit_price", least=None),
        discount=LineDiscount(percent or Decimal(0), amount or Decimal(0)),
        min_unit_price=read_optional_number(fields, "min_unit_price"),
        taxes=tuple(_tax(tax) for tax in read_objects(fields, "taxes", LIST_LIMIT)),
    )


def _tax(fields: Fields) -> Tax:
    refuse_unknown(fields, "rate fixed_per_unit included affects_next")
    rate = read_optional_number(fields, "rate", most=RATE_LIMIT - 1)
    fixed = read_optional_number(fields, "fixed_per_unit", most=RATE_LIMIT - 1)
    if (rate is None) == (fixed is None):
        refuse(fields.path, "must have either rate or fixed_per_unit")
    return Tax(
        rate, fixed, read_flag(fields, "included"), read_flag(fields, "affects_next") or False
    )


def _discount(fields: Fields) -> DocumentDiscount:
    refuse_unknown(fields, "type value on")
    kind = read_choice(fields, "type", DiscountKind, None)
    most = Decimal(100) if kind is DiscountKind.PERCENT else None
    value = read_number(fields, "value", most=most)
    return DocumentDiscount(
        kind, value, read_choice(fields, "on", DiscountBasis, DiscountBasis.GROSS)
    )


def _cash_rounding(top: Fields, currency: str) -> CashRounding | None:
    if top.get("cash_rounding") is None:
        return None
    fields = read_object(top, "cash_rounding")
    refuse_unknown(fields, "step mode only_cash")
    step = read_number(fields, "step")
    check_step(step, currency, fields.name("step"))
    only_cash = read_flag(fields, "only_cash")
    mode = read_choice(fields, "mode", RoundingMode, RoundingMode.HALF_UP)
    return CashRounding(step, mode, True if only_cash is None else only_cash)


def _request(fields: Fields, currency: str) -> TenderRequest:
    refuse_unknown(fields, "method amount tendered")
    method = read_choice(fields, "method", TenderMethod, None)
    tendered = read_optional_money(fields, "tendered", currency)
    if tendered is not None and method is not TenderMethod.CASH:
        refuse(fields.name("tendered"), "is only for cash; give an amount instead")
    return TenderRequest(method, read_optional_money(fields, "amount", currency), tendered)
