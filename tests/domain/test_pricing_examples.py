"""Published worked examples; the source is named beside each row."""

import re
from decimal import Decimal

import pytest

from pos_app.domain.discount import (
    DiscountBasis,
    DiscountKind,
    DocumentDiscount,
    LineDiscount,
)
from pos_app.domain.money import RoundingMode
from pos_app.domain.pricing import Priced, PriceLine, PricePolicy, price
from pos_app.domain.tax import Tax, TaxRounding


def tax(short: str) -> Tax:
    """`21` as the policy says, `21i` included, `21x` added, `f1` per unit, `+` affects the next."""
    fixed, number, kind, affects = re.fullmatch(r"(f?)([\d.]+)([ix]?)(\+?)", short).groups()
    value = Decimal(number)
    return Tax(
        rate=None if fixed else value,
        fixed_per_unit=value if fixed else None,
        included={"i": True, "x": False, "": None}[kind],
        affects_next=bool(affects),
    )


def document(*lines: str, policy: PricePolicy, discounts=()) -> Priced:
    """Each line is `quantity x price, tax, tax, …`."""
    parsed = []
    for line in lines:
        head, *taxes = line.split(",")
        quantity, _, unit_price = head.partition(" x ")
        parsed.append(
            PriceLine(
                Decimal(quantity),
                Decimal(unit_price),
                taxes=tuple(tax(short.strip()) for short in taxes),
            )
        )
    return price(parsed, policy, discounts)


def figures(priced: Priced) -> str:
    return f"{priced.net.amount} + {priced.tax.amount} = {priced.gross.amount}"


PER_LINE = [
    # Odoo, addons/account/tests/test_taxes_computation.py: the random cases, rounded per line
    ("EUR", None, "1 x 124.40, 8i, 0i", "115.19 + 9.21 = 124.40", ["9.21", "0.00"]),
    ("EUR", "0.05", "1 x 5.00, 5i", "4.75 + 0.25 = 5.00", ["0.25"]),
    ("EUR", "0.05", "1 x 10.00, 5i", "9.50 + 0.50 = 10.00", ["0.50"]),
    ("EUR", "0.05", "1 x 50.00, 5i", "47.60 + 2.40 = 50.00", ["2.40"]),
    ("EUR", None, "1 x 2300, 15x, 5.5i", "2180.09 + 446.92 = 2627.01", ["327.01", "119.91"]),
    ("EUR", None, "1 x 52.50, 12i", "46.87 + 5.63 = 52.50", ["5.63"]),
    ("CLP", None, "1 x 22689, 19x", "22689 + 4311 = 27000", ["4311"]),
    ("CLP", None, "1 x 9176, 19x", "9176 + 1743 = 10919", ["1743"]),
    ("CLP", None, "1 x 27000, 19i", "22689 + 4311 = 27000", ["4311"]),
    ("CLP", None, "1 x 10920, 19i", "9176 + 1744 = 10920", ["1744"]),
    ("EUR", None, "1 x 11.90, 21i", "9.83 + 2.07 = 11.90", ["2.07"]),
    ("EUR", None, "1 x 2.80, 21i", "2.31 + 0.49 = 2.80", ["0.49"]),
    # Odoo: a fixed tax included in a price of nothing
    ("EUR", None, "1 x 0.00, f0.05i+", "-0.05 + 0.05 = 0.00", ["0.05"]),
    # Odoo: percentages as in India
    ("INR", None, "1 x 100, 6x, 6x, 3x", "100.00 + 15.00 = 115.00", None),
    ("INR", None, "1 x 100, 6x+, 6.0x, 3x", "100.00 + 15.54 = 115.54", None),
    ("INR", None, "1 x 100, 6x+, 6x+, 3x", "100.00 + 15.73 = 115.73", None),
    ("INR", None, "1 x 106, 6i+, 6x, 3x", "100.00 + 15.54 = 115.54", None),
    ("INR", None, "1 x 106, 6i, 6x, 3x", "100.00 + 15.00 = 115.00", None),
    # Odoo: fixed taxes as in Belgium
    ("EUR", None, "5 x 20, f1x, 21x, f2x", "100.00 + 36.00 = 136.00", ["5.00", "21.00", "10.00"]),
    ("EUR", None, "5 x 19, f1x+, 21x, f2x", "95.00 + 36.00 = 131.00", ["5.00", "21.00", "10.00"]),
    ("EUR", None, "1 x 120, f1x+, 21i, f2x", "99.00 + 24.00 = 123.00", ["1.00", "21.00", "2.00"]),
    ("EUR", None, "1 x 120, f1x+, 21i+, f2x", "99.00 + 24.00 = 123.00", ["1.00", "21.00", "2.00"]),
    ("EUR", None, "1 x 121, f1x, 21i+, f2x", "100.00 + 24.00 = 124.00", ["1.00", "21.00", "2.00"]),
    # Revenu Québec, "Calculating the taxes": GST 5 %, QST 9.975 % on the price without GST
    ("CAD", None, "1 x 100, 5x, 9.975x", "100.00 + 14.98 = 114.98", ["5.00", "9.98"]),
    # Québec until 2012: QST 9.5 % on the price with GST
    ("CAD", None, "1 x 100, 5x+, 9.5x", "100.00 + 14.98 = 114.98", ["5.00", "9.98"]),
    # Spain, recargo de equivalencia: 21 + 5.2 % on 100, 10 + 1.4 % on 250, one base for both
    ("EUR", None, "1 x 100, 21x, 5.2x", "100.00 + 26.20 = 126.20", ["21.00", "5.20"]),
    ("EUR", None, "1 x 250, 10x, 1.4x", "250.00 + 28.50 = 278.50", ["25.00", "3.50"]),
    # Dolibarr wiki, "VAT setup, calculation and rounding rules"
    ("EUR", None, "1 x 1.24, 10x", "1.24 + 0.12 = 1.36", ["0.12"]),
    # Three decimals: a Kuwaiti dinar has 1000 fils
    ("KWD", None, "3 x 1.235, 5x", "3.705 + 0.185 = 3.890", ["0.185"]),
]


