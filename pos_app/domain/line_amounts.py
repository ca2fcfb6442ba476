"""What a line comes to at its unit price, as somebody reckons who knows nothing of its taxes."""

from pos_app.domain.money import Money
from pos_app.domain.price_figures import LineFigures, PricePolicy
from pos_app.domain.tax import is_included


def line_amount(figures: LineFigures, policy: PricePolicy) -> Money:
    """Return unit price times quantity less discounts: with the taxes that the price contains."""
    inside = (
        one.amount.minor for one in figures.taxes if is_included(one.tax, policy.prices_include_tax)
    )
    return Money(figures.net.minor + sum(inside), policy.currency)
