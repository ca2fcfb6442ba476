"""Random lines, policies and discounts as shops have them, for the properties of the domain."""

from decimal import Decimal

from hypothesis import strategies as st

from pos_app.domain.discount import NO_DISCOUNT, DiscountBasis, DiscountKind, DocumentDiscount
from pos_app.domain.discount import LineDiscount as Off
from pos_app.domain.money import RoundingMode, minor_digits
from pos_app.domain.pricing import PriceLine, PricePolicy
from pos_app.domain.tax import Tax, TaxRounding

RATES = [Decimal(r) for r in ("0", "2.1", "5", "5.5", "7", "9.975", "12", "19", "20", "21", "25")]
STEPS = {"EUR": (None, "0.05"), "JPY": (None, "10"), "KWD": (None, "0.005"), "SEK": (None, "1")}


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(low), Decimal(high), places=places)


taxes = st.builds(
    Tax,
    rate=st.sampled_from(RATES),
    included=st.sampled_from([None, None, True, False]),
    affects_next=st.booleans(),
) | st.builds(
    Tax,
    fixed_per_unit=decimals("0.01", "0.40", 3),
    included=st.sampled_from([None, None, True, False]),
    affects_next=st.booleans(),
)
few_taxes = st.lists(taxes, max_size=3).map(tuple)
plain_taxes = st.sampled_from([(), *((Tax(rate),) for rate in RATES)])

quantities = st.integers(1, 40).map(Decimal) | decimals("0.001", "9.999", 3)
prices = decimals("0.00", "120.00", 2) | decimals("0.0001", "30.0000", 4)

line_discounts = (
    st.just(NO_DISCOUNT)
    | st.builds(Off, percent=st.sampled_from([Decimal(p) for p in ("5", "18", "33.333", "100")]))
    | st.builds(Off, amount_per_unit=decimals("0.01", "3.00", 2))
    | st.builds(Off, decimals("0", "60", 1), decimals("0", "2.00", 3))
)

policies = st.sampled_from(sorted(STEPS)).flatmap(
    lambda currency: st.builds(
        PricePolicy,
        st.just(currency),
        st.booleans(),
        st.sampled_from(TaxRounding),
        st.sampled_from(RoundingMode),
        st.sampled_from([s and Decimal(s) for s in STEPS[currency]]),
    )
)


def document_discounts(max_size: int = 2) -> st.SearchStrategy[list[DocumentDiscount]]:
    one = st.builds(
        DocumentDiscount,
        st.just(DiscountKind.PERCENT),
        decimals("0", "100", 1),
        st.sampled_from(DiscountBasis),
    ) | st.builds(
        DocumentDiscount,
        st.just(DiscountKind.AMOUNT),
        decimals("0.00", "60.00", 2),
        st.sampled_from(DiscountBasis),
    )
    return st.lists(one, max_size=max_size)


def price_lines(
    taxed: st.SearchStrategy[tuple[Tax, ...]] = few_taxes, with_minimum: bool = False
) -> st.SearchStrategy[PriceLine]:
    minimum = st.none() | decimals("0.00", "60.00", 2) if with_minimum else st.none()
    return st.builds(PriceLine, quantities, prices, line_discounts, minimum, taxed)


def in_units(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-minor_digits(currency))
