"""Why this price: each step from the shelf price to the total, in words with the numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount
from pos_app.domain.document_discount import Shared
from pos_app.domain.line_pricing import LineResult, LineWork, Terms, terms_of, unit_discount
from pos_app.domain.money import Money, RoundingMode, minor_digits
from pos_app.domain.pricing import (
    Priced,
    PriceLine,
    PricePolicy,
    Stage,
    TaxFigure,
    price,
    price_stages,
)
from pos_app.domain.tax import Tax, TaxRounding
from pos_app.domain.words import Say, as_written, later

MODE_WORDS = {
    RoundingMode.HALF_UP: later("half up"),
    RoundingMode.HALF_EVEN: later("half to even"),
    RoundingMode.HALF_DOWN: later("half down"),
    RoundingMode.UP: later("up"),
    RoundingMode.DOWN: later("down"),
}
POLICY_WORDS = {
    TaxRounding.PER_LINE: later("on each line"),
    TaxRounding.PER_UNIT: later("on each unit"),
    TaxRounding.PER_DOCUMENT: later("once for each rate, over unrounded line amounts"),
    TaxRounding.SUM_THEN_ROUND: later("once for all rates together"),
    TaxRounding.ROUND_LINES_THEN_TAX_PER_RATE: later(
        "once for each rate, over rounded line amounts"
    ),
}
_SHOWN_PLACES = 6


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes numbers as the document's currency does, and words in the reader's language."""

    terms: Terms
    say: Say
    decimal: str

    @property
    def mode(self) -> str:
        return self.say(MODE_WORDS[self.terms.mode])

    def in_words(self, template: str, **values: object) -> str:
        return self.say(template).format(**values)

    def plain(self, number: Decimal) -> str:
        return f"{number:f}".replace(".", self.decimal)

    def steps(self, steps: int) -> str:
        return self.money(Money(steps * self.terms.size, self.terms.policy.currency))

    def money(self, amount: Money) -> str:
        return self.plain(amount.amount)

    def exact(self, units: Fraction) -> str:
        """An unrounded amount: all its places, or the first six and a sign that there are more."""
        least = minor_digits(self.terms.policy.currency)
        whole, more = divmod(abs(units) * 10**_SHOWN_PLACES, 1)
        digits = f"{int(whole):0{_SHOWN_PLACES + 1}d}"
        head, tail = digits[:-_SHOWN_PLACES], digits[-_SHOWN_PLACES:]
        kept = tail if more else tail.rstrip("0").ljust(least, "0")
        number = f"{head}{self.decimal}{kept}" if kept else head
        return ("-" if units < 0 else "") + number + ("…" if more else "")

    def exact_steps(self, steps: Fraction) -> str:
        return self.exact(steps / Fraction(*self.terms.steps_per_unit))


def explain(
    lines: Sequence[PriceLine],
    policy: PricePolicy,
    discounts: Sequence[DocumentDiscount] = (),
    say: Say = as_written,
    decimal: str = ".",
) -> tuple[str, ...]:
    """Tell how `price` comes to its figures, one sentence a step, for every policy.

    `say` translates the words, `decimal` is the decimal sign of the figures.
    """
    terms = terms_of(policy)
    pen = _Pen(terms, say, decimal)
    stages = price_stages(lines, terms, discounts)
    sentences = [_opening(policy, pen)]
    for number, result in enumerate(stages[0].results, 1):
        words = _amount_words(result.work, pen)
        sentences.append(pen.in_words("Line {number}: {words}.", number=number, words=words))
    sentences += _tax_words(stages[0], pen)
    for number, (discount, stage) in enumerate(zip(discounts, stages[1:], strict=True), 1):
        if stage.shared is not None:
            sentences.append(_discount_words(number, discount, stage.shared, pen))
            if stage.shared.given:
                sentences += _tax_words(stage, pen)
    sentences.append(_closing(price(lines, policy, discounts), pen))
    return tuple(sentences)


def _opening(policy: PricePolicy, pen: _Pen) -> str:
    template = (
        later("Prices in {currency} include tax. Tax is rounded {where}, {how} to {step}.")
        if policy.prices_include_tax
        else later("Prices in {currency} are without tax. Tax is rounded {where}, {how} to {step}.")
    )
    where = pen.say(POLICY_WORDS[policy.tax_rounding])
    return pen.in_words(
        template, currency=policy.currency, where=where, how=pen.mode, step=pen.steps(1)
    )


