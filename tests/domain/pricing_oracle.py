"""A second opinion on prices, written from the definitions alone: slow, plain, 80 decimal digits.

Included tax is found by trying a net amount of 0 and of 1 (a straight line goes through both),
and tax is always worked out forwards, tax after tax. Nothing is shared with the engine but its
input values.
"""

from dataclasses import dataclass, field
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    localcontext,
)

MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}
WIDE = Context(prec=80)
SNAP = Decimal(1).scaleb(-45)


@dataclass
class OracleLine:
    quantity: Decimal
    taxes: list  # (rate | None, fixed | None, included, affects_next)
    amount: Decimal  # holds the taxes whose included flag is set
    net: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)
    tax_amounts: list = field(default_factory=list)
    shared: Decimal = Decimal(0)
    own_discount: Decimal = Decimal(0)
    listed: Decimal = Decimal(0)


@dataclass
class OracleDocument:
    net: Decimal
    tax: Decimal
    gross: Decimal
    lines: list
    by_tax: dict


class Oracle:
    def __init__(self, tax_rounding, mode, step, prices_include_tax):
        self.tax_rounding = tax_rounding
        self.mode = MODES[mode]
        self.step = step
        self.inclusive = prices_include_tax

    def document(self, lines, discounts):
        with localcontext(WIDE):
            work = [self.start(line) for line in lines]
            self.settle(work)
            for discount in discounts:
                self.discount(work, discount)
                self.settle(work)
            by_tax = {}
            for line in work:
                for (rate, fixed, _, _), amount in zip(line.taxes, line.tax_amounts, strict=True):
                    by_tax[rate, fixed] = by_tax.get((rate, fixed), Decimal(0)) + amount
            net = sum((line.net for line in work), Decimal(0))
            gross = sum((line.gross for line in work), Decimal(0))
            return OracleDocument(net, gross - net, gross, work, by_tax)

    def round(self, value):
        snapped = value.quantize(SNAP, ROUND_HALF_EVEN)  # a third of a third is not a tie
        return (snapped / self.step).quantize(Decimal(1), self.mode) * self.step

    def start(self, line):
        off = line.unit_price * line.discount.percent / 100 + line.discount.amount_per_unit
        off = min(off, max(line.unit_price - (line.min_unit_price or 0), Decimal(0)))
        if self.tax_rounding == "per_unit":
            rounded = self.round(off)
            room = line.unit_price - (line.min_unit_price or 0)
            if rounded > max(room, Decimal(0)):
                rounded = (off / self.step).to_integral_value(ROUND_DOWN) * self.step
            off = rounded
        exact = (line.unit_price - off) * line.quantity
        amount = exact
        if self.tax_rounding in ("per_line", "round_lines_then_tax_per_rate"):
            amount = self.round(exact)
        taxes = [
            (
                tax.rate,
                tax.fixed_per_unit,
                self.inclusive if tax.included is None else tax.included,
                tax.affects_next,
            )
            for tax in line.taxes
        ]
        own = self.round(line.unit_price * line.quantity) - self.round(exact)
        listed = line.unit_price * line.quantity
        return OracleLine(line.quantity, taxes, amount, own_discount=own, listed=listed)

    def forwards(self, net, quantity, taxes):
        base, amounts = net, []
        for rate, fixed, _, affects in taxes:
            amount = fixed * quantity if rate is None else base * rate / 100
            amounts.append(amount)
            if affects:
                base += amount
        return amounts

    def price_of(self, net, quantity, taxes):
        amounts = self.forwards(net, quantity, taxes)
        inside = (a for a, tax in zip(amounts, taxes, strict=True) if tax[2])
        return net + sum(inside, Decimal(0))

    def exact_taxes(self, amount, quantity, taxes):
        at_zero = self.price_of(Decimal(0), quantity, taxes)
        at_one = self.price_of(Decimal(1), quantity, taxes)
        net = (amount - at_zero) / (at_one - at_zero)
        return self.forwards(net, quantity, taxes)

    def line_taxes(self, amount, quantity, taxes):
        """Round each included tax; then go forwards over the remainder, rounding as we go."""
        exact = self.exact_taxes(amount, quantity, taxes)
        rounded = {i: self.round(exact[i]) for i, tax in enumerate(taxes) if tax[2]}
        base = amount - sum(rounded.values(), Decimal(0))
        result = []
        for i, (rate, fixed, inside, affects) in enumerate(taxes):
            if inside:
                value = rounded[i]
            else:
                value = self.round(fixed * quantity if rate is None else base * rate / 100)
            result.append(value)
            if affects:
                base += value
        return result

    def settle(self, work):
        if self.tax_rounding == "per_line":
            for line in work:
                amount = self.round(line.amount)
                self.finish(line, amount, self.line_taxes(amount, line.quantity, line.taxes))
        elif self.tax_rounding == "per_unit":
            for line in work:
                each = line.amount / line.quantity if line.quantity else Decimal(0)
                units = self.line_taxes(each, Decimal(1), line.taxes)
                taxes = [self.round(tax * line.quantity) for tax in units]
                self.finish(line, self.round(line.amount), taxes)
        else:
            self.settle_document(work)

    def settle_document(self, work):
        once = self.tax_rounding == "sum_then_round"
        amounts, taxes = {}, {}
        for i, line in enumerate(work):
            rates = tuple((tax[0], tax[1], tax[2]) for tax in line.taxes)
            amounts.setdefault("all" if once else rates, {})[i] = line.amount
            for j, value in enumerate(self.exact_taxes(line.amount, line.quantity, line.taxes)):
                rate = line.taxes[j][:2]
                taxes.setdefault("all" if once else rate, {})[i, j] = value
        amount_of, tax_of = {}, {}
        for group in amounts.values():
            amount_of |= self.hand_out(group)
        for group in taxes.values():
            tax_of |= self.hand_out(group)
        for i, line in enumerate(work):
            self.finish(line, amount_of[i], [tax_of[i, j] for j in range(len(line.taxes))])

    def hand_out(self, parts):
        """Round the sum, then hand steps to whoever lacks most of his exact part, one by one."""
        whole = self.round(sum(parts.values(), Decimal(0)))
        sign = -1 if sum(parts.values(), Decimal(0)) < 0 else 1
        given, lacks = {}, {}
        for key, part in parts.items():
            value = (sign * part).quantize(SNAP, ROUND_HALF_EVEN)
            steps = (value / self.step).to_integral_value("ROUND_FLOOR")
            given[key] = steps * self.step
            lacks[key] = value - given[key]
        while sum(given.values(), Decimal(0)) < sign * whole:
            most = max(lacks.values())
            key = next(key for key, lack in lacks.items() if lack == most)
            given[key] += self.step
            lacks[key] = Decimal(-1000)
        return {key: sign * value for key, value in given.items()}

    def finish(self, line, amount, taxes):
        line.tax_amounts = taxes
        inside = (t for t, tax in zip(taxes, line.taxes, strict=True) if tax[2])
        line.net = amount - sum(inside, Decimal(0))
        line.gross = line.net + sum(taxes, Decimal(0))

    def discount(self, work, discount):
        """Documents of one sign, without minimum prices (those are proved by properties)."""
        on_gross = discount.basis == "gross"
        figures = {i: (line.gross if on_gross else line.net) for i, line in enumerate(work)}
        whole = sum(figures.values(), Decimal(0))
        sign = -1 if sum(line.listed for line in work) < 0 else 1
        most = max(sign * whole, Decimal(0))
        if discount.kind == "percent":
            wanted = self.round(most * discount.value / 100)
        else:
            wanted = self.round(discount.value)
        givers = {i: sign * figure for i, figure in figures.items() if sign * figure > 0}
        wanted = min(wanted, most, sum(givers.values(), Decimal(0)))
        if not wanted:
            return
        total = sum(givers.values())
        parts = {i: wanted * figure / total for i, figure in givers.items()}
        shares = self.hand_out(parts)
        for i, line in enumerate(work):
            share = shares.get(i, Decimal(0))
            if not share and wanted == most:
                inside = zip(line.tax_amounts, line.taxes, strict=True)
                line.amount = line.net + sum((t for t, tax in inside if tax[2]), Decimal(0))
            line.shared += sign * share
            left = line.amount - sign * share
            if not share:
                continue
            if (
                all(tax[2] is on_gross for tax in line.taxes)
                and self.tax_rounding != "per_unit"
                and sign * left >= 0
                and wanted < most
            ):
                line.amount = left
            else:
                line.amount = figures[i] - sign * share
                line.taxes = [(*tax[:2], on_gross, tax[3]) for tax in line.taxes]