@pytest.mark.parametrize(("currency", "step", "line", "expected", "taxes"), PER_LINE)
def test_tax_is_rounded_on_each_line(currency, step, line, expected, taxes):
    policy = PricePolicy(currency, step=step and Decimal(step))
    priced = document(line, policy=policy)
    assert figures(priced) == expected
    if taxes is not None:
        assert [str(row.amount.amount) for row in priced.lines[0].taxes] == taxes


@pytest.mark.parametrize(
    ("mode", "unit_price", "amount"),
    [
        # OCA account_tax_rounding_method, 10 % on yen: half up, up, down
        ("half_up", "15", 2),
        ("up", "13", 2),
        ("down", "15", 1),
        ("half_down", "15", 1),
        ("half_even", "15", 2),
        ("half_even", "25", 2),
    ],
)
def test_yen_have_no_decimals_and_every_mode_is_kept(mode, unit_price, amount):
    policy = PricePolicy("JPY", False, rounding=RoundingMode(mode))
    assert document(f"1 x {unit_price}, 10", policy=policy).tax.minor == amount


@pytest.mark.parametrize(
    ("policy_name", "inclusive", "lines", "expected"),
    [
        # Two lines of 0.05 at 10 %: 0.01 each on its own, 0.01 together
        ("per_line", False, ["1 x 0.05, 10"] * 2, "0.10 + 0.02 = 0.12"),
        ("per_document", False, ["1 x 0.05, 10"] * 2, "0.10 + 0.01 = 0.11"),
        # Odoo test_taxes_tax_totals_summary: 24.99 included at 20 % never comes to 25.00
        ("per_document", True, ["1 x 24.99, 20"], "20.82 + 4.17 = 24.99"),
        # Magento, "Tax calculation methods": unit price, row total, total
        ("per_unit", False, ["3 x 9.99, 8.25"], "29.97 + 2.46 = 32.43"),
        ("per_line", False, ["3 x 9.99, 8.25"], "29.97 + 2.47 = 32.44"),
        # A sales tax by state, county and city is rounded once on the whole sale
        ("sum_then_round", False, ["1 x 1.10, 4, 0.375, 4.5"] * 3, "3.30 + 0.29 = 3.59"),
        ("per_document", False, ["1 x 1.10, 4, 0.375, 4.5"] * 3, "3.30 + 0.29 = 3.59"),
        ("per_line", False, ["1 x 1.10, 4, 0.375, 4.5"] * 3, "3.30 + 0.27 = 3.57"),
        # Amounts with four places: unrounded until the rate is summed, or rounded line by line
        ("per_document", False, ["1 x 0.3333, 20"] * 3, "1.00 + 0.20 = 1.20"),
        ("round_lines_then_tax_per_rate", False, ["1 x 0.3333, 20"] * 3, "0.99 + 0.20 = 1.19"),
        ("per_line", False, ["1 x 0.3333, 20"] * 3, "0.99 + 0.21 = 1.20"),
        # A unit's tax is taken on the unit's own price, not on the rounded line
        ("per_unit", False, ["2 x 1.2499, 10"], "2.50 + 0.24 = 2.74"),
        ("per_unit", True, ["0.5 x 1.99, 12"], "0.89 + 0.11 = 1.00"),
        # Rates of 19 and 7 % apart, and all rates at once
        ("per_document", True, ["1 x 1.13, 19", "1 x 1.13, 7"], "2.01 + 0.25 = 2.26"),
        ("sum_then_round", True, ["1 x 1.13, 19", "1 x 1.13, 7"], "2.01 + 0.25 = 2.26"),
        ("sum_then_round", False, ["1 x 0.26, 9", "1 x 0.26, 9.5"], "0.52 + 0.05 = 0.57"),
        ("per_document", False, ["1 x 0.26, 9", "1 x 0.26, 9.5"], "0.52 + 0.04 = 0.56"),
    ],
)
def test_where_tax_is_rounded_decides_the_total(policy_name, inclusive, lines, expected):
    policy = PricePolicy("EUR", inclusive, TaxRounding(policy_name))
    assert figures(document(*lines, policy=policy)) == expected