def _amount_words(work: LineWork, pen: _Pen) -> str:
    line = work.line
    quantity, price_each = pen.plain(line.quantity), pen.plain(line.unit_price)
    listed = Fraction(line.quantity) * Fraction(line.unit_price)
    off = unit_discount(line, pen.terms)
    if not off:
        words = f"{quantity} × {price_each} = {pen.exact(listed)}"
        return words + _rounding_of(work, listed, pen)
    if pen.terms.tax_rounding is TaxRounding.PER_UNIT:
        left = Fraction(line.unit_price) - off
        words = pen.in_words(
            "each {price}; {off} = {amount} on each unit, rounded {how}, leaves {left};"
            " {quantity} × {left} = {total}",
            price=price_each,
            off=_off_words(line, pen),
            amount=pen.exact(off),
            how=pen.mode,
            left=pen.exact(left),
            quantity=quantity,
            total=pen.exact(left * Fraction(line.quantity)),
        )
        return (
            words
            + _minimum_words(line, pen)
            + _rounding_of(work, left * Fraction(line.quantity), pen)
        )
    less = off * Fraction(line.quantity)
    words = pen.in_words(
        "{quantity} × {price} = {listed}; {off} = {less}, leaves {left}",
        quantity=quantity,
        price=price_each,
        listed=pen.exact(listed),
        off=_off_words(line, pen),
        less=pen.exact(less),
        left=pen.exact(listed - less),
    )
    return words + _minimum_words(line, pen) + _rounding_of(work, listed - less, pen)


def _off_words(line: PriceLine, pen: _Pen) -> str:
    parts = []
    if line.discount.percent:
        percent = pen.plain(line.discount.percent)
        parts.append(pen.in_words("{percent} % off", percent=percent))
    if line.discount.amount_per_unit:
        amount = pen.plain(line.discount.amount_per_unit)
        parts.append(pen.in_words("{amount} off each", amount=amount))
    return pen.say(later(" and ")).join(parts)


def _minimum_words(line: PriceLine, pen: _Pen) -> str:
    size = abs(Fraction(line.unit_price))
    wanted = size * Fraction(line.discount.percent) / 100 + Fraction(line.discount.amount_per_unit)
    if line.min_unit_price is None or size - wanted >= Fraction(line.min_unit_price):
        return ""
    least = pen.exact(Fraction(line.min_unit_price))
    return pen.in_words(" (the minimum price {price} allows no more)", price=least)


def _rounding_of(work: LineWork, exact: Fraction, pen: _Pen) -> str:
    """How the line amount was rounded, if it was not whole and was rounded already."""
    steps = Fraction(*work.amount)
    if steps == exact * Fraction(*pen.terms.steps_per_unit):
        return "" if steps.denominator == 1 else pen.in_words(" (not rounded yet)")
    amount = pen.exact_steps(steps)
    return pen.in_words(", rounded {how} to {amount}", how=pen.mode, amount=amount)


def _tax_words(stage: Stage, pen: _Pen) -> Iterator[str]:
    rounding = pen.terms.tax_rounding
    if rounding in (TaxRounding.PER_LINE, TaxRounding.PER_UNIT):
        for number, result in enumerate(stage.results, 1):
            if stage.shared is None or stage.shared.shares[number - 1]:
                yield _line_tax_words(number, result, pen)
    elif rounding is TaxRounding.SUM_THEN_ROUND:
        yield _sum_words(stage.results, pen)
    else:
        yield from _rate_words(stage.results, pen)


def _line_tax_words(number: int, result: LineResult, pen: _Pen) -> str:
    work = result.work
    net, gross = pen.steps(result.net), pen.steps(result.gross)
    whole = pen.in_words("before tax {net}, with tax {gross}", net=net, gross=gross)
    if not result.taxes:
        return pen.in_words("Line {number}: no tax, {whole}.", number=number, whole=whole)
    if pen.terms.tax_rounding is TaxRounding.PER_UNIT and work.line.quantity:
        parts = _unit_tax_words(result, pen)
    else:
        quantity = Fraction(work.line.quantity)
        amounts = _taxed_words(work, Fraction(*work.amount), quantity, result.taxes, pen)
        parts = list(amounts)
    words = "; ".join((*parts, whole))
    return pen.in_words("Line {number}: {words}.", number=number, words=words)


def _unit_tax_words(result: LineResult, pen: _Pen) -> list[str]:
    work = result.work
    quantity = Fraction(work.line.quantity)
    each = Fraction(*work.amount) / quantity
    unit_taxes = work.plan.rounded(each.as_integer_ratio(), (1, 1), pen.terms.mode)
    words = _taxed_words(work, each, Fraction(1), unit_taxes, pen)
    return [
        pen.in_words(
            "{tax} on each, × {quantity} = {total}",
            tax=text,
            quantity=pen.plain(work.line.quantity),
            total=pen.steps(steps),
        )
        for text, steps in zip(words, result.taxes, strict=True)
    ]


