"""From priced lines to the lines, allowances, VAT table and sums of an e-invoice.

The figures are the document's own to the last cent; only where they stand is different. Where
prices hold tax, EN 16931 still wants them without: a line's discount is an allowance on it, the
document's discount one allowance for each rate, and what is left is what our line says.

VAT is what our tax table says. The rules let it differ from base times rate by less than one whole
currency unit (BR-CO-17, BR-S-09 and their like in the published rules of both syntaxes), which
tax rounded on each line of hundreds can pass; `e_invoice_check` says so before anything is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from pos_app.domain.discount import NO_DISCOUNT, DiscountBasis, DocumentDiscount
from pos_app.domain.document import DocumentLine
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.pricing import LineFigures, PricePolicy
from pos_app.domain.tax import Tax, is_included
from pos_app.printing.e_invoice import (
    Allowance,
    DocumentAllowance,
    ELine,
    ETax,
    ETotals,
    VatCategory,
)
from pos_app.printing.e_invoice_codes import DISCOUNT, exemption, unit_code
from pos_app.printing.e_invoice_price import price_for, times, without_tax

_NO_RATE = Decimal(0)
_DISCOUNT = "Discount"
# UNTDID 7161 has no code of its own for a levy; this is "other services".
_LEVY = "ADR"


class TwoVatRates(PosError):
    """A line with two percentages, which no European e-invoice can hold."""

    sentence = (
        "{name} has more than one tax in percent. An e-invoice holds one VAT rate for each line: "
        "give the product one rate, or send this invoice as plain PDF."
    )


@dataclass(frozen=True, slots=True)
class EBody:
    """The part of an e-invoice that holds figures."""

    lines: tuple[ELine, ...]
    allowances: tuple[DocumentAllowance, ...]
    taxes: tuple[ETax, ...]
    totals: ETotals


@dataclass(frozen=True, slots=True)
class Settled:
    """What is added at the end: rounding to coins, and what was paid before."""

    rounding: Money
    prepaid: Money


@dataclass(frozen=True, slots=True)
class _Vat:
    """The VAT of a line; rows of the VAT table differ in category and rate."""

    category: VatCategory
    rate: Decimal
    words: str = ""

    @property
    def key(self) -> tuple[VatCategory, Decimal]:
        return self.category, self.rate


@dataclass(frozen=True, slots=True)
class _Part:
    """A line of the e-invoice, with the VAT on it and its share of the document's discount."""

    line: ELine
    vat: _Vat
    tax: Money
    shared: Money


def body_of(
    lines: Sequence[tuple[DocumentLine, LineFigures]],
    policy: PricePolicy,
    discounts: Sequence[DocumentDiscount] = (),
    settled: Settled | None = None,
) -> EBody:
    """Return the figures of a document, of any pricing policy, as an e-invoice holds them.

    Raises TwoVatRates.
    """
    zero = Money(0, policy.currency)
    parts = [part for line, figures in lines for part in _parts(line, figures, policy, discounts)]
    parts = [
        replace(part, line=replace(part.line, id=str(place)))
        for place, part in enumerate(parts, start=1)
    ]
    allowances = _document_allowances(parts, discounts, zero)
    taxes = _tax_table(parts, zero)
    settled = settled or Settled(zero, zero)
    return EBody(
        lines=tuple(part.line for part in parts),
        allowances=allowances,
        taxes=taxes,
        totals=_totals(parts, allowances, taxes, settled, zero),
    )


def _parts(
    line: DocumentLine,
    figures: LineFigures,
    policy: PricePolicy,
    discounts: Sequence[DocumentDiscount],
) -> list[_Part]:
    rated = _rated(line)
    vat = _vat_of(rated)
    rows = [row.amount for row in figures.taxes if row.tax.rate is not None]
    tax = _sum(rows, policy.currency)
    levies = [f for f in figures.taxes if f.tax.rate is None and f.amount]
    inside = [f for f in levies if _is_in_base(f.tax, line.taxes, rated)]
    charges = tuple(Allowance(f.amount, f.tax.name or "Levy", True, _LEVY) for f in inside)
    shared = _shared(figures, vat.rate, discounts)
    main = _line(line, figures, vat, shared, _listed(line, policy, vat.rate))
    net = _sum((main.net, *(charge.amount for charge in charges)), main.net.currency)
    whole = replace(main, net=net, allowances=(*main.allowances, *charges))
    outside = [levy for levy in levies if levy not in inside]
    extra = [_levy_line(line, levy.tax, levy.amount) for levy in outside]
    return [_Part(whole, vat, tax, shared), *extra]


def _line(
    line: DocumentLine, figures: LineFigures, vat: _Vat, shared: Money, listed: Fraction | None
) -> ELine:
    """The line without levies; what the price is more than the line's amount is an allowance."""
    net = figures.net + shared
    asked = net
    allowances: tuple[Allowance, ...] = ()
    if line.discount is not NO_DISCOUNT and listed is not None and line.quantity > 0:
        full = times(listed, line.quantity, net.currency)
        if full.minor > net.minor:
            reason = line.discount.reason or _DISCOUNT
            allowances = (Allowance(full - net, reason, code=DISCOUNT),)
            asked = full
    price, base = price_for(asked, line.quantity, listed)
    return ELine(
        id=line.id,
        name=line.name,
        quantity=line.quantity,
        unit=unit_code(line.unit),
        price=price,
        price_base=base,
        net=net,
        category=vat.category,
        rate=vat.rate,
        code=line.code,
        description=line.specification,
        note=line.remark,
        allowances=allowances,
    )