def test_sales_tax_rounded_up_to_five_cents():
    """The well-known exercise: imported chocolates 10.00 and perfume 47.50, tax up to 0.05."""
    policy = PricePolicy("USD", False, rounding=RoundingMode.UP, step=Decimal("0.05"))
    priced = document("1 x 10.00, 5", "1 x 47.50, 10, 5", policy=policy)
    assert [str(line.gross.amount) for line in priced.lines] == ["10.50", "54.65"]
    assert figures(priced) == "57.50 + 7.65 = 65.15"


@pytest.mark.parametrize(
    ("policy_name", "inclusive", "expected"),
    [
        ("per_line", True, "19.49 + 4.09 = 23.58"),
        ("per_line", False, "23.58 + 4.95 = 28.53"),
        ("per_unit", True, "19.45 + 4.10 = 23.55"),  # 1.035 off is 1.04, 0.817 tax is 0.82
        ("per_unit", False, "23.55 + 4.95 = 28.50"),
        ("per_document", True, "19.49 + 4.09 = 23.58"),
        ("round_lines_then_tax_per_rate", False, "23.58 + 4.95 = 28.53"),
    ],
)
def test_eighteen_percent_off_five_pieces(policy_name, inclusive, expected):
    line = PriceLine(
        Decimal(5), Decimal("5.75"), LineDiscount(Decimal(18)), taxes=(Tax(Decimal(21)),)
    )
    policy = PricePolicy("EUR", inclusive, TaxRounding(policy_name))
    priced = price([line], policy)
    assert figures(priced) == expected
    amount = priced.gross if inclusive else priced.net
    assert priced.lines[0].discount.minor == 2875 - amount.minor