def _taxed_words(
    work: LineWork, amount: Fraction, quantity: Fraction, taxes: Sequence[int], pen: _Pen
) -> Iterator[str]:
    """Each tax of an amount in steps: what it was taken on, and what it was rounded to."""
    inside = zip(taxes, work.plan.included, strict=True)
    base = amount - sum(steps for steps, included in inside if included)
    for tax, included, steps in zip(work.plan.taxes, work.plan.included, taxes, strict=True):
        name = _tax_name(tax, pen)
        rounded = pen.in_words(", rounded {how} to {amount}", how=pen.mode, amount=pen.steps(steps))
        if tax.rate is None:
            exact = Fraction(tax.fixed_per_unit or 0) * quantity
            yield f"{name} = {pen.exact(exact)}{rounded}"
        elif included:
            inner = pen.exact_steps(amount)
            yield pen.in_words("{tax} contained in {amount}", tax=name, amount=inner) + rounded
        else:
            exact = base * Fraction(tax.rate) / 100
            taken = f"{pen.exact_steps(base)} = {pen.exact_steps(exact)}"
            yield pen.in_words("{tax} of {amount}", tax=name, amount=taken) + rounded
        if tax.affects_next:
            base += steps


def _rate_words(results: Sequence[LineResult], pen: _Pen) -> Iterator[str]:
    """One sentence a rate: what its lines come to, the unrounded tax, and the rounded."""
    exact: dict[tuple[Decimal | None, Decimal | None, str], Fraction] = {}
    rounded: dict[tuple[Decimal | None, Decimal | None, str], int] = {}
    names: dict[tuple[Decimal | None, Decimal | None, str], str] = {}
    for result in results:
        plan = result.work.plan
        parts = plan.exact(result.work.amount, result.work.quantity)
        for tax, part, steps in zip(plan.taxes, parts, result.taxes, strict=True):
            key = (tax.rate, tax.fixed_per_unit, tax.code)
            exact[key] = exact.get(key, Fraction(0)) + Fraction(*part)
            rounded[key] = rounded.get(key, 0) + steps
            names[key] = _tax_name(tax, pen)
    for key, name in names.items():
        yield pen.in_words(
            "{tax} over all its lines = {exact}, rounded {how} once to {amount}.",
            tax=name,
            exact=pen.exact_steps(exact[key]),
            how=pen.mode,
            amount=pen.steps(rounded[key]),
        )
    if not names:
        yield pen.in_words("There is no tax.")


def _sum_words(results: Sequence[LineResult], pen: _Pen) -> str:
    exact = Fraction(0)
    for result in results:
        parts = result.work.plan.exact(result.work.amount, result.work.quantity)
        exact += sum((Fraction(*part) for part in parts), Fraction(0))
    steps = sum(sum(result.taxes) for result in results)
    return pen.in_words(
        "The tax of all lines and rates = {exact}, rounded {how} once to {amount}.",
        exact=pen.exact_steps(exact),
        how=pen.mode,
        amount=pen.steps(steps),
    )


def _tax_name(tax: Tax, pen: _Pen) -> str:
    if tax.rate is None:
        amount = pen.plain(tax.fixed_per_unit or Decimal(0))
        return pen.in_words("{amount} tax on each unit", amount=amount)
    return pen.in_words("{rate} % tax", rate=pen.plain(tax.rate))


def _discount_words(number: int, discount: DocumentDiscount, shared: Shared, pen: _Pen) -> str:
    is_gross = discount.basis is DiscountBasis.GROSS
    total = pen.say(later("total with tax") if is_gross else later("total before tax"))
    value, whole = pen.plain(discount.value), pen.steps(shared.whole)
    if discount.kind is DiscountKind.PERCENT:
        words = pen.in_words(
            "{value} % off the {total} of {whole} = {wanted}, rounded {how}",
            value=value,
            total=total,
            whole=whole,
            wanted=pen.steps(shared.wanted),
            how=pen.mode,
        )
    else:
        words = pen.in_words(
            "{value} off the {total} of {whole}", value=value, total=total, whole=whole
        )
    if shared.given != shared.wanted:
        words += pen.in_words(
            "; the lines and their minimum prices leave room for {amount}",
            amount=pen.steps(shared.given),
        )
    parts = [
        pen.in_words("line {number} {amount}", number=index, amount=pen.steps(share))
        for index, share in enumerate(shared.shares, 1)
        if share
    ]
    if parts:
        words += pen.in_words("; shared by size: {parts}", parts=", ".join(parts))
    return pen.in_words("Discount {number}: {words}.", number=number, words=words)


def _closing(priced: Priced, pen: _Pen) -> str:
    table = "; ".join(_table_row(figure, pen) for figure in priced.taxes)
    words = pen.in_words(
        "Total: {net} before tax + {tax} tax = {gross}",
        net=pen.money(priced.net),
        tax=pen.money(priced.tax),
        gross=pen.money(priced.gross),
    )
    return f"{words} ({table})." if table else f"{words}."


def _table_row(figure: TaxFigure, pen: _Pen) -> str:
    return pen.in_words(
        "{tax} on {base}: {amount}",
        tax=_tax_name(figure.tax, pen),
        base=pen.money(figure.base),
        amount=pen.money(figure.amount),
    )