def _levy_line(line: DocumentLine, tax: Tax, amount: Money) -> _Part:
    """A fixed tax that VAT is not taken on stands on a line of its own."""
    words = tax.name or "Levy"
    price, base = price_for(amount, line.quantity, Fraction(tax.fixed_per_unit or 0))
    zero = Money(0, amount.currency)
    levy = ELine(
        id=line.id,
        name=f"{words} ({line.name})",
        quantity=line.quantity,
        unit=unit_code(line.unit),
        price=price,
        price_base=base,
        net=amount,
        category=VatCategory.EXEMPT,
    )
    return _Part(levy, _Vat(VatCategory.EXEMPT, _NO_RATE, f"{words}: no VAT on it"), zero, zero)


def _rated(line: DocumentLine) -> Tax | None:
    rated = [tax for tax in line.taxes if tax.rate is not None]
    if len(rated) > 1:
        raise TwoVatRates(name=line.name)
    return rated[0] if rated else None


def _vat_of(tax: Tax | None) -> _Vat:
    """A rate above zero is the standard category; without one the tax's code names it."""
    if tax is None:
        return _Vat(VatCategory.EXEMPT, _NO_RATE)
    if tax.rate:
        return _Vat(VatCategory.STANDARD, tax.rate.normalize())
    named = {category.value: category for category in VatCategory}
    category = named.get(tax.code, VatCategory.ZERO_RATED)
    if category is VatCategory.STANDARD:
        category = VatCategory.ZERO_RATED
    return _Vat(category, _NO_RATE, tax.name if category is VatCategory.EXEMPT else "")


def _is_in_base(levy: Tax, taxes: tuple[Tax, ...], rated: Tax | None) -> bool:
    """Whether VAT is taken on a fixed tax: one that comes before it and affects what follows."""
    if rated is None:
        return True
    return levy.affects_next and taxes.index(levy) < taxes.index(rated)


def _shared(figures: LineFigures, rate: Decimal, discounts: Sequence[DocumentDiscount]) -> Money:
    """A line's share of the document's discounts without tax."""
    share = figures.document_discount
    if any(discount.basis is DiscountBasis.GROSS for discount in discounts):
        return without_tax(share, rate)
    return share


def _listed(line: DocumentLine, policy: PricePolicy, rate: Decimal) -> Fraction | None:
    """The shop's own price without tax; None where a price holds other taxes than VAT."""
    inside = [tax for tax in line.taxes if is_included(tax, policy.prices_include_tax)]
    if any(tax.rate is None for tax in inside):
        return None
    share = 1 + Fraction(rate) / 100 if inside else Fraction(1)
    return Fraction(line.unit_price) / share


def _document_allowances(
    parts: Iterable[_Part], discounts: Sequence[DocumentDiscount], zero: Money
) -> tuple[DocumentAllowance, ...]:
    reasons = dict.fromkeys(discount.reason for discount in discounts if discount.reason)
    reason = "; ".join(reasons) or _DISCOUNT
    shares: dict[tuple[VatCategory, Decimal], Money] = {}
    for part in parts:
        shares[part.vat.key] = shares.get(part.vat.key, zero) + part.shared
    return tuple(
        DocumentAllowance(Allowance(share, reason, code=DISCOUNT), category, rate)
        for (category, rate), share in shares.items()
        if share
    )


def _tax_table(parts: Sequence[_Part], zero: Money) -> tuple[ETax, ...]:
    rows: dict[tuple[VatCategory, Decimal], ETax] = {}
    words: dict[tuple[VatCategory, Decimal], dict[str, None]] = {}
    for part in parts:
        key = part.vat.key
        row = rows.get(key) or ETax(*key, base=zero, amount=zero)
        base = row.base + part.line.net - part.shared
        rows[key] = replace(row, base=base, amount=row.amount + part.tax)
        words.setdefault(key, {})[part.vat.words] = None
    return tuple(
        _with_reason(row, "; ".join(filter(None, words[row.category, row.rate])))
        for row in rows.values()
    )


def _with_reason(row: ETax, words: str) -> ETax:
    code, usual = exemption(row.category)
    return replace(row, reason=words or usual, reason_code=code)


def _totals(
    parts: Sequence[_Part],
    allowances: Sequence[DocumentAllowance],
    taxes: Sequence[ETax],
    settled: Settled,
    zero: Money,
) -> ETotals:
    lines = _sum((part.line.net for part in parts), zero.currency)
    off = _sum((one.allowance.amount for one in allowances), zero.currency)
    tax = _sum((row.amount for row in taxes), zero.currency)
    net = lines - off
    gross = net + tax
    return ETotals(
        lines=lines,
        allowances=off,
        charges=zero,
        net=net,
        tax=tax,
        gross=gross,
        rounding=settled.rounding,
        prepaid=settled.prepaid,
        due=gross - settled.prepaid + settled.rounding,
    )


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return Money(sum(amount.minor for amount in amounts), currency)