def off(kind: str, value: str, basis: str) -> DocumentDiscount:
    return DocumentDiscount(DiscountKind(kind), Decimal(value), DiscountBasis(basis))


@pytest.mark.parametrize(
    ("inclusive", "discount", "expected", "shares"),
    [
        (True, off("amount", "10.00", "gross"), "16.52 + 3.48 = 20.00", [333, 333, 334]),
        (True, off("percent", "10", "gross"), "22.32 + 4.68 = 27.00", [100, 100, 100]),
        (True, off("amount", "1.00", "net"), "23.78 + 5.00 = 28.78", [33, 33, 34]),
        (False, off("amount", "10.00", "net"), "20.00 + 4.20 = 24.20", [333, 333, 334]),
        (False, off("amount", "10.00", "gross"), "21.74 + 4.56 = 26.30", [333, 333, 334]),
    ],
)
def test_a_document_discount_lowers_exactly_the_total_it_is_on(
    inclusive, discount, expected, shares
):
    lines = ["1 x 10.00, 21", "1 x 10.00, 21", "1 x 10.00, 21"]
    priced = document(*lines, policy=PricePolicy("EUR", inclusive), discounts=[discount])
    assert figures(priced) == expected
    assert sorted(line.document_discount.minor for line in priced.lines) == shares
    before = document(*lines, policy=PricePolicy("EUR", inclusive))
    side = discount.basis.value
    lowered = getattr(before, side).minor - getattr(priced, side).minor
    assert lowered == priced.document_discounts[0].minor == sum(shares)


def test_minimum_prices_bind_and_the_others_give_what_is_missing():
    lines = [
        PriceLine(Decimal(1), Decimal("10.00"), min_unit_price=Decimal("9.00")),
        PriceLine(Decimal(2), Decimal("5.00"), min_unit_price=Decimal("4.90")),
        PriceLine(Decimal(1), Decimal("10.00")),
    ]
    priced = price(lines, PricePolicy("EUR"), [off("amount", "9.00", "gross")])
    assert [line.gross.minor for line in priced.lines] == [900, 980, 220]
    assert price(lines, PricePolicy("EUR"), [off("percent", "100", "gross")]).gross.minor == 1880


@pytest.mark.parametrize("policy_name", TaxRounding)
def test_all_of_a_total_with_half_cents_is_nothing(policy_name):
    lines = ["1 x 0.005, 21", "1 x 0.005, 9", "1 x 2.3575, 21"]
    policy = PricePolicy("EUR", tax_rounding=TaxRounding(policy_name))
    priced = document(*lines, policy=policy, discounts=[off("percent", "100", "gross")])
    assert figures(priced) == "0.00 + 0.00 = 0.00"


def test_a_line_discount_stops_at_the_minimum_price():
    line = PriceLine(
        Decimal(3), Decimal("5.75"), LineDiscount(Decimal(50)), min_unit_price=Decimal("5.00")
    )
    assert price([line], PricePolicy("EUR")).gross.minor == 1500
    per_unit = PricePolicy("EUR", tax_rounding=TaxRounding.PER_UNIT, rounding=RoundingMode.UP)
    fine = PriceLine(
        Decimal(3), Decimal("5.755"), LineDiscount(Decimal(50)), min_unit_price=Decimal("5.00")
    )
    assert price([fine], per_unit).gross.minor >= 1500


def test_equal_rates_share_one_row_of_the_tax_table_and_codes_part_them():
    def lines(*codes: str) -> list[PriceLine]:
        return [
            PriceLine(Decimal(1), Decimal("1.00"), taxes=(Tax(Decimal(rate), code=code),))
            for rate, code in zip(("20", "20.0"), codes, strict=True)
        ]

    policy = PricePolicy("EUR", False)
    assert [row.amount.minor for row in price(lines("", ""), policy).taxes] == [40]
    assert [row.amount.minor for row in price(lines("a", "b"), policy).taxes] == [20, 20]
